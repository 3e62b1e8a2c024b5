"""Consistency checks of answers, from ``data/knowledge/contradictions.toml``."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from reddots._toml import Entry, Text, read_toml, require_unique
from reddots.errors import KnowledgeError
from reddots.knowledge.conditions import Term, parse_terms
from reddots.knowledge.questions import Question
from reddots.knowledge.sources import Bibliography, Citations, CitedEntry


class _Contradiction(CitedEntry, frozen=True):
    id: Text
    kind: Literal["impossible", "doubtful"]
    all: tuple[str, ...]
    text: Text


class _File(Entry, frozen=True):
    contradiction: tuple[_Contradiction, ...]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Terms that cannot, or hardly, hold together.

    Attributes:
        impossible: the answers are refused; a doubtful one is asked again and changes nothing else.
        all: it applies when every term holds.
        text: what to tell the person.
        needs: the questions without whose answers it cannot apply.
    """

    id: str
    impossible: bool
    all: tuple[Term, ...]
    text: str
    sources: Citations
    needs: frozenset[str]


def read_contradictions(
    path: Path,
    questions: Mapping[str, Question],
    conditions: Collection[str],
    sources: Bibliography,
) -> tuple[Contradiction, ...]:
    """Read and validate the contradictions.

    Raises:
        KnowledgeError: the file does not fit, or an entry has fewer than two terms or an unknown
            one.
    """
    raw = read_toml(path, _File, sources.decode).contradiction
    require_unique(path.name, [c.id for c in raw])
    found = []
    for entry in raw:
        try:
            terms = parse_terms(entry.all, questions, conditions)
        except KnowledgeError as error:
            raise KnowledgeError(f"{path.name}: “{entry.id}”: {error}") from error
        if len(terms) < 2:  # one answer alone contradicts nothing
            raise KnowledgeError(f"{path.name}: “{entry.id}” needs at least two terms.")
        impossible = entry.kind == "impossible"
        needs = frozenset(
            term.subject for term in terms if term.operator not in {"condition", "unknown"}
        )
        found.append(Contradiction(entry.id, impossible, terms, entry.text, entry.sources, needs))
    return tuple(found)
