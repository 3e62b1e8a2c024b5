"""What to ask next: what could still raise the urgency first, then what tells the candidates apart.

A question is worth asking while some answer to it could change the advice: a rule of a higher level
is still open, the present level could still be lowered, or the answer is expected to move the
candidates. When nothing of this is left, nothing more is asked.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from reddots.knowledge import Knowledge, Urgency
from reddots.knowledge.conditions import Holding
from reddots.knowledge.screens import Screen
from reddots.triage.answers import Answers
from reddots.triage.urgency import Reason

_DOWNWARDS = tuple(sorted(Urgency, reverse=True))
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
    mask = knowledge.question_mask
    asked_again = mask(again)
    closed = mask((*answers.given, *skipped)) & ~asked_again
    reach = _reach(holding, knowledge)
    higher = [(level, questions) for level, questions in reach if level > urgency]
    easing = mask(_easing(reasons, holding, knowledge))
    gains = information(probabilities, knowledge)
    telling = mask([q for q, gain in gains.items() if gain >= LEAST_GAIN])
    wanted = asked_again | easing | telling | _union(q for _, q in higher)
    # A checklist is shown once, so it has all of its questions that can matter at all.
    shown = wanted | _union(questions for _, questions in reach)
    asks = []
    for place, (screen, pairs, whole) in enumerate(_screens(knowledge)):
        left = whole & ~closed
        if not left & wanted:
            continue
        questions = tuple(q for q, bit in pairs if bit & left & shown)
        level = next((lv for lv, reached in higher if reached & left & wanted), None)
        if level is None and easing & left:
            level = urgency
        ask = Ask(screen, questions, level, max([gains[q] for q in questions]))
        rank = (0, place) if asked_again & left else _rank(ask, place)
        asks.append((rank, ask))
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
    # I(A;C) = Σ_a [ Σ_c p(c) p(a|c) log p(a|c) ] − Σ_a p(a) log p(a)
    both = table.stacked @ p
    overall = both[: len(both) // 2]
    by_value = both[len(both) // 2 :] - overall * np.log2(overall)
    by_question: list[float] = np.add.reduceat(by_value, table.starts).tolist()
    gains = dict.fromkeys(knowledge.questions, 0.0)
    gains.update(zip(table.questions, (max(gain, 0.0) for gain in by_question), strict=True))
    return gains


@dataclass(frozen=True, eq=False, slots=True)
class _Chances:
    """Chance of each answer given each category, and below it p·log p of the same.

    Rows are answers, grouped by question; columns are categories.
    """

    questions: tuple[str, ...]
    starts: npt.NDArray[np.intp]
    categories: tuple[str, ...]
    stacked: npt.NDArray[np.float64]


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
    stacked = np.concatenate([given, given * np.log2(given)])
    return _Chances(tuple(names), np.array(starts, dtype=np.intp), categories, stacked)


def _reach(holding: Holding, knowledge: Knowledge) -> list[tuple[Urgency, int]]:
    """Return, for each level from the top, the questions that its open rules rest on, as a mask."""
    masks, found = knowledge.question_masks, dict.fromkeys(_DOWNWARDS, 0)
    for rule in knowledge.raising.open(holding):
        found[rule.urgency] |= masks[rule.id]
    return list(found.items())


@cache
def _screens(knowledge: Knowledge) -> tuple[tuple[Screen, tuple[tuple[str, int], ...], int], ...]:
    """Return each screen, its questions with their bits, and all of these together."""
    bits = knowledge.question_bits
    return tuple(
        (s, tuple((q, bits[q]) for q in s.questions), knowledge.question_mask(s.questions))
        for s in knowledge.screens
    )


def _union(masks: Iterable[int]) -> int:
    joined = 0
    for mask in masks:
        joined |= mask
    return joined


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


def _rank(ask: Ask, place: int) -> tuple[float, float]:
    return (1, place) if ask.could_reach is not None else (2, -ask.gain)
