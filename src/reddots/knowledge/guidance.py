"""Patient guidance: texts on what to do next, from ``data/knowledge/guidance.toml``."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Literal

from reddots._toml import Entry, Text, read_toml, require_unique
from reddots.errors import KnowledgeError
from reddots.knowledge.conditions import Term, parse_terms
from reddots.knowledge.photo_rules import LevelName
from reddots.knowledge.questions import Question
from reddots.knowledge.sources import Bibliography, Citations, CitedEntry
from reddots.knowledge.urgency import Urgency

Section = Literal["summary", "do_now", "watch_for", "tell_the_doctor", "about"]


class _Advice(CitedEntry, frozen=True):
    id: Text
    section: Section
    text: Text
    levels: tuple[LevelName, ...] = ()
    categories: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    settled: bool | None = None
    order: int = 50


class PhotoProblem(CitedEntry, frozen=True):
    """What is wrong with a photo, and how to take a better one.

    ``finer_than`` is the problem of which this is a special case, told in its place.
    """

    id: Text
    text: Text
    retake: Text
    finer_than: str = ""


class Numbers(Entry, frozen=True):
    """What to call where the country is not known, in words that fit into a sentence."""

    emergency: Text
    advice_line: Text


class _File(Entry, frozen=True):
    numbers: Numbers
    separator: Text
    disclaimer: Text
    advice: tuple[_Advice, ...]
    photo_problem: tuple[PhotoProblem, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """One piece of advice and the filters that decide who reads it; an empty filter lets all by.

    Attributes:
        categories: it is for people with one of these among their leading candidates.
        when: every term must hold for certain.
        settled: it is only for people whose gates are all answered (True), or not all (False).
    """

    id: str
    section: Section
    text: str
    sources: Citations
    levels: frozenset[Urgency]
    categories: tuple[str, ...]
    when: tuple[Term, ...]
    settled: bool | None = None

    @property
    def source(self) -> str:
        """Its sources as a reader sees them."""
        return self.sources.text


@dataclass(frozen=True)
class GuidanceBook:
    """All advice in reading order, the photo problems by id, the disclaimer, and what parts a list.

    ``separator`` stands between the open gates in a sentence.
    """

    advice: tuple[Advice, ...]
    photo_problems: Mapping[str, PhotoProblem]
    disclaimer: str
    numbers: Numbers
    separator: str

    @cached_property
    def by_level(self) -> Mapping[Urgency, tuple[Advice, ...]]:
        """The advice that each level may give, in reading order."""
        return {
            level: tuple(a for a in self.advice if not a.levels or level in a.levels)
            for level in Urgency
        }

    def told_of(
        self, problems: Iterable[str], causes: Collection[str] = ()
    ) -> tuple[PhotoProblem, ...]:
        """Return what a person is told of a photo's problems, in their order.

        A finer cause is told in the place of its problem; a problem without a text is left out.
        """
        known = self.photo_problems
        told: list[PhotoProblem] = []
        for problem in problems:
            finer = [known[c] for c in causes if c in known and known[c].finer_than == problem]
            told += finer or [known[p] for p in (problem,) if p in known]
        return tuple(told)


def read_guidance(
    path: Path,
    questions: Mapping[str, Question],
    categories: Collection[str],
    conditions: Collection[str],
    sources: Bibliography,
) -> GuidanceBook:
    """Read and validate the guidance.

    Raises:
        KnowledgeError: the file does not fit, names what does not exist, or a level has not
            exactly one summary.
    """
    raw = read_toml(path, _File, sources.decode)
    require_unique(path.name, [a.id for a in raw.advice])
    require_unique(path.name, [p.id for p in raw.photo_problem])
    advice = []
    for entry in sorted(raw.advice, key=lambda a: a.order):
        unknown = set(entry.categories) - set(categories)
        if unknown:
            raise KnowledgeError(f"{path.name}: “{entry.id}” names {sorted(unknown)}.")
        try:
            when = parse_terms(entry.when, questions, conditions)
        except KnowledgeError as error:
            raise KnowledgeError(f"{path.name}: “{entry.id}”: {error}") from error
        advice.append(
            Advice(
                entry.id,
                entry.section,
                entry.text,
                entry.sources,
                frozenset(Urgency.named(name) for name in entry.levels),
                entry.categories,
                when,
                entry.settled,
            )
        )
    for level, settled in product(Urgency, (True, False)):
        summaries = [a for a in advice if a.section == "summary" and level in a.levels]
        fitting = [a for a in summaries if a.settled in {None, settled}]
        if len(fitting) != (settled or level is not Urgency.SELF_CARE):
            state = "settled" if settled else "unsettled"
            raise KnowledgeError(f"{path.name}: “{level.id}” {state} needs exactly one summary.")
    problems = {p.id: p for p in raw.photo_problem}
    for problem in raw.photo_problem:
        if problem.finer_than and problem.finer_than not in problems:
            raise KnowledgeError(f"{path.name}: there is no problem “{problem.finer_than}”.")
    return GuidanceBook(tuple(advice), problems, raw.disclaimer, raw.numbers, raw.separator)
