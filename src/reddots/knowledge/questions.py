"""Questionnaire: the questions that can be asked, from ``data/knowledge/questions.toml``."""

from pathlib import Path
from typing import Literal

from reddots._toml import Entry, Text, read_toml, require_unique
from reddots.errors import KnowledgeError
from reddots.knowledge.sources import Bibliography, CitedEntry

UNSURE = "not_sure"
TRISTATE = ("yes", "no", UNSURE)
Answer = str | float | tuple[str, ...]  # an option's id, a number, or the ids of several options
Kind = Literal["tristate", "number", "choice", "choices"]
Group = Literal["person", "spots", "body", "background"]
Direction = Literal["infection", "bleeding", "allergy", "heart", "organs"]


class Option(Entry, frozen=True):
    """One legal value of a question, and what a person reads for it."""

    id: Text
    text: Text


class Question(CitedEntry, frozen=True, kw_only=True):
    """One question: its id is a key of the answers object.

    Attributes:
        red_flag: the answer that is a warning sign, where there is one.
        points_to: which dangers that answer points to; two signs that point the same way
            support each other when one of them is unsure.
        order: asking order, lowest first.
        unit, unit_one: of a number, in the plural and in the singular.
        months_below: of a number of years, below which people speak of months.
    """

    id: Text
    group: Group
    kind: Kind
    text: Text
    help: str = ""
    why: str = ""
    order: int
    red_flag: Literal["yes", "no"] | None = None
    points_to: tuple[Direction, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    unit: str | None = None
    unit_one: str | None = None
    months_below: float | None = None
    option: tuple[Option, ...] = ()

    @property
    def values(self) -> tuple[str, ...]:
        """Legal values; empty for a number."""
        return TRISTATE if self.kind == "tristate" else tuple(o.id for o in self.option)

    def legal(self) -> str:
        """Describe the legal values in words, for messages."""
        if self.kind == "number":
            return f"a number from {self.minimum:g} to {self.maximum:g}"
        listed = ", ".join(self.values)
        return f"a list of: {listed}" if self.kind == "choices" else f"one of: {listed}"


class _File(Entry, frozen=True):
    question: tuple[Question, ...]


def read_questions(path: Path, sources: Bibliography) -> dict[str, Question]:
    """Read the questions by id, in asking order.

    Raises:
        KnowledgeError: the file does not fit, or a question lacks what its kind needs.
    """
    questions = read_toml(path, _File, sources.decode).question
    require_unique(path.name, [q.id for q in questions])
    for question in questions:
        _check(path.name, question)
    return {q.id: q for q in sorted(questions, key=lambda q: q.order)}


def _check(name: str, question: Question) -> None:
    is_number = question.kind == "number"
    problem = None
    if is_number and (question.minimum is None or question.maximum is None):
        problem = "is a number and needs a minimum and a maximum"
    elif is_number and question.minimum >= question.maximum:  # type: ignore[operator]
        problem = "has a minimum that is not below its maximum"
    elif not is_number and (question.minimum, question.maximum, question.unit) != (None,) * 3:
        problem = "is no number and can have no minimum, maximum or unit"
    elif (question.unit is None) != (question.unit_one is None):
        problem = "must have both unit and unit_one, or neither"
    elif question.kind in {"number", "tristate"} and question.option:
        problem = "has options, which only a choice can have"
    elif question.kind.startswith("choice") and len(question.option) < 2:
        problem = "is a choice and needs at least two options"
    elif question.red_flag is not None and question.kind != "tristate":
        problem = "has a red flag, which only a yes-or-no question can have"
    elif (question.red_flag is None) != (not question.points_to):
        problem = "must have both red_flag and points_to, or neither"
    if problem:
        raise KnowledgeError(f"{name}: the question “{question.id}” {problem}.")
    require_unique(f"{name}: options of “{question.id}”", list(question.values))
