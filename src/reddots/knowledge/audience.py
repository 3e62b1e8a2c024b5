"""Audience (skip logic): whom a question can concern, from ``data/knowledge/screens.toml``.

A baby is not asked about headache, and nobody of four or eighty about pregnancy.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from reddots.errors import KnowledgeError
from reddots.knowledge.conditions import Term, parse_terms
from reddots.knowledge.questions import Question


@dataclass(frozen=True, eq=False)
class Audience:
    """Conditions for asking a question, by its id; a question without any concerns everybody.

    Attributes:
        only_for: it is asked only when every term holds for certain.
        never_for: it is not asked when any term holds for certain.
    """

    only_for: Mapping[str, tuple[Term, ...]]
    never_for: Mapping[str, tuple[Term, ...]]

    def terms(self) -> Iterator[Term]:
        """Yield every term."""
        for terms in (*self.only_for.values(), *self.never_for.values()):
            yield from terms


def parse_audience(
    only_for: Mapping[str, Collection[str]],
    never_for: Mapping[str, Collection[str]],
    questions: Mapping[str, Question],
    conditions: Collection[str],
) -> Audience:
    """Check the conditions against the questions.

    Raises:
        KnowledgeError: a question does not exist or has no term, or a term is not understood.
    """
    for question, terms in (*only_for.items(), *never_for.items()):
        if question not in questions or not terms:
            raise KnowledgeError(f"“{question}” must be a question, with at least one term.")
    return Audience(
        {q: parse_terms(terms, questions, conditions) for q, terms in only_for.items()},
        {q: parse_terms(terms, questions, conditions) for q, terms in never_for.items()},
    )
