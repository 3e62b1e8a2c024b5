"""The whole FHIR Questionnaire, what of it can be answered, and what was."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from fhir_specification import Resource
from reddots.fhir import FhirVersion, questionnaire
from reddots.knowledge.translation import languages, load_in

WHEN = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@cache
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


def answered(items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return every item with an answer, by its linkId."""
    found = {}
    for item in items:
        if "answer" in item:
            found[item["linkId"]] = item
        found |= answered(item.get("item", []))
    return found
