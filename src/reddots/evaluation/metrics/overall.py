"""Overall metrics: accuracy, balanced accuracy, log loss, Brier, ECE, kappa, macro F1, top-k.

One value for all photos, each with a 95% interval by group.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from reddots.evaluation.core.scored import Floats, Scored, count_groups
from reddots.evaluation.metrics.calibration.ece import top_class_error
from reddots.evaluation.metrics.confusion import Confusion
from reddots.evaluation.metrics.inference.bootstrap import Intervals, Statistic, interval
from reddots.evaluation.metrics.inference.proportions import share
from reddots.evaluation.metrics.scores import losses

_TOP = (2, 3)
NAMES = ("balanced_accuracy", "log_loss", "brier", "kappa", "macro_f1")
_BY_CLASS = ("balanced_accuracy", "macro_f1")


class Overall:
    """Metrics over all photos of a sample."""

    def __init__(self, scored: Scored) -> None:
        """Prepare what each photo adds, so that a replicate only sums up."""
        self._scored = scored
        self._confusion = Confusion(scored)
        self._losses = losses(scored.probabilities, scored.possible)
        self._single = scored.possible.sum(axis=1) == 1
        errors = ((scored.probabilities - scored.possible) ** 2).sum(axis=1)
        self._errors = np.where(self._single, errors, 0.0)

    def statistics(self) -> Mapping[str, Statistic]:
        """Return what the bootstrap has to compute."""
        return {
            "overall": Statistic(self.values),
            "overall by class": Statistic(self.values, stratified=True),
        }

    def values(self, weights: Floats) -> Floats:
        """Return the metrics of ``NAMES`` under weights; NaN where undefined."""
        total = weights.sum()
        matrix = self._confusion.matrix(weights)
        single = float(weights @ self._single)
        return np.array(
            [
                self._confusion.balanced_accuracy(matrix),
                weights @ self._losses / total,
                weights @ self._errors / single if single else np.nan,
                self._confusion.kappa(matrix),
                self._confusion.rates(matrix).macro_f1,
            ]
        )

    def to_json(self, intervals: Intervals) -> dict[str, Any]:
        """Return the metrics by name, each with ``<name>_ci`` where it has an interval."""
        scored = self._scored
        everyone = np.ones(len(scored), dtype=bool)
        accuracy = share(scored.correct, everyone, scored.groups, scored.weights)
        result: dict[str, Any] = {
            "n": len(scored),
            "groups": count_groups(scored.groups),
            "accuracy": accuracy.value,
            "accuracy_ci": accuracy.interval,
        }
        for index, name in enumerate(NAMES):
            value = self.values(scored.weight)[index]
            drawn = intervals.get("overall by class" if name in _BY_CLASS else "overall")
            result[name] = None if np.isnan(value) else float(value)
            ends = None if drawn is None or np.isnan(value) else drawn[:, index]
            result[f"{name}_ci"] = interval(ends)
        result |= top_class_error(scored)
        order = np.argsort(-scored.probabilities, axis=1, kind="stable")
        for top in _TOP:
            if top < len(scored.outputs):
                first = np.take_along_axis(scored.possible, order[:, :top], axis=1).any(axis=1)
                hits = share(first, everyone, scored.groups, scored.weights)
                result[f"top_{top}_accuracy"] = hits.value
                result[f"top_{top}_accuracy_ci"] = hits.interval
        return result
