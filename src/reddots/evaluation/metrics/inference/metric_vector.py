"""All metrics of one model as one vector of numbers, under any weights of photos.

What comparisons of models and of training runs draw again and again.
"""

from collections.abc import Callable, Sequence

import numpy as np

from reddots.evaluation.core.scored import Floats, Scored
from reddots.evaluation.metrics.confusion import Confusion
from reddots.evaluation.metrics.discrimination.curves import Curve
from reddots.evaluation.metrics.inference.bootstrap import Statistic, replicate_values
from reddots.evaluation.metrics.overall import NAMES, Overall
from reddots.evaluation.metrics.scores import calibration_error, equal_width

EACH = ("sensitivity", "specificity", "auroc")
LOWER_IS_BETTER = ("log_loss", "brier", "ece")
_WHOLE = ("accuracy", "ece")
_BY_CLASS = ("balanced_accuracy", "macro_f1")


def metric_names(outputs: Sequence[str]) -> list[str]:
    """Return the names of the vector's numbers.

    Example:
        >>> metric_names(["purpura"])[-1]
        'auroc.purpura'
    """
    return [*_WHOLE, *NAMES, *(f"{kind}.{o}" for kind in EACH for o in outputs)]


class MetricVector:
    """The metrics of ``metric_names`` of one model's predictions."""

    def __init__(self, scored: Scored) -> None:
        """Sort what has to be sorted only once."""
        self._scored = scored
        self._overall = Overall(scored)
        self._confusion = Confusion(scored)
        self._place = equal_width(scored.confidence)
        self._correct = scored.correct.astype(np.float64)
        self._curves = [
            (rows, Curve(scored.probabilities[rows, k], scored.certain[rows, k]))
            for k, rows in enumerate(scored.known.T)
        ]

    def overall(self, weights: Floats) -> Floats:
        """Return accuracy, ECE and the metrics of ``overall.NAMES``."""
        scored = self._scored
        accuracy = weights @ self._correct / weights.sum()
        error = calibration_error(scored.confidence, scored.correct, self._place, weights)
        return np.concatenate([[accuracy, error], self._overall.values(weights)])

    def per_class(self, weights: Floats) -> Floats:
        """Return sensitivity, specificity and AUROC of each class (3 K)."""
        rates = self._confusion.rates(self._confusion.matrix(weights))
        areas = [curve.areas(weights[rows])[0] for rows, curve in self._curves]
        return np.concatenate([rates.sensitivity, rates.specificity, areas])

    def __call__(self, weights: Floats) -> Floats:
        """Return all metrics."""
        return np.concatenate([self.overall(weights), self.per_class(weights)])


def draw_vectors(
    models: Sequence[Scored],
    replicates: int,
    seed: int,
    on_replicate: Callable[[], None] | None = None,
) -> Floats:
    """Return the vectors of models of the same photos in each replicate: replicates × models × V.

    What is measured by class comes from draws that keep each class's number of groups.
    """
    vectors = [MetricVector(scored) for scored in models]

    def overall(weights: Floats) -> Floats:
        return np.stack([vector.overall(weights) for vector in vectors])

    def by_class(weights: Floats) -> Floats:
        return np.stack([vector(weights) for vector in vectors])

    statistics = {"overall": Statistic(overall), "by class": Statistic(by_class, stratified=True)}
    drawn = replicate_values(statistics, models[0], replicates, seed, on_replicate)
    values = drawn["by class"]
    if len(values):
        for place, name in enumerate((*_WHOLE, *NAMES)):
            if name not in _BY_CLASS:
                values[:, :, place] = drawn["overall"][:, :, place]
    return values
