"""Sensitivity to label noise: what a share of wrong labels would make of the accuracy.

A share of the photos gets another label, at random or where the model is surest that the label is
wrong (the worst case); the metrics are computed again (Northcutt et al., NeurIPS 2021).
"""

from dataclasses import replace
from typing import Any

import numpy as np

from reddots.evaluation.core.scored import Floats, Scored
from reddots.evaluation.metrics.overall import Overall

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
    rng = np.random.default_rng(seed)
    rows = []
    for level in SHARES:
        count = round(level * len(own))
        drawn = [_values(_random(own, count, rng)) for _ in range(_DRAWS)]
        mean = np.mean(drawn, axis=0)
        best = _values(_preferred(own, count))
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


def _random(own: Scored, count: int, rng: np.random.Generator) -> Scored:
    rows = rng.choice(len(own), count, replace=False)
    labels = own.certain.argmax(axis=1)
    step = rng.integers(1, len(own.outputs), count)
    labels[rows] = (labels[rows] + step) % len(own.outputs)
    return _with(own, labels)


def _preferred(own: Scored, count: int) -> Scored:
    labels = own.certain.argmax(axis=1)
    lead = np.where(own.correct, -1.0, own.confidence)
    rows = np.argsort(-lead, kind="stable")[: min(count, int((~own.correct).sum()))]
    labels[rows] = own.predicted[rows]
    return _with(own, labels)


def _with(own: Scored, labels: Any) -> Scored:
    truth = np.eye(len(own.outputs), dtype=bool)[labels]
    return replace(own, possible=truth, certain=truth)


def _values(changed: Scored) -> Floats:
    weight = changed.weight
    accuracy = float(weight @ changed.correct / weight.sum())
    return np.array([accuracy, Overall(changed).values(weight)[0]])
