"""DeLong's variance of the area under the ROC curve, by groups of photos.

DeLong, DeLong and Clarke-Pearson, Biometrics 1988;44:837, by the ranks of Sun and Xu, IEEE Signal
Processing Letters 2014;21:1389; clustered photos by Obuchowski, Biometrics 1997;53:567. With one
photo a group both are the same.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import norm, rankdata, t

from reddots.evaluation.core.scored import Flags, Floats, Whole, count_groups


class AreaTest(NamedTuple):
    """A difference of two areas.

    Attributes:
        difference: second minus first.
        low, high: its 95% interval.
        p_value: two-sided; 1 when the scores order the photos alike.
        error: its standard error.
    """

    difference: float
    low: float
    high: float
    p_value: float
    error: float


def area_covariance(
    scores: Sequence[Floats], positive: Flags, groups: Whole | None = None
) -> tuple[Floats, Floats] | None:
    """Return the areas (A) and their covariance (A × A) under A scores of the same photos.

    Args:
        scores: A arrays of N, higher is more positive.
        positive: N.
        groups: N; each photo its own where None.

    Returns:
        None without two groups that have positives and two that have negatives.
    """
    places = np.arange(len(positive)) if groups is None else groups
    hits, others = int(positive.sum()), int((~positive).sum())
    with_hits, with_others = count_groups(places[positive]), count_groups(places[~positive])
    if min(with_hits, with_others) < 2:  # a variance needs two
        return None
    size = int(places.max()) + 1
    areas, hit_sums, other_sums = [], [], []
    for score in scores:
        whole = rankdata(score)
        above = (whole[positive] - rankdata(score[positive])) / others
        below = 1 - (whole[~positive] - rankdata(score[~positive])) / hits
        areas.append(above.mean())
        hit_sums.append(np.bincount(places[positive], above - above.mean(), minlength=size))
        other_sums.append(np.bincount(places[~positive], below - below.mean(), minlength=size))
    x, y = np.array(hit_sums) / hits, np.array(other_sums) / others
    number = count_groups(places)
    cross = x @ y.T
    covariance = (
        with_hits / (with_hits - 1) * (x @ x.T)
        + with_others / (with_others - 1) * (y @ y.T)
        + number / (number - 1) * (cross + cross.T)
    )
    return np.array(areas), covariance


def area_interval(
    score: Floats, positive: Flags, groups: Whole | None = None
) -> list[float] | None:
    """Return the 95% interval of one area on the logit scale (Pepe 2003); None where it has none.

    An area of exactly 0 or 1 has no spread that could be estimated, hence no interval.

    Example:
        >>> area_interval(np.array([1.0, 2, 3, 4]), np.array([False, True, False, True])) is None
        False
    """
    found = area_covariance([score], positive, groups)
    if found is None:
        return None
    area, variance = float(found[0][0]), float(found[1][0, 0])
    spread = area * (1 - area)
    if spread < 1e-12 or variance < 1e-15:  # rounding
        return None
    places = np.arange(len(positive)) if groups is None else groups
    clustered = count_groups(places) < len(places)
    sides = min(count_groups(places[positive]), count_groups(places[~positive]))
    critical = t.ppf(0.975, sides - 1) if clustered else norm.ppf(0.975)
    half = float(critical) * math.sqrt(variance) / spread
    middle = math.log(area / (1 - area))
    return [1 / (1 + math.exp(-(middle - half))), 1 / (1 + math.exp(-(middle + half)))]


def delong(
    first: Floats, second: Floats, positive: Flags, groups: Whole | None = None
) -> AreaTest | None:
    """Compare the areas of two scores (N each); None without both sides, or two groups of each.

    Example:
        >>> score, positive = np.array([0.1, 0.9, 0.4, 0.6]), np.array([False, True, False, True])
        >>> delong(score, score, positive).p_value
        1.0
    """
    found = area_covariance([first, second], positive, groups)
    if found is None:
        return None
    areas, spread = found
    variance = float(spread[0, 0] + spread[1, 1] - 2 * spread[0, 1])
    difference = float(areas[1] - areas[0])
    error = math.sqrt(max(variance, 0.0))
    if error < 1e-12:  # the same order, but for rounding
        return AreaTest(difference, difference, difference, 1.0, 0.0)
    half = float(norm.ppf(0.975)) * error
    p_value = float(2 * norm.sf(abs(difference) / error))
    return AreaTest(difference, difference - half, difference + half, p_value, error)
