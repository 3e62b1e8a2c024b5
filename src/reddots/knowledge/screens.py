"""Questionnaire screens: which questions are asked together, from ``data/knowledge/screens.toml``.

A person answers a screen in one go: “Is any of these true now?” is one question to them, even if it
fills seven keys of the answers object.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

from reddots._toml import Entry, Text, read_toml, require_unique
from reddots.errors import KnowledgeError
from reddots.knowledge.audience import Audience, parse_audience
from reddots.knowledge.questions import Question
from reddots.knowledge.sources import Bibliography, CitedEntry


class Screen(CitedEntry, frozen=True):
    """One screen.

    Attributes:
        questions: ids, in the order shown. Several make a checklist, each of its own kind.
        text, help, why: of a checklist; empty for a single question, which has its own.
    """

    id: Text
    questions: tuple[str, ...]
    text: str = ""
    help: str = ""
    why: str = ""

    @property
    def is_checklist(self) -> bool:
        """Whether several questions are asked at once."""
        return len(self.questions) > 1


class _File(Entry, frozen=True):
    screen: tuple[Screen, ...]
    only_for: dict[str, tuple[str, ...]]
    never_for: dict[str, tuple[str, ...]]


def read_screens(
    path: Path,
    questions: Mapping[str, Question],
    conditions: Collection[str],
    sources: Bibliography,
) -> tuple[tuple[Screen, ...], Audience]:
    """Read the screens in asking order, and whom their questions can concern.

    Raises:
        KnowledgeError: the file does not fit, a question is on no screen or on two, or a checklist
            lacks a text.
    """
    raw = read_toml(path, _File, sources.decode)
    screens = raw.screen
    require_unique(path.name, [s.id for s in screens])
    asked = [q for s in screens for q in s.questions]
    require_unique(path.name, asked)
    if set(asked) != set(questions):
        odd = sorted(set(asked) ^ set(questions))
        raise KnowledgeError(f"{path.name}: {odd} must be questions, each on one screen.")
    for screen in screens:
        if not screen.is_checklist:
            continue
        if not (screen.text and screen.why):
            raise KnowledgeError(f"{path.name}: the checklist “{screen.id}” needs text and why.")
    try:
        audience = parse_audience(raw.only_for, raw.never_for, questions, conditions)
    except KnowledgeError as error:
        raise KnowledgeError(f"{path.name}: {error}") from error
    return screens, audience
