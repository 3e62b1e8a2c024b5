"""The whole FHIR Questionnaire, and what of it can be answered."""

from typing import Any

from fhir_specification import Resource
from reddots.fhir import FhirVersion, questionnaire
from reddots.knowledge.translation import languages, load_in


def whole(language: str = "en", version: FhirVersion = FhirVersion.R4) -> Resource:
    """Return the Questionnaire with all translations."""
    others = {code: load_in(code) for code in languages() if code != language}
    return questionnaire(load_in(language), language, version, others)


def questions_in(items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return every item that can be answered, by its linkId."""
    found = {}
    for item in items:
        if item["type"] not in {"group", "display"}:
            found[item["linkId"]] = item
        found |= questions_in(item.get("item", []))
    return found
