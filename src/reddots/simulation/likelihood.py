"""From a score to a likelihood ratio, and how far the ratio may be believed."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from reddots.evaluation.bootstrap import replicate_weights

Floats = npt.NDArray[np.float64]
REPLICATES = 1000
_LEAST_SLOPE = 1e-3


@dataclass(frozen=True)
class Likelihood:
    """How a score is read.

    Attributes:
        slope, intercept: log likelihood ratio = slope · score + intercept.
        cap: greatest ratio that is believed.
        at: log ratio from which on a picture counts as bleeding for the cap.
        sensitivity, false_positives: shares at that point.
        ratio: sensitivity over false positives.
        low, high: its 95% interval; ``low`` is the cap.
    """

    slope: float
    intercept: float
    cap: float
    at: float
    sensitivity: float
    false_positives: float
    ratio: float
    low: float
    high: float


def learn_likelihood(  # noqa: PLR0917 - two of each side
    bleeding: Floats,
    other: Floats,
    bleeding_groups: npt.NDArray[np.str_],
    other_groups: npt.NDArray[np.str_],
    most: float,
    seed: int = 0,
) -> Likelihood:
    """Learn how scores of bleeding and of other pictures give a likelihood ratio.

    The log odds of a logistic regression in which both sides weigh alike are the log likelihood
    ratio (Platt 1999). Its cap is the lower end of the 95% interval of the ratio of sensitivity to
    false positives where half of the bleeding pictures are found: a single picture is not believed
    more than that measurement bears out.

    Args:
        bleeding: scores of bleeding pictures.
        other: scores of other pictures.
        bleeding_groups: names of what is drawn as a whole in the bootstrap, for each of bleeding.
        other_groups: the same for each of other.
        most: the cap is never above it.
        seed: of the bootstrap.
    """
    scores = np.r_[bleeding, other][:, None]
    truth = np.r_[np.ones(len(bleeding), bool), np.zeros(len(other), bool)]
    spread = float(scores.std()) or 1.0
    model = LogisticRegression(C=1e3, class_weight="balanced").fit(scores / spread, truth)
    slope = max(float(model.coef_[0, 0]) / spread, _LEAST_SLOPE)
    intercept = float(model.intercept_[0])
    threshold = float(np.median(bleeding))
    codes = np.unique(np.r_[bleeding_groups, other_groups], return_inverse=True)[1].reshape(-1)
    above = scores[:, 0] >= threshold
    ratios = [
        _ratio(weights, above, truth) for weights in replicate_weights(codes, REPLICATES, seed)
    ]
    low, high = np.nanpercentile(ratios, [2.5, 97.5])
    found = float((other >= threshold).mean())
    return Likelihood(
        slope=slope,
        intercept=intercept,
        cap=float(np.clip(low, 1, most)),
        at=slope * threshold + intercept,
        sensitivity=float((bleeding >= threshold).mean()),
        false_positives=found,
        ratio=_ratio(np.ones(len(truth)), above, truth),
        low=float(low),
        high=float(high),
    )


def _ratio(weights: Floats, above: npt.NDArray[np.bool_], truth: npt.NDArray[np.bool_]) -> float:
    """Return sensitivity over false positives; half a picture is added to each count."""
    positives, negatives = weights[truth].sum(), weights[~truth].sum()
    hits, alarms = weights[truth & above].sum(), weights[~truth & above].sum()
    return float((hits + 0.5) / (positives + 1) / ((alarms + 0.5) / (negatives + 1)))
