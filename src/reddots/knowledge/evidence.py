"""Likelihood ratios of each answer for each category, from ``data/knowledge/evidence.toml``."""

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Literal

from reddots._toml import Entry, read_toml
from reddots.errors import KnowledgeError
from reddots.knowledge.categories import Category
from reddots.knowledge.questions import Question
from reddots.knowledge.sources import Bibliography, Citations

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


class _Line(Entry, frozen=True):
    category: str
    word: Word
    answers: tuple[str, ...] = ()
    range: tuple[float, float] | None = None
    group: str = ""
    sources: Citations | None = None


class _File(Entry, frozen=True):
    words: Words
    limits: Limits
    descriptions: dict[str, Citations]
    bounds: dict[str, tuple[float, ...]]
    evidence: dict[str, tuple[_Line, ...]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One line: how far some answers to a question speak for or against a category.

    Attributes:
        answers: any of them brings it into play; empty for a number.
        low, high: of a number, the range that does: from ``low`` to below ``high``.
        group: answers of one group are correlated, so only the weightiest of them counts.
        sources: what the word was judged from; no study gives the number.
    """

    question: str
    category: str
    word: Word
    group: str
    sources: Citations
    answers: frozenset[str] = frozenset()
    low: float = 0.0
    high: float = 0.0

    @property
    def source(self) -> str:
        """Its sources as a reader sees them."""
        return self.sources.text

    def matches(self, answer: str | float | tuple[str, ...]) -> bool:
        """Whether ``answer`` is one that this line is about."""
        if isinstance(answer, float):
            return self.low <= answer < self.high
        return not self.answers.isdisjoint((answer,) if isinstance(answer, str) else answer)


class EvidenceTable:
    """All lines, by question, with the numbers behind their words."""

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

    def with_sources(self, cited: Callable[[Citations], Citations]) -> "EvidenceTable":
        """Return the same evidence with each entry's sources as ``cited`` returns them."""
        entries = tuple(replace(e, sources=cited(e.sources)) for e in self.entries)
        return EvidenceTable(self._words, self.limits, entries)

    def ratio(self, word: Word) -> float:
        """Return the likelihood ratio behind ``word``."""
        return float(getattr(self._words, word))

    def decibans(self, entry: Evidence) -> float:
        """Return the entry's weight of evidence, 10·log10 of its likelihood ratio (Good 1950)."""
        return 10 * math.log10(self.ratio(entry.word))

    def matching(self, question: str, answer: str | float | tuple[str, ...]) -> Iterator[Evidence]:
        """Yield the entries that ``answer`` to ``question`` brings into play."""
        return (e for e in self.by_question.get(question, ()) if e.matches(answer))


def read_evidence(
    path: Path,
    questions: Mapping[str, Question],
    categories: Mapping[str, Category],
    sources: Bibliography,
) -> EvidenceTable:
    """Read and validate the evidence.

    Raises:
        KnowledgeError: the file does not fit, names what does not exist, says two things about one
            answer and category, or its ranges do not follow each other from the least number to
            the greatest.
    """
    raw = read_toml(path, _File, sources.decode)
    numbers = [getattr(raw.words, word) for word in Words.__struct_fields__]
    if sorted(numbers, reverse=True) != numbers or min(numbers) <= 0:
        raise KnowledgeError(f"{path.name}: the words' ratios must fall from strong_for on.")
    if min(raw.limits.answers, raw.limits.photo) <= 1:
        raise KnowledgeError(f"{path.name}: the limits must be above 1.")
    candidates = {c.id for c in categories.values() if c.is_candidate}
    try:
        _require_same("descriptions", raw.descriptions.keys(), "candidate category", candidates)
        asked = {q.id for q in questions.values() if q.id in raw.evidence and q.kind == "number"}
        _require_same("bounds", raw.bounds.keys(), "number in [evidence]", asked)
        _require_known(raw.evidence.keys(), questions)
        entries = []
        for name, lines in raw.evidence.items():
            bounds = raw.bounds.get(name, ())
            _check_bounds(bounds, questions[name])
            found = [_entry(line, questions[name], raw, candidates) for line in lines]
            _check_entries(found, name, bounds)
            entries += found
    except KnowledgeError as error:
        raise KnowledgeError(f"{path.name}: {error}") from error
    return EvidenceTable(raw.words, raw.limits, tuple(entries))


def _require_known(found: Collection[str], questions: Mapping[str, Question]) -> None:
    unknown = sorted(set(found) - set(questions))
    if unknown:
        raise KnowledgeError(f"no such question: {unknown}.")


def _require_same(table: str, found: Collection[str], noun: str, wanted: set[str]) -> None:
    odd = sorted(set(found) ^ wanted)
    if odd:
        raise KnowledgeError(f"[{table}] needs exactly one line for each {noun}: {odd}.")


def _entry(line: _Line, question: Question, raw: _File, candidates: set[str]) -> Evidence:
    where = f"{question.id} → {line.category}"
    if line.category not in candidates:
        raise KnowledgeError(f"{where}: no such candidate category.")
    low, high = 0.0, 0.0
    if question.kind == "number":
        if line.answers or line.range is None:
            raise KnowledgeError(f"{where}: a number needs a range such as [5, 16].")
        low, high = line.range
        if line.range not in pairwise(raw.bounds[question.id]):
            raise KnowledgeError(
                f"{where}: [{low:g}, {high:g}] is not from one of the bounds to the next."
            )
        high = math.inf if high == question.maximum else high
    elif line.range is not None or not line.answers or set(line.answers) - set(question.values):
        raise KnowledgeError(f"{where}: legal is {question.legal()}, not {list(line.answers)}.")
    return Evidence(
        question=question.id,
        category=line.category,
        word=line.word,
        group=line.group or question.id,
        sources=line.sources or raw.descriptions[line.category],
        answers=frozenset(line.answers),
        low=low,
        high=high,
    )


def _check_bounds(bounds: tuple[float, ...], question: Question) -> None:
    if question.kind != "number":
        return
    ends = (question.minimum, question.maximum)
    if bounds[:1] + bounds[-1:] != ends or sorted(set(bounds)) != list(bounds):
        raise KnowledgeError(
            f"the bounds of “{question.id}” must rise from {ends[0]:g} to {ends[1]:g}."
        )


def _check_entries(entries: list[Evidence], question: str, bounds: tuple[float, ...]) -> None:
    empty = set(bounds[:-1]) - {e.low for e in entries}
    if empty:
        raise KnowledgeError(f"“{question}” has a gap: nothing from {min(empty):g} on.")
    seen: set[tuple[str, str]] = set()
    for entry in entries:
        for answer in entry.answers or (f"{entry.low:g}",):
            key = (entry.category, answer)
            if key in seen:
                raise KnowledgeError(f"{question} → {entry.category}: {answer} stands twice.")
            seen.add(key)
