"""Condition language: the terms in which rules, advice and contradictions are written.

A term is one of::

    fever                     the answer is yes
    blanches=no               the answer is that value
    sites=thighs|feet         the answer is one of these; for lists, it has one of these
    sites=only:face|neck      a list that has nothing but these
    age_years<16              a number below
    age_years>=30             a number at or above
    onset=unknown             not answered
    @non_fading               a condition that ``data/knowledge/rules.toml`` names

This module reads them and says what one answer does to one term. How answers that are unsure or
missing weigh is in ``reddots.triage.logic``.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from reddots.errors import KnowledgeError
from reddots.knowledge.questions import Answer, Question

Operator = Literal["any", "only", "below", "at_least", "unknown", "condition"]
_TERM = re.compile(
    r"@(?P<condition>\w+)|(?P<key>\w+)(?:(?P<compare><|>=)(?P<limit>[\d.]+)|=(?P<only>only:)?(?P<values>[\w|]+))?"
)


@dataclass(frozen=True, slots=True)
class Term:
    """One term, the smallest condition.

    Attributes:
        subject: a question's id, or for the operator ``condition`` that of the condition.
        values: the answers that fulfil it, for ``any`` and ``only``.
        limit: the bound, in the question's unit, for ``below`` and ``at_least``.
    """

    text: str
    subject: str
    operator: Operator
    values: frozenset[str] = frozenset()
    limit: float = 0.0

    def fulfilled_by(self, answer: Answer | None) -> bool:
        """Whether ``answer`` to its question, None where there is none, fulfils it for certain.

        Example:
            >>> Term("age_years<16", "age_years", "below", limit=16).fulfilled_by(15.5)
            True
        """
        if answer is None or self.operator == "unknown":
            return answer is None and self.operator == "unknown"
        if isinstance(answer, float):
            return (answer < self.limit) == (self.operator == "below")
        if isinstance(answer, tuple):
            if self.operator == "only":
                return self.values.issuperset(answer)
            return not self.values.isdisjoint(answer)
        return answer in self.values


@dataclass(frozen=True, slots=True)
class Condition:
    """A named condition: all of ``all`` and, where given, one of ``any``."""

    id: str
    all: tuple[Term, ...]
    any: tuple[Term, ...]


def parse_term(
    text: str, questions: Mapping[str, Question], conditions: Collection[str] = ()
) -> Term:
    """Parse one term and check it against the questions and conditions there are.

    Raises:
        KnowledgeError: it is malformed, or names what does not exist.
    """
    match = _TERM.fullmatch(text)
    if match is None:
        raise KnowledgeError(f"the condition “{text}” is not one that Red Dots understands.")
    if match["condition"]:
        if match["condition"] not in conditions:
            raise KnowledgeError(f"the condition “{text}” names a condition that does not exist.")
        return Term(text, match["condition"], "condition")
    question = questions.get(match["key"])
    if question is None:
        raise KnowledgeError(f"the condition “{text}” names a question that does not exist.")
    if match["compare"]:
        if question.kind != "number":
            raise KnowledgeError(f"the condition “{text}” compares an answer that is no number.")
        limit = _limit(match["limit"])
        if limit is None or not (question.minimum or 0) < limit <= (question.maximum or 0):
            raise KnowledgeError(f"the condition “{text}” has a limit beyond {question.legal()}.")
        operator: Operator = "below" if match["compare"] == "<" else "at_least"
        return Term(text, question.id, operator, limit=limit)
    if match["values"] == "unknown":
        return Term(text, question.id, "unknown")
    values = frozenset((match["values"] or "yes").split("|"))
    unknown = values - set(question.values)
    if unknown:
        raise KnowledgeError(
            f"the condition “{text}” has no answer {sorted(unknown)}; legal is {question.legal()}."
        )
    return Term(text, question.id, "only" if match["only"] else "any", values)


def _limit(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def parse_terms(
    texts: Collection[str], questions: Mapping[str, Question], conditions: Collection[str] = ()
) -> tuple[Term, ...]:
    """Parse several terms; see :func:`parse_term`."""
    return tuple(parse_term(text, questions, conditions) for text in texts)


def questions_of(terms: Iterable[Term], conditions: Mapping[str, Condition]) -> frozenset[str]:
    """Return the ids of the questions that ``terms`` rest on, through conditions too."""
    return frozenset(term.subject for term in plain_terms(terms, conditions))


def plain_terms(terms: Iterable[Term], conditions: Mapping[str, Condition]) -> Iterator[Term]:
    """Yield ``terms`` with each named condition replaced by the terms that it is made of."""
    for term in terms:
        if term.operator == "condition":
            condition = conditions[term.subject]
            yield from plain_terms((*condition.all, *condition.any), conditions)
        else:
            yield term


def holds(term: Term, given: Mapping[str, Answer], conditions: Mapping[str, Condition]) -> bool:
    """Whether the answers ``given``, by question id, fulfil ``term`` for certain."""
    if term.operator != "condition":
        return term.fulfilled_by(given.get(term.subject))
    inner = conditions[term.subject]
    return all(holds(t, given, conditions) for t in inner.all) and (
        not inner.any or any(holds(t, given, conditions) for t in inner.any)
    )
