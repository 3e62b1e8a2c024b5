"""``reddots questionnaire`` and ``assess --fhir``: what a clinic's system takes."""

import json

import pytest
from fhir.resources.bundle import Bundle
from fhir.resources.questionnaire import Questionnaire

from cli.command_line import CommandLine
from reddots.knowledge.translation import languages


@pytest.mark.parametrize("language", languages())
def test_the_questions_in_each_language(reddots: CommandLine, language: str) -> None:
    done = reddots("questionnaire", "--language", language)
    resource = json.loads(done.out)
    Questionnaire.model_validate(resource)
    assert (done.code, done.err) == (0, "")
    assert resource["language"] == language


def test_an_unknown_language_is_one_line_and_exit_code_2(reddots: CommandLine) -> None:
    done = reddots("questionnaire", "--language", "xx")
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert "en, es" in done.err, "the languages there are"


def test_an_assessment_as_a_bundle(reddots: CommandLine) -> None:
    done = reddots("assess", "--set", "age_years=6", "--set", "fever=yes", "--fhir")
    bundle = json.loads(done.out)
    Bundle.model_validate(bundle)
    assert done.code == 0
    kinds = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
    assert kinds == ["QuestionnaireResponse", "RiskAssessment"]
