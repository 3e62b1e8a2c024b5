"""One call from labels and scores, or from files, to every metric: ``reddots.evaluate``."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from reddots.errors import TableError
from reddots.evaluation.core.arrays import sample_from_arrays
from reddots.evaluation.core.sample import Sample
from reddots.evaluation.evaluate import MULTILABEL, Settings, evaluate_sample
from reddots.evaluation.metrics.discrimination.operating_points import OperatingPoints
from reddots.evaluation.report.checklist import fill_checklists, read_checklists
from reddots.evaluation.report.warnings import warnings
from reddots.evaluation.result import EvaluationResult
from reddots.evaluation.tables.class_roles import (
    categories_for,
    dangerous_classes,
    expected_shares,
    gate_output,
)
from reddots.evaluation.tables.predictions import REST
from reddots.evaluation.tables.reader import Reading
from reddots.knowledge import load


def evaluate(
    y_true: Any,
    scores: Any,
    *,
    groups: Sequence[Any] | None = None,
    classes: Sequence[str] | None = None,
    attributes: Mapping[str, Sequence[Any]] | None = None,
    weights: Sequence[float] | None = None,
    task: str = "auto",
    dangerous: Sequence[str] | None = None,
    thresholds: Mapping[str, float] | None = None,
    reading: Reading | None = None,
    settings: Settings | None = None,
    on_replicate: Callable[[], None] | None = None,
) -> EvaluationResult:
    """Evaluate predictions against the truth.

    Args:
        y_true: N labels, or the path of a manifest.
        scores: N × K probabilities as an array or a DataFrame whose columns are the classes; N
            probabilities of the positive class; or the path of a prediction table.
        groups: N patients or lesions; photos of one group count as dependent.
        classes: K names of the columns; the sorted labels by default. Of one column the positive
            class.
        attributes: by name N values, for subgroups.
        weights: N, how much each photo counts.
        task: ``multiclass``, ``binary``, ``multilabel``, or ``auto`` by the number of columns.
        dangerous: classes and labels that should be referred; of ours by the knowledge.
        thresholds: by class, an operating point.
        reading: of files: which columns mean what.
        settings: how metrics are computed, beyond what is set here.
        on_replicate: called after each replicate of the bootstrap.

    Raises:
        TableError: labels and scores do not fit, or a file cannot be used.
        ManifestError: the manifest cannot be used.

    Example:
        >>> import reddots
        >>> report = reddots.evaluate(["a", "b", "a", "b"], [[0.9, 0.1], [0.2, 0.8]] * 2)
        >>> report["accuracy"]
        1.0
    """
    how = settings or Settings()
    if isinstance(y_true, str | PathLike) and isinstance(scores, str | PathLike):
        own = reading or Reading(dangerous=dangerous)
        truth, table = Path(y_true), Path(scores)
        sample = own.sample(table, own.manifest(truth))
        how = replace(
            how,
            dangerous=own.dangerous_of(sample),
            event=own.event_of(sample),
            intersections=own.intersections,
        )
        title, source = (
            f"Evaluation of {table.name}",
            f"Predictions {table.name}, truth {truth.name}.",
        )
    else:
        sample, positive = _from_arrays(
            y_true, scores, classes, task, groups=groups, attributes=attributes, weights=weights
        )
        names = tuple(dangerous) if dangerous is not None else positive
        event = "dangerous" if categories_for(sample.scored.outputs, load()) else "positive"
        how = replace(how, dangerous=names, event=event)
        title, source = "Evaluation", f"{len(sample.scored)} photos in memory."
    if thresholds:
        how = replace(how, points=replace(how.points, thresholds=dict(thresholds)))
    return evaluate_prepared(sample, how, title, source, on_replicate)


def evaluate_prepared(
    sample: Sample,
    settings: Settings,
    title: str,
    source: str,
    on_replicate: Callable[[], None] | None = None,
) -> EvaluationResult:
    """Evaluate a sample that was read before, with what the knowledge adds for our classes."""
    outputs, knowledge = sample.scored.outputs, load()
    how = replace(
        settings,
        gate=settings.gate or gate_output(outputs, knowledge),
        expected=settings.expected or expected_shares(outputs, knowledge),
    )
    values = evaluate_sample(sample, how, on_replicate)
    if sample.task != MULTILABEL:
        values["checklist"] = fill_checklists(values, sample.model, read_checklists())
    return EvaluationResult(values, title, source, tuple(warnings(values)))


def _from_arrays(
    y_true: Any,
    scores: Any,
    classes: Sequence[str] | None,
    task: str,
    **more: Any,
) -> tuple[Sample, tuple[str, ...]]:
    """Return the sample, and what is dangerous by default."""
    labels = [str(label) for label in y_true]
    names = (
        list(classes) if classes is not None else [str(c) for c in getattr(scores, "columns", ())]
    )
    p = np.asarray(scores, dtype=np.float64)
    if p.ndim == 1:
        p = p[:, None]
    count = p.shape[1]
    kind = ("binary" if count == 1 else "multiclass") if task == "auto" else task
    if count == 1 and kind == "binary":
        positive = names[0] if names else _positive(labels)
        names = [positive, f"{REST}{positive}"]
        labels = [positive if label == positive else names[1] for label in labels]
        p = np.concatenate([p, 1 - p], axis=1)
    if not names:
        names = sorted({part for label in labels for part in label.split(";") if part != "none"})
    sample = sample_from_arrays(
        labels,
        p,
        names,
        task=kind,
        **more,
        categories=categories_for(names, load()),
    )
    return sample, dangerous_classes(names, labels, load())


def _positive(labels: Sequence[str]) -> str:
    """Return the positive class among labels that name it in a common way.

    Raises:
        TableError: none of them does.
    """
    common = ("1", "1.0", "True", "true", "yes", "positive", "malignant")
    found = next((word for word in common if word in labels), None)
    if found is None:
        raise TableError('Name the class that the scores are of: classes=["melanoma"].')
    return found


__all__ = ["OperatingPoints", "Settings", "evaluate", "evaluate_prepared"]
