"""The Questionnaire asks whom the library asks: enableWhen and its expressions, evaluated."""

from functools import cache
from typing import Any

import pytest
from fhirpathpy import compile as compile_fhirpath
from fhirpathpy.models import models
from hypothesis import given, settings

from any_case import answers_objects
from fhir_samples import WHEN, answered, questions_in, whole
from reddots.fhir.enable_when import enable_group, enable_when
from reddots.fhir.response import questionnaire_response
from reddots.knowledge import load
from reddots.triage.answers import Answers, parse_settings
from reddots.triage.assessment import assess
from reddots.triage.evaluation import evaluate
from reddots.triage.next_questions import not_concerned

ASKED = questions_in(whole()["item"])
EXPRESSION = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression"


@cache
def compiled(expression: str) -> Any:
    """Return a FHIRPath expression ready to evaluate; parsing one takes its time."""
    return compile_fhirpath(expression, models["r4"])


def holds(comparison: dict[str, Any], items: dict[str, dict[str, Any]]) -> bool:
    """Whether one enableWhen holds, as the specification of R4 says."""
    found = items.get(comparison["question"], {}).get("answer", [])
    if comparison["operator"] == "exists":
        return bool(found) == comparison["answerBoolean"]
    if "answerCoding" in comparison:
        wanted = comparison["answerCoding"]
        codings = [{k: a["valueCoding"][k] for k in ("system", "code")} for a in found]
        assert comparison["operator"] == "="
        return wanted in codings
    limit, values = comparison["answerDecimal"], [a["valueDecimal"] for a in found]
    return any(v < limit if comparison["operator"] == "<" else v >= limit for v in values)


def enabled(item: dict[str, Any], response: dict[str, Any]) -> bool:
    """Whether a form filler shows the item, given what was answered."""
    for extension in item.get("extension", []):
        if extension["url"] == EXPRESSION:
            expression = extension["valueExpression"]["expression"]
            return bool(compiled(expression)(response, {"resource": response}) == [True])
    items = answered(response.get("item", []))
    results = [holds(comparison, items) for comparison in item.get("enableWhen", [])]
    return any(results) if item.get("enableBehavior") == "any" else all(results)


def response_of(answers: Answers) -> dict[str, Any]:
    """Return the QuestionnaireResponse with these answers."""
    return questionnaire_response(
        assess(answers, case_id="case"), load(), WHEN, device="urn:uuid:0"
    )


@settings(max_examples=12)
@given(answers_objects())
@pytest.mark.slow
def test_whoever_is_asked_here_is_asked_there(answers: Answers) -> None:
    left_out = not_concerned(evaluate(answers.given, load()), load())
    response = response_of(answers)
    shown = {question for question, item in ASKED.items() if enabled(item, response)}
    assert shown == set(ASKED) - left_out


@pytest.mark.parametrize(
    ("settings_", "question", "shown", "why"),
    [
        ("age_years=30", "pregnant", True, "she may be"),
        ("age_years=4", "pregnant", False, "nobody of four is"),
        ("age_years=80", "pregnant", False, "nor of eighty"),
        ("", "pregnant", True, "an age that is not known keeps the question"),
        ("age_years=0.5", "severe_headache", False, "a baby cannot say"),
        ("age_years=0.5", "feeds_poorly", True, "but it drinks"),
        ("age_years=30", "feeds_poorly", False, "a grown person is not asked that"),
        ("fever=yes", "fever_days", True, "the fever has a length"),
        ("fever=not_sure", "fever_days", True, "so has a doubtful one"),
        ("fever=no", "fever_days", False, "none has none"),
    ],
)
def test_whom_it_concerns(settings_: str, question: str, shown: bool, why: str) -> None:
    response = response_of(parse_settings(settings_.split()))
    assert enabled(ASKED[question], response) is shown, why


def test_a_group_is_shown_when_one_of_its_questions_is() -> None:
    known = load()
    for screen in known.screens:
        if all(enable_when(q, known) for q in screen.questions):
            assert enable_group(screen.questions, known), f"{screen.id} would be an empty heading"
        else:
            assert not enable_group(screen.questions, known), f"{screen.id} always has a question"


def test_no_item_has_both_kinds_of_condition() -> None:
    """The rule sdc-1 of Structured Data Capture."""
    for item in ASKED.values():
        urls = [extension["url"] for extension in item.get("extension", [])]
        assert not ("enableWhen" in item and EXPRESSION in urls)
