"""``reddots questionnaire`` and ``assess --fhir``: what a clinic's system takes."""

import json

import pytest

from cli.command_line import CommandLine
from fhir_specification import faults
from reddots.knowledge.translation import languages


@pytest.mark.parametrize("version", ["R4", "R5"])
@pytest.mark.parametrize("language", languages())
@pytest.mark.slow
def test_the_questions_in_each_language(reddots: CommandLine, language: str, version: str) -> None:
    done = reddots("questionnaire", "--language", language, "--fhir-version", version)
    resource = json.loads(done.out)
    assert (done.code, done.err) == (0, "")
    assert faults(resource, version) == []
    assert resource["language"] == language


def test_r4_is_the_default(reddots: CommandLine) -> None:
    assert reddots("questionnaire").out == reddots("questionnaire", "--fhir-version", "R4").out


def test_the_codes(reddots: CommandLine) -> None:
    done = reddots("questionnaire", "--terminology")
    kinds = {entry["resource"]["resourceType"] for entry in json.loads(done.out)["entry"]}
    assert kinds == {"CodeSystem", "ValueSet"}


@pytest.mark.parametrize("command", ["questionnaire", "assess"])
def test_an_unknown_release_is_exit_code_2(reddots: CommandLine, command: str) -> None:
    done = reddots(command, "--fhir-version", "R3")
    assert (done.code, done.out) == (2, "")
    assert "R4" in done.err, "the releases there are"


def test_an_unknown_language_is_one_line_and_exit_code_2(reddots: CommandLine) -> None:
    done = reddots("questionnaire", "--language", "xx")
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert "en, es" in done.err, "the languages there are"


@pytest.mark.parametrize(("arguments", "version"), [((), "R4"), (("--fhir-version", "R5"), "R5")])
def test_an_assessment_as_a_bundle(
    reddots: CommandLine, arguments: tuple[str, ...], version: str
) -> None:
    done = reddots("assess", "--set", "age_years=6", "--set", "fever=yes", "--fhir", *arguments)
    bundle = json.loads(done.out)
    assert done.code == 0
    assert faults(bundle, version) == []
    kinds = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
    assert kinds == ["Device", "QuestionnaireResponse", "RiskAssessment", "ServiceRequest"]
