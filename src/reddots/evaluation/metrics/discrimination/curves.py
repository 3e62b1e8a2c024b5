"""ROC and precision-recall curves of one class against the rest, under photo weights."""

from typing import Any

import numpy as np
from sklearn.metrics import average_precision_score

from reddots.evaluation.core.scored import Flags, Floats
from reddots.evaluation.metrics.scores import auroc

GRID = np.linspace(0, 1, 101)  # false-positive rates and recalls at which curves are read


class Curve:
    """Scores of positives and negatives, sorted once; every weighting is then one pass."""

    def __init__(self, score: Floats, positive: Flags) -> None:
        """Sort the scores from high to low; equal scores are one threshold.

        Args:
            score: N, higher is more positive.
            positive: N.
        """
        self._score, self._positive = score, positive
        self._order = np.argsort(-score, kind="stable")
        ranked = score[self._order]
        self._ends = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)
        self._ranked_positive = positive[self._order].astype(np.float64)

    @property
    def has_both(self) -> bool:
        """Whether there are positives and negatives, so that a curve exists."""
        return bool(self._positive.any() and not self._positive.all())

    @property
    def auroc(self) -> float | None:
        """The area under the ROC curve."""
        return auroc(self._score, self._positive)

    @property
    def average_precision(self) -> float | None:
        """The average precision, the step-wise area under the precision-recall curve."""
        if not self.has_both:
            return None
        return float(average_precision_score(self._positive, self._score))

    def _counts(self, weights: Floats | None) -> tuple[Floats, Floats]:
        """Return true and false positives at each threshold."""
        ranked = np.ones(len(self._order)) if weights is None else weights[self._order]
        hits = np.cumsum(ranked * self._ranked_positive)[self._ends]
        return hits, np.cumsum(ranked)[self._ends] - hits

    def areas(self, weights: Floats | None = None) -> Floats:
        """Return the AUROC and the average precision under weights (2); NaN without both sides."""
        hits, alarms = self._counts(weights)
        if hits[-1] <= 0 or alarms[-1] <= 0:
            return np.full(2, np.nan)
        recall, false = hits / hits[-1], alarms / alarms[-1]
        area = np.trapezoid(np.append(0, recall), np.append(0, false))
        with np.errstate(invalid="ignore"):
            precision = np.nan_to_num(hits / (hits + alarms))
        return np.array([area, (np.diff(recall, prepend=0) * precision).sum()])

    def roc(self, weights: Floats | None = None) -> Floats:
        """Return the true-positive rate at each false-positive rate of ``GRID``."""
        hits, alarms = self._counts(weights)
        if hits[-1] <= 0 or alarms[-1] <= 0:
            return np.full(len(GRID), np.nan)
        false, true = np.append(0, alarms / alarms[-1]), np.append(0, hits / hits[-1])
        # Where the curve rises straight up, NumPy takes the last of equal places: the rise's top.
        result: Floats = np.interp(GRID, false, true)
        return result

    def precision(self, weights: Floats | None = None) -> Floats:
        """Return the precision at the first threshold that reaches each recall of ``GRID``."""
        hits, alarms = self._counts(weights)
        if hits[-1] <= 0 or alarms[-1] <= 0:
            return np.full(len(GRID), np.nan)
        place = np.searchsorted(hits / hits[-1], GRID - 1e-12)
        place = np.minimum(place, len(hits) - 1)
        with np.errstate(invalid="ignore"):
            result: Floats = np.nan_to_num(hits / (hits + alarms))[place]
        return result

    def to_json(
        self, bands: tuple[Floats, Floats] | None, weights: Floats | None = None
    ) -> dict[str, Any]:
        """Return both curves on the grid, with bands (2 × grid each) where there are."""
        result: dict[str, Any] = {
            "grid": [round(float(g), 4) for g in GRID],
            "roc": [float(v) for v in self.roc(weights)],
            "precision": [float(v) for v in self.precision(weights)],
        }
        for name, band in zip(("roc", "precision"), bands or (None, None), strict=True):
            result[f"{name}_ci"] = None if band is None else [[float(v) for v in b] for b in band]
        return result
