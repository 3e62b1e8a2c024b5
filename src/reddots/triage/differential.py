"""Differential diagnosis (naive Bayes): prior, answers and photo joined by Bayes' rule.

posterior(c) ∝ prior(c) × Π ratio(answer, c) × photo(c). Answers of one group are correlated, so of
each group only the weightiest counts, so that one sign is not counted twice; the total of the
answers is capped, and so is the photo's.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from operator import itemgetter

from reddots.knowledge import Knowledge
from reddots.knowledge.evidence import Evidence
from reddots.photo.result import PhotoResult
from reddots.triage.answers import Answers

PHOTO = "photo"
_PHOTO_SOURCE = "The photo, by the checkpoint named below"
_LEAST_PROBABILITY = 1e-4
_NATS_PER_DECIBAN = math.log(10) / 10
_Weight = tuple[int, float]  # the slot of its category and group, and its decibans


@dataclass(frozen=True, slots=True)
class Contribution:
    """How far one answer, or the photo, moves one category.

    Attributes:
        weight: weight of evidence in decibans, 10·log10 of the likelihood ratio (Good 1950).
        counted: False for an answer that a weightier one of its group stands in for.
    """

    category: str
    evidence: str
    weight: float
    source: str
    counted: bool = True


class Fusion:
    """Posterior probability of each candidate, most probable first, and what moved it."""

    def __init__(self, answers: Answers, photo: PhotoResult | None, knowledge: Knowledge) -> None:
        """Use :func:`fuse`."""
        self._answers, self._knowledge = answers, knowledge
        scores = weighing(knowledge).scores(answers)
        self.before: Mapping[str, float] = _normalise(scores)
        self._ratios = photo_ratios(photo, self.before, knowledge)
        after = self.before
        if self._ratios:
            after = _normalise({c: s + math.log(self._ratios[c]) for c, s in scores.items()})
        self.probabilities: Mapping[str, float] = dict(
            sorted(after.items(), key=itemgetter(1), reverse=True)
        )

    def named(self) -> list[tuple[str, str, float]]:
        """Return id, name and probability of each candidate, most probable first."""
        categories = self._knowledge.categories
        return [(c, categories[c].name, p) for c, p in self.probabilities.items()]

    @cached_property
    def contributions(self) -> tuple[Contribution, ...]:
        """How far each answer, and the photo, moves each category."""
        seen = tuple(
            Contribution(c, PHOTO, 10 * math.log10(ratio), _PHOTO_SOURCE)
            for c, ratio in self._ratios.items()
        )
        return _from_answers(self._answers, self._knowledge) + seen


def fuse(answers: Answers, photo: PhotoResult | None, knowledge: Knowledge) -> Fusion:
    """Join everything known about the spots into a probability for each candidate."""
    return Fusion(answers, photo, knowledge)


class Weighing:
    """The evidence laid out for speed: which weights an answer brings to which category.

    It gives the same as :func:`_from_answers` summed up, which a test holds it to.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        table = knowledge.evidence
        self._limit = 10 * math.log10(table.limits.answers)
        self._categories = tuple(c.id for c in knowledge.candidates)
        self._priors = tuple(math.log(c.prior) for c in knowledge.candidates)
        groups = list(dict.fromkeys((e.category, e.group) for e in table.entries))
        self._of_slot = tuple(self._categories.index(category) for category, _ in groups)
        slots = {group: slot for slot, group in enumerate(groups)}

        def weight(entry: Evidence) -> _Weight:
            return slots[entry.category, entry.group], table.decibans(entry)

        self._discrete = {
            (question.id, value): tuple(map(weight, table.matching(question.id, value)))
            for question in knowledge.questions.values()
            for value in question.values
        }
        self._numbers = {
            question.id: tuple(
                (e.low, e.high, *weight(e)) for e in table.by_question.get(question.id, ())
            )
            for question in knowledge.questions.values()
            if not question.values
        }
        self._of_question = {
            question.id: tuple(
                pair for value in question.values for pair in self._discrete[question.id, value]
            )
            for question in knowledge.questions.values()
        }

    def scores(self, answers: Answers) -> dict[str, float]:
        """Return the log of prior times answers' ratio, by category, not normalised."""
        discrete = self._discrete
        strongest: dict[int, float] = {}
        for question, answer in answers.given.items():
            if isinstance(answer, str):
                weights: Iterable[_Weight] = discrete[question, answer]
            else:
                weights = self._weights(question, answer)
            for slot, weight in weights:
                rival = strongest.get(slot)
                if rival is None or _outweighs(weight, rival):
                    strongest[slot] = weight
        return self._by_category(strongest)

    def extremes(
        self, answers: Answers, optional: Collection[str]
    ) -> tuple[dict[str, float], dict[str, float]]:
        """Return least and greatest scores over every answer, and none, to ``optional``."""
        fixed: dict[int, float] = {}
        for question, answer in answers.given.items():
            if question in optional:
                continue
            for slot, weight in self._of_answer(question, answer):
                rival = fixed.get(slot)
                if rival is None or _outweighs(weight, rival):
                    fixed[slot] = weight
        lows, highs = dict(fixed), dict(fixed)
        for question in optional:
            for slot, weight in self._of_question[question]:
                if abs(weight) >= abs(fixed.get(slot, 0.0)):
                    lows[slot] = min(lows.get(slot, 0.0), weight)
                    highs[slot] = max(highs.get(slot, 0.0), weight)
        return self._by_category(lows), self._by_category(highs)

    def _of_answer(self, question: str, answer: str | float | tuple[str, ...]) -> Iterable[_Weight]:
        if isinstance(answer, str):
            return self._discrete[question, answer]
        return self._weights(question, answer)

    def _by_category(self, strongest: Mapping[int, float]) -> dict[str, float]:
        totals, of_slot, limit = [0.0] * len(self._priors), self._of_slot, self._limit
        for slot, weight in strongest.items():
            totals[of_slot[slot]] += weight
        return {
            c: prior + _NATS_PER_DECIBAN * min(max(total, -limit), limit)
            for c, prior, total in zip(self._categories, self._priors, totals, strict=True)
        }

    def _weights(self, question: str, answer: float | tuple[str, ...]) -> Iterable[_Weight]:
        if isinstance(answer, tuple):
            return [pair for value in answer for pair in self._discrete[question, value]]
        return [(s, w) for low, high, s, w in self._numbers[question] if low <= answer < high]


