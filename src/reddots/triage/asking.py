"""What to ask next: what could still raise the urgency first, then what tells the candidates apart.

A question is worth asking while some answer to it could change the advice: a rule of a higher level
is still open, the present level could still be lowered, or the answer is expected to move the
candidates. When nothing of this is left, nothing more is asked.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from reddots.knowledge import Knowledge, Urgency
from reddots.knowledge.conditions import Holding
from reddots.knowledge.screens import Screen
from reddots.triage.answers import Answers
from reddots.triage.urgency import Reason

LEAST_GAIN = 0.2  # bits; an answer expected to tell less would not change what is said


@dataclass(frozen=True, slots=True)
class Ask:
    """One screen that is worth asking.

    Attributes:
        questions: those of the screen that are still open and matter, in its order.
        could_reach: the highest urgency that an answer could still lead to, the present one
            where it could only lower it; None when it can only tell the candidates apart.
        gain: expected information about the category of its best question, in bits.
    """

    screen: Screen
    questions: tuple[str, ...]
    could_reach: Urgency | None
    gain: float

    def why(self, knowledge: Knowledge) -> str:
        """Say why it is asked, in words for the reader."""
        if self.screen.is_checklist:
            return self.screen.why
        return knowledge.questions[self.questions[0]].why


def next_asks(
    answers: Answers,
    holding: Holding,
    reasons: Sequence[Reason],
    probabilities: Mapping[str, float],
    knowledge: Knowledge,
    *,
    again: Collection[str] = (),
    skipped: Collection[str] = (),
) -> tuple[Ask, ...]:
    """Return the screens still worth asking, most useful first.

    ``reasons`` are those of the urgency, most urgent first. Nothing is asked in an emergency: the
    next step is to call. First come answers that contradict each other (``again``), then the
    screens that could change the urgency, in their own order (red flags first), then the rest by
    expected information. ``skipped`` questions were asked and left unanswered.
    """
    urgency = reasons[0].urgency
    if urgency is Urgency.EMERGENCY:
        return ()
    closed = {*answers.given, *skipped} - set(again)
    reach = _reach(holding, knowledge)
    easing = _easing(reasons, holding, knowledge)
    gains = information(probabilities, knowledge)
    asks = []
    for place, screen in enumerate(knowledge.screens):
        left = [q for q in screen.questions if q not in closed]
        wanted = [
            q
            for q in left
            if q in again
            or q in easing
            or reach.get(q, urgency) > urgency
            or gains[q] >= LEAST_GAIN
        ]
        if not wanted:
            continue
        # A checklist is shown once, so it has all of its questions that can matter at all.
        shown = tuple(q for q in left if q in wanted or q in reach)
        levels = [reach[q] for q in wanted if reach.get(q, urgency) > urgency]
        if not levels and not easing.isdisjoint(wanted):
            levels = [urgency]
        ask = Ask(screen, shown, max(levels, default=None), max(gains[q] for q in shown))
        asks.append((_rank(ask, place, again), ask))
    return tuple(ask for _, ask in sorted(asks, key=lambda item: item[0]))


def next_questions(asks: Collection[Ask]) -> tuple[str, ...]:
    """Return the ids of the questions on these screens, in order."""
    return tuple(q for ask in asks for q in ask.questions)


def information(probabilities: Mapping[str, float], knowledge: Knowledge) -> Mapping[str, float]:
    """Return how much each question's answer is expected to tell about the category, in bits.

    Mutual information of answer and category (Shannon 1948), with the chance of each answer given a
    category taken as proportional to its likelihood ratio in the evidence. A number tells nothing
    here, as it is always asked.
    """
    table = _chances(knowledge)
    p = np.array([probabilities[c] for c in table.categories])
    overall = table.given_category @ p
    # I(A;C) = Σ_a [ Σ_c p(c) p(a|c) log p(a|c) ] − Σ_a p(a) log p(a)
    by_value = table.plogp @ p - overall * np.log2(overall)
    by_question = np.add.reduceat(by_value, table.starts)
    gains = dict.fromkeys(knowledge.questions, 0.0)
    gains.update(zip(table.questions, np.maximum(by_question, 0.0).tolist(), strict=True))
    return gains


@dataclass(frozen=True, eq=False, slots=True)
class _Chances:
    """Chance of each answer given each category: rows are answers, grouped by question."""

    questions: tuple[str, ...]
    starts: npt.NDArray[np.intp]
    categories: tuple[str, ...]
    given_category: npt.NDArray[np.float64]
    plogp: npt.NDArray[np.float64]


@cache
def _chances(knowledge: Knowledge) -> _Chances:
    categories = tuple(c.id for c in knowledge.candidates)
    blocks: list[npt.NDArray[np.float64]] = []
    starts, names = [], []
    for question in knowledge.questions.values():
        if not question.values:
            continue
        ratios = np.ones((len(question.values), len(categories)))
        for row, value in enumerate(question.values):
            for entry in knowledge.evidence.matching(question.id, value):
                column = categories.index(entry.category)
                ratios[row, column] = knowledge.evidence.ratio(entry.word)
        starts.append(sum(len(b) for b in blocks))
        names.append(question.id)
        blocks.append(ratios / ratios.sum(axis=0))
    given = np.concatenate(blocks)
    return _Chances(
        tuple(names), np.array(starts, dtype=np.intp), categories, given, given * np.log2(given)
    )


def _reach(holding: Holding, knowledge: Knowledge) -> dict[str, Urgency]:
    """Return, by question, the highest urgency of an open rule that its answer could fulfil."""
    found: dict[str, Urgency] = {}
    for rule in reversed(knowledge.raising.open(holding)):
        found.update(knowledge.reach_of(rule))
    return found


def _easing(reasons: Sequence[Reason], holding: Holding, knowledge: Knowledge) -> frozenset[str]:
    """Return the open questions whose answers could lower the urgency.

    They could undo every reason of the highest level, or, where only the default rule holds, fulfil
    a self-care rule.
    """
    if reasons[0].rule == knowledge.rules.default.id:
        rules = knowledge.reassuring.open(holding)
        return frozenset[str]().union(*(knowledge.questions_of(rule) for rule in rules))
    leading = [r for r in reasons if r.urgency is reasons[0].urgency]
    undone = [knowledge.easing(reason.rule, holding) for reason in leading]
    return frozenset[str]().union(*undone) if all(undone) else frozenset()


def _rank(ask: Ask, place: int, again: Collection[str]) -> tuple[float, ...]:
    if any(q in again for q in ask.questions):
        return (0, place)
    return (1, place) if ask.could_reach is not None else (2, -ask.gain)
