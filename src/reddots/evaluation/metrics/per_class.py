"""The figures of each output, one against the rest."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from reddots.evaluation.core.scored import Flags, Floats, Scored
from reddots.evaluation.metrics.bootstrap import Figure, Intervals, interval
from reddots.evaluation.metrics.confusion import Confusion, predictive_values
from reddots.evaluation.metrics.curves import Curve
from reddots.evaluation.metrics.scores import TOO_FEW, wilson

_SHARES = ("sensitivity", "specificity", "ppv", "npv")


class PerOutput:
    """Rates, predictive values and curves of K outputs."""

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
            expected: by output, its share in use where that is known.
            curves: whether areas and curves get intervals; they are the slow part.
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
        self._sides = [self._side(index) for index in range(len(scored.outputs))]
        self._curves = [
            Curve(scored.probabilities[rows, index], scored.surely[rows, index])
            for index, rows in enumerate(self._sides)
        ]

    def _side(self, index: int) -> Flags:
        """Return the photos of which it is known whether they are this output."""
        result: Flags = self._scored.surely[:, index] | ~self._scored.may[:, index]
        return result

    def figures(self) -> dict[str, Figure]:
        """Return what the bootstrap has to work out."""
        found: dict[str, Figure] = {"rates": self._rates}
        if self._curve_intervals:
            for index, curve in enumerate(self._curves):
                if curve.has_both:
                    found[f"curve.{index}"] = self._curve(index)
        return found

    def _rates(self, weights: Floats) -> Floats:
        """Return F1 and the predictive values at each prevalence, (1 + 2 P) × K."""
        rates = self._confusion.rates(self._confusion.matrix(weights))
        rows = [rates.f1]
        for _, prevalence in self._prevalences:
            rows += _values(rates.sensitivity, rates.specificity, prevalence)
        return np.stack(rows)

    def _curve(self, index: int) -> Figure:
        rows, curve = self._sides[index], self._curves[index]

        def figure(weights: Floats) -> Floats:
            own = weights[rows]
            return np.concatenate([curve.areas(own), curve.roc(own), curve.precision(own)])

        return figure

    def to_json(self, intervals: Intervals) -> dict[str, Any]:
        """Return the figures by output."""
        rates = self._confusion.rates(self._confusion.matrix())
        result: dict[str, Any] = {}
        for index, output in enumerate(self._scored.outputs):
            counts = rates.counts[:, index].astype(int)
            own: dict[str, Any] = {"n": int(counts[1]), "called": int(counts[5])}
            for place, name in enumerate(_SHARES):
                hits, total = int(counts[2 * place]), int(counts[2 * place + 1])
                own[name] = hits / total if total else None
                own[f"{name}_ci"] = wilson(hits, total)
            own["f1"] = _known(rates.f1[index]) if counts[1] else None
            drawn = intervals.get("rates")
            own["f1_ci"] = interval(None if drawn is None or not counts[1] else drawn[:, 0, index])
            curve, area = self._curves[index], intervals.get(f"curve.{index}")
            own["auroc"] = curve.auroc
            own["auroc_ci"] = interval(None if area is None else area[:, 0])
            own["average_precision"] = curve.average_precision
            own["average_precision_ci"] = interval(None if area is None else area[:, 1])
            own["too_few"] = bool(counts[1] < TOO_FEW)
            if self._prevalences:
                own["predictive_values"] = self._at_prevalences(index, rates, drawn)
            result[output] = own
        return result

    def _at_prevalences(self, index: int, rates: Any, drawn: Floats | None) -> list[dict[str, Any]]:
        rows = []
        for place, (kind, prevalence) in enumerate(self._prevalences):
            if np.isnan(prevalence[index]):
                continue
            ppv, npv = _values(rates.sensitivity, rates.specificity, prevalence)
            entry: dict[str, Any] = {"prevalence": float(prevalence[index]), "kind": kind}
            for name, value, row in (("ppv", ppv, 1), ("npv", npv, 2)):
                entry[name] = _known(value[index])
                pair = None if drawn is None else drawn[:, 2 * place + row, index]
                entry[f"{name}_ci"] = interval(pair) if entry[name] is not None else None
            rows.append(entry)
        return rows

    def curves_to_json(self, intervals: Intervals) -> dict[str, Any]:
        """Return the curves of each output that has photos on both sides."""
        result: dict[str, Any] = {}
        for index, output in enumerate(self._scored.outputs):
            if self._curves[index].has_both:
                drawn = intervals.get(f"curve.{index}")
                bands = None
                if drawn is not None:
                    middle = 2 + (drawn.shape[1] - 2) // 2
                    bands = (drawn[:, 2:middle], drawn[:, middle:])
                result[output] = self._curves[index].to_json(bands)
        return result


def _values(sensitivity: Floats, specificity: Floats, prevalence: Floats) -> list[Floats]:
    return list(predictive_values(sensitivity, specificity, prevalence))


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