@cache
def weighing(knowledge: Knowledge) -> Weighing:
    """Return the evidence of ``knowledge`` laid out for speed; computed once."""
    return Weighing(knowledge)


def photo_ratios(
    photo: PhotoResult | None, before: Mapping[str, float], knowledge: Knowledge
) -> dict[str, float]:
    """Return the photo's likelihood ratio for each candidate; empty without a usable photo.

    An output's likelihood is its probability over its share in training. A category that no output
    covers takes the largest of those it may be mistaken for, and one about which photos say nothing
    takes the average under ``before``, so that the photo leaves its probability as it was.
    """
    if photo is None or photo.status == "rejected" or not photo.categories:
        return {}
    limit = knowledge.evidence.limits.photo
    outputs = {
        output: max(p, _LEAST_PROBABILITY) / max(photo.training_priors[output], _LEAST_PROBABILITY)
        for output, p in photo.categories.items()
    }
    raw: dict[str, float] = {}
    for category in knowledge.candidates:
        if category.photo == "neutral":
            continue
        if category.output is not None and category.output in outputs:
            raw[category.id] = outputs[category.output]
        else:
            raw[category.id] = max(
                (outputs[o] for o in category.mistaken_for if o in outputs), default=1.0
            )
    covered = sum(before[c] for c in raw)
    average = sum(before[c] * ratio for c, ratio in raw.items()) / covered
    ratios = {c: min(max(r / average, 1 / limit), limit) for c, r in raw.items()}
    for category in knowledge.candidates:
        output = category.output
        if output is not None and output not in outputs:
            ratios[category.id] *= max(photo.simulated_ratios.get(output, 1.0), 1.0)
    neutral = sum(before[c] * ratio for c, ratio in ratios.items()) / covered
    return {c.id: ratios.get(c.id, neutral) for c in knowledge.candidates}


def _from_answers(answers: Answers, knowledge: Knowledge) -> tuple[Contribution, ...]:
    table = knowledge.evidence
    strongest: dict[tuple[str, str], int] = {}
    found: list[Contribution] = []
    for question, answer in answers.given.items():
        for entry in table.matching(question, answer):
            weight = table.decibans(entry)
            shown = "; ".join(answer) if isinstance(answer, tuple) else f"{answer}"
            item = Contribution(entry.category, f"{question}={shown}", weight, entry.source)
            key = (entry.category, entry.group)
            rival = strongest.get(key)
            if rival is None or _outweighs(weight, found[rival].weight):
                if rival is not None:
                    found[rival] = _uncounted(found[rival])
                strongest[key] = len(found)
            else:
                item = _uncounted(item)
            found.append(item)
    return tuple(found)


def _outweighs(weight: float, rival: float) -> bool:
    """Whether ``weight`` counts and not its ``rival``; of equal ones that which speaks for it."""
    size, other = abs(weight), abs(rival)
    return size > other or (size == other and weight > rival)


def _uncounted(item: Contribution) -> Contribution:
    return Contribution(item.category, item.evidence, item.weight, item.source, counted=False)


def _normalise(scores: Mapping[str, float]) -> dict[str, float]:
    top = max(scores.values())
    weights = {c: math.exp(s - top) for c, s in scores.items()}
    total = math.fsum(weights.values())
    return {c: w / total for c, w in weights.items()}
