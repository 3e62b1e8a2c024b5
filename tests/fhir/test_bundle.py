"""A Bundle fits the specification whatever was answered, and says what the assessment says."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from any_case import answers_objects
from fhir_samples import WHEN, answered, questions_in, whole
from fhir_specification import Resource, faults
from reddots import __version__
from reddots.fhir import FhirVersion, assessment_bundle
from reddots.fhir.codes import load_codes
from reddots.knowledge import Urgency, load
from reddots.triage.answers import Answers, parse_settings
from reddots.triage.assessment import Assessment, ModelIdentity, assess

CALM = [q for gate in load().gates for q in gate.questions if q != "blanches"]


def bundle_of(result: Assessment, version: FhirVersion = FhirVersion.R4) -> Resource:
    """Return the Bundle as it is read from a file."""
    read: Resource = json.loads(json.dumps(assessment_bundle(result, load(), WHEN, version)))
    return read


def inside(result: Assessment, version: FhirVersion = FhirVersion.R4) -> dict[str, Resource]:
    """Return the Bundle's resources by type."""
    entries = bundle_of(result, version)["entry"]
    return {entry["resource"]["resourceType"]: entry["resource"] for entry in entries}


def at(settings_: list[str]) -> Assessment:
    """Return the assessment of answers written as on the command line."""
    return assess(parse_settings(settings_), case_id="case")


@settings(max_examples=15)
@given(answers_objects(), st.sampled_from(FhirVersion))
def test_any_assessment_fits_the_specification(answers: Answers, version: FhirVersion) -> None:
    result = assess(answers, case_id="case")
    assert faults(bundle_of(result, version), version) == []


@settings(max_examples=25)
@given(answers_objects())
def test_answers_are_options_of_the_questionnaire(answers: Answers) -> None:
    asked = questions_in(whole()["item"])
    response = inside(assess(answers, case_id="case"))["QuestionnaireResponse"]
    given_ones = answered(response.get("item", []))
    assert set(given_ones) == set(answers.given)
    for question, item in given_ones.items():
        options = {o["valueCoding"]["code"] for o in asked[question].get("answerOption", [])}
        for value in item["answer"]:
            assert "valueDecimal" in value or value["valueCoding"]["code"] in options


@settings(max_examples=25)
@given(answers_objects())
def test_urgency_is_said_twice_alike(answers: Answers) -> None:
    """By our value set, and by the priority that every system knows."""
    result = assess(answers, case_id="case")
    resources = inside(result)
    urgency, *candidates = resources["RiskAssessment"]["prediction"]
    assert urgency["qualitativeRisk"]["coding"][0]["code"] == result.urgency.id
    request = resources.get("ServiceRequest")
    assert (request is not None) == result.see_doctor
    assert (request or {}).get("priority") == load_codes().urgencies[result.urgency].priority
    assert abs(sum(c["probabilityDecimal"] for c in candidates) - 100) < 0.1, "percent"
    assert len(candidates) == len(result.candidates)


@pytest.mark.parametrize(
    ("urgency", "priority"),
    [
        (Urgency.SELF_CARE, None),
        (Urgency.ROUTINE, "routine"),
        (Urgency.WITHIN_DAYS, "urgent"),
        (Urgency.SAME_DAY, "asap"),
        (Urgency.EMERGENCY, "stat"),
    ],
)
def test_priorities(urgency: Urgency, priority: str | None) -> None:
    assert load_codes().urgencies[urgency].priority == priority


@pytest.mark.parametrize("version", FhirVersion)
def test_references_are_resolved_in_the_bundle(version: FhirVersion) -> None:
    bundle = bundle_of(at(["fever=yes"]), version)
    urls = {entry["fullUrl"] for entry in bundle["entry"]}
    text = json.dumps(bundle)
    references = {part.split('"')[0] for part in text.split('"reference": "')[1:]}
    assert references <= urls
    assert len(references) == 3, "the software, the answers and the assessment"


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        (["age_years=40"], "in-progress"),
        ([f"{q}=no" for q in CALM], "in-progress"),
        ([*(f"{q}=no" for q in CALM), "blanches=not_sure"], "completed"),
    ],
    ids=["nothing asked", "no glass test", "all answered, one unsure"],
)
def test_answers_are_in_progress_until_the_safety_questions_are_answered(
    answers: list[str], status: str
) -> None:
    assert inside(at(answers))["QuestionnaireResponse"]["status"] == status


def test_answers_keep_their_values() -> None:
    response = inside(at(["age_years=6", "fever=yes", "sites=face,neck"]))["QuestionnaireResponse"]
    items = answered(response["item"])
    assert items["age_years"]["answer"] == [{"valueDecimal": 6.0}]
    assert items["fever"]["answer"][0]["valueCoding"] == {
        "system": "http://loinc.org",
        "code": "LA33-6",
        "display": "Yes",
    }
    assert [a["valueCoding"]["code"] for a in items["sites"]["answer"]] == [
        "sites.face",
        "sites.neck",
    ]


@pytest.mark.parametrize("version", FhirVersion)
def test_the_device_names_software_and_checkpoint(version: FhirVersion) -> None:
    model = ModelIdentity("1.2.3", "ab" * 32)
    result = assess(parse_settings(["fever=yes"]), model=model, case_id="case")
    device = inside(result, version)["Device"]
    assert [v["value"] for v in device["version"]] == [__version__, "1.2.3"]
    assert device["identifier"][0]["value"] == "ab" * 32
    assert [v["value"] for v in inside(at([]), version)["Device"]["version"]] == [__version__]


def test_the_same_assessment_gives_the_same_bundle() -> None:
    assert bundle_of(at(["fever=yes"])) == bundle_of(at(["fever=yes"]))


EXAMPLE = Path(__file__).parents[2] / "docs" / "how-to" / "fhir-example.json"
MOMENT = {"fullUrl", "reference", "timestamp", "authored", "authoredOn", "occurrenceDateTime"}


def lasting(value: Any) -> Any:
    """Return a resource without what differs from one run of the command to the next."""
    if isinstance(value, dict):
        return {key: lasting(inner) for key, inner in value.items() if key not in MOMENT}
    return [lasting(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("kind", ["QuestionnaireResponse", "RiskAssessment", "ServiceRequest"])
def test_the_example_in_the_docs_is_what_the_command_prints(kind: str) -> None:
    """To write it anew: the command in docs/how-to/fhir.md."""
    printed = inside(at(["age_years=6", "fever=yes", "blanches=no", "sites=lower_legs"]))
    entries = json.loads(EXAMPLE.read_text(encoding="utf-8"))["entry"]
    example = {entry["resource"]["resourceType"]: entry["resource"] for entry in entries}
    assert lasting(example[kind]) == lasting(printed[kind])
