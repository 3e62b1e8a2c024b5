"""Calibration: temperature scaling, abstention, gate, conformal quantiles, from held-out photos."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

from reddots.classifier.ood import ood_score
from reddots.classifier.softmax import softmax
from reddots.evaluation.metrics.uncertainty.conformal import quantile

ACCEPTABLE_RISK = 0.15  # share of wrong first choices among those that are named
LOST_SKIN = 0.005  # share of skin photos that the gate may turn away
STRANGE_SKIN = 0.02  # share of skin photos that may be too strange to name
LEAST_GATE = 0.5
FEW_PHOTOS = 100  # of an output; a conformal quantile of 90% then rests on ten photos
TEMPERATURES = (float(np.exp(-2.0)), float(np.exp(2.0)))  # between which it is searched

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Calibration:
    """What the side-car says about reading the output; see ``classifier.checkpoint``.

    Attributes:
        counts: calibration photos by output.
        sources: by output and data set, the conformal quantile of that set alone.
    """

    temperature: float
    abstention: float
    not_skin: float
    ood_score: float
    conformal: dict[str, float]
    counts: dict[str, int]
    sources: dict[str, dict[str, float]] = field(default_factory=dict)


def calibrate(
    logits: npt.NDArray[np.floating],
    truth: Flags,
    outputs: tuple[str, ...],
    shares: dict[str, float],
    gate: str,
    *,
    sources: Sequence[str] = (),
    held_out: Floats | None = None,
) -> Calibration:
    """Calibrate on logits (N × K) and truth (N × K) of the calibration split.

    Photos weigh so that outputs have the shares of training, as the probabilities are read under
    the training prior. The temperature minimises the log loss (Guo et al. 2017).

    Args:
        logits: N × K.
        truth: N × K.
        outputs: the K names.
        shares: by output, of training.
        gate: the output for photos without skin.
        sources: N names of data sets; one set by default.
        held_out: N × K, probabilities by a classifier that never saw the photo's source (see
            ``training.leave_one_source_out``); NaN, or None, where there are none.
    """
    first = truth.argmax(axis=1)
    counts = {o: int((first == i).sum()) for i, o in enumerate(outputs)}
    weights = np.array([shares[outputs[i]] / counts[outputs[i]] for i in first])
    weights /= weights.sum()

    def loss(log_temperature: float) -> float:
        p = softmax(logits, float(np.exp(log_temperature)))
        of_truth = np.maximum((p * truth).sum(axis=1), 1e-12)
        return float(-(weights * np.log(of_truth)).sum())

    found = minimize_scalar(loss, bounds=tuple(np.log(TEMPERATURES)), method="bounded")
    temperature = float(np.exp(found.x))
    probabilities = softmax(logits, temperature)
    of_truth = probabilities[np.arange(len(first)), first]
    if held_out is not None:
        theirs = held_out[np.arange(len(first)), first]
        of_truth = np.fmin(of_truth, theirs)
    own_sources = np.array(sources or [""] * len(first))
    conformal, by_source = {}, {}
    for index, output in enumerate(outputs):
        own = first == index
        conformal[output], by_source[output] = _conformal(1 - of_truth[own], own_sources[own])
    return Calibration(
        temperature,
        _abstention(probabilities, truth, weights),
        _gate(probabilities, truth, outputs, gate),
        _strange(ood_score(logits, outputs, temperature), truth, outputs, gate),
        conformal,
        counts,
        by_source,
    )


def doubts(found: Calibration) -> list[str]:
    """Return, in sentences, what of a calibration should not be relied on; empty if nothing."""
    sentences = []
    low, high = TEMPERATURES
    if not low * 1.01 < found.temperature < high / 1.01:
        sentences.append(
            f"The temperature {found.temperature:.2f} is at the end of what is searched: the "
            "probabilities of this run are not calibrated."
        )
    few = {output: n for output, n in found.counts.items() if n < FEW_PHOTOS}
    if few:
        listed = ", ".join(f"{output} {n}" for output, n in few.items())
        sentences.append(f"Few photos to calibrate on, so thresholds are uncertain: {listed}.")
    if found.abstention >= 1:
        sentences.append(
            f"At no threshold are {1 - ACCEPTABLE_RISK:.0%} of the named photos right, so this "
            "checkpoint never names one."
        )
    return sentences


def _abstention(probabilities: Floats, truth: Flags, weights: Floats) -> float:
    """Return the least top probability above which the weighted risk stays acceptable."""
    top, risk = risk_curve(probabilities, truth, weights)
    fine = np.flatnonzero(risk <= ACCEPTABLE_RISK)
    return float(top[fine[-1]]) if len(fine) else 1.0


def risk_curve(probabilities: Floats, truth: Flags, weights: Floats) -> tuple[Floats, Floats]:
    """Return top probabilities (N), falling, and the risk of naming all down to each (N).

    The risk is the weighted share of wrong first choices (Geifman and El-Yaniv 2017).
    """
    top = probabilities.max(axis=1)
    wrong = ~truth[np.arange(len(truth)), probabilities.argmax(axis=1)]
    order = np.argsort(-top)
    risk: Floats = np.cumsum((wrong * weights)[order]) / np.cumsum(weights[order])
    return top[order], risk


def _gate(probabilities: Floats, truth: Flags, outputs: tuple[str, ...], gate: str) -> float:
    """Return the gate's threshold: hardly any skin photo reaches it, and it is never below half."""
    if gate not in outputs:
        return 1.0
    column = outputs.index(gate)
    skin = probabilities[~truth[:, column], column]
    return float(min(max(np.quantile(skin, 1 - LOST_SKIN), LEAST_GATE), 0.99))


def _strange(scores: Floats, truth: Flags, outputs: tuple[str, ...], gate: str) -> float:
    """Return the OOD score that hardly any skin photo of the calibration split exceeds."""
    skin = ~truth[:, outputs.index(gate)] if gate in outputs else np.ones(len(truth), dtype=bool)
    return float(np.quantile(scores[skin], 1 - STRANGE_SKIN))


def _conformal(scores: Floats, sources: npt.NDArray[np.str_]) -> tuple[float, dict[str, float]]:
    """Return the largest conformal quantile of any source, and that of each.

    A quantile over all photos covers strangers' photos less than it promises, as sources differ;
    the largest covers each source that is known (group-conditional sets: Vovk 2012). Sources too
    small for a quantile of their own count together, if they are enough so.
    """
    enough = {s for s, n in Counter(sources.tolist()).items() if quantile(np.zeros(n)) < 1}
    found = {s: quantile(scores[sources == s]) for s in sorted(enough)}
    rest = scores[~np.isin(sources, sorted(enough))]
    if not found:
        return quantile(scores), {}
    if quantile(np.zeros(len(rest))) < 1:
        found["the others"] = quantile(rest)
    return max(found.values()), found
