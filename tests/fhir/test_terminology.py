"""Every own code that a Questionnaire or a Bundle uses is declared."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from fhir_samples import whole
from fhir_specification import faults
from reddots.fhir import FhirVersion, assessment_bundle, terminology_bundle
from reddots.fhir.codes import LOINC, load_codes
from reddots.knowledge import load
from reddots.triage.answers import parse_settings
from reddots.triage.assessment import assess

SAFE = [q for gate in load().gates for q in gate.questions if q != "blanches"]
INSECT_BITES = [
    *(f"{q}=no" for q in SAFE),
    *("blanches=yes", "age_years=30", "sites=forearms", "itchy=yes", "touched_by=insects"),
    *("onset=days", "surface=firm_bump", "colour=red", "count=few", "size=small"),
]  # so that a kind inside a category is named
RESOURCES = [entry["resource"] for entry in terminology_bundle(load())["entry"]]
DECLARED = {r["url"]: {c["code"] for c in r["concept"]} for r in RESOURCES if "concept" in r}


def codings(value: Any) -> Iterator[tuple[str, str]]:
    """Yield system and code of every coding in a resource."""
    if isinstance(value, dict):
        if "system" in value and "code" in value:
            yield value["system"], value["code"]
        for inner in value.values():
            yield from codings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from codings(inner)


@pytest.mark.parametrize("version", FhirVersion)
def test_it_fits_the_specification(version: FhirVersion) -> None:
    assert faults(terminology_bundle(load()), version) == []


@pytest.mark.parametrize("version", FhirVersion)
def test_every_own_code_in_use_is_declared(version: FhirVersion) -> None:
    result = assess(parse_settings(INSECT_BITES), case_id="case")
    bundle = assessment_bundle(result, load(), datetime(2026, 11, 24, tzinfo=UTC), version)
    own = [
        c for c in codings([whole(version=version), bundle]) if c[0].startswith(load_codes().base)
    ]
    assert {system for system, _ in own} == set(DECLARED), "each code system is used"
    assert [(s, c) for s, c in own if c not in DECLARED[s]] == []


def test_every_loinc_code_in_use_is_in_the_data_file() -> None:
    codes = load_codes()
    known = {e.code for e in (*codes.answers.values(), *codes.questions.values())}
    used = {code for system, code in codings(whole()) if system == LOINC}
    assert used == known


def test_each_code_system_has_a_value_set() -> None:
    sets = {r["url"]: r for r in RESOURCES if r["resourceType"] == "ValueSet"}
    for system in (r for r in RESOURCES if r["resourceType"] == "CodeSystem"):
        include = sets[system["valueSet"]]["compose"]["include"]
        assert include == [{"system": system["url"]}]


def test_no_address_is_claimed() -> None:
    host = load_codes().base.split("/")[2]
    assert host.endswith(".example"), "RFC 2606 keeps this name from ever being an address"


def test_the_example_in_the_docs_is_valid_and_in_use() -> None:
    root = Path(__file__).resolve().parents[2]
    example = json.loads((root / "docs/how-to/fhir-example.json").read_text(encoding="utf-8"))
    assert faults(example, "R4") == []
    own = [c for c in codings(example) if c[0].startswith(load_codes().base)]
    assert [(s, c) for s, c in own if c not in DECLARED[s]] == []
