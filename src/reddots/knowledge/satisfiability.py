"""Satisfiability: whether any answers at all can make a rule hold, by search for an example."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations, islice, pairwise, product

from reddots.knowledge.conditions import Condition, Term, holds, plain_terms
from reddots.knowledge.questions import Answer, Question
from reddots.knowledge.rules import Rule

_TRIES = 2000  # combinations of answers tried for each way in which a rule can hold


def example_of(
    rule: Rule, questions: Mapping[str, Question], conditions: Mapping[str, Condition]
) -> dict[str, Answer] | None:
    """Return answers that make ``rule`` hold, or None when there are none."""
    limits = _limits((*rule.all, *rule.any, *rule.unless), conditions)
    for way in _ways(rule.all, rule.any, rule.at_least, conditions):
        by_question: dict[str, list[Term]] = {}
        for term in way:
            by_question.setdefault(term.subject, []).append(term)
        for term in plain_terms(rule.unless, conditions):
            # What switches the rule off must be answered otherwise, so it takes part.
            by_question.setdefault(term.subject, [])
        choices = [
            [
                (q, a)
                for a in _answers(questions[q], limits.get(q, ()))
                if all(term.fulfilled_by(a) for term in needed)
            ]
            for q, needed in by_question.items()
        ]
        for chosen in islice(product(*choices), _TRIES):
            given = {q: a for q, a in chosen if a is not None}
            if not any(holds(term, given, conditions) for term in rule.unless):
                return given
    return None


def _ways(
    all_of: Iterable[Term],
    any_of: Sequence[Term],
    at_least: int,
    conditions: Mapping[str, Condition],
) -> Iterator[tuple[Term, ...]]:
    """Yield each set of plain terms that together fulfil the condition."""
    picks = combinations(any_of, at_least) if any_of else iter([()])
    for picked in picks:
        parts = [list(_ways_of(term, conditions)) for term in (*all_of, *picked)]
        for combined in product(*parts):
            yield tuple(chain.from_iterable(combined))


def _ways_of(term: Term, conditions: Mapping[str, Condition]) -> Iterator[tuple[Term, ...]]:
    if term.operator != "condition":
        yield (term,)
        return
    condition = conditions[term.subject]
    yield from _ways(condition.all, condition.any, 1, conditions)


def _limits(
    terms: Iterable[Term], conditions: Mapping[str, Condition]
) -> dict[str, tuple[float, ...]]:
    found: dict[str, set[float]] = {}
    for term in plain_terms(terms, conditions):
        if term.operator in {"below", "at_least"}:
            found.setdefault(term.subject, set()).add(term.limit)
    return {question: tuple(sorted(limits)) for question, limits in found.items()}


def _answers(question: Question, limits: Sequence[float]) -> Iterator[Answer | None]:
    """Yield answers that between them make each of the question's terms hold and not hold."""
    yield None
    if question.kind == "number":
        low, high = question.minimum or 0.0, question.maximum or 0.0
        edges = [low, *limits, high]
        yield from ((a + b) / 2 for a, b in pairwise(edges))
    elif question.kind == "choices":
        yield from ((value,) for value in question.values)
        yield from combinations(question.values, 2)
    else:
        yield from question.values
