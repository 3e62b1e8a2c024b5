"""Decision curve analysis and cost curves: does sending people to a doctor by the model do good?

Net benefit over threshold probabilities against sending all and none (Vickers and Elkin, Medical
Decision Making 2006;26:565), the differences with intervals, and the cost curve (Drummond and
Holte, Machine Learning 2006;65:95).
"""

from typing import Any

import numpy as np

from reddots.evaluation.core.scored import Flags, Floats, Scored
from reddots.evaluation.metrics.inference.bootstrap import Intervals, Statistic
from reddots.tabular.columns import Numbers

THRESHOLDS = np.arange(1, 100) / 100
_STEPS = 100  # thresholds among the photos that the cost curve chooses from


class Decisions:
    """Net benefit of sending those whose summed probability reaches a threshold, 1% to 99%."""

    def __init__(
        self,
        scored: Scored,
        event: Flags,
        known: Flags,
        dangerous: tuple[str, ...],
        see_doctor: Numbers,
    ) -> None:
        """Sort the photos by their risk, the summed probability of the dangerous classes.

        Args:
            scored: all labelled photos, also those that no class covers.
            event: N, whether a doctor should see the photo.
            known: N, whether that is known.
            dangerous: classes and labels that make an event.
            see_doctor: N, the table's own flag, 1, 0 or NaN.
        """
        inside = np.array([o in dangerous for o in scored.outputs])
        self._rows = known
        self._event = event[known].astype(np.float64)
        self._weight = scored.weight
        self._uncovered = int((event & known & ~scored.possible.any(axis=1)).sum())
        risk = scored.probabilities[known][:, inside].sum(axis=1)
        self._order = np.argsort(risk, kind="stable")
        self._from = np.searchsorted(risk[self._order], THRESHOLDS - 1e-12)
        count = len(self._order) + 1
        self._steps = np.unique(np.linspace(0, count - 1, min(count, _STEPS)).astype(np.intp))
        self._flag = see_doctor[known]
        self._dangerous = dangerous
        self._covered = bool(inside.any())

    @property
    def has_both(self) -> bool:
        """Whether there are photos that need a doctor and others."""
        count = len(self._event)
        return self._covered and bool(count and 0 < self._event.sum() < count)

    def statistics(self) -> dict[str, Statistic]:
        """Return what the bootstrap has to compute."""
        return {"decisions": Statistic(self._all)} if self.has_both else {}

    def _all(self, weights: Floats) -> Floats:
        """Return the benefit of the model, less that of sending all, and the costs: 3 × 99."""
        own = weights[self._rows][self._order]
        event = self._event[self._order]
        hits = np.append(np.cumsum((own * event)[::-1])[::-1], 0)
        sent = np.append(np.cumsum(own[::-1])[::-1], 0)
        events, total = hits[0], sent[0]
        others = total - events
        model = net_benefit(hits[self._from], (sent - hits)[self._from], total)
        everybody = net_benefit(events, others, total)
        with np.errstate(invalid="ignore", divide="ignore"):
            missed, false = 1 - hits / events, (sent - hits) / others
            steps = self._steps
            costs = np.outer(missed[steps], THRESHOLDS) + np.outer(false[steps], 1 - THRESHOLDS)
        return np.stack([model, model - everybody, costs.min(axis=0)])

    def to_json(self, intervals: Intervals) -> dict[str, Any] | None:
        """Return the curves; None when all photos, or none, need a doctor."""
        if not self.has_both:
            return None
        own = self._weight[self._rows]
        events, total = float(own @ self._event), float(own.sum())
        drawn = intervals.get("decisions")
        everybody = net_benefit(events, total - events, total)
        model, above_all, costs = self._all(self._weight)
        better = THRESHOLDS[model > np.maximum(everybody, 0) + 1e-12]
        result: dict[str, Any] = {
            "dangerous": list(self._dangerous),
            "n": len(self._event),
            "events": int(self._event.sum()),
            "events_uncovered": self._uncovered,
            "threshold": _plain(THRESHOLDS),
            "model": _plain(model),
            "model_ci": _band(drawn, 0),
            "all": _plain(everybody),
            "none": [0.0] * len(THRESHOLDS),
            "above_all": _plain(above_all),
            "above_all_ci": _band(drawn, 1),
            "flag": None,
            "better_than_both": [float(better[0]), float(better[-1])] if len(better) else None,
            "better_than_both_beyond_chance": _beyond_chance(drawn),
            "cost_curve": {
                "probability_cost": _plain(THRESHOLDS),
                "model": _plain(costs),
                "model_ci": _band(drawn, 2),
                "trivial": _plain(np.minimum(THRESHOLDS, 1 - THRESHOLDS)),
            },
        }
        stated = ~np.isnan(self._flag)
        if stated.any():
            flagged = stated & (self._flag == 1)
            hits = float(own[flagged] @ self._event[flagged])
            found = net_benefit(hits, float(own[flagged].sum()) - hits, float(own[stated].sum()))
            result["flag"] = _plain(found)
            result["flagged"] = int(flagged.sum())
            result["flagged_events"] = int(self._event[flagged].sum())
        return result


def net_benefit(hits: Floats | float, alarms: Floats | float, total: float) -> Floats:
    """Return (true positives − false positives × odds of the threshold) / photos.

    Example:
        >>> round(float(net_benefit(40.0, 20.0, 100.0)[49]), 2)
        0.2
    """
    odds = THRESHOLDS / (1 - THRESHOLDS)
    result: Floats = (np.asarray(hits) - np.asarray(alarms) * odds) / total
    return result


def _beyond_chance(drawn: Floats | None) -> list[float] | None:
    """Return the first and last threshold at which both differences' intervals are above 0."""
    if drawn is None:
        return None
    above = THRESHOLDS[(drawn[0, 0] > 0) & (drawn[0, 1] > 0)]
    return [float(above[0]), float(above[-1])] if len(above) else None


def _band(drawn: Floats | None, place: int) -> list[list[float]] | None:
    return None if drawn is None else [_plain(side[place]) for side in drawn]


def _plain(values: Floats) -> list[float]:
    return [float(v) for v in values]
