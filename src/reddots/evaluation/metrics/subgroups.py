"""Subgroup analysis: does the model serve every kind of photo and person alike?

For each value of each attribute: accuracy, and of dangerous truths the sensitivity, specificity,
AUROC and calibration, with intervals, the gap to everyone else (Newcombe's interval of a
difference, Statistics in Medicine 1998;17:873), and p-values corrected by Holm over all gaps.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.stats import norm

from reddots.evaluation.core.sample import Sample
from reddots.evaluation.core.scored import Flags, Floats, Scored, count_groups
from reddots.evaluation.metrics.calibration.calibration_curve import calibration_of
from reddots.evaluation.metrics.discrimination.delong import area_interval
from reddots.evaluation.metrics.inference.multiple_testing import holm
from reddots.evaluation.metrics.inference.proportions import Share, share
from reddots.evaluation.metrics.scores import TOO_FEW, auroc, balanced_accuracy
from reddots.tabular.columns import Texts

ALWAYS = ("fitzpatrick", "skin_tone", "sex", "age", "body_site", "dataset")
QUALITY = "photo quality"
CROSS = "*"  # between the names of attributes whose intersections are compared
_FINE = "no problem"
_AGES = ((18, "under 18"), (40, "18 to 39"), (65, "40 to 64"), (float("inf"), "65 and older"))
_MOST_NUMBERS = 8  # different numbers that stay as they are; more are binned by quarters
_GAPS = ("accuracy", "sensitivity", "specificity", "auroc")


def measure_subgroups(
    sample: Sample,
    event: Flags,
    risk: Floats,
    flagged: Flags,
    intersections: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the metrics of each value of each attribute, as JSON.

    Of the values with at least 20 photos the worst in accuracy is named, with the gap from the best
    (as fairlearn's ``MetricFrame.difference``).

    Args:
        sample: the N photos.
        event: N, whether the truth is for certain dangerous.
        risk: N, the probability of a dangerous truth.
        flagged: N, whether the prediction is dangerous.
        intersections: pairs of attributes such as ``sex*age``.
    """
    metrics = _Metrics(sample.scored, event, risk, flagged)
    columns = {name: binned(name, column) for name, column in sample.attributes.items()}
    for pair in intersections:
        columns[pair] = _crossed([columns[name] for name in pair.split(CROSS)])
    found: dict[str, Any] = {}
    for name, column in columns.items():
        if any(value for value in column):
            found[name] = _attribute(metrics, _by_value(column))
    if any(sample.quality):
        problems = sorted({p for text in set(sample.quality) for p in text.split(";") if p})
        rows = {p: np.array([p in text.split(";") for text in sample.quality]) for p in problems}
        rows[_FINE] = sample.quality == ""
        found[QUALITY] = _attribute(metrics, rows)
    holm([g for a in found.values() for v in a["values"] for g in v["gaps"].values()])
    return found


def accuracy_by_value(scored: Scored, column: Texts) -> list[dict[str, Any]]:
    """Return the accuracy of each value of an attribute (N texts), as JSON; the unknown last.

    Example:
        >>> truth = np.eye(2, dtype=bool)
        >>> scored = Scored(("a", "b"), truth * 1.0, truth, truth, np.arange(2))
        >>> column = np.array(["", "x"], dtype=object)
        >>> [(v["value"], v["accuracy"]) for v in accuracy_by_value(scored, column)]
        [('x', 1.0), ('not known', 1.0)]
    """
    found = []
    for name, own in _in_order(_by_value(column)):
        right = share(scored.correct, own, scored.groups, scored.weights)
        found.append(_value(scored, name, own, {"accuracy": right}))
    return found


class _Metrics:
    """The metrics of some of the photos."""

    def __init__(self, scored: Scored, event: Flags, risk: Floats, flagged: Flags) -> None:
        self.scored, self.event, self.risk, self.flagged = scored, event, risk, flagged

    def shares(self, own: Flags) -> dict[str, Share]:
        """Return accuracy, and sensitivity and specificity for dangerous truths."""
        groups, weights = self.scored.groups, self.scored.weights
        return {
            "accuracy": share(self.scored.correct, own, groups, weights),
            "sensitivity": share(self.flagged, own & self.event, groups, weights),
            "specificity": share(~self.flagged, own & ~self.event, groups, weights),
            "auroc": self._area(own),
        }

    def _area(self, own: Flags) -> Share:
        if not own.any():
            return Share(None, None)
        score, positive = self.risk[own], self.event[own]
        ends = area_interval(score, positive, self.scored.groups[own])
        return Share(auroc(score, positive), ends)

    def to_json(self, name: str, own: Flags) -> dict[str, Any]:
        """Return everything of one value."""
        scored = self.scored
        danger = own & self.event
        hits = share(scored.correct, danger, scored.groups, scored.weights)
        shares, others = self.shares(own), self.shares(~own)
        result = _value(scored, name, own, shares)
        result["known"] = bool(name)
        result["groups"] = count_groups(scored.groups[own])
        result["gaps"] = {}
        for metric, found in shares.items():
            gap = None if result["too_few"] else difference(found, others[metric])
            if gap is not None:
                result["gaps"][metric] = gap
        weights = None if scored.weights is None else scored.weights[own]
        calibration = calibration_of(self.risk[own], self.event[own], scored.groups[own], weights)
        for key in ("expected_observed", "intercept", "slope"):
            result[key], result[f"{key}_ci"] = calibration[key], calibration[f"{key}_ci"]
        result["dangerous"] = int(danger.sum())
        result["dangerous_right"] = int(scored.correct[danger].sum())
        result["dangerous_ci"] = hits.interval
        return result


