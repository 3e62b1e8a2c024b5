"""The figures that a model card has, from arrays, each with its count and interval."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from reddots.evaluation.core.scored import Flags, Floats, Scored
from reddots.evaluation.metrics.bootstrap import resample
from reddots.evaluation.metrics.overall import Overall
from reddots.evaluation.metrics.per_class import PerOutput

REPLICATES = 400


def _with_intervals(*names: str) -> list[str]:
    return [name for own in names for name in (own, f"{own}_ci")]


_OVERALL = [
    *("n", "groups"),
    *_with_intervals("accuracy", "balanced_accuracy", "log_loss", "brier", "ece"),
]
_EACH = ["n", *_with_intervals("sensitivity", "specificity", "auroc")]


def measure_predictions(
    probabilities: Floats,
    truth: Flags,
    outputs: Sequence[str],
    groups: Sequence[str],
    seed: int = 0,
) -> dict[str, Any]:
    """Return the figures as JSON: overall, and by output under ``per_output``.

    Shares have Wilson intervals (Wilson 1927); all other figures have 95% percentile intervals of a
    bootstrap that draws whole groups. A figure that the photos do not allow is None.

    Args:
        probabilities: N × K, rows summing to 1.
        truth: N × K, each row with at least one True; more than one means one of them.
        outputs: the K names.
        groups: N names of patients or clusters.
        seed: of the bootstrap.
    """
    exact = truth.sum(axis=1, keepdims=True) == 1
    codes = np.unique(np.asarray(groups), return_inverse=True)[1].reshape(-1)
    scored = Scored(tuple(outputs), probabilities, truth, truth & exact, codes)
    overall, per_output = Overall(scored), PerOutput(scored)
    intervals = resample({**overall.figures(), **per_output.figures()}, codes, REPLICATES, seed)
    found, each = overall.to_json(intervals), per_output.to_json(intervals)
    return {
        **{name: found[name] for name in _OVERALL},
        "per_output": {o: {name: own[name] for name in _EACH} for o, own in each.items()},
    }
