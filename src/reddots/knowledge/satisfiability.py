"""Whether any answers at all can make a rule hold: a search for an example."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations, islice, pairwise, product

from reddots.knowledge.conditions import Finding, Term, plain_terms
from reddots.knowledge.logic import Answer, Condition, ConditionIndex
from reddots.knowledge.questions import Question

_TRIES = 2000  # combinations of answers tried for each way in which a rule can hold


def example_of(
    condition: Condition,
    terms: tuple[Sequence[Term], Sequence[Term], Sequence[Term]],
    *,
    questions: Mapping[str, Question],
    findings: Mapping[str, Finding],
    index: ConditionIndex,
) -> dict[str, Answer] | None:
    """Return answers that make ``condition`` hold, or None when there are none.

    Args:
        condition: what must hold.
        terms: its terms ``all``, ``any`` and ``unless``.
        questions: all questions by id.
        findings: all findings by id.
        index: the index that the condition's masks are of.
    """
    all_of, any_of, unless = terms
    limits = _limits(chain(all_of, any_of, unless), findings)
    for way in _ways(all_of, any_of, condition.at_least, findings):
        by_question: dict[str, list[Term]] = {}
        for term in way:
            by_question.setdefault(term.subject, []).append(term)
        for term in plain_terms(unless, findings):
            # What switches the rule off must be answered otherwise, so it takes part.
            by_question.setdefault(term.subject, [])
        choices = [
            [(q, a) for a in _answers(questions[q], limits.get(q, ())) if _fits(a, needed)]
            for q, needed in by_question.items()
        ]
        for chosen in islice(product(*choices), _TRIES):
            given = {q: a for q, a in chosen if a is not None}
            if condition.holds(index.weigh(given)):
                return given
    return None


def _ways(
    all_of: Iterable[Term], any_of: Sequence[Term], at_least: int, findings: Mapping[str, Finding]
) -> Iterator[tuple[Term, ...]]:
    """Yield each set of plain terms that together fulfil the condition."""
    picks = combinations(any_of, at_least) if any_of else iter([()])
    for picked in picks:
        parts = [list(_ways_of(term, findings)) for term in (*all_of, *picked)]
        for combined in product(*parts):
            yield tuple(chain.from_iterable(combined))


def _ways_of(term: Term, findings: Mapping[str, Finding]) -> Iterator[tuple[Term, ...]]:
    if term.operator != "finding":
        yield (term,)
        return
    finding = findings[term.subject]
    yield from _ways(finding.all, finding.any, 1, findings)


def _limits(terms: Iterable[Term], findings: Mapping[str, Finding]) -> dict[str, tuple[float, ...]]:
    found: dict[str, set[float]] = {}
    for term in plain_terms(terms, findings):
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


def _fits(answer: Answer | None, terms: Iterable[Term]) -> bool:
    return all(_holds(answer, term) for term in terms)


def _holds(answer: Answer | None, term: Term) -> bool:
    if term.operator == "unknown" or answer is None:
        return term.operator == "unknown" and answer is None
    if isinstance(answer, float):
        return (answer < term.limit) == (term.operator == "below")
    if isinstance(answer, tuple):
        chosen = frozenset(answer)
        return chosen <= term.values if term.operator == "only" else bool(chosen & term.values)
    return answer in term.values
