"""Oracle: the engine that weighed every term as one bit, before ``reddots.triage.logic``.

Of each term three things are worked out: that it holds, that it may hold (an answer it rests on is
“not sure”), and that it could still hold once open questions are answered.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from reddots.errors import KnowledgeError
from reddots.knowledge.conditions import Condition as Named
from reddots.knowledge.conditions import Term
from reddots.knowledge.questions import UNSURE, Answer, Question

Item = TypeVar("Item")


class Holding(msgspec.Struct, frozen=True):
    """Which terms hold, as bit masks; each mask contains the one before.

    Attributes:
        yes: they hold for certain.
        maybe: they hold, or an unsure answer leaves it open.
        open: they do, or could, once unanswered questions are answered.
    """

    yes: int
    maybe: int
    open: int


@dataclass(frozen=True, slots=True)
class Condition:
    """Terms joined: all of ``all``, at least ``at_least`` of ``any``, none of ``unless``.

    Each is a mask of term bits; an empty mask asks for nothing.
    """

    all: int = 0
    any: int = 0
    at_least: int = 1
    unless: int = 0

    def holds(self, holding: Holding) -> bool:
        """Whether it holds for certain."""
        return not self.unless & holding.yes and self._within(holding.yes)

    def may_hold(self, holding: Holding) -> bool:
        """Whether it holds, or an unsure answer leaves it open."""
        return not self.unless & holding.yes and self._within(holding.maybe)

    def is_open(self, holding: Holding) -> bool:
        """Whether it holds, or could once unanswered questions are answered."""
        return not self.unless & holding.yes and self._within(holding.open)

    def _within(self, mask: int) -> bool:
        if self.all & ~mask:
            return False
        return not self.any or (self.any & mask).bit_count() >= self.at_least


class ConditionTable(Generic[Item]):
    """Things with a condition each, weighed together; iterates over the pairs.

    The loops are written out, as they run for every rule of every case.
    """

    def __init__(self, entries: Iterable[tuple[Item, Condition]]) -> None:
        self._entries = tuple(entries)
        self._masks = tuple((i, c.all, c.any, c.at_least, c.unless) for i, c in self._entries)

    def __iter__(self) -> Iterator[tuple[Item, Condition]]:
        """Yield each thing with its condition, in order."""
        return iter(self._entries)

    def perhaps(self, holding: Holding) -> list[tuple[Item, bool]]:
        """Return the things whose condition may hold, in order, and whether it does for certain."""
        yes, maybe = holding.yes, holding.maybe
        not_yes, not_maybe = ~yes, ~maybe
        found = []
        for item, all_of, any_of, least, unless in self._masks:
            if all_of & not_maybe or unless & yes:
                continue
            if any_of:
                if (any_of & maybe).bit_count() < least:
                    continue
                certain = not all_of & not_yes and (any_of & yes).bit_count() >= least
            else:
                certain = not all_of & not_yes
            found.append((item, certain))
        return found

    def certain(self, holding: Holding) -> list[Item]:
        """Return the things whose condition holds for certain, in order."""
        yes = holding.yes
        not_yes = ~yes
        return [
            item
            for item, all_of, any_of, least, unless in self._masks
            if not all_of & not_yes
            and not unless & yes
            and (not any_of or (any_of & yes).bit_count() >= least)
        ]

    def open(self, holding: Holding) -> list[Item]:
        """Return the things whose condition holds or still could, in order."""
        yes, still = holding.yes, holding.open
        closed = ~still
        return [
            item
            for item, all_of, any_of, least, unless in self._masks
            if not all_of & closed
            and not unless & yes
            and (not any_of or (any_of & still).bit_count() >= least)
        ]


class _Weighing:
    """The terms of one question: what each of its answers does to them."""

    __slots__ = ("all", "answers", "limits", "listed", "numbers", "only", "unknown")

    def __init__(self, question: Question, terms: Iterable[tuple[int, Term]]) -> None:
        terms = tuple(terms)
        known = [(bit, term) for bit, term in terms if term.operator != "unknown"]
        self.unknown = _union(bit for bit, term in terms if term.operator == "unknown")
        self.all = _union(bit for bit, _ in terms)
        self.listed = question.kind == "choices"
        self.only = tuple((bit, term.values) for bit, term in known if term.operator == "only")
        self.answers = {
            value: (
                _union(b for b, t in known if t.operator == "any" and value in t.values),
                0 if value != UNSURE else _union(b for b, t in known if value not in t.values),
            )
            for value in question.values
        }
        compared = [(b, t) for b, t in known if t.operator in {"below", "at_least"}]
        self.limits = sorted({term.limit for _, term in compared})
        self.numbers = tuple(
            _union(
                bit
                for bit, term in compared
                if (self.limits.index(term.limit) >= reached) == (term.operator == "below")
            )
            for reached in range(len(self.limits) + 1)
        )

    def weigh(self, answer: float | tuple[str, ...]) -> int:
        """Return the terms that a number or a list fulfils; neither leaves any unsure."""
        if isinstance(answer, float):
            return self.numbers[bisect_right(self.limits, answer)]
        yes = 0
        for value in answer:
            yes |= self.answers[value][0]
        for bit, values in self.only:
            if values.issuperset(answer):
                yes |= bit
        return yes


class ConditionIndex:
    """Every term that the knowledge uses, as one bit each."""

    def __init__(
        self,
        questions: Mapping[str, Question],
        findings: Mapping[str, Named],
        terms: Iterable[Term],
    ) -> None:
        """Index ``terms`` and those of ``findings``, which may only use findings before them."""
        self._bits: dict[str, int] = {}
        by_question: dict[str, list[tuple[int, Term]]] = {q: [] for q in questions}
        inner = [t for f in findings.values() for t in (*f.all, *f.any)]
        for term in (*inner, *terms):
            text = f"@{term.subject}" if term.operator == "condition" else term.text
            if text not in self._bits:
                self._bits[text] = bit = 1 << len(self._bits)
                if term.operator != "condition":
                    by_question[term.subject].append((bit, term))
        self._weighings = {q: _Weighing(questions[q], found) for q, found in by_question.items()}
        self._findings = tuple(
            (self._bits[f"@{f.id}"], self.mask(f.all), self.mask(f.any))
            for f in findings.values()
            if f"@{f.id}" in self._bits
        )
        self._unknown = _union(w.unknown for w in self._weighings.values())
        self._open = _union(w.all for w in self._weighings.values())

    def mask(self, terms: Iterable[Term]) -> int:
        """Return the bits of ``terms``.

        Raises:
            KnowledgeError: one was not indexed.
        """
        try:
            return _union(self._bits[term.text] for term in terms)
        except KeyError as error:
            raise KnowledgeError(f"the condition “{error.args[0]}” is not indexed.") from error

    def weigh(self, given: Mapping[str, Answer]) -> Holding:
        """Return which terms hold for the answers ``given``, by question id."""
        fulfilled, unsure, answered = 0, 0, 0
        weighings = self._weighings
        for question, answer in given.items():
            weighing = weighings[question]
            answered |= weighing.all
            if isinstance(answer, str):
                now, left = weighing.answers[answer]
                unsure |= left
            else:
                now = weighing.weigh(answer)
            fulfilled |= now
        yes = self._unknown & ~answered | fulfilled
        maybe = yes | unsure
        still = self._open & ~answered | maybe
        for bit, all_of, any_of in self._findings:
            # Inlined from Condition, as this runs for every finding of every case.
            if not all_of & ~still and (not any_of or any_of & still):
                still |= bit
                if not all_of & ~maybe and (not any_of or any_of & maybe):
                    maybe |= bit
                    if not all_of & ~yes and (not any_of or any_of & yes):
                        yes |= bit
        return Holding(yes, maybe, still)


def _union(bits: Iterable[int]) -> int:
    joined = 0
    for bit in bits:
        joined |= bit
    return joined
