"""Whether the figures hold for every kind of photo and person."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from reddots.evaluation.core.sample import Sample
from reddots.evaluation.core.scored import Flags
from reddots.evaluation.metrics.scores import TOO_FEW, balanced_accuracy, wilson
from reddots.tabular.columns import Texts

ALWAYS = ("fitzpatrick", "body_site", "age", "dataset")
QUALITY = "photo quality"
_FINE = "no problem"
_AGES = ((18, "under 18"), (40, "18 to 39"), (65, "40 to 64"), (float("inf"), "65 and older"))


def measure_subgroups(sample: Sample, dangerous: Flags) -> dict[str, Any]:
    """Return the figures of each value of each attribute.

    Each has ``n``, ``accuracy`` with a Wilson interval, ``balanced_accuracy``, and how many of its
    dangerous photos were right. Of the values with at least 20 photos the worst is named, with the
    gap from the best (as fairlearn's ``MetricFrame.difference``).

    Args:
        sample: the photos.
        dangerous: N, whether the truth is surely a dangerous output.
    """
    found: dict[str, Any] = {}
    for name, column in sample.attributes.items():
        values = _bands(column) if name == "age" else column
        if any(value for value in values):
            found[name] = _attribute(sample, dangerous, {v: values == v for v in set(values)})
    if any(sample.quality):
        problems = sorted({p for cell in set(sample.quality) for p in cell.split(";") if p})
        rows = {p: np.array([p in cell.split(";") for cell in sample.quality]) for p in problems}
        rows[_FINE] = sample.quality == ""
        found[QUALITY] = _attribute(sample, dangerous, rows)
    return found


def _attribute(sample: Sample, dangerous: Flags, rows: Mapping[str, Flags]) -> dict[str, Any]:
    scored = sample.scored
    values: list[dict[str, Any]] = []
    for name in sorted(rows, key=lambda v: (v == "", v)):
        own = rows[name]
        total, right = int(own.sum()), int(scored.right[own].sum())
        if not total:
            continue
        danger = own & dangerous
        hits = int(scored.right[danger].sum())
        values.append(
            {
                "value": name or "not known",
                "known": bool(name),
                "n": total,
                "too_few": total < TOO_FEW,
                "accuracy": right / total,
                "accuracy_ci": wilson(right, total),
                "balanced_accuracy": balanced_accuracy(scored.probabilities[own], scored.may[own]),
                "dangerous": int(danger.sum()),
                "dangerous_right": hits,
                "dangerous_ci": wilson(hits, int(danger.sum())),
            }
        )
    enough = [v for v in values if not v["too_few"] and v["known"]]
    result: dict[str, Any] = {"values": values, "worst": None, "best": None, "gap": None}
    if len(enough) > 1:
        worst = min(enough, key=lambda v: v["accuracy"])
        best = max(enough, key=lambda v: v["accuracy"])
        result.update(
            worst=worst["value"], best=best["value"], gap=best["accuracy"] - worst["accuracy"]
        )
    return result


def _bands(column: Texts) -> Texts:
    """Return the age band of each cell; a cell that is no number stays as it is."""

    def band(cell: str) -> str:
        try:
            age = float(cell)
        except ValueError:
            return cell
        return next((name for limit, name in _AGES if age < limit), "")

    named = {cell: band(cell) for cell in set(column)}
    return np.array([named[cell] for cell in column], dtype=object)
