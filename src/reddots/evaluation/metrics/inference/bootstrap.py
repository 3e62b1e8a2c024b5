"""Bootstrap confidence intervals by group: whole patients are drawn again and again.

Photos of one patient stay together (cluster bootstrap: Davison and Hinkley 1997, section 3.8; Field
and Welsh 2007). Every statistic is a function of the photos' weights, so that a replicate only sums
up. Draws and percentiles are corrected for few groups: one group fewer is drawn and scaled up (Rao
and Wu, JASA 1988;83:231), and the percentiles are those of Student's t (Hesterberg, The American
Statistician 2015;69:371).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import norm, t

from reddots.evaluation.core.scored import Floats, Scored, Whole

Intervals = dict[str, Floats]
REPLICATES = 1000
_LEAST = 100
_DRAWS = 20_000_000  # photos drawn in all: what a minute allows


@dataclass(frozen=True)
class Statistic:
    """A function of the photos' weights.

    Attributes:
        compute: takes weights (N), returns numbers, NaN where undefined.
        stratified: whether each class keeps its number of groups in every draw, as for what is
            measured class by class: a class that a draw lacks would move a mean over classes.
    """

    compute: Callable[[Floats], npt.ArrayLike]
    stratified: bool = False


def affordable(photos: int) -> int:
    """Return how many replicates that many photos allow: 1000, fewer beyond 20 000 photos."""
    return max(_LEAST, min(REPLICATES, _DRAWS // max(photos, 1)))


def class_strata(scored: Scored) -> Whole:
    """Return each group's stratum (G): the one of its classes that the fewest groups have."""
    _, _, kind = scored.kinds
    count = int(scored.groups.max()) + 1
    pairs = np.unique(np.stack([scored.groups, kind]), axis=1)
    held = np.bincount(pairs[1])
    order = np.lexsort((pairs[1], held[pairs[1]], pairs[0]))
    groups, first = np.unique(pairs[0][order], return_index=True)
    strata = np.zeros(count, dtype=np.intp)
    strata[groups] = np.unique(pairs[1][order][first], return_inverse=True)[1].reshape(-1)
    return strata


def replicate_weights(
    groups: Whole, replicates: int, seed: int, strata: Whole | None = None
) -> Iterator[Floats]:
    """Yield how often each photo counts (float64, N) in each replicate.

    Of the n groups of a stratum n − 1 are drawn with replacement and scaled by n / (n − 1), so that
    the spread is not too small; a stratum of one group is always there. The same seed gives the
    same draws.

    Args:
        groups: N, from 0.
        replicates: how many.
        seed: of the draws.
        strata: G, each group's stratum; all are one where None.

    Example:
        >>> next(replicate_weights(np.array([0, 0, 1]), 1, 0)).sum() in (2.0, 4.0)
        True
    """
    rng = np.random.default_rng(seed)
    count = int(groups.max()) + 1 if len(groups) else 0
    own = np.zeros(count, dtype=np.intp) if strata is None else strata
    members = [np.flatnonzero(own == s) for s in range(int(own.max()) + 1)] if count else []
    for _ in range(replicates):
        weights = np.ones(count)
        for places in members:
            size = len(places)
            if size > 1:
                drawn = np.bincount(rng.integers(size, size=size - 1), minlength=size)
                weights[places] = drawn * (size / (size - 1))
        yield weights[groups]


def resample(
    statistics: Mapping[str, Statistic],
    scored: Scored,
    replicates: int,
    seed: int,
    on_replicate: Callable[[], None] | None = None,
) -> Intervals:
    """Return the 95% interval of each statistic: 2 × the statistic's shape.

    A replicate in which a statistic does not exist is skipped; an interval that no replicate gives
    is NaN. Without replicates, or from one group, there are no intervals. For the arguments see
    :func:`replicate_values`.
    """
    strata = class_strata(scored)
    free = {False: len(strata) - 1, True: max(1, len(strata) - int(strata.max()) - 1)}
    if len(strata) < 2:  # one group has no spread
        return {}
    values = replicate_values(statistics, scored, replicates, seed, on_replicate)
    return {
        name: percentiles(found, free[statistics[name].stratified])
        for name, found in values.items()
        # Where each class has one group, a draw within the classes is always the same one.
        if len(found) and not (statistics[name].stratified and np.bincount(strata).max() < 2)
    }


def replicate_values(
    statistics: Mapping[str, Statistic],
    scored: Scored,
    replicates: int,
    seed: int,
    on_replicate: Callable[[], None] | None = None,
) -> dict[str, Floats]:
    """Return each statistic in each replicate: replicates × the statistic's shape.

    Args:
        statistics: by name.
        scored: the photos, with their groups, classes and weights.
        replicates: how many.
        seed: of the draws, which all statistics share.
        on_replicate: called after each.
    """
    values: dict[str, list[Floats]] = {name: [] for name in statistics}
    plain = replicate_weights(scored.groups, replicates, seed)
    by_class = replicate_weights(scored.groups, replicates, seed, class_strata(scored))
    for drawn in zip(plain, by_class, strict=True):
        weights = [own * scored.weight for own in drawn]
        for name, statistic in statistics.items():
            found = statistic.compute(weights[statistic.stratified])
            values[name].append(np.asarray(found, dtype=np.float64))
        if on_replicate:
            on_replicate()
    return {name: np.array(found) for name, found in values.items()}


def percentiles(values: Floats, degrees: int | None = None) -> Floats:
    """Return the 95% interval over the first axis, NaN skipped.

    Args:
        values: replicates × any shape.
        degrees: of freedom; many where None, and the ends are the 2.5th and 97.5th percentile.
    """
    tail = 2.5 if degrees is None else 100 * float(norm.cdf(-t.ppf(0.975, degrees)))
    flat = values.reshape(len(values), -1)
    result = np.full((2, flat.shape[1]), np.nan)
    gone = np.isnan(flat)
    whole = ~gone.any(axis=0)
    some = ~whole & ~gone.all(axis=0)
    if whole.any():
        result[:, whole] = np.percentile(flat[:, whole], [tail, 100 - tail], axis=0)
    if some.any():
        result[:, some] = np.nanpercentile(flat[:, some], [tail, 100 - tail], axis=0)
    return result.reshape(2, *values.shape[1:])


def bootstrap_p(drawn: Floats) -> float:
    """Return the two-sided p-value of a difference from its replicates.

    Twice the smaller share beyond 0, one replicate being added so that it is never 0 (Davison and
    Hinkley 1997, section 4.2).
    """
    known = drawn[~np.isnan(drawn)]
    beyond = min(int((known <= 0).sum()), int((known >= 0).sum()))
    return min(1.0, 2 * (beyond + 1) / (len(known) + 1))


def interval(pair: npt.ArrayLike | None, *, difference: bool = False) -> list[float] | None:
    """Return ``[low, high]`` for JSON; None where there is no interval.

    Replicates that are all the same show no spread, so that they give none either; of a
    ``difference`` they do, as between two models that say the same.

    Example:
        >>> interval([0.5, 0.7]), interval([1.0, 1.0]), interval([0.0, 0.0], difference=True)
        ([0.5, 0.7], None, [0.0, 0.0])
    """
    if pair is None:
        return None
    low, high = np.asarray(pair, dtype=np.float64)
    if np.isnan(low) or np.isnan(high) or (low == high and not difference):
        return None
    return [float(low), float(high)]
