"""Which category it may be: prior, answers and photo, joined by Bayes' rule.

posterior(c) ∝ prior(c) × Π ratio(answer, c) × photo(c). Answers of one group are correlated, so of
each group only the weightiest counts (the usual guard of a naive Bayes model against counting one
finding twice); the total of the answers is capped, and so is the photo's.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from reddots.knowledge import Knowledge
from reddots.photo.finding import PhotoFinding
from reddots.triage.answers import Answers

PHOTO = "photo"
_LEAST_PROBABILITY = 1e-4


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


@dataclass(frozen=True)
class Fusion:
    """Posterior probability of each candidate, most probable first, and what moved it."""

    probabilities: Mapping[str, float]
    contributions: tuple[Contribution, ...]


def fuse(answers: Answers, photo: PhotoFinding | None, knowledge: Knowledge) -> Fusion:
    """Join everything known about the spots into a probability for each candidate."""
    contributions = _from_answers(answers, knowledge)
    limit = math.log(knowledge.evidence.limits.answers)
    scores = {}
    for category in knowledge.candidates:
        decibans = sum(c.weight for c in contributions if c.counted and c.category == category.id)
        total = decibans * math.log(10) / 10
        scores[category.id] = math.log(category.prior) + min(max(total, -limit), limit)
    before = _normalise(scores)
    ratios = photo_ratios(photo, before, knowledge)
    after = _normalise({c: scores[c] + math.log(ratios.get(c, 1.0)) for c in scores})
    seen = tuple(
        Contribution(c, PHOTO, 10 * math.log10(ratio), "The photo, by the checkpoint named below")
        for c, ratio in ratios.items()
    )
    ordered = dict(sorted(after.items(), key=lambda item: -item[1]))
    return Fusion(ordered, contributions + seen)


def photo_ratios(
    photo: PhotoFinding | None, before: Mapping[str, float], knowledge: Knowledge
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
        for entry in table.by_question.get(question, ()):
            if not entry.matches(answer):
                continue
            weight = 10 * math.log10(table.ratio(entry.word))
            shown = "; ".join(answer) if isinstance(answer, tuple) else f"{answer}"
            item = Contribution(entry.category, f"{question}={shown}", weight, entry.source)
            key = (entry.category, entry.group)
            rival = strongest.get(key)
            if rival is None or abs(found[rival].weight) < abs(weight):
                if rival is not None:
                    found[rival] = _uncounted(found[rival])
                strongest[key] = len(found)
            else:
                item = _uncounted(item)
            found.append(item)
    return tuple(found)


def _uncounted(item: Contribution) -> Contribution:
    return Contribution(item.category, item.evidence, item.weight, item.source, counted=False)


def _normalise(scores: Mapping[str, float]) -> dict[str, float]:
    top = max(scores.values())
    weights = {c: math.exp(s - top) for c, s in scores.items()}
    total = math.fsum(weights.values())
    return {c: w / total for c, w in weights.items()}
