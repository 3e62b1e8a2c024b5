"""What is gained by naming nothing where the model is unsure."""

from typing import Any

import numpy as np

from reddots.evaluation.core.scored import Flags, Floats, Scored
from reddots.evaluation.metrics.bootstrap import Figure, Intervals, interval
from reddots.evaluation.metrics.scores import wilson
from reddots.tabular.columns import Numbers

ACCEPTABLE_RISK = 0.05
_GRID = np.linspace(0, 1, 101)[1:]


class Selective:
    """Photos from the surest to the least sure; equally sure ones are named together."""

    def __init__(self, scored: Scored, dangerous: Flags, abstained: Numbers) -> None:
        """Sort the photos.

        Args:
            scored: the photos.
            dangerous: N, whether the truth is surely a dangerous output.
            abstained: N, what the table itself says, 1, 0 or NaN.
        """
        self._scored, self._dangerous, self._abstained = scored, dangerous, abstained
        self._order = np.argsort(-scored.confidence, kind="stable")
        ranked = scored.confidence[self._order]
        self._ends = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)
        self._wrong = (~scored.right[self._order]).astype(np.float64)

    def figures(self) -> dict[str, Figure]:
        """Return what the bootstrap has to work out."""
        return {"selective": self._figures}

    def _curve(self, weights: Floats) -> tuple[Floats, Floats]:
        """Return coverage and risk at each threshold."""
        ranked = weights[self._order]
        named = np.cumsum(ranked)[self._ends]
        wrong = np.cumsum(ranked * self._wrong)[self._ends]
        with np.errstate(invalid="ignore"):
            return named / named[-1], np.nan_to_num(wrong / named)

    def _figures(self, weights: Floats) -> Floats:
        coverage, risk = self._curve(weights)
        return np.array([area(coverage, risk), coverage_at(coverage, risk, ACCEPTABLE_RISK)])

    def to_json(self, intervals: Intervals) -> dict[str, Any]:
        """Return the risk-coverage curve and what it says at 5% risk.

        The area (AURC) and its excess over the best possible order (E-AURC) are those of Geifman,
        Uziel and El-Yaniv 2019.
        """
        ones = np.ones(len(self._scored))
        coverage, risk = self._curve(ones)
        drawn = intervals.get("selective")
        found, named = self._figures(ones), coverage_at(coverage, risk, ACCEPTABLE_RISK)
        taken = self._order[: round(named * len(ones))]
        dangerous = self._dangerous[taken]
        missed = dangerous & ~self._scored.right[taken]
        steps = np.searchsorted(coverage, _GRID - 1e-9)
        return {
            "aurc": float(found[0]),
            "aurc_ci": interval(None if drawn is None else drawn[:, 0]),
            "excess_aurc": float(found[0]) - best_area(float(risk[-1]), len(ones)),
            "risk": ACCEPTABLE_RISK,
            "coverage_at_risk": float(named),
            "coverage_at_risk_ci": interval(None if drawn is None else drawn[:, 1]),
            "threshold": float(self._scored.confidence[taken[-1]]) if len(taken) else None,
            "dangerous": {
                "n": int(dangerous.sum()),
                "of": int(self._dangerous.sum()),
                "wrong": int(missed.sum()),
                "risk": float(missed.sum() / dangerous.sum()) if dangerous.any() else None,
                "risk_ci": wilson(int(missed.sum()), int(dangerous.sum())),
            },
            "own_abstention": self._own(),
            "curve": {
                "coverage": [float(c) for c in coverage[steps]],
                "risk": [float(r) for r in risk[steps]],
            },
        }

    def _own(self) -> dict[str, Any] | None:
        """Return what the table's own abstention does; None where it has none."""
        told = ~np.isnan(self._abstained)
        if not told.any():
            return None
        named = told & (self._abstained == 0)
        right = int(self._scored.right[named].sum())
        danger = named & self._dangerous
        missed = int((danger & ~self._scored.right).sum())
        return {
            "n": int(told.sum()),
            "named": int(named.sum()),
            "coverage": float(named.sum() / told.sum()),
            "coverage_ci": wilson(int(named.sum()), int(told.sum())),
            "right": right,
            "risk": 1 - right / named.sum() if named.any() else None,
            "risk_ci": wilson(int(named.sum()) - right, int(named.sum())),
            "dangerous_named": int(danger.sum()),
            "dangerous_wrong": missed,
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
