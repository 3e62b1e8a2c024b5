"""Validation metrics that a run follows while it trains; the evaluation has all of them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_LEAST = 1e-12


@dataclass(frozen=True)
class Progress:
    """Figures on one split, outputs weighing alike.

    Attributes:
        log_loss: mean over outputs of the mean negative log probability of the truth, nats.
        balanced_accuracy: mean sensitivity over the outputs that have photos, 0 to 1.
        sensitivity: by output; None without photos.
    """

    log_loss: float
    balanced_accuracy: float
    sensitivity: dict[str, float | None]


def measure(
    probabilities: npt.NDArray[np.float64], truth: npt.NDArray[np.bool_], outputs: tuple[str, ...]
) -> Progress:
    """Measure probabilities (N × K) against truth (N × K); coarse truth sums its parts."""
    of_truth = np.maximum((probabilities * truth).sum(axis=1), _LEAST)
    losses = -np.log(of_truth)
    right = truth[np.arange(len(truth)), probabilities.argmax(axis=1)]
    first = truth.argmax(axis=1)
    sensitivity: dict[str, float | None] = {}
    loss_by_output = []
    for index, output in enumerate(outputs):
        own = first == index
        sensitivity[output] = float(right[own].mean()) if own.any() else None
        if own.any():
            loss_by_output.append(float(losses[own].mean()))
    known = [s for s in sensitivity.values() if s is not None]
    return Progress(float(np.mean(loss_by_output)), float(np.mean(known)), sensitivity)
