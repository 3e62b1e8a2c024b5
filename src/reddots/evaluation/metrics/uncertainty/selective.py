"""Selective prediction: risk against coverage when the model abstains where it is unsure.

The area under the curve (AURC) and its excess over the best order (Geifman, Uziel and El-Yaniv
2019), coverage at 5% risk, and what the table's own abstention does.
"""

from typing import Any

import numpy as np

from reddots.evaluation.core.scored import Flags, Floats, Scored, Whole
from reddots.evaluation.metrics.inference.bootstrap import Intervals, Statistic, interval
from reddots.evaluation.metrics.inference.proportions import share
from reddots.tabular.columns import Numbers

ACCEPTABLE_RISK = 0.05
_GRID = np.linspace(0, 1, 101)[1:]


class Selective:
    """Photos from the surest to the least sure; equally sure ones are named together."""

    def __init__(self, scored: Scored, dangerous: Flags, abstained: Numbers) -> None:
        """Sort the photos.

        Args:
            scored: the photos.
            dangerous: N, whether the truth is for certain dangerous.
            abstained: N, the table's own abstention, 1, 0 or NaN.
        """
        self._scored, self._dangerous, self._abstained = scored, dangerous, abstained
        self._order = np.argsort(-scored.confidence, kind="stable")
        ranked = scored.confidence[self._order]
        self._ends = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)
        self._wrong = (~scored.correct[self._order]).astype(np.float64)

    def statistics(self) -> dict[str, Statistic]:
        """Return what the bootstrap has to compute."""
        return {"selective": Statistic(self._values)}

    def _curve(self, weights: Floats) -> tuple[Floats, Floats]:
        """Return coverage and risk at each threshold."""
        ranked = weights[self._order]
        named = np.cumsum(ranked)[self._ends]
        wrong = np.cumsum(ranked * self._wrong)[self._ends]
        with np.errstate(invalid="ignore"):
            return named / named[-1], np.nan_to_num(wrong / named)

    def _values(self, weights: Floats) -> Floats:
        coverage, risk = self._curve(weights)
        return np.array([area(coverage, risk), coverage_at(coverage, risk, ACCEPTABLE_RISK)])

    def to_json(self, intervals: Intervals) -> dict[str, Any]:
        """Return the risk-coverage curve and what it says at 5% risk.

        The area (AURC) and its excess over the best possible order (E-AURC) are those of Geifman,
        Uziel and El-Yaniv 2019.
        """
        ones = self._scored.weight
        coverage, risk = self._curve(ones)
        drawn = intervals.get("selective")
        found, named = self._values(ones), coverage_at(coverage, risk, ACCEPTABLE_RISK)
        taken = np.zeros(len(ones), dtype=bool)
        reached: Whole = self._ends[(coverage <= named + 1e-12) & (named > 0)]
        taken[self._order[: int(reached[-1]) + 1 if len(reached) else 0]] = True
        dangerous = self._dangerous & taken
        missed = share(~self._scored.correct, dangerous, self._scored.groups, self._scored.weights)
        steps = np.searchsorted(coverage, _GRID - 1e-9)
        return {
            "aurc": float(found[0]),
            "aurc_ci": interval(None if drawn is None else drawn[:, 0]),
            "excess_aurc": float(found[0]) - best_area(float(risk[-1]), len(ones)),
            "risk": ACCEPTABLE_RISK,
            "coverage_at_risk": float(named),
            "coverage_at_risk_ci": interval(None if drawn is None else drawn[:, 1]),
            "threshold": float(self._scored.confidence[taken].min()) if taken.any() else None,
            "dangerous": {
                "n": int(dangerous.sum()),
                "of": int(self._dangerous.sum()),
                "uncovered": int((self._dangerous & ~self._scored.possible.any(axis=1)).sum()),
                "wrong": int((dangerous & ~self._scored.correct).sum()),
                "risk": missed.value,
                "risk_ci": missed.interval,
            },
            "own_abstention": self._own(),
            "curve": {
                "coverage": [float(c) for c in coverage[steps]],
                "risk": [float(r) for r in risk[steps]],
            },
        }

    def _own(self) -> dict[str, Any] | None:
        """Return what the table's own abstention does; None where it has none."""
        stated = ~np.isnan(self._abstained)
        if not stated.any():
            return None
        scored = self._scored
        named = stated & (self._abstained == 0)
        danger = named & self._dangerous
        coverage = share(named, stated, scored.groups, scored.weights)
        risk = share(~scored.correct, named, scored.groups, scored.weights)
        return {
            "n": int(stated.sum()),
            "named": int(named.sum()),
            "coverage": coverage.value,
            "coverage_ci": coverage.interval,
            "right": int(scored.correct[named].sum()),
            "risk": risk.value,
            "risk_ci": risk.interval,
            "dangerous_named": int(danger.sum()),
            "dangerous_wrong": int((danger & ~scored.correct).sum()),
        }


def area(coverage: Floats, risk: Floats) -> float:
    """Return the area under the risk-coverage curve; without ties the mean risk of all prefixes."""
    return float((np.diff(coverage, prepend=0) * risk).sum())


def coverage_at(coverage: Floats, risk: Floats, allowed: float) -> float:
    """Return the greatest coverage whose risk is at most ``allowed``; 0 when there is none."""
    fine = np.flatnonzero((risk <= allowed) & (coverage > 0))
    return float(coverage[fine[-1]]) if len(fine) else 0.0


def best_area(risk: float, count: int) -> float:
    """Return the area when every right photo comes before every wrong one."""
    wrong = round(risk * count)
    ranks = np.arange(count - wrong + 1, count + 1)
    return float(((ranks - (count - wrong)) / ranks).sum() / count) if count else 0.0
