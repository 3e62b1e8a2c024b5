"""Gates (mandatory safety questions) from ``data/knowledge/gates.toml``.

A gate is a set of questions without whose answers no advice says that one may wait.
"""

from collections.abc import Mapping
from pathlib import Path

from reddots._toml import Entry, Text, read_toml, require_unique
from reddots.errors import KnowledgeError
from reddots.knowledge.questions import Question
from reddots.knowledge.sources import Bibliography, CitedEntry


class Gate(CitedEntry, frozen=True):
    """Questions that must be answered before any calm answer.

    Attributes:
        name: what they ask about, in words that fit into a sentence.
    """

    id: Text
    name: Text
    questions: tuple[str, ...]


class _File(Entry, frozen=True):
    gate: tuple[Gate, ...]


def read_gates(
    path: Path, questions: Mapping[str, Question], sources: Bibliography
) -> tuple[Gate, ...]:
    """Read the gates.

    Raises:
        KnowledgeError: the file does not fit, there is no gate, or one names no question, a
            question that does not exist or one that another gate names.
    """
    gates = read_toml(path, _File, sources.decode).gate
    require_unique(path.name, [g.id for g in gates])
    require_unique(path.name, [q for g in gates for q in g.questions])
    for gate in gates:
        odd = [q for q in gate.questions if q not in questions]
        if odd or not gate.questions:
            raise KnowledgeError(f"{path.name}: “{gate.id}” must name questions, not {odd}.")
    if not gates:
        raise KnowledgeError(f"{path.name}: there must be at least one gate.")
    return gates
