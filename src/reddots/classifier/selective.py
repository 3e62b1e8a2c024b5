"""Selective prediction: when a checkpoint abstains, and which outputs remain possible.

The thresholds are those of the side-car, which calibration has set.
"""

import numpy as np
import numpy.typing as npt

from reddots.classifier.checkpoint import SideCar
from reddots.classifier.ood import ood_score

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def abstains(side_car: SideCar, logits: npt.NDArray[np.floating], probabilities: Floats) -> Flags:
    """Return where the first choice is not worth naming: unsure, or out of distribution.

    Args:
        side_car: of the checkpoint.
        logits: … × K.
        probabilities: … × K, calibrated.
    """
    limits = side_car.thresholds
    unsure: Flags = probabilities.max(axis=-1) < limits.abstention
    if limits.ood_score is None:
        return unsure
    return unsure | (ood_score(logits, side_car.outputs, side_car.temperature) > limits.ood_score)


def prediction_sets(side_car: SideCar, probabilities: Floats) -> Flags:
    """Return which outputs remain possible (… × K): the conformal ones, and always the first.

    Args:
        side_car: of the checkpoint.
        probabilities: … × K, calibrated.
    """
    quantiles = np.array([side_car.thresholds.conformal[o] for o in side_car.outputs])
    first = np.arange(len(quantiles)) == probabilities.argmax(axis=-1)[..., None]
    result: Flags = (probabilities >= 1 - quantiles) | first
    return result
