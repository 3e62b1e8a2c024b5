"""Confidence intervals of proportions: Wilson's, with a design effect where photos are clustered.

Several photos of one patient say less than as many photos of different patients. The interval
counts them as the number of independent photos that would be as uncertain: the effective sample
size of Korn and Graubard (Survey Methodology 1998;24:193), put into Wilson's interval (Franco et
al., Journal of Survey Statistics and Methodology 2019;7:334).
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import norm, t
from statsmodels.stats.proportion import proportion_confint

from reddots.evaluation.core.scored import Floats, Whole, sum_by

LEVEL = 0.95
FEW_GROUPS = 30  # below so many groups intervals may be too narrow, and this is reported


class Share(NamedTuple):
    """A proportion with its 95% interval; None where there is nothing to divide by.

    Attributes:
        value: 0 to 1.
        interval: ``[low, high]``; None from a single group.
    """

    value: float | None
    interval: list[float] | None


def wilson(count: float, total: float) -> list[float] | None:
    """Return Wilson's 95% interval (Wilson 1927) of independent trials; None of nothing.

    Example:
        >>> [round(end, 4) for end in wilson(81, 263)]
        [0.2553, 0.3662]
    """
    if total <= 0:
        return None
    low, high = proportion_confint(count, total, method="wilson")
    return [max(0.0, float(low)), min(1.0, float(high))]


def share(
    hits: npt.ArrayLike, among: npt.ArrayLike, groups: Whole, weights: Floats | None = None
) -> Share:
    """Return the proportion of ``hits`` among some photos, by groups.

    With one photo a group and no weights this is :func:`wilson`. Otherwise the variance is that of
    a ratio of group sums, and its degrees of freedom are one less than the groups. Where all photos
    agree, each group counts once.

    Args:
        hits: N flags; those outside ``among`` do not count.
        among: N flags.
        groups: N, from 0.
        weights: N, how much each photo counts.

    Example:
        >>> flags = np.array([True, True, False, True])
        >>> share(flags, np.ones(4, bool), np.array([0, 0, 1, 2])).value
        0.75
    """
    own = np.asarray(among, dtype=bool)
    of = np.ones(int(own.sum())) if weights is None else weights[own]
    total = float(of.sum())
    if total <= 0:
        return Share(None, None)
    hit = of * np.asarray(hits, dtype=bool)[own]
    value = float(hit.sum()) / total
    places = groups[own]
    present = int((np.bincount(places) > 0).sum())
    if present < 2:  # one group has no spread
        return Share(value, None)
    if present == len(of) and weights is None:
        return Share(value, wilson(float(hit.sum()), total))
    effective = _effective(value, hit, of, places, present)
    return Share(value, wilson(value * effective, effective))


def _effective(value: float, hit: Floats, of: Floats, places: Whole, present: int) -> float:
    """Return how many independent photos are as uncertain."""
    total = float(of.sum())
    residual = sum_by(places, hit - value * of)
    variance = present / (present - 1) * float((residual**2).sum()) / total**2
    number = total**2 / float((of**2).sum())
    simple = value * (1 - value)
    if simple < 1e-12 or variance < 1e-12:  # rounding
        effective = float(min(number, present))
    else:
        effective = min(number, simple / variance)
    inside = sum_by(places, hit) > 0
    outside = sum_by(places, of - hit) > 0
    rarer = min(int(inside.sum()), int(outside.sum()))
    # The spread is known by the groups of the rarer side: three of them tell little of it.
    degrees = min(present - 1, 2 * rarer + 1) if rarer else present - 1
    wider = norm.ppf(0.5 + LEVEL / 2) / t.ppf(0.5 + LEVEL / 2, degrees)
    return effective * float(wider) ** 2
