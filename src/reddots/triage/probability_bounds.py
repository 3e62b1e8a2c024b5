"""Bounds of a candidate's probability when warning signs may not argue against danger.

A warning sign never lowers the urgency, so a rule that rests on a probability must hold whether the
sign's own evidence is counted or not. For every raised or unsure sign each of its answers, and
none, is allowed for; what comes out is the least and the greatest probability over all of them.
"""

import math
from collections.abc import Collection, Mapping

from reddots.knowledge import Knowledge
from reddots.triage.answers import Answers
from reddots.triage.differential import weighing


class ProbabilityBounds:
    """The least and the greatest probability of each candidate, from the answers alone."""

    def __init__(self, lowest: Mapping[str, float], greatest: Mapping[str, float]) -> None:
        """Use the ``lowest`` and ``greatest`` log of prior times ratio, by category."""
        self._lowest, self._greatest = lowest, greatest

    def least(self, category: str) -> float:
        """Return the least probability of ``category``, 0 to 1."""
        return _share((category,), self._lowest, self._greatest)

    def greatest(self, categories: Collection[str]) -> float:
        """Return the greatest probability that it is one of ``categories``, 0 to 1."""
        return _share(categories, self._greatest, self._lowest)


def probability_bounds(
    answers: Answers, signs: Collection[str], knowledge: Knowledge
) -> ProbabilityBounds:
    """Return the bounds over every answer, and none, to the raised or unsure ``signs``.

    Example:
        >>> from reddots.knowledge import load
        >>> from reddots.triage.answers import parse_settings
        >>> rough = parse_settings(["surface=rough", "recurrent=yes"])
        >>> bounds = probability_bounds(rough, {"recurrent"}, load())
        >>> bounds.least("keratosis_pilaris") <= bounds.greatest(["keratosis_pilaris"])
        True
    """
    return ProbabilityBounds(*weighing(knowledge).extremes(answers, signs))


def _share(
    categories: Collection[str], own: Mapping[str, float], rivals: Mapping[str, float]
) -> float:
    top = max(own[c] for c in categories)
    mine = math.fsum(math.exp(own[c] - top) for c in categories)
    others = math.fsum(math.exp(s - top) for c, s in rivals.items() if c not in categories)
    return mine / (mine + others)
