"""Expected calibration error without its bias, and an interval that covers.

The plug-in error adds up the sizes of the bins' gaps; noise makes every gap larger, so a perfectly
calibrated model has a positive error, and the bootstrap adds noise once more (Bröcker, Climate
Dynamics 2012;39:655; Roelofs et al., AISTATS 2022). Here the error is read backwards: which true
gaps, in the observed proportions, would give the observed error as the median of many samples
(the estimate), and which would give it at the ends of the middle 95% (the interval)? Gaps have the
spread of group sums, but at least that of independent photos under the probabilities themselves.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import norm, t

from reddots.evaluation.core.scored import Floats, Scored, Whole, sum_by
from reddots.evaluation.metrics.scores import equal_width

_DRAWS = 600
_STEPS = 40
_LUCK = 0.16  # of a normal distribution, below minus one standard deviation


class CalibrationError(NamedTuple):
    """The expected calibration error of one set of bins.

    Attributes:
        plug_in: as it is usually computed (Naeini et al. 2015).
        debiased: without the part that noise adds, at least 0.
        interval: 95%, of the error that the bins would have with endless photos; None from a
            single group, and where no bin has a gap.
    """

    plug_in: float
    debiased: float
    interval: list[float] | None


def debiased_calibration_error(
    predicted: Floats,
    happened: npt.ArrayLike,
    place: Whole,
    groups: Whole,
    weights: Floats | None = None,
) -> CalibrationError:
    """Return the expected calibration error with its bias removed.

    Args:
        predicted: N probabilities.
        happened: N, whether what was predicted came true.
        place: N, each one's bin.
        groups: N, from 0.
        weights: N, how much each counts.

    Example:
        >>> p = np.full(100, 0.8)
        >>> y = np.arange(100) < 60
        >>> found = debiased_calibration_error(p, y, np.zeros(100, int), np.arange(100))
        >>> round(found.plug_in, 2), found.interval[0] > 0.05
        (0.2, True)
    """
    own = np.ones(len(predicted)) if weights is None else weights
    total = float(own.sum())
    gap = own * (predicted - np.asarray(happened, dtype=np.float64)) / total
    gaps = sum_by(place, gap)
    plug_in = float(np.abs(gaps).sum())
    codes = np.unique(groups, return_inverse=True)[1].reshape(-1)
    count = int(codes.max()) + 1
    if count < 2 or not plug_in:  # one group has no spread, and nothing cannot be scaled
        return CalibrationError(plug_in, plug_in, None)
    covariance = _covariance(gap, own / total, place, codes)
    least = sum_by(place, (own / total) ** 2 * predicted * (1 - predicted))
    noise = _noise(covariance, least)
    wider = float(t.ppf(0.975, count - 1) / norm.ppf(0.975))
    low, middle, high = (float(plug_in * f) for f in _factors(gaps, wider * noise, plug_in))
    return CalibrationError(plug_in, middle, [min(low, middle), max(high, middle)])


def top_class_error(scored: Scored) -> dict[str, float | list[float] | None]:
    """Return the error of the predicted class in equal-width bins, as the report's JSON has it.

    ``ece`` is the plug-in error, for comparison with other reports; ``ece_debiased`` and its
    interval ``ece_debiased_ci`` are what to believe.
    """
    confidence = scored.confidence
    error = debiased_calibration_error(
        confidence, scored.correct, equal_width(confidence), scored.groups, scored.weights
    )
    return {
        "ece": error.plug_in,
        "ece_debiased": error.debiased,
        "ece_debiased_ci": error.interval,
    }


def _covariance(gap: Floats, share: Floats, place: Whole, codes: Whole) -> Floats:
    """Return the covariance of the bins' gaps, bins × bins, from sums by group."""
    bins, count = int(place.max()) + 1, int(codes.max()) + 1
    sums = sum_by(codes * bins + place, gap, count * bins)
    gaps = sum_by(place, gap, bins)
    size = sum_by(codes, share)
    residual = sums.reshape(count, bins) - size[:, None] * gaps
    result: Floats = count / (count - 1) * (residual.T @ residual)
    return result


def _noise(covariance: Floats, least: Floats) -> Floats:
    """Return random deviations of the gaps, draws × bins, with variances of at least ``least``."""
    lacking = np.maximum(least - covariance.diagonal(), 0)
    values, vectors = np.linalg.eigh(covariance + np.diag(lacking))
    normal = np.random.default_rng(0).normal(size=(_DRAWS, len(least)))
    result: Floats = normal @ (vectors * np.sqrt(np.clip(values, 0, None))).T
    return result


def _factors(gaps: Floats, noise: Floats, observed: float) -> Floats:
    """Return by which factors gaps are so large that ``observed`` is a quantile of their error.

    The quantiles are the 97.5th, 50th and 2.5th percentile, so that the factors rise. An error that
    is smaller than noise alone would give must not be read as certainty: for the last, it counts as
    at least the noise's 16th percentile (power-constrained limits: Cowan et al., arXiv:1105.3166).
    """
    alone = np.abs(noise).sum(axis=1)
    most = 1 + 2 * float(np.quantile(alone, 0.975)) / observed
    seen = (observed, observed, max(observed, float(np.quantile(alone, _LUCK))))
    factors = np.linspace(0, most, _STEPS)
    places = (np.array([0.975, 0.5, 0.025]) * (len(noise) - 1)).astype(np.intp)
    errors = [np.sort(np.abs(f * gaps + noise).sum(axis=1))[places] for f in factors]
    rising = np.maximum.accumulate(np.array(errors), axis=0).T
    return np.array(
        [np.interp(o, own, factors, left=0.0) for o, own in zip(seen, rising, strict=True)]
    )
