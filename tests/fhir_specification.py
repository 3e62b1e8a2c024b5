"""Checks a FHIR resource: its shape, its bound codes and the specification's invariants.

fhir.resources checks names, types and cardinalities, but passes any code; the codes and invariants
are in ``fhir/specification.toml``, and fhirpathpy evaluates the latter.
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from fhir.resources import R4B, get_fhir_model_class
from fhirpathpy import compile as compile_fhirpath
from fhirpathpy.models import models

Resource = dict[str, Any]

_SPECIFICATION = tomllib.loads(
    (Path(__file__).parent / "fhir" / "specification.toml").read_text(encoding="utf-8")
)
_MODEL = {
    "R4": R4B.get_fhir_model_class,
    "R5": get_fhir_model_class,
}  # R4B is R4 for all resources that we write
_TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"


def faults(resource: Resource, version: str) -> list[str]:
    """Return what is wrong with ``resource``, and with each resource in a Bundle; empty if fine."""
    found = []
    try:
        _MODEL[version](resource["resourceType"]).model_validate(resource)
    except ValueError as error:
        found.append(str(error))
    inner = [entry["resource"] for entry in resource.get("entry", [])]
    found += [fault for r in inner for fault in faults(r, version)]
    elements = list(_elements(resource, resource["resourceType"]))
    known = {path for path, _ in elements}
    for path, codes in _SPECIFICATION[version]["codes"].items():
        parent, _, name = path.rpartition(".")
        for _, element in (e for e in elements if e[0] == parent):
            values = element.get(name, [])
            for value in [values] if isinstance(values, str) else values:
                if value not in codes:
                    found.append(f"{path}: {value} is none of {codes}")
    for path, invariants in _SPECIFICATION[version]["invariants"].items():
        for key, expression in invariants.items() if path in known else ():
            for place, element in (e for e in elements if e[0] == path):
                if _compiled(version, expression)(element, {"resource": resource}) == [False]:
                    found.append(f"{key} at {place} {element.get('linkId', '')}: {expression}")
    return found + [f for _, element in elements for f in _extension_faults(element)]


def _elements(value: Resource, path: str) -> Iterator[tuple[str, Resource]]:
    """Yield every element with its path; an item in an item has its parent's path."""
    yield path, value
    for name, inner in value.items():
        if path == "Bundle.entry" and name == "resource":
            continue
        below = path if path.endswith(f".{name}") else f"{path}.{name}"
        for element in inner if isinstance(inner, list) else [inner]:
            if isinstance(element, dict):
                yield from _elements(element, below)


def _extension_faults(element: Resource) -> Iterator[str]:
    for coding in element.get("coding", []):
        codes = _SPECIFICATION["extension_codes"].get(coding.get("system"), [coding.get("code")])
        if coding.get("code") not in codes:
            yield f"{coding} is not in its code system"
    if element.get("url") == _TRANSLATION:
        parts = {part["url"]: part for part in element["extension"]}
        if set(parts) != {"lang", "content"} or not parts["content"].get("valueString"):
            yield f"a translation needs lang and content: {element}"


@cache
def _compiled(version: str, expression: str) -> Any:
    return compile_fhirpath(expression, models[version.lower()])
