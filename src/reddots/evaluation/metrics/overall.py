"""One figure for all photos: accuracy, balanced accuracy, losses, agreement, top-k."""

from typing import Any

import numpy as np

from reddots.evaluation.core.scored import Floats, Scored
from reddots.evaluation.metrics.bootstrap import Figure, Intervals, interval
from reddots.evaluation.metrics.confusion import Confusion
from reddots.evaluation.metrics.scores import (
    brier,
    calibration_error,
    equal_width,
    expected_calibration_error,
    log_loss,
    losses,
    wilson,
)

_TOP = (2, 3)
NAMES = ("balanced_accuracy", "log_loss", "brier", "ece", "kappa", "macro_f1")


class Overall:
    """Figures over all photos of a sample."""

    def __init__(self, scored: Scored) -> None:
        """Prepare what each photo adds, so that a replicate only sums up."""
        self._scored = scored
        self._confusion = Confusion(scored)
        self._losses = losses(scored.probabilities, scored.may)
        self._single = scored.may.sum(axis=1) == 1
        errors = ((scored.probabilities - scored.may) ** 2).sum(axis=1)
        self._errors = np.where(self._single, errors, 0.0)
        self._place = equal_width(scored.confidence)

    def figures(self) -> dict[str, Figure]:
        """Return what the bootstrap has to work out."""
        return {"overall": self._all}

    def _all(self, weights: Floats) -> Floats:
        scored, total = self._scored, weights.sum()
        matrix = self._confusion.matrix(weights)
        rates = self._confusion.rates(matrix)
        single = float(weights @ self._single)
        return np.array(
            [
                self._confusion.balanced_accuracy(matrix),
                weights @ self._losses / total,
                weights @ self._errors / single if single else np.nan,
                calibration_error(scored.confidence, scored.right, self._place, weights),
                self._confusion.kappa(matrix),
                rates.macro_f1,
            ]
        )

    def to_json(self, intervals: Intervals) -> dict[str, Any]:
        """Return the figures by name, each with ``<name>_ci`` where it has an interval."""
        scored = self._scored
        p, may, right = scored.probabilities, scored.may, int(scored.right.sum())
        matrix = self._confusion.matrix()
        values = {
            "balanced_accuracy": self._confusion.balanced_accuracy(matrix),
            "log_loss": log_loss(p, may),
            "brier": brier(p, may),
            "ece": expected_calibration_error(p, may),
            "kappa": _known(self._confusion.kappa(matrix)),
            "macro_f1": _known(self._confusion.rates(matrix).macro_f1),
        }
        result: dict[str, Any] = {
            "n": len(scored),
            "groups": len(np.unique(scored.groups)),
            "accuracy": right / len(scored),
            "accuracy_ci": wilson(right, len(scored)),
        }
        drawn = intervals.get("overall")
        for index, name in enumerate(NAMES):
            result[name] = values[name]
            result[f"{name}_ci"] = interval(None if drawn is None else drawn[:, index])
        order = np.argsort(-p, axis=1, kind="stable")
        for top in _TOP:
            if top < len(scored.outputs):
                hits = int(np.take_along_axis(may, order[:, :top], axis=1).any(axis=1).sum())
                result[f"top_{top}_accuracy"] = hits / len(scored)
                result[f"top_{top}_accuracy_ci"] = wilson(hits, len(scored))
        return result


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value
