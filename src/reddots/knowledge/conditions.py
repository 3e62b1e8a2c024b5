"""The small language in which rules, findings and advice state their conditions.

A term is one of::

    fever                     the answer is yes
    blanches=no               the answer is that value
    sites=thighs|feet         the answer is one of these; for lists, it has one of these
    sites=only:face|neck      a list that has nothing but these
    age_years<16              a number below
    age_years>=30             a number at or above
    onset=unknown             not answered
    @non_fading               a finding that ``data/knowledge/rules.toml`` names
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from reddots.errors import KnowledgeError
from reddots.knowledge.questions import Question

Operator = Literal["any", "only", "below", "at_least", "unknown", "finding"]
_TERM = re.compile(
    r"@(?P<finding>\w+)|(?P<key>\w+)(?:(?P<compare><|>=)(?P<limit>[\d.]+)|=(?P<only>only:)?(?P<values>[\w|]+))?"
)


@dataclass(frozen=True, slots=True)
class Term:
    """One condition.

    Attributes:
        subject: a question's id, or for the operator ``finding`` the finding's.
        values: the answers that fulfil it, for ``any`` and ``only``.
        limit: the bound, in the question's unit, for ``below`` and ``at_least``.
    """

    text: str
    subject: str
    operator: Operator
    values: frozenset[str] = frozenset()
    limit: float = 0.0


@dataclass(frozen=True, slots=True)
class Finding:
    """A named condition: all of ``all`` and, where given, one of ``any``."""

    id: str
    all: tuple[Term, ...]
    any: tuple[Term, ...]


def parse_term(
    text: str, questions: Mapping[str, Question], findings: Collection[str] = ()
) -> Term:
    """Parse one term and check it against the questions and findings there are.

    Raises:
        KnowledgeError: it is malformed, or names a question, value or finding that does not exist.
    """
    match = _TERM.fullmatch(text)
    if match is None:
        raise KnowledgeError(f"the condition “{text}” is not one that Red Dots understands.")
    if match["finding"]:
        if match["finding"] not in findings:
            raise KnowledgeError(f"the condition “{text}” names a finding that does not exist.")
        return Term(text, match["finding"], "finding")
    question = questions.get(match["key"])
    if question is None:
        raise KnowledgeError(f"the condition “{text}” names a question that does not exist.")
    if match["compare"]:
        if question.kind != "number":
            raise KnowledgeError(f"the condition “{text}” compares an answer that is no number.")
        operator: Operator = "below" if match["compare"] == "<" else "at_least"
        return Term(text, question.id, operator, limit=float(match["limit"]))
    if match["values"] == "unknown":
        return Term(text, question.id, "unknown")
    values = frozenset((match["values"] or "yes").split("|"))
    unknown = values - set(question.values)
    if unknown:
        raise KnowledgeError(
            f"the condition “{text}” has no answer {sorted(unknown)}; legal is {question.legal()}."
        )
    return Term(text, question.id, "only" if match["only"] else "any", values)


def parse_terms(
    texts: Collection[str], questions: Mapping[str, Question], findings: Collection[str] = ()
) -> tuple[Term, ...]:
    """Parse several terms; see :func:`parse_term`."""
    return tuple(parse_term(text, questions, findings) for text in texts)


def questions_of(terms: Iterable[Term], findings: Mapping[str, Finding]) -> frozenset[str]:
    """Return the ids of the questions that ``terms`` rest on, through findings too."""
    return frozenset(term.subject for term in plain_terms(terms, findings))


def taken_as_unanswered(terms: Iterable[Term], findings: Mapping[str, Finding]) -> frozenset[str]:
    """Return the ids of the questions that ``terms`` take as unanswered, through findings too."""
    return frozenset(t.subject for t in plain_terms(terms, findings) if t.operator == "unknown")


def plain_terms(terms: Iterable[Term], findings: Mapping[str, Finding]) -> Iterator[Term]:
    """Yield ``terms`` with each finding replaced by the terms that it is made of."""
    for term in terms:
        if term.operator == "finding":
            finding = findings[term.subject]
            yield from plain_terms((*finding.all, *finding.any), findings)
        else:
            yield term
