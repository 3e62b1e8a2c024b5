"""Questionnaire: the questions, in asking order, with their translations.

https://hl7.org/fhir/R4/questionnaire.html. A question's ``linkId`` is its key in the answers
object, and one group is one screen. In R4 it follows the SDC (Structured Data Capture) profile.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from reddots import __version__
from reddots.fhir.codes import UCUM, load_codes
from reddots.fhir.enable_when import enable_group, enable_when
from reddots.fhir.version import FhirVersion, Resource
from reddots.knowledge import Knowledge
from reddots.knowledge.questions import TRISTATE, Question
from reddots.knowledge.screens import Screen
from reddots.knowledge.stale_translations import texts_in
from reddots.knowledge.translation import SOURCE_LANGUAGE

_EXTENSION = "http://hl7.org/fhir/StructureDefinition/"
_CONTROL = "http://hl7.org/fhir/questionnaire-item-control"
_NUMBER = "number"
_SEVERAL = "choices"


def questionnaire(
    knowledge: Knowledge,
    language: str = "en",
    version: FhirVersion = FhirVersion.R4,
    translations: Mapping[str, Knowledge] | None = None,
) -> Resource:
    """Return the Questionnaire as a JSON object.

    Args:
        knowledge: the questions, in ``language``.
        language: its BCP 47 code.
        version: the FHIR release.
        translations: the same questions by further language; each text then carries them in
            HL7's translation extension.

    Example:
        >>> from reddots.knowledge import load
        >>> questionnaire(load())["item"][0]["linkId"]
        'screen.who'
    """
    return _Builder(language, knowledge, version, translations or {}).build()


def canonical() -> str:
    """Return the Questionnaire's canonical URL with its version."""
    return f"{_url()}|{__version__}"


def group_id(screen: Screen) -> str:
    """Return the ``linkId`` of the group of a screen with several questions."""
    return f"screen.{screen.id}"


def _url() -> str:
    return f"{load_codes().base}/Questionnaire/red-dots"


@dataclass(frozen=True)
class _Builder:
    language: str
    knowledge: Knowledge
    version: FhirVersion
    translations: Mapping[str, Knowledge] = field(default_factory=dict)

    def build(self) -> Resource:
        profiles = self.version.questionnaire_profiles
        return {
            "resourceType": "Questionnaire",
            **({"meta": {"profile": list(profiles)}} if profiles else {}),
            "language": self.language,
            "url": _url(),
            "version": __version__,
            "name": "RedDots",
            "title": "Red Dots: spots on the skin",
            "status": "active",
            "experimental": True,
            "subjectType": ["Patient"],
            **self._text("description", lambda known: known.guidance.disclaimer),
            "copyright": load_codes().loinc_copyright,
            "item": [self._screen(place) for place in range(len(self.knowledge.screens))],
        }

    def _screen(self, place: int) -> Resource:
        screen = self.knowledge.screens[place]
        items = [self._question(q) for q in screen.questions]
        if not screen.is_checklist:
            return items[0]
        help_text = self._help(group_id(screen), lambda known: known.screens[place].help)
        return {
            **enable_group(screen.questions, self.knowledge),
            "linkId": group_id(screen),
            **self._text("text", lambda known: known.screens[place].text),
            "type": "group",
            "item": [*help_text, *items],
        }

    def _question(self, question_id: str) -> Resource:
        question, codes = self.knowledge.questions[question_id], load_codes()
        number = question.kind == _NUMBER
        asked_of = enable_when(question_id, self.knowledge)
        extensions = [*asked_of.pop("extension", []), *_number_extensions(question)]
        item: Resource = {
            **({"extension": extensions} if extensions else {}),
            "linkId": question.id,
            "code": codes.question(question),
            **self._text("text", lambda known: known.questions[question_id].text),
            "type": "decimal" if number else self.version.coded_item,
            **asked_of,
            "required": False,
            "repeats": question.kind == _SEVERAL,
        }
        if not number:
            item["answerOption"] = [
                {"valueCoding": self._option(question, value)} for value in question.values
            ]
        if help_text := self._help(question.id, lambda known: known.questions[question_id].help):
            item["item"] = help_text
        return item

    def _option(self, question: Question, value: str) -> Resource:
        coding = load_codes().answer(question, value)
        if question.values == TRISTATE:
            return {**coding, **self._yes_or_no(value)}
        place = question.values.index(value)
        shown = self._text("display", lambda known: known.questions[question.id].option[place].text)
        return {**coding, **shown}

    def _yes_or_no(self, value: str) -> Resource:
        words = {code: _answer_words(code)[value] for code in self.translations}
        own = {} if self.language == SOURCE_LANGUAGE else _answer_words(self.language)
        display = {"display": own[value]} if own else {}
        return {**display, **_translated("display", words)}

    def _help(self, link: str, text_of: Callable[[Knowledge], str]) -> list[Resource]:
        if not text_of(self.knowledge):
            return []
        control = {"coding": [{"system": _CONTROL, "code": "help"}]}
        item_control = _EXTENSION + "questionnaire-itemControl"
        return [
            {
                "extension": [{"url": item_control, "valueCodeableConcept": control}],
                "linkId": f"help.{link}",
                **self._text("text", text_of),
                "type": "display",
            }
        ]

    def _text(self, name: str, text_of: Callable[[Knowledge], str]) -> Resource:
        words = {language: text_of(known) for language, known in self.translations.items()}
        return {name: text_of(self.knowledge), **_translated(name, words)}


@cache
def _answer_words(language: str) -> Mapping[str, str]:
    # They are the page's words; the display in English is LOINC's own.
    texts = texts_in(language)
    return {value: texts[f"page.question.{value}"] for value in TRISTATE}


def _translated(name: str, words: Mapping[str, str]) -> Resource:
    """Return the sibling of the text ``name`` that holds its translations, by language."""
    extensions = [
        {
            "url": _EXTENSION + "translation",
            "extension": [
                {"url": "lang", "valueCode": language},
                {"url": "content", "valueString": text},
            ],
        }
        for language, text in words.items()
    ]
    return {f"_{name}": {"extension": extensions}} if extensions else {}


def _number_extensions(question: Question) -> list[Resource]:
    if question.kind != _NUMBER:
        return []
    extensions: list[Resource] = [
        {"url": _EXTENSION + "minValue", "valueDecimal": question.minimum},
        {"url": _EXTENSION + "maxValue", "valueDecimal": question.maximum},
    ]
    loinc = load_codes().questions.get(question.id)
    if loinc and loinc.unit:
        unit = {"system": UCUM, "code": loinc.unit, "display": loinc.unit_display}
        extensions.append({"url": _EXTENSION + "questionnaire-unit", "valueCoding": unit})
    return extensions
