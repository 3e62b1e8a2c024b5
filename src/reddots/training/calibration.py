"""How far the output is to be believed, learnt on the calibration split only."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

from reddots.training.measure import softmax

COVERAGE = 0.9  # a conformal set holds the truth in at least this share of an output's photos
ACCEPTABLE_RISK = 0.15  # share of wrong first choices among those that are named
LOST_SKIN = 0.005  # share of skin photos that the gate may turn away
LEAST_GATE = 0.5


@dataclass(frozen=True)
class Calibration:
    """What the side-car says about reading the output; see ``classifier.checkpoint``."""

    temperature: float
    abstention: float
    not_skin: float
    conformal: dict[str, float]
    counts: dict[str, int]


def calibrate(
    logits: npt.NDArray[np.floating],
    truth: npt.NDArray[np.bool_],
    outputs: tuple[str, ...],
    shares: dict[str, float],
    gate: str,
) -> Calibration:
    """Calibrate on logits (N × K) and truth (N × K) of the calibration split.

    Photos weigh so that outputs have the shares of training, as the probabilities are read under
    the training prior. The temperature minimises the log loss (Guo et al. 2017).
    """
    first = truth.argmax(axis=1)
    counts = {o: int((first == i).sum()) for i, o in enumerate(outputs)}
    weights = np.array([shares[outputs[i]] / counts[outputs[i]] for i in first])
    weights /= weights.sum()

    def loss(log_temperature: float) -> float:
        p = softmax(logits, float(np.exp(log_temperature)))
        of_truth = np.maximum((p * truth).sum(axis=1), 1e-12)
        return float(-(weights * np.log(of_truth)).sum())

    found = minimize_scalar(loss, bounds=(-2.0, 2.0), method="bounded")
    temperature = float(np.exp(found.x))
    probabilities = softmax(logits, temperature)
    return Calibration(
        temperature,
        _abstention(probabilities, truth, weights),
        _gate(probabilities, truth, outputs, gate),
        {o: _quantile(1 - probabilities[first == i, i]) for i, o in enumerate(outputs)},
        counts,
    )


def _abstention(
    probabilities: npt.NDArray[np.float64],
    truth: npt.NDArray[np.bool_],
    weights: npt.NDArray[np.float64],
) -> float:
    """Return the least top probability above which the weighted risk stays acceptable."""
    top = probabilities.max(axis=1)
    wrong = ~truth[np.arange(len(truth)), probabilities.argmax(axis=1)]
    order = np.argsort(-top)
    risk = np.cumsum((wrong * weights)[order]) / np.cumsum(weights[order])
    fine = np.flatnonzero(risk <= ACCEPTABLE_RISK)
    return float(top[order][fine[-1]]) if len(fine) else 1.0


def _gate(
    probabilities: npt.NDArray[np.float64],
    truth: npt.NDArray[np.bool_],
    outputs: tuple[str, ...],
    gate: str,
) -> float:
    """Return the gate's threshold: hardly any skin photo reaches it, and it is never below half."""
    if gate not in outputs:
        return 1.0
    column = outputs.index(gate)
    skin = probabilities[~truth[:, column], column]
    return float(min(max(np.quantile(skin, 1 - LOST_SKIN), LEAST_GATE), 0.99))


def _quantile(scores: npt.NDArray[np.float64]) -> float:
    """Return the conformal quantile of the scores; 1 (always possible) when they are too few."""
    rank = int(np.ceil((len(scores) + 1) * COVERAGE))
    return 1.0 if rank > len(scores) else float(np.sort(scores)[rank - 1])
