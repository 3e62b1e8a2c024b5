"""Every figure of one table of predictions, as JSON."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from reddots.evaluation.core.sample import Sample
from reddots.evaluation.metrics.bootstrap import Figure, affordable, resample
from reddots.evaluation.metrics.calibration import Calibration
from reddots.evaluation.metrics.conformal import LEVEL, measure_sets, split_conformal
from reddots.evaluation.metrics.confusion import Confusion
from reddots.evaluation.metrics.decision_curve import Decisions
from reddots.evaluation.metrics.ood import measure_outliers
from reddots.evaluation.metrics.overall import Overall
from reddots.evaluation.metrics.per_class import PerOutput
from reddots.evaluation.metrics.scores import wilson
from reddots.evaluation.metrics.selective import Selective
from reddots.evaluation.metrics.subgroups import measure_subgroups
from reddots.evaluation.report.error_gallery import error_gallery

SCHEMA = "reddots.evaluation/1"
PREVALENCES = (0.01, 0.05, 0.2)
_CURVES_UP_TO = 200_000  # photos; beyond, intervals of curves take minutes and are left out


@dataclass(frozen=True)
class Settings:
    """How the figures are worked out.

    Attributes:
        dangerous: outputs that a doctor should see.
        gate: the output for photos without skin; None where there is none.
        expected: by output, its share in use, where it is known.
        prevalences: at which predictive values are given.
        replicates: of the bootstrap; as many as the number of photos allows where None.
        curve_intervals: whether curves get intervals; up to 200 000 photos where None.
        seed: of everything drawn.
        thumbnails: whether the gallery shows photos.
    """

    dangerous: tuple[str, ...] = ()
    gate: str | None = None
    expected: Mapping[str, float] = field(default_factory=dict)
    prevalences: Sequence[float] = PREVALENCES
    replicates: int | None = None
    curve_intervals: bool | None = None
    seed: int = 0
    thumbnails: bool = False

    def replicates_for(self, photos: int) -> int:
        """Return how often the bootstrap draws."""
        return affordable(photos) if self.replicates is None else self.replicates

    def curves_for(self, photos: int) -> bool:
        """Return whether curves get intervals."""
        return photos <= _CURVES_UP_TO if self.curve_intervals is None else self.curve_intervals


def evaluate(
    sample: Sample, settings: Settings, on_replicate: Callable[[], None] | None = None
) -> dict[str, Any]:
    """Return every figure: overall at the top level, then by section.

    Args:
        sample: predictions joined to their truth.
        settings: how.
        on_replicate: called after each replicate of the bootstrap.
    """
    scored = sample.scored
    inside = np.array([o in settings.dangerous for o in scored.outputs])
    dangerous = np.any(scored.surely & inside, axis=1)
    curves = settings.curves_for(len(scored))
    overall, calibration = Overall(scored), Calibration(scored)
    per_output = PerOutput(scored, settings.prevalences, settings.expected, curves=curves)
    selective = Selective(scored, dangerous, sample.abstained)
    decisions = Decisions(scored, settings.dangerous, sample.see_doctor)
    figures: dict[str, Figure] = {}
    for section in (overall, per_output, calibration, selective, decisions):
        figures.update(section.figures())
    replicates = settings.replicates_for(len(scored))
    intervals = resample(figures, scored.groups, replicates, settings.seed, on_replicate)
    confusion = Confusion(scored)
    sets = split_conformal(scored, settings.seed)
    return {
        "schema": SCHEMA,
        **overall.to_json(intervals),
        **_if_missing_is_wrong(sample),
        "outputs": list(scored.outputs),
        "per_output": per_output.to_json(intervals),
        "data": _data(sample),
        "confusion": {
            "truths": list(confusion.truths),
            "called": list(scored.outputs),
            "counts": confusion.matrix().astype(int).tolist(),
        },
        "curves": per_output.curves_to_json(intervals),
        "calibration": calibration.to_json(intervals),
        "selective": selective.to_json(intervals),
        "conformal": {
            "level": LEVEL,
            "own": None if sample.sets is None else measure_sets(sample.sets, scored),
            "split": None if sets is None else measure_sets(sets, scored),
        },
        "outliers": measure_outliers(sample, settings.gate),
        "decisions": decisions.to_json(intervals),
        "subgroups": measure_subgroups(sample, dangerous),
        "errors": error_gallery(sample, thumbnails=settings.thumbnails),
        "settings": {
            "seed": settings.seed,
            "replicates": replicates,
            "curve_intervals": curves and replicates > 0,
            "dangerous": list(settings.dangerous),
            "gate": settings.gate,
            "thumbnails": settings.thumbnails,
        },
    }


def _if_missing_is_wrong(sample: Sample) -> dict[str, Any]:
    """Return the accuracy over all eligible photos, those without a prediction being wrong.

    The intention to diagnose (Schuetz et al., BMJ 2012;345:e6717): leaving out what a test could
    not read makes it look better than it is.
    """
    right = int(sample.scored.right.sum())
    return {
        "eligible": sample.eligible,
        "accuracy_if_missing_is_wrong": right / sample.eligible,
        "accuracy_if_missing_is_wrong_ci": wilson(right, sample.eligible),
    }


def _data(sample: Sample) -> dict[str, Any]:
    scored = sample.scored
    sizes = np.bincount(scored.groups)
    words, counts = np.unique(sample.label.astype(str), return_counts=True)
    return {
        **sample.account.to_json(),
        "groups": len(sizes),
        "largest_group": int(sizes.max()),
        "labels": {str(w): int(n) for w, n in zip(words, counts, strict=True)},
        "useless_cells": list(sample.useless),
        "missing_attributes": {
            name: int((column == "").sum()) for name, column in sample.attributes.items()
        },
    }
