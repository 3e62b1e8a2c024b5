"""Robustness metrics: balanced error by corruption with intervals, and urgencies that change."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from reddots.errors import TableError
from reddots.evaluation.core.scored import Floats, Whole
from reddots.evaluation.metrics.confusion import Confusion
from reddots.evaluation.metrics.inference.bootstrap import (
    Statistic,
    interval,
    percentiles,
    replicate_values,
)
from reddots.evaluation.metrics.inference.proportions import wilson
from reddots.evaluation.metrics.scores import balanced_accuracy
from reddots.evaluation.robustness.corruptions import SEVERITIES, Corruption
from reddots.evaluation.robustness.run import CLEAN
from reddots.evaluation.tables.ground_truth import Truth
from reddots.evaluation.tables.reader import Reading
from reddots.knowledge.urgency import Urgency
from reddots.tabular.columns import read_columns

SCHEMA = "reddots.stress/1"
_REPLICATES = 400


def measure_robustness(
    tables: Mapping[str, Path],
    truth: Truth,
    corruptions: Sequence[Corruption],
    baseline: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what each corruption costs, by severity.

    ``balanced_error`` is 1 − balanced accuracy. ``ratio`` is its mean over severities by that of
    the clean photos. ``relative_balanced_error`` is the increase over the clean photos, summed over
    severities, by the baseline's (Di Salvo et al. 2024, MedMNIST-C; after Hendrycks and Dietterich
    2019): above 1 the model suffers more than the baseline. ``urgency_changed`` is the share of
    photos whose urgency is not the clean photo's, ``urgency_lowered`` of those that got lower.

    Args:
        tables: prediction tables by copy, as :func:`robustness.run.stress_tables` gives.
        truth: the photos' truth.
        corruptions: in the tables.
        baseline: the values of another model on the same photos, as this returns them.
    """
    clean = _balanced_error(tables[CLEAN], truth)
    clean_error, count = clean.error, clean.photos
    before = _urgencies(tables[CLEAN])
    result: dict[str, Any] = {}
    for corruption in corruptions:
        levels = []
        for severity in range(1, SEVERITIES + 1):
            path = tables[f"{corruption.id}.{severity}"]
            found = _balanced_error(path, truth)
            change = _increase(clean, found)
            levels.append(
                {
                    "severity": severity,
                    "level": corruption.levels[severity - 1],
                    "balanced_error": found.error,
                    "balanced_error_ci": interval(_ends(found.drawn, found.groups)),
                    "increase": found.error - clean_error,
                    "increase_ci": change,
                    **_changes(before, _urgencies(path)),
                }
            )
        mean = float(np.mean([level["balanced_error"] for level in levels]))
        own: dict[str, Any] = {
            "text": corruption.text,
            "unit": corruption.unit,
            "balanced_error": mean,
            "increase": mean - clean_error,
            "ratio": mean / clean_error if clean_error else None,
            "urgency_changed": float(np.mean([level["urgency_changed"] for level in levels])),
            "urgency_lowered": float(np.mean([level["urgency_lowered"] for level in levels])),
            "levels": levels,
        }
        if baseline is not None:
            own["relative_balanced_error"] = _relative(own, baseline, corruption.id)
        result[corruption.id] = own
    return {
        "schema": SCHEMA,
        "n": count,
        "photos": len(before),
        "clean_balanced_error": clean_error,
        "clean_balanced_error_ci": interval(_ends(clean.drawn, clean.groups)),
        "mean_balanced_error": float(np.mean([c["balanced_error"] for c in result.values()])),
        "corruptions": result,
    }


def read_baseline(path: Path) -> dict[str, Any]:
    """Read the ``stress.json`` of another model.

    Raises:
        TableError: it cannot be read, or is something else.
    """
    try:
        found: dict[str, Any] = json.loads(path.read_bytes())
        if found["schema"] == SCHEMA:
            return found
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise TableError(f"{path} is no stress.json that “reddots stress” wrote.") from error
    raise TableError(f"{path} is no stress.json of this version.")


def _relative(own: dict[str, Any], baseline: Mapping[str, Any], name: str) -> float | None:
    other = baseline["corruptions"].get(name)
    if not other or other["increase"] <= 0:
        return None
    return float(own["increase"] / other["increase"])


class _Error(NamedTuple):
    """The balanced error of one copy, and in each replicate of the same photos."""

    error: float
    photos: int
    rows: Whole
    drawn: Floats
    groups: int


def _balanced_error(path: Path, truth: Truth) -> _Error:
    sample = Reading().sample(path, truth)
    order = np.argsort(sample.rows)  # so that replicates of all copies draw the same photos
    scored = sample.scored.take(order)
    confusion = Confusion(scored)

    def error(weights: Floats) -> Floats:
        return np.array([1 - confusion.balanced_accuracy(confusion.matrix(weights))])

    drawn = replicate_values({"x": Statistic(error, stratified=True)}, scored, _REPLICATES, 0)["x"]
    value = 1 - balanced_accuracy(scored.probabilities, scored.possible)
    groups = int(scored.groups.max()) + 1
    return _Error(value, len(scored), sample.rows[order], drawn[:, 0], groups)


def _ends(drawn: Floats, groups: int) -> Floats | None:
    if groups < 2:
        return None
    ends: Floats = percentiles(drawn[:, None], groups - 1)[:, 0]
    return ends


def _increase(clean: _Error, other: _Error) -> list[float] | None:
    """Return the paired interval of the increase; None where the photos are not the same."""
    if not np.array_equal(clean.rows, other.rows):
        return None
    return interval(_ends(other.drawn - clean.drawn, clean.groups), difference=True)


def _urgencies(path: Path) -> list[str]:
    return [str(word) for word in read_columns(path).texts("urgency")]


def _changes(before: Sequence[str], after: Sequence[str]) -> dict[str, Any]:
    """Return the shares of photos whose urgency changed, and whose got lower."""
    both = [
        (Urgency.named(a), Urgency.named(b)) for a, b in zip(before, after, strict=True) if a and b
    ]
    if not both:
        return {"urgency_changed": 0.0, "urgency_changed_ci": None, "urgency_lowered": 0.0}
    changed = sum(a != b for a, b in both)
    return {
        "urgency_changed": changed / len(both),
        "urgency_changed_ci": wilson(changed, len(both)),
        "urgency_lowered": sum(b < a for a, b in both) / len(both),
    }
