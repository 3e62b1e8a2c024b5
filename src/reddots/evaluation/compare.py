"""Paired comparison of two or more models: which differences are more than chance.

First choices by McNemar's exact test by group, areas by DeLong's test by group, everything else by
a paired bootstrap that draws whole groups. All p-values of all pairs are one family and corrected
by Holm (Scandinavian Journal of Statistics 1979;6:65), but for a primary end point that was named
beforehand, which is corrected for the number of pairs alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from reddots.errors import TableError
from reddots.evaluation.aligned_models import Rival, shared_photos
from reddots.evaluation.core.scored import Floats, Scored
from reddots.evaluation.metrics.discrimination.delong import delong
from reddots.evaluation.metrics.inference.bootstrap import (
    affordable,
    bootstrap_p,
    interval,
    percentiles,
)
from reddots.evaluation.metrics.inference.mcnemar import mcnemar
from reddots.evaluation.metrics.inference.metric_vector import (
    LOWER_IS_BETTER,
    MetricVector,
    draw_vectors,
    metric_names,
)
from reddots.evaluation.metrics.inference.multiple_testing import holm

SCHEMA = "reddots.comparison/1"


@dataclass(frozen=True)
class Hypothesis:
    """What was fixed before the data were seen.

    Attributes:
        primary: the end point, such as ``accuracy`` or ``auroc.purpura``; none where empty.
        margin: by how much the second model may be worse in it and still be as good.
    """

    primary: str = ""
    margin: float | None = None


def compare(
    rivals: Sequence[Rival],
    *,
    replicates: int | None = None,
    seed: int = 0,
    hypothesis: Hypothesis | None = None,
    on_replicate: Callable[[], None] | None = None,
) -> dict[str, Any]:
    """Return every pair's differences, second minus first, with tests and intervals.

    Each pair is compared on the photos that both models predicted; ``n`` says how many. The
    difference of ECE has no p-value, as the bias of both errors differs.

    Args:
        rivals: as :func:`rivals_of` gives them.
        replicates: of the bootstrap; as many as the number of photos allows where None.
        seed: of the bootstrap.
        hypothesis: what was fixed beforehand.
        on_replicate: called after each replicate of each pair.

    Raises:
        TableError: two models share no photo, or the primary end point is unknown.
    """
    outputs = rivals[0].scored.outputs
    names = metric_names(outputs)
    fixed = hypothesis or Hypothesis()
    if fixed.primary and fixed.primary not in names:
        raise TableError(
            f"“{fixed.primary}” is no end point; they are {', '.join(names[:8])} and so on for "
            "each class."
        )
    pairs = []
    draws = draws_for(len(rivals[0].scored)) if replicates is None else replicates
    for a, b in combinations(rivals, 2):
        pairs.append(_pair(a, b, names, (draws, seed), on_replicate))
    holm([e for pair in pairs for n, e in pair["differences"].items() if n != fixed.primary])
    if fixed.primary:
        holm([pair["differences"][fixed.primary] for pair in pairs])
    for pair in pairs:
        _copy_corrected(pair)
        if fixed.margin is not None:
            pair["non_inferiority"] = _non_inferior(pair, fixed)
    return {
        "schema": SCHEMA,
        "n": max(pair["n"] for pair in pairs),
        "groups": max(pair["groups"] for pair in pairs),
        "outputs": list(outputs),
        "models": {rival.name: _model(rival, names) for rival in rivals},
        "pairs": pairs,
        "primary": fixed.primary or None,
        "settings": {"seed": seed, "replicates": draws, "margin": fixed.margin},
    }


def draws_for(photos: int) -> int:
    """Return how many replicates a comparison takes by default.

    Four times those of an evaluation: the smallest p-value is 2 / replicates, and the family has
    dozens of metrics to be corrected for.
    """
    return 4 * affordable(photos)


def _model(rival: Rival, names: Sequence[str]) -> dict[str, Any]:
    values = MetricVector(rival.scored)(rival.scored.weight)
    known = {n: None if np.isnan(v) else float(v) for n, v in zip(names, values, strict=True)}
    return {"n": len(rival.scored), **known}


def _pair(
    a: Rival,
    b: Rival,
    names: Sequence[str],
    bootstrap: tuple[int, int],
    on_replicate: Callable[[], None] | None,
) -> dict[str, Any]:
    first, second = shared_photos(a, b)
    points = [MetricVector(scored)(scored.weight) for scored in (first, second)]
    drawn = draw_vectors((first, second), *bootstrap, on_replicate)
    groups = int(first.groups.max()) + 1
    found: dict[str, Any] = {
        "first": a.name,
        "second": b.name,
        "n": len(first),
        "groups": groups,
        "only_first": len(a.scored) - len(first),
        "only_second": len(b.scored) - len(second),
        **_tests(first, second),
    }
    values = drawn[:, 1] - drawn[:, 0] if len(drawn) and groups > 1 else None
    found["differences"] = _differences(names, points, values, groups)
    _put_tests(found)
    return found


def _tests(first: Scored, second: Scored) -> dict[str, Any]:
    paired = mcnemar(first.correct, second.correct, first.groups)
    result: dict[str, Any] = {
        "mcnemar": {
            "both_right": paired.both,
            "only_first_right": paired.only_first,
            "only_second_right": paired.only_second,
            "neither_right": paired.neither,
            "p": paired.p_value,
        },
        "delong": {},
    }
    for k, output in enumerate(first.outputs):
        rows = first.known[:, k]
        scores = first.probabilities[rows, k], second.probabilities[rows, k]
        found = delong(*scores, first.certain[rows, k], first.groups[rows])
        if found:
            result["delong"][output] = {
                "difference": found.difference,
                "difference_ci": [found.low, found.high],
                "p": found.p_value,
            }
    return result


def _differences(
    names: Sequence[str], points: Sequence[Floats], drawn: Floats | None, groups: int
) -> dict[str, Any]:
    ends = None if drawn is None else percentiles(drawn, groups - 1)
    found: dict[str, Any] = {}
    for index, name in enumerate(names):
        difference = points[1][index] - points[0][index]
        if np.isnan(difference):
            continue
        found[name] = {
            "first": float(points[0][index]),
            "second": float(points[1][index]),
            "difference": float(difference),
            "difference_ci": interval(None if ends is None else ends[:, index], difference=True),
            "lower_is_better": name in LOWER_IS_BETTER,
        }
        if drawn is not None and name != "ece":
            found[name] |= {"p": bootstrap_p(drawn[:, index]), "test": "bootstrap"}
    return found


def _put_tests(pair: dict[str, Any]) -> None:
    """Put the tests' p-values in the place of the bootstrap's: one for each metric."""
    tests = {"accuracy": (pair["mcnemar"], "McNemar")}
    tests |= {f"auroc.{o}": (own, "DeLong") for o, own in pair["delong"].items()}
    for name, (own, test) in tests.items():
        if name in pair["differences"]:
            pair["differences"][name] |= {"p": own["p"], "test": test}


def _copy_corrected(pair: dict[str, Any]) -> None:
    differences = pair["differences"]
    pair["mcnemar"]["p_holm"] = differences["accuracy"].get("p_holm")
    for output, own in pair["delong"].items():
        own["p_holm"] = differences.get(f"auroc.{output}", {}).get("p_holm")


def _non_inferior(pair: dict[str, Any], fixed: Hypothesis) -> dict[str, Any]:
    """Return whether the interval excludes that the second is worse by the margin or more."""
    name = fixed.primary or "accuracy"
    own, margin = pair["differences"].get(name), float(fixed.margin or 0)
    ends = own["difference_ci"] if own else None
    shown = None
    if own and ends:
        shown = ends[1] < margin if own["lower_is_better"] else ends[0] > -margin
    return {"end_point": name, "margin": margin, "shown": shown}
