"""enableWhen (skip logic): whom a question can concern, so that others are not asked.

https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen. What fits into
a plain list of comparisons is ``enableWhen``, which every form filler knows. What does not is a
FHIRPath expression, in the extension enableWhenExpression of SDC (Structured Data Capture).
"""

from collections.abc import Iterable, Mapping, Sequence

from reddots.fhir.codes import load_codes
from reddots.fhir.version import Resource
from reddots.knowledge import Knowledge
from reddots.knowledge.conditions import Term

_EXPRESSION = (
    "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression"
)
_OPPOSITE = {"below": ">=", "at_least": "<"}
_OPERATORS = {"below": "<", "at_least": ">="}
Comparisons = list[Resource]


def enable_when(question: str, knowledge: Knowledge) -> Resource:
    """Return the elements of an item that say when ``question`` is asked; empty if always.

    Example:
        >>> from reddots.knowledge import load
        >>> enable_when("pregnancy_weeks", load())["enableBehavior"]
        'any'
    """
    audience = knowledge.audience
    only, never = audience.only_for.get(question, ()), audience.never_for.get(question, ())
    if not (only or never):
        return {}
    plain = _any_of(only, knowledge) or _all_of(only, knowledge) if not never else None
    if not only and len(never) == 1:
        plain = _unless(never[0])
    if plain:
        behaviour, comparisons = plain
        several = {"enableBehavior": behaviour} if len(comparisons) > 1 else {}
        return {"enableWhen": comparisons, **several}
    return _by_expression(_expression(question, knowledge))


def enable_group(questions: Sequence[str], knowledge: Knowledge) -> Resource:
    """Return the elements of a group that show it only with one of its ``questions``."""
    concerned = [_expression(q, knowledge) for q in questions]
    if not all(concerned):
        return {}
    first = enable_when(questions[0], knowledge)
    if all(enable_when(q, knowledge) == first for q in questions):
        return first
    return _by_expression(" or ".join(f"({e})" for e in dict.fromkeys(concerned)))


def _by_expression(expression: str) -> Resource:
    value = {"language": "text/fhirpath", "expression": expression}
    return {"extension": [{"url": _EXPRESSION, "valueExpression": value}]}


def _any_of(terms: Sequence[Term], knowledge: Knowledge) -> tuple[str, Comparisons] | None:
    """Return one term as comparisons of which one must hold, if it can be written so."""
    if len(terms) != 1:
        return None
    (term,) = terms
    found: Comparisons = []
    if term.operator in _OPERATORS:
        found = [_number(term, _OPERATORS[term.operator])]
    elif term.operator == "any":
        found = [_coded(term, value, knowledge) for value in sorted(term.values)]
    elif term.operator == "condition":
        condition = knowledge.rules.conditions[term.subject]
        parts = [_any_of([inner], knowledge) for inner in condition.any]
        if all(parts) and not condition.all:
            found = [comparison for part in parts if part for comparison in part[1]]
    return ("any", found) if found else None


def _all_of(terms: Iterable[Term], knowledge: Knowledge) -> tuple[str, Comparisons] | None:
    """Return terms as comparisons that must all hold, if they can be written so."""
    found: Comparisons = []
    for term in terms:
        condition = (
            knowledge.rules.conditions[term.subject] if term.operator == "condition" else None
        )
        if condition and condition.all and not condition.any:
            part = _all_of(condition.all, knowledge)
        else:
            part = _any_of([term], knowledge)
            part = part if part and len(part[1]) == 1 else None
        if part is None:
            return None
        found += part[1]
    return "all", found


def _unless(term: Term) -> tuple[str, Comparisons] | None:
    """Return that a number is not in a range, or not known, as comparisons."""
    if term.operator not in _OPPOSITE:
        return None
    unanswered = {"question": term.subject, "operator": "exists", "answerBoolean": False}
    return "any", [unanswered, _number(term, _OPPOSITE[term.operator])]


def _number(term: Term, operator: str) -> Resource:
    return {"question": term.subject, "operator": operator, "answerDecimal": term.limit}


def _coded(term: Term, value: str, knowledge: Knowledge) -> Resource:
    coding = load_codes().answer(knowledge.questions[term.subject], value)
    bare = {key: coding[key] for key in ("system", "code")}
    return {"question": term.subject, "operator": "=", "answerCoding": bare}


def _expression(question: str, knowledge: Knowledge) -> str:
    audience = knowledge.audience
    only = [_fhirpath(t, knowledge) for t in audience.only_for.get(question, ())]
    never = [_fhirpath(t, knowledge) for t in audience.never_for.get(question, ())]
    return " and ".join([*only, *(f"({e}).not()" for e in never)])


def _fhirpath(term: Term, knowledge: Knowledge) -> str:
    """Return a term as FHIRPath over the QuestionnaireResponse: true or false, never empty."""
    if term.operator == "condition":
        condition = knowledge.rules.conditions[term.subject]
        parts = [_fhirpath(inner, knowledge) for inner in condition.all]
        if condition.any:
            parts.append(" or ".join(_fhirpath(inner, knowledge) for inner in condition.any))
        return f"({' and '.join(f'({part})' for part in parts)})"
    answer = f"%resource.repeat(item).where(linkId = '{term.subject}').answer.value"
    if term.operator == "unknown":
        return f"{answer}.exists().not()"
    if term.operator in _OPERATORS:
        return f"{answer}.where($this {_OPERATORS[term.operator]} {term.limit}).exists()"
    codes = _codes(term, knowledge)
    listed = " | ".join(f"'{code}'" for code in codes.values())
    one = f"{answer}.where(code in ({listed})).exists()"
    if term.operator == "any":
        return one
    other = f"{answer}.where((code in ({listed})).not()).exists()"
    return f"({one} and {other}.not())"


def _codes(term: Term, knowledge: Knowledge) -> Mapping[str, str]:
    question = knowledge.questions[term.subject]
    return {v: load_codes().answer(question, v)["code"] for v in sorted(term.values)}
