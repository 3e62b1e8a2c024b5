"""Evaluation of a multi-label sample: every metric that exists where any class may hold."""

from collections.abc import Callable
from typing import Any

from reddots.evaluation.core.sample import Sample
from reddots.evaluation.core.scored import count_groups
from reddots.evaluation.metrics.calibration.reliability import Calibration
from reddots.evaluation.metrics.discrimination.operating_points import (
    OperatingPoints,
    measure_operating_points,
)
from reddots.evaluation.metrics.inference.bootstrap import resample
from reddots.evaluation.metrics.multilabel import (
    DEFAULT_THRESHOLD,
    measure_multilabel,
    rates_of_class,
)
from reddots.evaluation.metrics.per_class import PerClass


def evaluate_multilabel(
    sample: Sample,
    points: OperatingPoints,
    replicates: int,
    seed: int,
    on_replicate: Callable[[], None] | None = None,
) -> dict[str, Any]:
    """Return the sections of a multi-label report.

    Args:
        sample: predictions joined to their truth.
        points: operating points; their thresholds say from where on a class is predicted.
        replicates: of the bootstrap of areas and curves.
        seed: of everything random.
        on_replicate: called after each replicate.
    """
    scored = sample.scored
    classes = PerClass(scored)
    curves = {n: s for n, s in classes.statistics().items() if n.startswith("curve.")}
    intervals = resample(curves, scored, replicates, seed, on_replicate)
    areas = classes.to_json(intervals)
    per_class = {}
    for index, output in enumerate(scored.outputs):
        threshold = points.thresholds.get(output, DEFAULT_THRESHOLD)
        rates = rates_of_class(scored, index, threshold)
        kept = ("auroc", "auroc_ci", "average_precision", "average_precision_ci")
        per_class[output] = rates | {name: areas[output][name] for name in kept}
    calibration = Calibration(scored).to_json()
    return {
        "n": len(scored),
        "groups": count_groups(scored.groups),
        **measure_multilabel(scored, points.thresholds),
        "outputs": list(scored.outputs),
        "per_output": per_class,
        "curves": classes.curves_to_json(intervals),
        "operating_points": measure_operating_points(scored, points, seed),
        "calibration": {
            name: calibration[name]
            for name in (
                "bins",
                "ece_classwise",
                "ece_classwise_debiased",
                "ece_of_output",
                "ece_debiased_of_output",
                "reliability_of_output",
                "per_class",
            )
        },
    }
