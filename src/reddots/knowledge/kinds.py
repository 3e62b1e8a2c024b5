"""Kinds (subtypes) inside a category, named from answers alone, from ``data/knowledge/kinds.toml``.

“Another rash” helps nobody; “most like insect bites” says what to do.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from reddots._toml import Entry, Text, read_toml, require_unique
from reddots.errors import KnowledgeError
from reddots.knowledge.conditions import Term, parse_terms
from reddots.knowledge.questions import Question
from reddots.knowledge.sources import Bibliography, Citations, CitedEntry


class _Kind(CitedEntry, frozen=True):
    id: Text
    category: Text
    when: tuple[str, ...]
    name: Text
    advice: Text
    home: bool = False


class _File(Entry, frozen=True):
    kind: tuple[_Kind, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of spot.

    Attributes:
        category: the candidate that it is a kind of.
        when: every term must hold for certain.
        advice: what to do about it, in words for the reader.
        home: the advice is care at home, so it is not for people who must be seen soon.
    """

    id: str
    category: str
    when: tuple[Term, ...]
    name: str
    advice: str
    home: bool
    sources: Citations

    @property
    def source(self) -> str:
        """Its sources as a reader sees them."""
        return self.sources.text


def read_kinds(
    path: Path,
    questions: Mapping[str, Question],
    categories: Collection[str],
    conditions: Collection[str],
    sources: Bibliography,
) -> tuple[Kind, ...]:
    """Read the kinds; of a category, the first that holds is named.

    Raises:
        KnowledgeError: the file does not fit, or a kind has no condition or no such category.
    """
    raw = read_toml(path, _File, sources.decode).kind
    require_unique(path.name, [k.id for k in raw])
    kinds = []
    for kind in raw:
        if not kind.when or kind.category not in categories:
            raise KnowledgeError(f"{path.name}: “{kind.id}” needs a condition and a category.")
        try:
            when = parse_terms(kind.when, questions, conditions)
        except KnowledgeError as error:
            raise KnowledgeError(f"{path.name}: “{kind.id}”: {error}") from error
        kinds.append(
            Kind(kind.id, kind.category, when, kind.name, kind.advice, kind.home, kind.sources)
        )
    return tuple(kinds)
