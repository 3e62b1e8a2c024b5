"""The code on the doctor's sheet holds the document, without the texts for people."""

import json
import zlib

import base45
import pytest

from fhir_samples import WHEN, answered
from fhir_specification import faults
from reddots.fhir import FhirVersion, assessment_bundle, qr_svg
from reddots.fhir.qr_code import pack
from reddots.knowledge import load
from reddots.knowledge.questions import TRISTATE
from reddots.triage.answers import Answers, parse_answers
from reddots.triage.assessment import assess

FEW = parse_answers({"age_years": 6, "fever": "yes", "blanches": "no"})
ALL = Answers({q.id: "no" for q in load().questions.values() if q.values == TRISTATE})


@pytest.mark.parametrize("answers", [FEW, ALL], ids=["a few answers", "every question"])
def test_the_code_holds_a_legal_document_with_every_answer(answers: Answers) -> None:
    bundle = assessment_bundle(assess(answers, case_id="case"), load(), WHEN)
    read = json.loads(zlib.decompress(base45.b45decode(pack(bundle))))
    assert faults(read, FhirVersion.R4) == []
    assert len(read["entry"]) == len(bundle["entry"])
    assert set(answered(read["entry"][1]["resource"]["item"])) == set(answers.given)
    assert qr_svg(bundle).startswith("<svg")


def test_a_document_that_is_too_large_gives_no_code() -> None:
    noise = [{"code": f"{n * 7919 % 104729:x}{n * 104729 % 15485863:x}"} for n in range(1500)]
    assert qr_svg({"resourceType": "Bundle", "entry": noise}) == ""
