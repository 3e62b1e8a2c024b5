"""What to ask next: what could still raise the urgency first, then what tells the candidates apart.

A question is worth asking while some answer to it could change the advice: a rule of a higher level
is still open, the present level could still be lowered, or the answer is expected to move the
candidates. When nothing of this is left, nothing more is asked.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter

import msgspec
import numpy as np
import numpy.typing as npt

from reddots.knowledge import Knowledge, Urgency
from reddots.knowledge.logic import Holding
from reddots.knowledge.screens import Screen
from reddots.triage.answers import Answers
from reddots.triage.urgency import Reason

_DOWNWARDS = tuple(sorted(Urgency, reverse=True))
_RANK = itemgetter(0)
LEAST_GAIN = 0.2  # bits; an answer expected to tell less would not change what is said


class Ask(msgspec.Struct, frozen=True):
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
    gates: Collection[str] = (),
) -> tuple[Ask, ...]:
    """Return the screens still worth asking, most useful first.

    ``reasons`` are those of the urgency, most urgent first. Nothing is asked in an emergency: the
    next step is to call. First come answers that contradict each other (``again``), then the
    screens that could change the urgency, in their own order (red flags first), then the rest by
    expected information. ``skipped`` questions were asked and left unanswered. ``gates`` are the
    safety questions without an answer: they are always worth asking.
    """
    urgency = reasons[0].urgency
    if urgency is Urgency.EMERGENCY:
        return ()
    mask = knowledge.question_mask
    asked_again = mask(again)
    closed = mask((*answers.given, *skipped)) & ~asked_again
    easing = _easing(reasons, holding, knowledge) | mask(gates)
    gains = _gains(probabilities, knowledge)
    telling = _union([1 << place for place, gain in enumerate(gains) if gain >= LEAST_GAIN])
    wanted = asked_again | easing | telling
    # A checklist is shown once, so it has all of its questions that can matter at all.
    shown, higher = wanted, []
    for level, questions in _reach(holding, knowledge):
        shown |= questions
        if level > urgency:
            wanted |= questions
            higher.append((level, questions))
    found = []
    for place, (screen, pairs, whole) in enumerate(_screens(knowledge)):
        left = whole & ~closed
        open_ones = left & wanted
        if not open_ones:
            continue
        asked = [pair for pair in pairs if pair[1] & left & shown]
        reached: Urgency | None = urgency if easing & left else None
        for level, questions in higher:
            if questions & open_ones:
                reached = level
                break
        gain = max([gains[at] for _, _, at in asked])
        if asked_again & left:
            rank: tuple[float, float] = (0, place)
        else:
            rank = (2, -gain) if reached is None else (1, place)
        found.append((rank, place, Ask(screen, tuple([q for q, _, _ in asked]), reached, gain)))
    found.sort(key=_RANK)
    return tuple([ask for _, _, ask in found])


def next_questions(asks: Collection[Ask]) -> tuple[str, ...]:
    """Return the ids of the questions on these screens, in order."""
    return tuple(q for ask in asks for q in ask.questions)


def information(probabilities: Mapping[str, float], knowledge: Knowledge) -> Mapping[str, float]:
    """Return how much each question's answer is expected to tell about the category, in bits.

    Mutual information of answer and category (Shannon 1948), with the chance of each answer given a
    category taken as proportional to its likelihood ratio in the evidence. A number tells nothing
    here, as it is always asked.
    """
    return dict(zip(knowledge.questions, _gains(probabilities, knowledge), strict=True))


def _gains(probabilities: Mapping[str, float], knowledge: Knowledge) -> list[float]:
    """Return what :func:`information` does, in the order of the questions."""
    table = _chances(knowledge)
    p = np.array([probabilities[c] for c in table.categories])
    # I(A;C) = Σ_a [ Σ_c p(c) p(a|c) log p(a|c) ] − Σ_a p(a) log p(a)
    both = table.stacked @ p
    overall = both[: len(both) // 2]
    by_value = both[len(both) // 2 :] - overall * np.log2(overall)
    gains = np.zeros(len(knowledge.questions))
    gains[table.places] = np.add.reduceat(by_value, table.starts)
    found: list[float] = np.maximum(gains, 0.0).tolist()
    return found


@dataclass(frozen=True, eq=False, slots=True)
class _Chances:
    """Chance of each answer given each category, and below it p·log p of the same.

    Rows are answers, grouped by question; columns are categories. ``places`` are those of the
    groups' questions among all questions.
    """

    places: npt.NDArray[np.intp]
    starts: npt.NDArray[np.intp]
    categories: tuple[str, ...]
    stacked: npt.NDArray[np.float64]


@cache
def _chances(knowledge: Knowledge) -> _Chances:
    categories = tuple(c.id for c in knowledge.candidates)
    blocks: list[npt.NDArray[np.float64]] = []
    starts, places = [], []
    for place, question in enumerate(knowledge.questions.values()):
        if not question.values:
            continue
        ratios = np.ones((len(question.values), len(categories)))
        for row, value in enumerate(question.values):
            for entry in knowledge.evidence.matching(question.id, value):
                column = categories.index(entry.category)
                ratios[row, column] = knowledge.evidence.ratio(entry.word)
        starts.append(sum(len(b) for b in blocks))
        places.append(place)
        blocks.append(ratios / ratios.sum(axis=0))
    given = np.concatenate(blocks)
    stacked = np.concatenate([given, given * np.log2(given)])
    return _Chances(
        np.array(places, dtype=np.intp), np.array(starts, dtype=np.intp), categories, stacked
    )


def _reach(holding: Holding, knowledge: Knowledge) -> Iterable[tuple[Urgency, int]]:
    """Return, for each level from the top, the questions that its open rules rest on, as a mask."""
    found = [0] * len(Urgency)
    for level, questions in knowledge.reach.open(holding):
        found[level] |= questions
    return zip(_DOWNWARDS, reversed(found), strict=True)


@cache
def _screens(
    knowledge: Knowledge,
) -> tuple[tuple[Screen, tuple[tuple[str, int, int], ...], int], ...]:
    """Return each screen, its questions with their bits and places, and their bits together."""
    places = {question: place for place, question in enumerate(knowledge.questions)}
    return tuple(
        (
            s,
            tuple((q, 1 << places[q], places[q]) for q in s.questions),
            knowledge.question_mask(s.questions),
        )
        for s in knowledge.screens
    )


def _union(masks: Iterable[int]) -> int:
    joined = 0
    for mask in masks:
        joined |= mask
    return joined


def _easing(reasons: Sequence[Reason], holding: Holding, knowledge: Knowledge) -> int:
    """Return the open questions whose answers could lower the urgency, as a mask.

    They could undo every reason of the highest level, or, where only the default rule holds, fulfil
    a self-care rule.
    """
    top = reasons[0]
    if top.rule in {knowledge.rules.default.id, knowledge.rules.unsettled.id}:
        masks = knowledge.question_masks
        return _union(masks[rule.id] for rule in knowledge.reassuring.open(holding))
    joined = 0
    for reason in reasons:
        if reason.urgency is not top.urgency:
            break
        undone = knowledge.easing(reason.rule, holding)
        if not undone:
            return 0
        joined |= undone
    return joined
