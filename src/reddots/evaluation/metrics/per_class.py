"""Metrics by class, one against the rest: sensitivity, specificity, PPV, NPV, F1, AUROC, AP.

Shares have Wilson intervals with the design effect of groups, areas those of DeLong by group, and
what is left the stratified bootstrap.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from reddots.evaluation.core.scored import Flags, Floats, Scored
from reddots.evaluation.metrics.confusion import Confusion, predictive_values
from reddots.evaluation.metrics.discrimination.curves import Curve
from reddots.evaluation.metrics.discrimination.delong import area_interval
from reddots.evaluation.metrics.inference.bootstrap import Intervals, Statistic, interval
from reddots.evaluation.metrics.inference.proportions import share
from reddots.evaluation.metrics.scores import TOO_FEW


class PerClass:
    """Rates, predictive values and curves of K classes."""

    def __init__(
        self,
        scored: Scored,
        prevalences: Sequence[float] = (),
        expected: Mapping[str, float] | None = None,
        *,
        curves: bool = True,
    ) -> None:
        """Prepare the confusion matrix and the sorted scores.

        Args:
            scored: the photos.
            prevalences: at which predictive values are given, above 0 and below 1.
            expected: by class, its share in use where that is known.
            curves: whether curves get bands; they are the slow part.
        """
        self._scored, self._curve_intervals = scored, curves
        self._confusion = Confusion(scored)
        known = expected or {}
        own = np.array([known.get(o, np.nan) for o in scored.outputs])
        self._prevalences: list[tuple[str, Floats]] = [
            ("stated", np.full(len(scored.outputs), p)) for p in prevalences
        ]
        if known:
            self._prevalences.append(("expected in use", own))
        self._curves = [
            Curve(scored.probabilities[rows, index], scored.certain[rows, index])
            for index, rows in enumerate(scored.known.T)
        ]

    def statistics(self) -> dict[str, Statistic]:
        """Return what the bootstrap has to compute."""
        found = {"rates": Statistic(self._rates, stratified=True)}
        if self._curve_intervals:
            for index, curve in enumerate(self._curves):
                if curve.has_both:
                    found[f"curve.{index}"] = Statistic(self._curve(index), stratified=True)
        return found

    def _rates(self, weights: Floats) -> Floats:
        """Return F1 and the predictive values at each prevalence, (1 + 2 P) × K."""
        rates = self._confusion.rates(self._confusion.matrix(weights))
        rows = [rates.f1]
        for _, prevalence in self._prevalences:
            rows += predictive_values(rates.sensitivity, rates.specificity, prevalence)
        return np.stack(rows)

    def _curve(self, index: int) -> Any:
        rows, curve = self._scored.known[:, index], self._curves[index]

        def statistic(weights: Floats) -> Floats:
            own = weights[rows]
            return np.concatenate([curve.areas(own), curve.roc(own), curve.precision(own)])

        return statistic

    def to_json(self, intervals: Intervals) -> dict[str, Any]:
        """Return the metrics by class."""
        scored = self._scored
        rates = self._confusion.rates(self._confusion.matrix(scored.weight))
        result: dict[str, Any] = {}
        for index, output in enumerate(scored.outputs):
            certain = scored.certain[:, index]
            named = scored.predicted == index
            own: dict[str, Any] = {"n": int(certain.sum()), "called": int(named.sum())}
            for name, (hits, among) in _shares(scored, index, named).items():
                found = share(hits, among, scored.groups, scored.weights)
                own[name], own[f"{name}_ci"] = found
            events = own["n"] > 0
            drawn = intervals.get("rates")
            own["f1"] = _known(rates.f1[index]) if events else None
            own["f1_ci"] = interval(None if drawn is None or not events else drawn[:, 0, index])
            own.update(self._areas(index, intervals))
            own["too_few"] = bool(own["n"] < TOO_FEW)
            if self._prevalences:
                own["predictive_values"] = self._at_prevalences(index, rates, drawn)
            result[output] = own
        return result

    def _areas(self, index: int, intervals: Intervals) -> dict[str, Any]:
        scored, curve = self._scored, self._curves[index]
        if not curve.has_both:
            return dict.fromkeys(("auroc", "auroc_ci", "average_precision", "average_precision_ci"))
        rows = scored.known[:, index]
        auroc, precision = (float(v) for v in curve.areas(scored.weight[rows]))
        drawn = intervals.get(f"curve.{index}")
        if scored.weights is None:
            score, positive = scored.probabilities[rows, index], scored.certain[rows, index]
            ends = area_interval(score, positive, scored.groups[rows])
        else:
            ends = interval(None if drawn is None else drawn[:, 0])
        return {
            "auroc": auroc,
            "auroc_ci": ends,
            "average_precision": precision,
            "average_precision_ci": interval(None if drawn is None else drawn[:, 1]),
        }

    def _at_prevalences(self, index: int, rates: Any, drawn: Floats | None) -> list[dict[str, Any]]:
        rows = []
        for place, (kind, prevalence) in enumerate(self._prevalences):
            if np.isnan(prevalence[index]):
                continue
            ppv, npv = predictive_values(rates.sensitivity, rates.specificity, prevalence)
            entry: dict[str, Any] = {"prevalence": float(prevalence[index]), "kind": kind}
            for name, value, row in (("ppv", ppv, 1), ("npv", npv, 2)):
                entry[name] = _known(value[index])
                pair = None if drawn is None else drawn[:, 2 * place + row, index]
                entry[f"{name}_ci"] = interval(pair) if entry[name] is not None else None
            rows.append(entry)
        return rows

    def curves_to_json(self, intervals: Intervals) -> dict[str, Any]:
        """Return the curves of each class that has photos on both sides."""
        result: dict[str, Any] = {}
        for index, output in enumerate(self._scored.outputs):
            if self._curves[index].has_both:
                drawn = intervals.get(f"curve.{index}")
                bands = None
                if drawn is not None:
                    middle = 2 + (drawn.shape[1] - 2) // 2
                    bands = (drawn[:, 2:middle], drawn[:, middle:])
                weights = self._scored.weight[self._scored.known[:, index]]
                result[output] = self._curves[index].to_json(bands, weights)
        return result


def _shares(scored: Scored, index: int, named: Flags) -> dict[str, tuple[Flags, Flags]]:
    """Return hits and photos of each rate; a coarse truth counts where it is decided."""
    certain, possible = scored.certain[:, index], scored.possible[:, index]
    return {
        "sensitivity": (scored.correct, certain),
        "specificity": (~named, ~possible),
        "ppv": (possible, named),
        "npv": (~possible, ~named & scored.known[:, index]),
    }


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
