"""The questions as a FHIR R5 Questionnaire (https://hl7.org/fhir/R5/questionnaire.html)."""

from typing import Any

from reddots import __version__
from reddots.knowledge import Knowledge
from reddots.knowledge.questions import Question
from reddots.knowledge.screens import Screen

Resource = dict[str, Any]

URL = "urn:reddots:questionnaire"
ANSWERS = "urn:reddots:answers:"  # the code system of one question's answers is this and its id
_EXTENSION = "http://hl7.org/fhir/StructureDefinition/"
_CONTROL = "http://hl7.org/fhir/questionnaire-item-control"
_TYPES = {"number": "decimal", "tristate": "coding", "choice": "coding", "choices": "coding"}


def questionnaire(knowledge: Knowledge, language: str = "en") -> Resource:
    """Return the Questionnaire as a JSON object, one group a screen, in asking order.

    A question's ``linkId`` is its key in the answers object.
    """
    return {
        "resourceType": "Questionnaire",
        "url": URL,
        "version": __version__,
        "name": "RedDots",
        "title": "Red Dots: spots on the skin",
        "status": "active",
        "experimental": True,
        "subjectType": ["Patient"],
        "language": language,
        "description": knowledge.guidance.disclaimer,
        "item": [_screen(screen, knowledge) for screen in knowledge.screens],
    }


def coding(question: Question, value: str) -> Resource:
    """Return one answer as a Coding."""
    shown = {option.id: option.text for option in question.option}
    return {"system": ANSWERS + question.id, "code": value, "display": shown.get(value, value)}


def _screen(screen: Screen, knowledge: Knowledge) -> Resource:
    items = [_question(knowledge.questions[q]) for q in screen.questions]
    if not screen.is_checklist:
        return items[0]
    group: Resource = {"linkId": f"screen.{screen.id}", "text": screen.text, "type": "group"}
    group["item"] = [*([_help(screen.id, screen.help)] if screen.help else []), *items]
    return group


def _question(question: Question) -> Resource:
    item: Resource = {
        "linkId": question.id,
        "text": question.text,
        "type": _TYPES[question.kind],
        "required": False,
        "repeats": question.kind == "choices",
    }
    if question.values:
        item["answerOption"] = [{"valueCoding": coding(question, v)} for v in question.values]
    if question.kind == "number":
        item["extension"] = [
            {"url": _EXTENSION + "minValue", "valueDecimal": question.minimum},
            {"url": _EXTENSION + "maxValue", "valueDecimal": question.maximum},
        ]
    if question.help:
        item["item"] = [_help(question.id, question.help)]
    return item


def _help(link: str, text: str) -> Resource:
    control = {"coding": [{"system": _CONTROL, "code": "help"}]}
    extension = {"url": _EXTENSION + "questionnaire-itemControl", "valueCodeableConcept": control}
    return {"linkId": f"help.{link}", "text": text, "type": "display", "extension": [extension]}
