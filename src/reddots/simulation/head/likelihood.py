"""From a score to a likelihood ratio, and how far the ratio may be believed."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from reddots.evaluation.metrics.inference.bootstrap import replicate_weights

Floats = npt.NDArray[np.float64]
REPLICATES = 1000
_LEAST_SLOPE = 1e-3


@dataclass(frozen=True)
class Separation:
    """How bleeding stands out from one set of others, where half of the bleeding is found.

    Attributes:
        sensitivity: share of bleeding pictures at or above that point.
        false_positives: share of the others.
        ratio: sensitivity over false positives.
        low: lower end of its 95% interval.
        high: upper end.
    """

    sensitivity: float
    false_positives: float
    ratio: float
    low: float
    high: float


@dataclass(frozen=True)
class Likelihood:
    """How a score is read.

    Attributes:
        slope: log likelihood ratio = slope · score + intercept.
        intercept: see ``slope``.
        cap: greatest ratio that is believed.
        against: by set of others, how bleeding stands out.
    """

    slope: float
    intercept: float
    cap: float
    against: Mapping[str, Separation]


@dataclass(frozen=True, eq=False)
class Scores:
    """Scores of pictures, and the names of the groups that are drawn as a whole (N each)."""

    score: Floats
    group: npt.NDArray[np.str_]


def learn_likelihood(
    bleeding: Scores, others: Mapping[str, Scores], most: float, seed: int = 0
) -> Likelihood:
    """Learn how scores of bleeding and of other pictures give a likelihood ratio.

    The log odds of a logistic regression in which both sides, and each set of others, weigh alike
    are the log likelihood ratio (Platt 1999). Its cap is the lower end of the 95% interval of the
    ratio of sensitivity to false positives where half of the bleeding pictures are found, against
    the set of others that is hardest: a single picture is not believed more than that bears out.

    Args:
        bleeding: the pictures to be found.
        others: sets of pictures that show something else.
        most: the cap is never above it.
        seed: of the bootstrap.
    """
    scores = np.concatenate([bleeding.score, *(o.score for o in others.values())])[:, None]
    truth = np.arange(len(scores)) < len(bleeding.score)
    shares = [1 / (len(o.score) * len(others)) for o in others.values()]
    weights = np.concatenate(
        [
            np.full(len(bleeding.score), 1 / len(bleeding.score)),
            *(np.full(len(o.score), w) for o, w in zip(others.values(), shares, strict=True)),
        ]
    )
    spread = float(scores.std()) or 1.0
    model = LogisticRegression(C=1e3)
    model.fit(scores / spread, truth, sample_weight=weights * len(scores) / 2)
    against = {name: _separation(bleeding, other, seed) for name, other in others.items()}
    low = min(separation.low for separation in against.values())
    return Likelihood(
        slope=max(float(model.coef_[0, 0]) / spread, _LEAST_SLOPE),
        intercept=float(model.intercept_[0]),
        cap=float(np.clip(low, 1, most)),
        against=against,
    )


def _separation(bleeding: Scores, other: Scores, seed: int) -> Separation:
    threshold = float(np.median(bleeding.score))
    above = np.r_[bleeding.score, other.score] >= threshold
    truth = np.arange(len(above)) < len(bleeding.score)
    names = np.r_[bleeding.group, other.group]
    codes = np.unique(names, return_inverse=True)[1].reshape(-1)
    ratios = [_ratio(w, above, truth) for w in replicate_weights(codes, REPLICATES, seed)]
    low, high = np.percentile(ratios, [2.5, 97.5])
    return Separation(
        sensitivity=float(above[truth].mean()),
        false_positives=float(above[~truth].mean()),
        ratio=_ratio(np.ones(len(truth)), above, truth),
        low=float(low),
        high=float(high),
    )


def _ratio(weights: Floats, above: npt.NDArray[np.bool_], truth: npt.NDArray[np.bool_]) -> float:
    """Return sensitivity over false positives; half a picture is added to each count."""
    positives, negatives = weights[truth].sum(), weights[~truth].sum()
    hits, alarms = weights[truth & above].sum(), weights[~truth & above].sum()
    return float((hits + 0.5) / (positives + 1) / ((alarms + 0.5) / (negatives + 1)))
