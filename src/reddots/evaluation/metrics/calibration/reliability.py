"""Calibration: whether a probability of 70% is right seven times in ten.

Expected calibration errors, reliability diagrams, the parts of the Brier score, and by class the
intercept, slope and flexible curve of `calibration_curve` beside this module.
"""

from typing import Any

import numpy as np

from reddots.evaluation.core.scored import Floats, Scored, Whole
from reddots.evaluation.metrics.calibration.calibration_curve import calibration_of
from reddots.evaluation.metrics.calibration.ece import CalibrationError, debiased_calibration_error
from reddots.evaluation.metrics.inference.proportions import share
from reddots.evaluation.metrics.scores import BINS, equal_mass, equal_width


class Calibration:
    """Calibration of the predicted class and of each class."""

    def __init__(self, scored: Scored) -> None:
        """Put every probability into its bin."""
        self._scored = scored
        self._mass = equal_mass(scored.confidence)
        self._places = [equal_width(column) for column in scored.probabilities.T]

    def _of_class(self, index: int) -> CalibrationError | None:
        rows = self._scored.known[:, index]
        if not rows.any():
            return None
        return debiased_calibration_error(
            self._scored.probabilities[rows, index],
            self._scored.certain[rows, index],
            self._places[index][rows],
            self._scored.groups[rows],
            None if self._scored.weights is None else self._scored.weights[rows],
        )

    def to_json(self) -> dict[str, Any]:
        """Return errors, the reliability diagram and the decomposition of the Brier score.

        ``ece_equal_mass`` bins by rank (Nguyen and O'Connor 2015); ``ece_classwise`` is the mean of
        the classes' own errors in equal-width bins (Kull et al. 2019).
        """
        scored = self._scored
        mass = debiased_calibration_error(
            scored.confidence, scored.correct, self._mass, scored.groups, scored.weights
        )
        each = [self._of_class(k) for k in range(len(scored.outputs))]
        known = [error for error in each if error is not None]
        result: dict[str, Any] = {
            "bins": BINS,
            "ece_equal_mass": mass.plug_in,
            "ece_equal_mass_debiased": mass.debiased,
            "ece_equal_mass_debiased_ci": mass.interval,
            "ece_classwise": _mean([e.plug_in for e in known]),
            "ece_classwise_debiased": _mean([e.debiased for e in known]),
        }
        names = scored.outputs
        result["ece_of_output"] = {
            o: None if e is None else e.plug_in for o, e in zip(names, each, strict=True)
        }
        result["ece_debiased_of_output"] = {
            o: None if e is None else {"ece_debiased": e.debiased, "ece_debiased_ci": e.interval}
            for o, e in zip(names, each, strict=True)
        }
        result["brier"] = self._decomposition()
        result["reliability"] = reliability(
            scored.confidence, scored.correct, equal_width(scored.confidence), scored.groups
        )
        result["reliability_equal_mass"] = reliability(
            scored.confidence, scored.correct, self._mass, scored.groups
        )
        result["reliability_of_output"] = {}
        result["per_class"] = {}
        for k, output in enumerate(names):
            rows = scored.known[:, k]
            p, happened = scored.probabilities[rows, k], scored.certain[rows, k]
            groups = scored.groups[rows]
            bins = reliability(p, happened, self._places[k][rows], groups)
            result["reliability_of_output"][output] = bins
            weights = None if scored.weights is None else scored.weights[rows]
            result["per_class"][output] = calibration_of(p, happened, groups, weights)
        return result

    def _decomposition(self) -> dict[str, float] | None:
        rows = self._scored.possible.sum(axis=1) == 1
        if not rows.any():
            return None
        total = dict.fromkeys(("reliability", "resolution", "uncertainty", "within_bins"), 0.0)
        for index, place in enumerate(self._places):
            p = self._scored.probabilities[rows, index]
            happened = self._scored.possible[rows, index]
            for name, value in brier_decomposition(p, happened, place[rows]).items():
                total[name] += value
        return total


def _mean(values: list[float]) -> float | None:
    return float(np.mean(values)) if values else None


def brier_decomposition(p: Floats, happened: Any, place: Whole) -> dict[str, float]:
    """Split the Brier score of one output into parts.

    Brier = reliability − resolution + uncertainty (Murphy 1973) + what is lost by treating the
    probabilities of one bin as equal, ``within_bins`` (Stephenson et al. 2008).

    Args:
        p: N probabilities.
        happened: N, whether it was so.
        place: N, each one's bin.
    """
    y = np.asarray(happened, dtype=np.float64)
    base, number = y.mean(), len(y)
    count = np.bincount(place)
    used = count > 0
    count = count[used]
    said = np.bincount(place, weights=p)[used] / count
    was = np.bincount(place, weights=y)[used] / count
    reliability_part = float((count * (said - was) ** 2).sum() / number)
    resolution = float((count * (was - base) ** 2).sum() / number)
    uncertainty = float(base * (1 - base))
    whole = float(((p - y) ** 2).mean())
    return {
        "reliability": reliability_part,
        "resolution": resolution,
        "uncertainty": uncertainty,
        "within_bins": whole - (reliability_part - resolution + uncertainty),
    }


def reliability(
    p: Floats, happened: Any, place: Whole, groups: Whole | None = None
) -> list[dict[str, Any]]:
    """Return the bins that hold anything: count, mean probability, observed share, interval."""
    y = np.asarray(happened, dtype=bool)
    own = np.arange(len(p)) if groups is None else groups
    rows = []
    for index in np.unique(place):
        inside = place == index
        observed = share(y, inside, own)
        rows.append(
            {
                "n": int(inside.sum()),
                "predicted": float(p[inside].mean()),
                "observed": observed.value,
                "observed_ci": observed.interval,
            }
        )
    return rows
