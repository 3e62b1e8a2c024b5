"""Operating points: sensitivity and specificity of a class at a stated or a chosen threshold.

A threshold is stated, or follows from costs (the Bayes threshold 1 / (1 + cost of a miss by cost of
a false alarm: Elkan, IJCAI 2001), or is the one that reaches a wanted sensitivity or specificity.
The last kind is chosen on half of the groups and measured on the other half, both ways round, as it
would look too good on the photos that it was chosen on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from reddots.evaluation.core.scored import Flags, Floats, Scored, Whole
from reddots.evaluation.metrics.inference.proportions import share

_LEAST_GROUPS = 2


@dataclass(frozen=True)
class OperatingPoints:
    """Which operating points are wanted.

    Attributes:
        thresholds: by class, from which probability on it is predicted.
        sensitivities, specificities: wanted, above 0 and below 1, for every class.
        cost_ratios: cost of a missed photo by that of a false alarm.
    """

    thresholds: Mapping[str, float] = field(default_factory=dict)
    sensitivities: tuple[float, ...] = ()
    specificities: tuple[float, ...] = ()
    cost_ratios: tuple[float, ...] = ()


def measure_operating_points(
    scored: Scored, wanted: OperatingPoints, seed: int = 0
) -> dict[str, list[dict[str, Any]]]:
    """Return the operating points of each class, as JSON.

    Example:
        >>> truth = np.eye(2, dtype=bool)[[0, 0, 1, 1]]
        >>> p = np.array([[0.9, 0.1], [0.3, 0.7], [0.2, 0.8], [0.1, 0.9]])
        >>> scored = Scored(("ill", "well"), p, truth, truth, np.arange(4))
        >>> found = measure_operating_points(scored, OperatingPoints({"ill": 0.25}))
        >>> found["ill"][0]["sensitivity"]
        1.0
    """
    count = int(scored.groups.max()) + 1
    side = (np.random.default_rng(seed).permutation(count) % 2)[scored.groups]
    result: dict[str, list[dict[str, Any]]] = {}
    for index, output in enumerate(scored.outputs):
        truth, known = scored.certain[:, index], scored.known[:, index]
        rows: list[dict[str, Any]] = []
        if output in wanted.thresholds:
            rows.append(_at(scored, index, wanted.thresholds[output], "threshold", None))
        rows += [
            _at(scored, index, 1 / (1 + ratio), "cost ratio", ratio) for ratio in wanted.cost_ratios
        ]
        both = bool((truth & known).any() and (~truth & known).any())
        if both and count >= _LEAST_GROUPS:
            for kind, levels in (
                ("sensitivity", wanted.sensitivities),
                ("specificity", wanted.specificities),
            ):
                rows += [_chosen(scored, index, side, kind, level) for level in levels]
        if rows:
            result[output] = rows
    return result


def threshold_for(score: Floats, truth: Flags, kind: str, level: float) -> float:
    """Return the threshold that reaches a sensitivity or specificity; the least strict such one.

    Args:
        score: N.
        truth: N.
        kind: ``sensitivity`` or ``specificity``.
        level: wanted.
    """
    if kind == "sensitivity":
        own = np.sort(score[truth])[::-1]
        return float(own[min(len(own), int(np.ceil(level * len(own) - 1e-9))) - 1])
    others = np.sort(score[~truth])
    place = int(np.ceil(level * len(others) - 1e-9)) - 1
    return float(np.nextafter(others[max(place, 0)], 2))


def _chosen(scored: Scored, index: int, side: Whole, kind: str, level: float) -> dict[str, Any]:
    """Return what a threshold chosen on one half reaches on the other."""
    score, truth = scored.probabilities[:, index], scored.certain[:, index]
    known = scored.known[:, index]
    limits = np.full(len(score), np.nan)
    for half in range(2):
        own = known & (side != half)
        if not truth[own].any() or truth[own].all():
            continue
        limits[side == half] = threshold_for(score[own], truth[own], kind, level)
    flagged = score >= limits
    own = known & ~np.isnan(limits)
    entry = _rates(scored, index, flagged, own)
    everywhere = threshold_for(score[known], truth[known], kind, level)
    return {"kind": kind, "wanted": level, "threshold": everywhere, "cross_fitted": True, **entry}


def _at(
    scored: Scored, index: int, threshold: float, kind: str, wanted: float | None
) -> dict[str, Any]:
    flagged = scored.probabilities[:, index] >= threshold
    entry = _rates(scored, index, flagged, scored.known[:, index])
    return {"kind": kind, "wanted": wanted, "threshold": threshold, "cross_fitted": False, **entry}


def _rates(scored: Scored, index: int, flagged: Flags, own: Flags) -> dict[str, Any]:
    truth = scored.certain[:, index]
    result: dict[str, Any] = {"flagged": int((flagged & own).sum())}
    for name, hits, among in (
        ("sensitivity", flagged, truth & own),
        ("specificity", ~flagged, ~truth & own),
        ("ppv", truth, flagged & own),
        ("npv", ~truth, ~flagged & own),
    ):
        found = share(hits, among, scored.groups, scored.weights)
        result[name], result[f"{name}_ci"] = found
    return result
