"""Likelihood ratios of each answer for each category, from ``data/knowledge/evidence.toml``."""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from reddots._toml import Entry, read_toml
from reddots.errors import KnowledgeError
from reddots.knowledge.categories import Category
from reddots.knowledge.questions import Question
from reddots.knowledge.sources import Bibliography, CitedEntry

Word = Literal[
    "strong_for", "moderate_for", "weak_for", "weak_against", "moderate_against", "strong_against"
]


class Words(Entry, frozen=True):
    """The likelihood ratio behind each word."""

    strong_for: float
    moderate_for: float
    weak_for: float
    weak_against: float
    moderate_against: float
    strong_against: float


class Limits(Entry, frozen=True):
    """Greatest total likelihood ratio (and its inverse, least) of answers and of a photo."""

    answers: float
    photo: float


class Evidence(CitedEntry, frozen=True):
    """One answer's weight for one category.

    Attributes:
        value: an answer, several of them (any), or for a number a closed range ``"5..15"``.
        group: answers of one group are correlated, so only the weightiest of them counts.
    """

    category: str
    question: str
    value: str | tuple[str, ...]
    word: Word
    group: str

    def matches(self, answer: str | float | tuple[str, ...]) -> bool:
        """Whether ``answer`` is one that this weight is about."""
        if isinstance(answer, float):
            low, high = number_range(self)
            return low <= answer <= high
        wanted = {self.value} if isinstance(self.value, str) else set(self.value)
        return bool(wanted & ({answer} if isinstance(answer, str) else set(answer)))


class _File(Entry, frozen=True):
    words: Words
    limits: Limits
    evidence: tuple[Evidence, ...]


class EvidenceTable:
    """All weights, by question, with the numbers behind their words."""

    def __init__(self, words: Words, limits: Limits, entries: tuple[Evidence, ...]) -> None:
        self.limits = limits
        self.entries = entries
        self._words = words
        by_question: dict[str, list[Evidence]] = {}
        for entry in entries:
            by_question.setdefault(entry.question, []).append(entry)
        self.by_question: Mapping[str, tuple[Evidence, ...]] = {
            key: tuple(value) for key, value in by_question.items()
        }

    def ratio(self, word: Word) -> float:
        """Return the likelihood ratio behind ``word``."""
        return float(getattr(self._words, word))

    def decibans(self, entry: Evidence) -> float:
        """Return the entry's weight of evidence, 10·log10 of its likelihood ratio (Good 1950)."""
        return 10 * math.log10(self.ratio(entry.word))

    def matching(self, question: str, answer: str | float | tuple[str, ...]) -> Iterator[Evidence]:
        """Yield the entries that ``answer`` to ``question`` brings into play."""
        return (e for e in self.by_question.get(question, ()) if e.matches(answer))


def number_range(entry: Evidence) -> tuple[float, float]:
    """Return the closed range of a number's evidence.

    Raises:
        KnowledgeError: its value is not of the form ``low..high``.
    """
    try:
        low, high = str(entry.value).split("..")
        return float(low), float(high)
    except ValueError as error:
        raise KnowledgeError(
            f"evidence.toml: “{entry.value}” for {entry.question} is not a range such as 5..15."
        ) from error


def read_evidence(
    path: Path,
    questions: Mapping[str, Question],
    categories: Mapping[str, Category],
    sources: Bibliography,
) -> EvidenceTable:
    """Read and validate the evidence.

    Raises:
        KnowledgeError: the file does not fit, names what does not exist, or is not in order.
    """
    raw = read_toml(path, _File, sources.decode)
    numbers = [getattr(raw.words, word) for word in Words.__struct_fields__]
    if sorted(numbers, reverse=True) != numbers or min(numbers) <= 0:
        raise KnowledgeError(f"{path.name}: the words' ratios must fall from strong_for on.")
    for entry in raw.evidence:
        where = f"{path.name}: {entry.question} → {entry.category}"
        if entry.question not in questions:
            raise KnowledgeError(f"{where}: no such question.")
        if entry.category not in categories or not categories[entry.category].is_candidate:
            raise KnowledgeError(f"{where}: no such candidate category.")
        question = questions[entry.question]
        if question.kind == "number":
            number_range(entry)
            continue
        values = (entry.value,) if isinstance(entry.value, str) else entry.value
        if set(values) - set(question.values):
            raise KnowledgeError(f"{where}: legal is {question.legal()}, not {list(values)}.")
    return EvidenceTable(raw.words, raw.limits, raw.evidence)
