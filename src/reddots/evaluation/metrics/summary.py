"""Summary of the metrics that a model card has, from arrays, each with its interval."""

from collections.abc import Sequence
from typing import Any

from reddots.evaluation.core.scored import Flags, Floats, Scored
from reddots.evaluation.metrics.inference.bootstrap import resample
from reddots.evaluation.metrics.overall import Overall
from reddots.evaluation.metrics.per_class import PerClass

REPLICATES = 400


def _with_intervals(*names: str) -> list[str]:
    return [name for own in names for name in (own, f"{own}_ci")]


_OVERALL = [
    *("n", "groups"),
    *_with_intervals("accuracy", "balanced_accuracy", "log_loss", "brier"),
    *("ece", "ece_debiased", "ece_debiased_ci"),
]
_EACH = ["n", *_with_intervals("sensitivity", "specificity", "auroc")]


def measure_predictions(
    probabilities: Floats,
    truth: Flags,
    outputs: Sequence[str],
    groups: Sequence[str],
    seed: int = 0,
) -> dict[str, Any]:
    """Return the metrics as JSON: overall, and by class under ``per_output``.

    Shares have Wilson intervals with the design effect of groups; all other metrics have those of a
    bootstrap that draws whole groups. A metric that the photos do not allow is None.

    Args:
        probabilities: N × K, rows summing to 1.
        truth: N × K, each row with at least one True; more than one means one of them.
        outputs: the K names.
        groups: N names of patients or clusters.
        seed: of the bootstrap.
    """
    return measure_scored(Scored.of_truth(outputs, probabilities, truth, groups), seed)


def measure_scored(scored: Scored, seed: int = 0) -> dict[str, Any]:
    """Return the metrics as ``measure_predictions`` does, of predictions scored already."""
    overall, per_class = Overall(scored), PerClass(scored)
    statistics = {**overall.statistics(), **per_class.statistics()}
    intervals = resample(statistics, scored, REPLICATES, seed)
    found, each = overall.to_json(intervals), per_class.to_json(intervals)
    return {
        **{name: found[name] for name in _OVERALL},
        "per_output": {o: {name: own[name] for name in _EACH} for o, own in each.items()},
    }
