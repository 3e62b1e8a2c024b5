"""The check of FHIR resources finds what it should: each fault here is found, and none elsewhere."""

import copy
from typing import Any

import pytest

from fhir_specification import Resource, faults

FORM: Resource = {
    "resourceType": "Questionnaire",
    "status": "active",
    "item": [
        {"linkId": "group", "type": "group", "item": [{"linkId": "a", "type": "choice"}]},
        {"linkId": "b", "type": "decimal"},
    ],
}
REQUEST: Resource = {
    "resourceType": "ServiceRequest",
    "status": "draft",
    "intent": "proposal",
    "priority": "stat",
    "subject": {"display": "x"},
}
CODED = {
    "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl",
    "valueCodeableConcept": {
        "coding": [{"system": "http://hl7.org/fhir/questionnaire-item-control", "code": "hint"}]
    },
}


def changed(resource: Resource, place: tuple[str | int, ...], value: Any) -> Resource:
    """Return a copy of ``resource`` with another value at one place."""
    copied = copy.deepcopy(resource)
    element: Any = copied
    for step in place[:-1]:
        element = element[step]
    element[place[-1]] = value
    return copied


@pytest.mark.parametrize("resource", [FORM, REQUEST])
def test_sound_resources_pass(resource: Resource) -> None:
    assert faults(resource, "R4") == []


@pytest.mark.parametrize(
    ("resource", "place", "value", "said"),
    [
        (FORM, ("item", 0, "item", 0, "type"), "coding", "item.type: coding", ),
        (FORM, ("item", 0, "item", 0, "type"), "chioce", "item.type: chioce"),
        (FORM, ("status",), "published", "Questionnaire.status: published"),
        (FORM, ("item", 1, "linkId"), "a", "que-2"),
        (FORM, ("item", 0, "item"), [], "que-1"),
        (FORM, ("item", 1, "answerOption"), [{"valueInteger": 1}], None),
        (FORM, ("item", 1), {"linkId": "b", "type": "display", "required": False}, "que-6"),
        (FORM, ("item", 1, "enableWhen"), [{"question": "a", "operator": "is", "answerBoolean": True}], "operator: is"),
        (FORM, ("item", 1, "extension"), [CODED], "is not in its code system"),
        (FORM, ("item", 1, "text"), 5, "Input should be a valid string"),
        (FORM, ("colour",), "red", "Extra inputs"),
        (REQUEST, ("priority",), "same_day", "priority: same_day"),
        (REQUEST, ("intent",), "wish", "intent: wish"),
    ],
)  # fmt: skip
def test_faults_are_found(
    resource: Resource, place: tuple[str | int, ...], value: Any, said: str | None
) -> None:
    found = faults(changed(resource, place, value), "R4")
    assert (said in " ".join(found)) if said else not found


def test_r5_calls_a_coded_item_coding() -> None:
    assert faults(changed(FORM, ("item", 0, "item", 0, "type"), "coding"), "R5") == []
    assert "choice" in " ".join(faults(FORM, "R5"))