def _value(scored: Scored, name: str, own: Flags, shares: Mapping[str, Share]) -> dict[str, Any]:
    total = int(own.sum())
    result: dict[str, Any] = {
        "value": name or "not known",
        "n": total,
        "too_few": total < TOO_FEW,
    }
    for metric, found in shares.items():
        result[metric], result[f"{metric}_ci"] = found
    result["balanced_accuracy"] = balanced_accuracy(scored.probabilities[own], scored.possible[own])
    return result


def _by_value(column: Texts) -> dict[str, Flags]:
    return {value: column == value for value in set(column)}


def _in_order(rows: Mapping[str, Flags]) -> list[tuple[str, Flags]]:
    """Return the values that have photos by name, the unknown last."""
    return [(v, rows[v]) for v in sorted(rows, key=lambda v: (v == "", v)) if rows[v].any()]


def _attribute(metrics: _Metrics, rows: Mapping[str, Flags]) -> dict[str, Any]:
    values = [metrics.to_json(name, own) for name, own in _in_order(rows)]
    enough = [v for v in values if not v["too_few"] and v["known"]]
    result: dict[str, Any] = {"values": values} | dict.fromkeys(("worst", "best", "gap", "gap_ci"))
    if len(enough) > 1:
        worst = min(enough, key=lambda v: v["accuracy"])
        best = max(enough, key=lambda v: v["accuracy"])
        ends = [Share(v["accuracy"], v["accuracy_ci"]) for v in (best, worst)]
        gap = difference(*ends)
        result.update(
            worst=worst["value"], best=best["value"], gap=best["accuracy"] - worst["accuracy"]
        )
        result["gap_ci"] = gap["difference_ci"] if gap else None
    return result


def difference(first: Share, second: Share) -> dict[str, Any] | None:
    """Return first − second with Newcombe's interval and the p-value that goes with it."""
    if first.value is None or second.value is None:
        return None
    if first.interval is None or second.interval is None:
        return None
    gap = first.value - second.value
    low = gap - math.hypot(first.value - first.interval[0], second.interval[1] - second.value)
    high = gap + math.hypot(first.interval[1] - first.value, second.value - second.interval[0])
    error = (high - low) / (2 * norm.ppf(0.975))
    p = float(2 * norm.sf(abs(gap) / error)) if error else 1.0
    return {"difference": gap, "difference_ci": [low, high], "p": p}


def binned(name: str, column: Texts) -> Texts:
    """Return ages in bands and other numbers by quarters; what is no number stays as it is."""
    numbers = {text: _number(text) for text in set(column)}
    known = sorted({n for n in numbers.values() if n is not None})
    if name.startswith("age"):
        named = {text: text if n is None else _age(n) for text, n in numbers.items()}
    elif len(known) > _MOST_NUMBERS:
        present = [n for text in column if (n := numbers[text]) is not None]
        edges = np.quantile(present, [0.25, 0.5, 0.75])
        named = {text: text if n is None else _quarter(n, edges) for text, n in numbers.items()}
    else:
        return column
    return np.array([named[text] for text in column], dtype=object)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _age(years: float) -> str:
    return next((name for limit, name in _AGES if years < limit), "")


def _quarter(number: float, edges: Floats) -> str:
    place = int(np.searchsorted(edges, number, side="left"))
    low, high = edges[max(place - 1, 0)], edges[min(place, len(edges) - 1)]
    if place == 0:
        return f"1: up to {high:g}"
    return f"4: above {low:g}" if place == len(edges) else f"{place + 1}: {low:g} to {high:g}"


def _crossed(columns: Sequence[Texts]) -> Texts:
    rows = zip(*columns, strict=True)
    return np.array([", ".join(row) if all(row) else "" for row in rows], dtype=object)
