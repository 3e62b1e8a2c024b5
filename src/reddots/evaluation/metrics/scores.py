"""Scoring rules of predictions, one function each: accuracy, log loss, Brier, ECE, AUROC.

Probabilities are N × K, truth is N × K with True for each class that a label may be: a coarse
label is scored by the sum of its parts.
"""

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata
from sklearn.metrics import roc_auc_score

from reddots.evaluation.core.scored import Flags, Floats, Whole

Probabilities = Floats
Truth = Flags
BINS = 15
TOO_FEW = 20  # photos below which a value is reported but not to be relied on
_LEAST = 1e-12


def balanced_accuracy(probabilities: Probabilities, truth: Truth) -> float:
    """Return the mean share of right first choices over the truths that have photos, 0 to 1.

    A coarse truth is a truth of its own, beside its parts.
    """
    right = truth[np.arange(len(truth)), probabilities.argmax(axis=1)]
    _, kind = np.unique(truth, axis=0, return_inverse=True)
    kind = kind.reshape(-1)
    return float((np.bincount(kind, weights=right) / np.bincount(kind)).mean())


def losses(probabilities: Probabilities, truth: Truth) -> Floats:
    """Return the negative log probability of the truth, nats (N)."""
    result: Floats = -np.log(np.clip((probabilities * truth).sum(axis=1), _LEAST, 1.0))
    return result


def log_loss(probabilities: Probabilities, truth: Truth) -> float:
    """Return the mean negative log probability of the truth, nats."""
    return float(losses(probabilities, truth).mean())


def brier(probabilities: Probabilities, truth: Truth) -> float | None:
    """Return the Brier score summed over outputs (Brier 1950), 0 to 2; coarse truth is left out."""
    single = truth.sum(axis=1) == 1
    if not single.any():
        return None
    return float(((probabilities[single] - truth[single]) ** 2).sum(axis=1).mean())


def equal_width(values: Floats, bins: int = BINS) -> Whole:
    """Return the bin (0 to bins − 1) of values from 0 to 1.

    Right-closed bins, as in the definition of Naeini et al. 2015: exactly 1 is in the last one.
    """
    result: Whole = np.clip(np.ceil(values * bins).astype(np.intp) - 1, 0, bins - 1)
    return result


def equal_mass(values: Floats, bins: int = BINS) -> Whole:
    """Return the bin of each value so that all bins hold alike many; ties stay together.

    Bins are by rank (Nguyen and O'Connor 2015); tied values have their mean rank.
    """
    result: Whole = ((rankdata(values) - 0.5) * bins / max(len(values), 1)).astype(np.intp)
    return result


def calibration_error(
    predicted: Floats, happened: npt.ArrayLike, place: Whole, weights: Floats | None = None
) -> float:
    """Return the mean gap between predicted and observed share, by how many each bin holds.

    Args:
        predicted: N probabilities.
        happened: N, whether what was predicted came true.
        place: N, each one's bin.
        weights: N, how often each counts; once by default.
    """
    gap = predicted - np.asarray(happened, dtype=np.float64)
    if weights is None:
        return float(np.abs(np.bincount(place, weights=gap)).sum() / len(gap))
    return float(np.abs(np.bincount(place, weights=gap * weights)).sum() / weights.sum())


def expected_calibration_error(
    probabilities: Probabilities, truth: Truth, bins: int = BINS
) -> float:
    """Return the expected calibration error of the top output, equal-width bins (Naeini 2015)."""
    confidence = probabilities.max(axis=1)
    right = truth[np.arange(len(truth)), probabilities.argmax(axis=1)]
    return calibration_error(confidence, right, equal_width(confidence, bins))


def auroc(score: npt.NDArray[np.float64], positive: npt.NDArray[np.bool_]) -> float | None:
    """Return the area under the ROC curve; None when only one side has photos."""
    if positive.all() or not positive.any():
        return None
    return float(roc_auc_score(positive, score))
