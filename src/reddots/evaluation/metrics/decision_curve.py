"""Whether sending people to a doctor by the model does more good than sending all or none."""

from typing import Any

import numpy as np

from reddots.evaluation.core.scored import Flags, Floats, Scored
from reddots.evaluation.metrics.bootstrap import Figure, Intervals
from reddots.tabular.columns import Numbers

THRESHOLDS = np.arange(1, 100) / 100


class Decisions:
    """Net benefit of the see-a-doctor flag over threshold probabilities of 1% to 99%."""

    def __init__(self, scored: Scored, dangerous: tuple[str, ...], see_doctor: Numbers) -> None:
        """Sort the photos by their chance of a dangerous truth.

        Args:
            scored: the photos.
            dangerous: outputs whose photos a doctor should see.
            see_doctor: N, the table's own flag, 1, 0 or NaN.
        """
        inside = np.array([o in dangerous for o in scored.outputs])
        possible = (scored.may & inside).any(axis=1)
        certain = ~(scored.may & ~inside).any(axis=1) | (scored.surely & inside).any(axis=1)
        self._rows: Flags = certain | ~possible
        self._event = possible[self._rows].astype(np.float64)
        risk = scored.probabilities[self._rows][:, inside].sum(axis=1)
        self._order = np.argsort(risk, kind="stable")
        self._from = np.searchsorted(risk[self._order], THRESHOLDS - 1e-12)
        self._flag = see_doctor[self._rows]
        self._dangerous = dangerous

    @property
    def has_both(self) -> bool:
        """Whether there are photos that need a doctor and others."""
        return bool(len(self._event) and 0 < self._event.sum() < len(self._event))

    def figures(self) -> dict[str, Figure]:
        """Return what the bootstrap has to work out."""
        return {"decisions": self._benefit} if self.has_both else {}

    def _benefit(self, weights: Floats) -> Floats:
        own = weights[self._rows][self._order]
        hits = np.append(np.cumsum((own * self._event[self._order])[::-1])[::-1], 0)[self._from]
        named = np.append(np.cumsum(own[::-1])[::-1], 0)[self._from]
        return net_benefit(hits, named - hits, own.sum())

    def to_json(self, intervals: Intervals) -> dict[str, Any] | None:
        """Return the curves; None when all photos, or none, need a doctor."""
        if not self.has_both:
            return None
        total, events = len(self._event), float(self._event.sum())
        drawn = intervals.get("decisions")
        treat_all = net_benefit(
            np.full(len(THRESHOLDS), events), np.full(len(THRESHOLDS), total - events), total
        )
        model = self._benefit(np.ones(len(self._rows)))
        better = THRESHOLDS[model > np.maximum(treat_all, 0) + 1e-12]
        result: dict[str, Any] = {
            "dangerous": list(self._dangerous),
            "n": total,
            "events": int(events),
            "threshold": [float(t) for t in THRESHOLDS],
            "model": [float(v) for v in model],
            "model_ci": None if drawn is None else [[float(v) for v in side] for side in drawn],
            "all": [float(v) for v in treat_all],
            "none": [0.0] * len(THRESHOLDS),
            "flag": None,
            "better_than_both": [float(better[0]), float(better[-1])] if len(better) else None,
        }
        told = ~np.isnan(self._flag)
        if told.any():
            flagged = told & (self._flag == 1)
            hits = float(self._event[flagged].sum())
            size = len(THRESHOLDS)
            found = net_benefit(
                np.full(size, hits), np.full(size, float(flagged.sum()) - hits), int(told.sum())
            )
            result["flag"] = [float(v) for v in found]
            result["flagged"] = int(flagged.sum())
            result["flagged_events"] = int(hits)
        return result


def net_benefit(hits: Floats, alarms: Floats, total: float) -> Floats:
    """Return (true positives − false positives × odds of the threshold) / photos.

    Vickers and Elkin 2006, Decision curve analysis, Medical Decision Making 26:565.
    """
    result: Floats = (hits - alarms * THRESHOLDS / (1 - THRESHOLDS)) / total
    return result
