"""The Questionnaire holds every question, in every language, as the specification demands."""

from typing import Any

import pytest

from fhir_samples import questions_in, whole
from fhir_specification import faults
from reddots.fhir import FhirVersion
from reddots.fhir.codes import load_codes
from reddots.knowledge import load
from reddots.knowledge.translation import languages, load_in

LANGUAGES = languages()


def translated(item: dict[str, Any], name: str = "text") -> dict[str, str]:
    """Return the translations of one text by language."""
    extensions = item.get(f"_{name}", {}).get("extension", [])
    pairs = [{part["url"]: part for part in e["extension"]} for e in extensions]
    return {p["lang"]["valueCode"]: p["content"]["valueString"] for p in pairs}


@pytest.mark.parametrize("version", FhirVersion)
@pytest.mark.slow
def test_it_fits_the_specification(version: FhirVersion) -> None:
    assert faults(whole(version=version), version) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_asks_everything(language: str) -> None:
    known = load_in(language)
    asked = questions_in(whole(language)["item"])
    assert set(asked) == set(known.questions), "every question is in it once"
    assert {q: item["text"] for q, item in asked.items()} == {
        q.id: q.text for q in known.questions.values()
    }


@pytest.mark.parametrize("question", load().questions.values(), ids=lambda q: q.id)
def test_each_question_has_its_codes_and_options(question: Any) -> None:
    item = questions_in(whole()["item"])[question.id]
    own = {"system": "https://reddots.example/fhir/CodeSystem/questions", "code": question.id}
    assert item["code"][0] == own
    codes = [option["valueCoding"]["code"] for option in item.get("answerOption", [])]
    if question.kind == "tristate":
        assert codes == ["LA33-6", "LA32-8", "LA12688-0"], "LOINC: yes, no, don't know"
    else:
        assert codes == [f"{question.id}.{value}" for value in question.values]


def test_every_text_carries_every_other_language() -> None:
    others = {code: load_in(code) for code in LANGUAGES if code != "en"}
    assert others
    for question_id, item in questions_in(whole()["item"]).items():
        expected = {code: known.questions[question_id].text for code, known in others.items()}
        assert translated(item) == expected
        for place, option in enumerate(item.get("answerOption", [])):
            shown = translated(option["valueCoding"], "display")
            assert set(shown) == set(others)
            if not option["valueCoding"]["code"].startswith("LA"):
                options = {c: k.questions[question_id].option for c, k in others.items()}
                assert shown == {code: texts[place].text for code, texts in options.items()}


@pytest.mark.parametrize(("language", "yes"), [("en", "Yes"), ("es", "Sí")])
def test_yes_is_shown_in_the_readers_language(language: str, yes: str) -> None:
    option = questions_in(whole(language)["item"])["fever"]["answerOption"][0]["valueCoding"]
    assert (option["code"], option["display"]) == ("LA33-6", yes)


def test_a_number_has_bounds_and_a_unit() -> None:
    extensions = {
        e["url"].rpartition("/")[2]: e
        for e in questions_in(whole()["item"])["age_years"]["extension"]
    }
    assert extensions["minValue"]["valueDecimal"] == 0
    assert extensions["maxValue"]["valueDecimal"] == 120
    assert extensions["questionnaire-unit"]["valueCoding"]["code"] == "a", "UCUM's year"


@pytest.mark.parametrize(
    ("version", "profiles"),
    [
        (FhirVersion.R4, ["http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire"]),
        (FhirVersion.R5, None),
    ],
)
def test_the_sdc_profile_is_claimed_where_it_exists(
    version: FhirVersion, profiles: list[str] | None
) -> None:
    resource = whole(version=version)
    assert resource.get("meta", {}).get("profile") == profiles
    assert {"url", "version", "title", "status", "subjectType"} <= set(resource)


def test_the_licence_of_loinc_is_kept() -> None:
    assert whole()["copyright"] == load_codes().loinc_copyright
