"""Figures of merit of predictions, each with its count and interval.

Probabilities are N × K, truth is N × K with True for each output that a label may mean: a coarse
label is scored by the sum of its parts.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score
from statsmodels.stats.proportion import proportion_confint

Probabilities = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]
BINS = 15
REPLICATES = 400
TOO_FEW = 20  # below this many photos a figure is counted but not to be relied on
_LEAST = 1e-12


def measure_predictions(
    probabilities: Probabilities,
    truth: Truth,
    outputs: Sequence[str],
    groups: Sequence[str],
    seed: int = 0,
) -> dict[str, Any]:
    """Return the figures as JSON: overall, and by output under ``per_output``.

    Shares have Wilson intervals (Wilson 1927); all other figures have 95% percentile intervals of a
    bootstrap that draws whole groups. A figure that the photos do not allow is None.

    Args:
        probabilities: N × K, rows summing to 1.
        truth: N × K, each row with at least one True.
        outputs: the K names.
        groups: N names of patients or clusters.
        seed: of the bootstrap.
    """
    right = truth[np.arange(len(truth)), probabilities.argmax(axis=1)]
    first = truth.argmax(axis=1)
    replicates = list(_replicates(groups, seed))
    figures: dict[str, Callable[[Probabilities, Truth], float | None]] = {
        "balanced_accuracy": balanced_accuracy,
        "log_loss": log_loss,
        "brier": brier,
        "ece": expected_calibration_error,
    }
    result: dict[str, Any] = {
        "n": len(truth),
        "groups": len(set(groups)),
        "accuracy": float(right.mean()),
        "accuracy_ci": wilson(int(right.sum()), len(right)),
    }
    for name, figure in figures.items():
        result[name] = figure(probabilities, truth)
        result[f"{name}_ci"] = _interval(figure, probabilities, truth, replicates)
    result["per_output"] = {
        output: _per_output(index, probabilities, truth, first, replicates)
        for index, output in enumerate(outputs)
    }
    return result


def wilson(count: int, total: int) -> list[float] | None:
    """Return the 95% Wilson interval of a share; None of nothing."""
    if total == 0:
        return None
    low, high = proportion_confint(count, total, method="wilson")
    return [float(low), float(high)]


def balanced_accuracy(probabilities: Probabilities, truth: Truth) -> float:
    """Return the mean sensitivity over the outputs that have photos, 0 to 1."""
    right = truth[np.arange(len(truth)), probabilities.argmax(axis=1)]
    first = truth.argmax(axis=1)
    return float(np.mean([right[first == i].mean() for i in np.unique(first)]))


def log_loss(probabilities: Probabilities, truth: Truth) -> float:
    """Return the mean negative log probability of the truth, nats."""
    return float(-np.log(np.maximum((probabilities * truth).sum(axis=1), _LEAST)).mean())


def brier(probabilities: Probabilities, truth: Truth) -> float | None:
    """Return the Brier score summed over outputs (Brier 1950), 0 to 2; coarse truth is left out."""
    single = truth.sum(axis=1) == 1
    if not single.any():
        return None
    return float(((probabilities[single] - truth[single]) ** 2).sum(axis=1).mean())


def expected_calibration_error(
    probabilities: Probabilities, truth: Truth, bins: int = BINS
) -> float:
    """Return the expected calibration error of the top output, equal-width bins (Naeini 2015)."""
    confidence = probabilities.max(axis=1)
    right = truth[np.arange(len(truth)), probabilities.argmax(axis=1)]
    # Right-closed bins, as in the definition: a confidence of exactly 1 is in the last one.
    place = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    error = 0.0
    for index in np.unique(place):
        own = place == index
        error += own.mean() * abs(confidence[own].mean() - right[own].mean())
    return float(error)


def _per_output(
    index: int,
    probabilities: Probabilities,
    truth: Truth,
    first: npt.NDArray[np.intp],
    replicates: list[npt.NDArray[np.intp]],
) -> dict[str, Any]:
    positive, said = truth[:, index], probabilities.argmax(axis=1) == index
    own = first == index
    hit = truth[np.arange(len(truth)), probabilities.argmax(axis=1)]
    negative = ~positive

    def area(p: Probabilities, t: Truth) -> float | None:
        return auroc(p[:, index], t[:, index])

    return {
        "n": int(own.sum()),
        "sensitivity": float(hit[own].mean()) if own.any() else None,
        "sensitivity_ci": wilson(int(hit[own].sum()), int(own.sum())),
        "specificity": float((~said[negative]).mean()) if negative.any() else None,
        "specificity_ci": wilson(int((~said[negative]).sum()), int(negative.sum())),
        "auroc": area(probabilities, truth),
        "auroc_ci": _interval(area, probabilities, truth, replicates),
    }


def auroc(score: npt.NDArray[np.float64], positive: npt.NDArray[np.bool_]) -> float | None:
    """Return the area under the ROC curve; None when only one side has photos."""
    if positive.all() or not positive.any():
        return None
    return float(roc_auc_score(positive, score))


def _replicates(groups: Sequence[str], seed: int) -> list[npt.NDArray[np.intp]]:
    """Return photo indices of each bootstrap replicate, whole groups drawn with replacement."""
    rng = np.random.default_rng(seed)
    _, codes = np.unique(np.asarray(groups), return_inverse=True)
    order = np.argsort(codes, kind="stable")
    ends = np.cumsum(np.bincount(codes))
    members = np.split(order, ends[:-1])
    return [
        np.concatenate([members[i] for i in rng.integers(len(members), size=len(members))])
        for _ in range(REPLICATES)
    ]


def _interval(
    figure: Callable[[Probabilities, Truth], float | None],
    probabilities: Probabilities,
    truth: Truth,
    replicates: list[npt.NDArray[np.intp]],
) -> list[float] | None:
    values = [figure(probabilities[i], truth[i]) for i in replicates]
    known = [v for v in values if v is not None]
    if not known:
        return None
    low, high = np.percentile(known, [2.5, 97.5])
    return [float(low), float(high)]
