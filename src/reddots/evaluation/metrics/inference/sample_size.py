"""Sample size: how many photos an interval of a wanted width needs, before and after.

For a proportion by the normal approximation, for an area by Hanley and McNeil (Radiology
1982;143:29), for O:E by Riley et al. (Statistics in Medicine 2021;40:4230). Photos of one patient
count by the design effect.
"""

import math
from collections.abc import Sequence
from typing import Any

from scipy.stats import norm

from reddots.evaluation.core.scored import Scored, count_groups

WIDTHS = (0.1, 0.2)  # of a 95% interval, from end to end
LEAST_EVENTS = 100  # Collins et al., Statistics in Medicine 2016;35:214


def photos_for_share(expected: float, width: float, design_effect: float = 1.0) -> int:
    """Return how many photos give a 95% interval of a proportion with this width.

    Example:
        >>> photos_for_share(0.8, 0.1)
        246
    """
    half = float(norm.ppf(0.975)) / (width / 2)
    return math.ceil(design_effect * expected * (1 - expected) * half**2)


def photos_for_area(area: float, prevalence: float, width: float) -> int:
    """Return how many photos give a 95% interval of an AUROC with this width.

    Example:
        >>> photos_for_area(0.8, 0.5, 0.1) > photos_for_area(0.9, 0.5, 0.1)
        True
    """
    q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
    wanted = (width / 2 / float(norm.ppf(0.975))) ** 2
    low, high = 4, 10**9
    while low < high:
        count = (low + high) // 2
        hits = max(count * prevalence, 1.0)
        others = max(count * (1 - prevalence), 1.0)
        own = area * (1 - area) + (hits - 1) * (q1 - area**2) + (others - 1) * (q2 - area**2)
        if own / (hits * others) <= wanted:
            high = count
        else:
            low = count + 1
    return low


def photos_for_expected_observed(prevalence: float, width: float) -> int:
    """Return how many photos give a 95% interval of expected : observed around 1 with this width.

    Example:
        >>> photos_for_expected_observed(0.5, 0.2)
        386
    """
    error = math.asinh(width / 2) / float(norm.ppf(0.975))
    return math.ceil((1 - prevalence) / (prevalence * error**2))


def measure_sample_size(
    scored: Scored, per_class: dict[str, Any], widths: Sequence[float] = WIDTHS
) -> dict[str, Any]:
    """Return by class the events, whether they suffice, and the photos that widths need, as JSON.

    Args:
        scored: the photos.
        per_class: as :meth:`reddots.evaluation.metrics.per_class.PerClass.to_json` returns it.
        widths: of 95% intervals that are wanted, from end to end.
    """
    mean_size = len(scored) / count_groups(scored.groups)
    result: dict[str, Any] = {}
    for output, own in per_class.items():
        share = own["n"] / len(scored)
        entry: dict[str, Any] = {
            "events": own["n"],
            "enough_events": own["n"] >= LEAST_EVENTS,
            "width": {
                name: own[f"{name}_ci"][1] - own[f"{name}_ci"][0] if own[f"{name}_ci"] else None
                for name in ("sensitivity", "specificity", "auroc")
            },
            "events_for_sensitivity": None,
            "photos_for_auroc": None,
        }
        if own["sensitivity"] is not None and own["sensitivity_ci"]:
            effect = _design_effect(own["sensitivity"], own["sensitivity_ci"], own["n"])
            entry["events_for_sensitivity"] = {
                str(w): photos_for_share(own["sensitivity"], w, effect) for w in widths
            }
        if own["auroc"] is not None and 0 < share < 1:
            entry["photos_for_auroc"] = {
                str(w): photos_for_area(own["auroc"], share, w) for w in widths
            }
        result[output] = entry
    return {
        "least_events": LEAST_EVENTS,
        "widths": list(widths),
        "photos_a_group": mean_size,
        "per_class": result,
    }


def _design_effect(value: float, ends: list[float], count: int) -> float:
    """Return by how much the interval is wider than that of independent photos, in variance."""
    spread = value * (1 - value)
    if spread <= 0:
        return 1.0
    own = ((ends[1] - ends[0]) / 2 / float(norm.ppf(0.975))) ** 2
    return max(1.0, own * count / spread)
