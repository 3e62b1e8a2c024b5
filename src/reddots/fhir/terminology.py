"""CodeSystem and ValueSet: the codes that the other resources use, declared.

https://hl7.org/fhir/R4/codesystem.html. A clinic loads them into its terminology server, so that it
can check and show our codes; nothing is hosted for it.
"""

from collections.abc import Iterable

from reddots import __version__
from reddots.fhir.codes import LOINC, load_codes
from reddots.fhir.version import Resource
from reddots.knowledge import Knowledge

_TITLES = {
    "questions": "Red Dots questions",
    "answers": "Red Dots answers",
    "categories": "Red Dots categories of spots",
    "kinds": "Red Dots kinds of spots inside a category",
    "urgency": "Red Dots urgency, from self-care to emergency",
}
_YES_NO = "yes-no-unknown"


def terminology_bundle(knowledge: Knowledge) -> Resource:
    """Return a Bundle of our CodeSystems, and of a ValueSet for each and for yes, no, unknown.

    It is the same in R4 and R5. Ids only ever get more: a code is never used in another sense.

    Example:
        >>> from reddots.knowledge import load
        >>> [e["resource"]["id"] for e in terminology_bundle(load())["entry"]][:2]
        ['questions', 'answers']
    """
    resources = [*_code_systems(knowledge), *_value_sets()]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"fullUrl": r["url"], "resource": r} for r in resources],
    }


def _code_systems(knowledge: Knowledge) -> Iterable[Resource]:
    codes = load_codes()
    concepts = {
        "questions": [_concept(q.id, q.text) for q in knowledge.questions.values()],
        "answers": [
            _concept(f"{question.id}.{option.id}", option.text)
            for question in knowledge.questions.values()
            for option in question.option
        ],
        "categories": [_concept(c.id, c.name) for c in knowledge.categories.values()],
        "kinds": [_concept(kind.id, kind.name) for kind in knowledge.kinds],
        "urgency": [
            {**_concept(u.id, u.display), "definition": u.definition}
            for u in codes.urgencies.values()
        ],
    }
    for name, listed in concepts.items():
        yield {
            **_head("CodeSystem", name, codes.system(name), _TITLES[name]),
            "caseSensitive": True,
            "valueSet": codes.value_set(name),
            "content": "complete",
            "count": len(listed),
            "concept": listed,
        }


def _value_sets() -> Iterable[Resource]:
    codes = load_codes()
    for name, title in _TITLES.items():
        yield {
            **_head("ValueSet", name, codes.value_set(name), title),
            "compose": {"include": [{"system": codes.system(name)}]},
        }
    loinc = [_concept(a.code, a.display) for a in codes.answers.values()]
    yield {
        **_head("ValueSet", _YES_NO, codes.value_set(_YES_NO), "Yes, no, don't know"),
        "copyright": codes.loinc_copyright,
        "compose": {"include": [{"system": LOINC, "concept": loinc}]},
    }


def _head(kind: str, name: str, url: str, title: str) -> Resource:
    return {
        "resourceType": kind,
        "id": name,
        "url": url,
        "version": __version__,
        "name": "RedDots" + name.title().replace("-", ""),
        "title": title,
        "status": "active",
        "experimental": True,
    }


def _concept(code: str, display: str) -> Resource:
    return {"code": code, "display": display}
