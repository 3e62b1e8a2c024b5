"""Whether a probability means what it says."""

from typing import Any

import numpy as np

from reddots.evaluation.core.scored import Floats, Scored, Whole
from reddots.evaluation.metrics.bootstrap import Figure, Intervals, interval
from reddots.evaluation.metrics.scores import (
    BINS,
    calibration_error,
    equal_mass,
    equal_width,
    wilson,
)


class Calibration:
    """Reliability of the top output and of each output."""

    def __init__(self, scored: Scored) -> None:
        """Put every probability into its bin."""
        self._scored = scored
        self._mass = equal_mass(scored.confidence)
        self._known = scored.surely | ~scored.may
        self._places = [equal_width(column) for column in scored.probabilities.T]
        gaps = np.where(self._known, scored.probabilities - scored.surely, 0.0)
        self._gaps = [np.ascontiguousarray(column) for column in gaps.T]

    def figures(self) -> dict[str, Figure]:
        """Return what the bootstrap has to work out."""
        return {"calibration": self._all}

    def _all(self, weights: Floats) -> Floats:
        scored = self._scored
        mass = calibration_error(scored.confidence, scored.right, self._mass, weights)
        each = self._each(weights)
        return np.array([mass, _mean(each), *each])

    def _each(self, weights: Floats) -> Floats:
        """Return each output's calibration error under weights; NaN where no truth is known."""
        found = []
        for place, gap, known in zip(self._places, self._gaps, self._known.T, strict=True):
            total = float(weights @ known)
            sums = np.bincount(place, weights=gap * weights)
            found.append(float(np.abs(sums).sum()) / total if total else np.nan)
        return np.array(found)

    def to_json(self, intervals: Intervals) -> dict[str, Any]:
        """Return errors, the reliability diagram and the decomposition of the Brier score.

        ``ece_equal_mass`` bins by rank (Nguyen and O'Connor 2015); ``ece_classwise`` is the mean of
        the outputs' own errors in equal-width bins (Kull et al. 2019).
        """
        scored, drawn = self._scored, intervals.get("calibration")
        values = self._all(np.ones(len(scored)))
        result: dict[str, Any] = {"bins": BINS}
        for place, name in enumerate(("ece_equal_mass", "ece_classwise")):
            result[name] = float(values[place])
            result[f"{name}_ci"] = interval(None if drawn is None else drawn[:, place])
        result["ece_of_output"] = {
            output: None if np.isnan(v) else float(v)
            for output, v in zip(scored.outputs, values[2:], strict=True)
        }
        result["brier"] = self._decomposition()
        result["reliability"] = reliability(
            scored.confidence, scored.right, equal_width(scored.confidence)
        )
        result["reliability_equal_mass"] = reliability(scored.confidence, scored.right, self._mass)
        result["reliability_of_output"] = {
            output: reliability(
                scored.probabilities[self._known[:, k], k],
                scored.surely[self._known[:, k], k],
                self._places[k][self._known[:, k]],
            )
            for k, output in enumerate(scored.outputs)
        }
        return result

    def _decomposition(self) -> dict[str, float] | None:
        rows = self._scored.may.sum(axis=1) == 1
        if not rows.any():
            return None
        total = dict.fromkeys(("reliability", "resolution", "uncertainty", "within_bins"), 0.0)
        for index, place in enumerate(self._places):
            p, happened = self._scored.probabilities[rows, index], self._scored.may[rows, index]
            for name, value in brier_decomposition(p, happened, place[rows]).items():
                total[name] += value
        return total


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


def reliability(p: Floats, happened: Any, place: Whole) -> list[dict[str, Any]]:
    """Return the bins that hold anything: count, mean probability, observed share, interval."""
    y = np.asarray(happened, dtype=bool)
    rows = []
    for index in np.unique(place):
        own = place == index
        count, hits = int(own.sum()), int(y[own].sum())
        rows.append(
            {
                "n": count,
                "predicted": float(p[own].mean()),
                "observed": hits / count,
                "observed_ci": wilson(hits, count),
            }
        )
    return rows


def _mean(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
