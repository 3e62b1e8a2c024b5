"""Multi-reader multi-case analysis (MRMC): Obuchowski and Rockette's, as corrected by Hillis.

Readers and photos are both samples. Analysis of variance of a figure of merit per reader and
condition, with covariances by the jackknife over groups of photos and Hillis' degrees of freedom
(Obuchowski and Rockette, Communications in Statistics 1995;24:285; Hillis, Statistics in Medicine
2007;26:596 and 2014;33:330).
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import t

from reddots.evaluation.core.scored import Floats, Whole

Merit = Callable[[Floats], float]


class ReaderTest(NamedTuple):
    """A difference that holds for other readers and other photos.

    Attributes:
        first, second: means over readers.
        difference: second minus first.
        low, high: its 95% interval.
        p_value: two-sided.
        degrees: of freedom.
    """

    first: float
    second: float
    difference: float
    low: float
    high: float
    p_value: float
    degrees: float


def jackknife(merits: Sequence[Merit], groups: Whole) -> tuple[Floats, Floats]:
    """Return the figures of merit (M) and their covariance over photos (M × M).

    Args:
        merits: each takes the photos' weights (N).
        groups: N, left out one by one.
    """
    ones = np.ones(len(groups))
    values = np.array([merit(ones) for merit in merits])
    count = int(groups.max()) + 1
    without = np.empty((count, len(merits)))
    for group in range(count):
        weights = (groups != group).astype(np.float64)
        without[group] = [merit(weights) for merit in merits]
    centred = without - without.mean(axis=0)
    covariance: Floats = (count - 1) / count * (centred.T @ centred)
    return values, covariance


def compare_conditions(
    first: Sequence[Merit], second: Sequence[Merit], groups: Whole
) -> ReaderTest | None:
    """Compare two conditions in which the same R readers read; None from fewer than two.

    Args:
        first: R figures of merit, one a reader.
        second: those of the same readers in the other condition.
        groups: N, from 0.

    Example:
        >>> constant = [lambda w: 0.5, lambda w: 0.6]
        >>> compare_conditions(constant, constant, np.arange(4)).difference
        0.0
    """
    readers = len(first)
    if readers < 2:
        return None
    values, covariance = jackknife([*first, *second], groups)
    table = values.reshape(2, readers)
    residual = table - table.mean(axis=1, keepdims=True) - table.mean(axis=0) + table.mean()
    mean_square = float((residual**2).sum()) / (readers - 1)
    blocks = covariance.reshape(2, readers, 2, readers)
    others = ~np.eye(readers, dtype=bool)
    same = np.mean([blocks[i, :, i, :][others].mean() for i in range(2)])
    crossed = np.mean([blocks[0, :, 1, :][others].mean(), blocks[1, :, 0, :][others].mean()])
    error = mean_square + max(readers * float(same - crossed), 0.0)
    means = table.mean(axis=1)
    return _test(
        (float(means[0]), float(means[1])), 2 / readers * error, error, mean_square, readers
    )


def compare_with_model(readers: Sequence[Merit], model: Merit, groups: Whole) -> ReaderTest | None:
    """Compare the mean of R readers (first) with one model (second); None from fewer than two.

    The model is fixed, readers and photos are samples.
    """
    count = len(readers)
    if count < 2:
        return None
    values, covariance = jackknife([*readers, model], groups)
    gaps = values[-1] - values[:-1]
    change = np.hstack([-np.eye(count), np.ones((count, 1))])
    spread = change @ covariance @ change.T
    mean_square = float(gaps.var(ddof=1))
    shared = float(spread[~np.eye(count, dtype=bool)].mean())
    error = mean_square + max(count * shared, 0.0)
    means = float(values[:-1].mean()), float(values[-1])
    return _test(means, error / count, error, mean_square, count)


def _test(
    means: tuple[float, float], variance: float, error: float, mean_square: float, readers: int
) -> ReaderTest:
    difference = means[1] - means[0]
    if mean_square <= 0 or variance <= 0:
        infinite = math.inf
        p = 1.0 if not difference else 0.0
        return ReaderTest(*means, difference, difference, difference, p, infinite)
    degrees = error**2 / (mean_square**2 / (readers - 1))
    half = float(t.ppf(0.975, degrees)) * math.sqrt(variance)
    p = float(2 * t.sf(abs(difference) / math.sqrt(variance), degrees))
    return ReaderTest(*means, difference, difference - half, difference + half, p, degrees)
