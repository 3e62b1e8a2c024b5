"""Sensitivity to label noise: what a share of wrong labels would make of the accuracy.

A share of the photos gets another label, at random or where the model is surest that the label is
wrong (the worst case); the metrics are computed again (Northcutt et al., NeurIPS 2021).
"""

import numpy as np

from reddots.evaluation.core.scored import Floats, Scored, Whole

SHARES = (0.02, 0.05, 0.1)
_DRAWS = 20


def measure_label_noise(scored: Scored, seed: int = 0) -> list[dict[str, float]] | None:
    """Return accuracy and balanced accuracy by share of wrong labels; None without single truths.

    ``relabelled`` takes the label that the model prefers for the photos where it is surest, which
    is the most that better labels could give.

    Example:
        >>> truth = np.eye(2, dtype=bool)[np.arange(50) % 2]
        >>> own = Scored(("a", "b"), truth * 1.0, truth, truth, np.arange(50))
        >>> measure_label_noise(own)[-1]["accuracy"]
        0.9
    """
    own = scored.take(np.flatnonzero(scored.exact))
    if not len(own) or len(own.outputs) < 2:
        return None
    labels = own.certain.argmax(axis=1)
    rng = np.random.default_rng(seed)
    rows = []
    for level in SHARES:
        count = round(level * len(own))
        drawn = [_values(own, _random(labels, len(own.outputs), count, rng)) for _ in range(_DRAWS)]
        mean = np.mean(drawn, axis=0)
        best = _values(own, _preferred(own, labels, count))
        rows.append(
            {
                "share": level,
                "accuracy": float(mean[0]),
                "balanced_accuracy": float(mean[1]),
                "relabelled_accuracy": float(best[0]),
                "relabelled_balanced_accuracy": float(best[1]),
            }
        )
    return rows


def _random(labels: Whole, classes: int, count: int, rng: np.random.Generator) -> Whole:
    """Return the labels with ``count`` of them changed to any other class."""
    rows = rng.choice(len(labels), count, replace=False)
    changed = labels.copy()
    changed[rows] = (labels[rows] + rng.integers(1, classes, count)) % classes
    return changed


def _preferred(own: Scored, labels: Whole, count: int) -> Whole:
    """Return the labels, where the model is surest of another class, as the model has them."""
    lead = np.where(own.correct, -1.0, own.confidence)
    rows = np.argsort(-lead, kind="stable")[: min(count, int((~own.correct).sum()))]
    changed = labels.copy()
    changed[rows] = own.predicted[rows]
    return changed


def _values(own: Scored, labels: Whole) -> Floats:
    """Return accuracy and balanced accuracy, were these the labels."""
    count, weight = len(own.outputs), own.weight
    accuracy = float(weight @ (own.predicted == labels) / weight.sum())
    cells = np.bincount(labels * count + own.predicted, weight, minlength=count**2)
    matrix = cells.reshape(count, count)
    total = matrix.sum(axis=1)
    present = total > 0
    return np.array([accuracy, (matrix.diagonal()[present] / total[present]).mean()])
