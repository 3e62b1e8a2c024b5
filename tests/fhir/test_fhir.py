"""The FHIR resources are valid R5 by an independent library, and hold what was asked and said."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from fhir.resources.bundle import Bundle
from fhir.resources.questionnaire import Questionnaire
from fhir.resources.questionnaireresponse import QuestionnaireResponse
from fhir.resources.riskassessment import RiskAssessment
from hypothesis import given, settings

from any_case import answers_objects
from reddots.fhir.bundle import assessment_bundle
from reddots.fhir.questionnaire import questionnaire
from reddots.knowledge import load
from reddots.knowledge.translation import languages, load_in
from reddots.triage.answers import Answers, parse_settings
from reddots.triage.assessment import assess

WHEN = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def leaves(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every item that holds an answer or could: no groups, no help texts."""
    found = []
    for item in items:
        if "answer" in item or item.get("type", "group") not in {"group", "display"}:
            found.append(item)
        else:
            found += leaves(item.get("item", []))
    return found


@pytest.mark.parametrize("language", languages())
def test_the_questionnaire_is_valid_and_asks_everything(language: str) -> None:
    known = load_in(language)
    resource = questionnaire(known, language)
    Questionnaire.model_validate(resource)
    asked = {item["linkId"]: item for item in leaves(resource["item"])}
    assert set(asked) == set(known.questions), "every question is in it once"
    for question in known.questions.values():
        options = asked[question.id].get("answerOption", [])
        assert [o["valueCoding"]["code"] for o in options] == list(question.values)
        assert asked[question.id]["text"] == question.text


def test_link_ids_are_unique() -> None:
    text = json.dumps(questionnaire(load()))
    links = [part.split('"')[0] for part in text.split('"linkId": "')[1:]]
    assert len(links) == len(set(links)), "FHIR's rule que-2"


@settings(max_examples=30)
@given(answers_objects())
def test_any_assessment_is_a_valid_bundle(answers: Answers) -> None:
    result = assess(answers, case_id="case")
    bundle = json.loads(json.dumps(assessment_bundle(result, load(), WHEN)))
    Bundle.model_validate(bundle)
    response, risk = (entry["resource"] for entry in bundle["entry"])
    QuestionnaireResponse.model_validate(response)
    RiskAssessment.model_validate(risk)
    answered = leaves(response.get("item", []))
    assert {item["linkId"] for item in answered} == set(answers.given)
    assert risk["extension"][0]["valueCode"] == result.urgency.id
    assert abs(sum(p["probabilityDecimal"] for p in risk["prediction"]) - 100) < 0.1, "percent"
    assert risk["basis"][0]["reference"] == bundle["entry"][0]["fullUrl"]


def test_answers_keep_their_values() -> None:
    result = assess(parse_settings(["age_years=6", "fever=yes", "sites=face,neck"]), case_id="x")
    bundle = assessment_bundle(result, load(), WHEN)
    items = {i["linkId"]: i for i in leaves(bundle["entry"][0]["resource"]["item"])}
    assert items["age_years"]["answer"] == [{"valueDecimal": 6.0}]
    assert items["fever"]["answer"][0]["valueCoding"]["code"] == "yes"
    assert [a["valueCoding"]["code"] for a in items["sites"]["answer"]] == ["face", "neck"]


def test_the_same_assessment_gives_the_same_bundle() -> None:
    result = assess(parse_settings(["fever=yes"]), case_id="x")
    assert assessment_bundle(result, load(), WHEN) == assessment_bundle(result, load(), WHEN)
