"""The test of DeLong for the areas under two ROC curves of the same photos."""

import math
from typing import NamedTuple

import numpy as np
from scipy.stats import norm, rankdata

from reddots.evaluation.core.scored import Flags, Floats


class AreaTest(NamedTuple):
    """What the test says.

    Attributes:
        difference: of the areas, second minus first.
        low, high: its 95% interval.
        p_value: two-sided; 1 when the scores order the photos alike.
    """

    difference: float
    low: float
    high: float
    p_value: float


def delong(first: Floats, second: Floats, positive: Flags) -> AreaTest | None:
    """Compare the areas of two scores (N each); None without both sides, or two of each.

    DeLong, DeLong and Clarke-Pearson, Biometrics 1988;44:837, by the ranks of Sun and Xu, IEEE
    Signal Processing Letters 2014;21:1389. Photos count as independent; where they come in groups,
    believe the bootstrap.
    """
    hits, others = int(positive.sum()), int((~positive).sum())
    if min(hits, others) < 2:  # a variance needs two
        return None
    areas, of_hits, of_others = [], [], []
    for score in (first, second):
        whole = rankdata(score)
        own, rest = rankdata(score[positive]), rankdata(score[~positive])
        of_hits.append((whole[positive] - own) / others)
        of_others.append(1 - (whole[~positive] - rest) / hits)
        areas.append(of_hits[-1].mean())
    spread = np.cov(np.array(of_hits)) / hits + np.cov(np.array(of_others)) / others
    variance = float(spread[0, 0] + spread[1, 1] - 2 * spread[0, 1])
    difference = float(areas[1] - areas[0])
    error = math.sqrt(max(variance, 0.0))
    if error < 1e-12:  # the same order, but for rounding
        return AreaTest(difference, difference, difference, 1.0)
    half = float(norm.ppf(0.975)) * error
    p_value = float(2 * norm.sf(abs(difference) / error))
    return AreaTest(difference, difference - half, difference + half, p_value)
