"""Evaluation of one sample of predictions: every metric, as JSON."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from reddots.evaluation.core.danger import dangerous_events
from reddots.evaluation.core.sample import Sample
from reddots.evaluation.metrics.calibration.recalibration import recalibrate, shift_prevalence
from reddots.evaluation.metrics.calibration.reliability import Calibration
from reddots.evaluation.metrics.confusion import Confusion
from reddots.evaluation.metrics.decision_curve import Decisions
from reddots.evaluation.metrics.discrimination.operating_points import (
    OperatingPoints,
    measure_operating_points,
)
from reddots.evaluation.metrics.inference.bootstrap import affordable, resample
from reddots.evaluation.metrics.inference.proportions import share
from reddots.evaluation.metrics.inference.sample_size import WIDTHS, measure_sample_size
from reddots.evaluation.metrics.label_noise import measure_label_noise
from reddots.evaluation.metrics.overall import Overall
from reddots.evaluation.metrics.per_class import PerClass
from reddots.evaluation.metrics.subgroups import measure_subgroups
from reddots.evaluation.metrics.uncertainty.conformal import (
    LEVEL,
    METHODS,
    conformal_sets,
    measure_sets,
)
from reddots.evaluation.metrics.uncertainty.ood import measure_outliers
from reddots.evaluation.metrics.uncertainty.selective import Selective
from reddots.evaluation.multilabel import evaluate_multilabel
from reddots.evaluation.report.error_gallery import error_gallery

SCHEMA = "reddots.evaluation/1"
MULTILABEL = "multilabel"
PREVALENCES = (0.01, 0.05, 0.2)
_CURVES_UP_TO = 200_000  # photos; beyond, bands of curves take minutes and are left out
_CURVES_CLASSES = 30  # beyond, too
_CLASSES = 8  # with more of them the bootstrap draws less often, as its time grows with both


@dataclass(frozen=True)
class Settings:
    """How the metrics are computed.

    Attributes:
        dangerous: classes, and labels of the truth, that a doctor should see.
        event: the word for them, such as ``dangerous`` or ``positive``.
        gate: the class for photos without skin; None where there is none.
        expected: by class, its share in use, where it is known.
        prevalences: at which predictive values are given.
        points: operating points that are wanted.
        widths: of 95% intervals that are wanted, for which the needed sample size is given.
        intersections: attributes to be crossed for subgroups, such as ``sex*age``.
        replicates: of the bootstrap; as many as photos and classes allow where None.
        curve_intervals: whether curves get bands; up to 200 000 photos and 30 classes where None.
        seed: of everything random.
        thumbnails: whether the gallery shows photos.
    """

    dangerous: tuple[str, ...] = ()
    event: str = "dangerous"
    gate: str | None = None
    expected: Mapping[str, float] = field(default_factory=dict)
    prevalences: Sequence[float] = PREVALENCES
    points: OperatingPoints = field(default_factory=OperatingPoints)
    widths: Sequence[float] = WIDTHS
    intersections: tuple[str, ...] = ()
    replicates: int | None = None
    curve_intervals: bool | None = None
    seed: int = 0
    thumbnails: bool = False

    def replicates_for(self, photos: int, classes: int = _CLASSES) -> int:
        """Return how often the bootstrap draws."""
        if self.replicates is not None:
            return self.replicates
        return affordable(photos * max(classes, _CLASSES) // _CLASSES)

    def curves_for(self, photos: int, classes: int = _CLASSES) -> bool:
        """Return whether curves get bands."""
        if self.curve_intervals is not None:
            return self.curve_intervals
        return photos <= _CURVES_UP_TO and classes <= _CURVES_CLASSES


def evaluate_sample(
    sample: Sample, settings: Settings, on_replicate: Callable[[], None] | None = None
) -> dict[str, Any]:
    """Return every metric: overall at the top level, then by section.

    Args:
        sample: predictions joined to their truth.
        settings: how.
        on_replicate: called after each replicate of the bootstrap.
    """
    if sample.task == MULTILABEL:
        return _multilabel(sample, settings, on_replicate)
    scored = sample.scored
    curves = settings.curves_for(len(scored), len(scored.outputs))
    replicates = settings.replicates_for(len(scored), len(scored.outputs))
    overall = Overall(scored)
    per_class = PerClass(scored, settings.prevalences, settings.expected, curves=curves)
    statistics = {**overall.statistics(), **per_class.statistics()}
    intervals = resample(statistics, scored, replicates, settings.seed, on_replicate)
    classes = per_class.to_json(intervals)
    return {
        "schema": SCHEMA,
        **overall.to_json(intervals),
        **_if_missing_is_wrong(sample),
        "outputs": list(scored.outputs),
        "per_output": classes,
        "data": _data(sample),
        "confusion": Confusion(scored).to_json(),
        "curves": per_class.curves_to_json(intervals),
        "operating_points": measure_operating_points(scored, settings.points, settings.seed),
        "calibration": {
            **Calibration(scored).to_json(),
            "recalibration": recalibrate(scored, settings.seed),
            "prevalence_shift": shift_prevalence(scored, settings.expected),
        },
        **_danger(sample, settings, replicates),
        "sample_size": measure_sample_size(scored, classes, settings.widths),
        "label_noise": measure_label_noise(scored, settings.seed),
        "conformal": _conformal(sample, settings.seed),
        "outliers": measure_outliers(sample, settings.gate),
        "errors": error_gallery(sample, thumbnails=settings.thumbnails),
        "settings": {
            "seed": settings.seed,
            "replicates": replicates,
            "curve_intervals": curves and replicates > 0,
            "dangerous": list(settings.dangerous),
            "event": settings.event,
            "gate": settings.gate,
            "thumbnails": settings.thumbnails,
        },
    }


def _multilabel(
    sample: Sample, settings: Settings, on_replicate: Callable[[], None] | None
) -> dict[str, Any]:
    """Return the report of classes of which any may hold."""
    count = settings.replicates_for(len(sample.scored), len(sample.scored.outputs))
    found = evaluate_multilabel(sample, settings.points, count, settings.seed, on_replicate)
    return {
        "schema": SCHEMA,
        "task": MULTILABEL,
        **found,
        "data": _data(sample),
        "eligible": sample.eligible,
        "subgroups": {},
        "settings": {
            "seed": settings.seed,
            "replicates": count,
            "curve_intervals": count > 0,
            "dangerous": list(settings.dangerous),
            "event": settings.event,
            "gate": None,
            "thumbnails": False,
        },
    }


def _danger(sample: Sample, settings: Settings, replicates: int) -> dict[str, Any]:
    """Return the sections that turn on which truths are dangerous."""
    scored, everyone = sample.scored, sample.everyone()
    event, known = dangerous_events(sample, settings.dangerous)
    flag = np.append(sample.see_doctor, sample.uncovered.see_doctor)
    decisions = Decisions(everyone, event, known, settings.dangerous, flag)
    rows = np.flatnonzero((np.arange(len(everyone)) < len(scored)) | (event & known))
    abstained = np.append(sample.abstained, np.full(len(sample.uncovered), np.nan))
    named = everyone.take(rows)
    selective = Selective(named, (event & known)[rows], abstained[rows])
    found = []
    for section, own in ((decisions, everyone), (selective, named)):
        drawn = resample(section.statistics(), own, replicates, settings.seed)
        found.append(section.to_json(drawn))
    inside = np.array([o in settings.dangerous for o in scored.outputs])
    subgroups = measure_subgroups(
        sample,
        (event & known)[: len(scored)],
        np.clip(scored.probabilities[:, inside].sum(axis=1), 0, 1),
        inside[scored.predicted],
        settings.intersections,
    )
    return {"decisions": found[0], "selective": found[1], "subgroups": subgroups}


def _conformal(sample: Sample, seed: int) -> dict[str, Any]:
    scored = sample.scored
    result: dict[str, Any] = {
        "level": LEVEL,
        "own": None if sample.sets is None else measure_sets(sample.sets, scored),
    }
    for method in METHODS:
        sets = conformal_sets(scored, method, seed)
        name = "split" if method == "lac" else method
        result[name] = None if sets is None else measure_sets(sets, scored)
    return result


def _if_missing_is_wrong(sample: Sample) -> dict[str, Any]:
    """Return the accuracy over all eligible photos, those without a prediction being wrong.

    The intention to diagnose (Schuetz et al., BMJ 2012;345:e6717): leaving out what a test could
    not read makes it look better than it is. Photos without a prediction count as groups of one.
    """
    scored, missing = sample.scored, sample.eligible - len(sample.scored)
    correct = np.append(scored.correct, np.zeros(missing, dtype=bool))
    last = int(scored.groups.max()) + 1
    groups = np.append(scored.groups, np.arange(last, last + missing))
    weights = None if scored.weights is None else np.append(scored.weights, np.ones(missing))
    found = share(correct, np.ones(len(correct), dtype=bool), groups, weights)
    return {
        "eligible": sample.eligible,
        "accuracy_if_missing_is_wrong": found.value,
        "accuracy_if_missing_is_wrong_ci": found.interval,
    }


def _data(sample: Sample) -> dict[str, Any]:
    scored = sample.scored
    sizes = np.bincount(scored.groups)
    words, counts = np.unique(sample.label.astype(str), return_counts=True)
    return {
        **sample.account.to_json(),
        "group_column": sample.group_column,
        "matched_by": sample.matched_by,
        "task": sample.task,
        "groups": len(sizes),
        "largest_group": int(sizes.max()),
        "labels": {str(w): int(n) for w, n in zip(words, counts, strict=True)},
        "useless_cells": list(sample.useless),
        "unknown_in_sets": dict(sample.unknown_in_sets),
        "missing_attributes": {
            name: int((column == "").sum()) for name, column in sample.attributes.items()
        },
    }
