"""Two or more models on the same photos: which differences are more than chance."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

from reddots.errors import TableError
from reddots.evaluation.core.sample import Sample
from reddots.evaluation.core.scored import Floats, Scored
from reddots.evaluation.metrics.bootstrap import affordable, interval, percentiles, replicate_values
from reddots.evaluation.metrics.confusion import Confusion
from reddots.evaluation.metrics.curves import Curve
from reddots.evaluation.metrics.delong import delong
from reddots.evaluation.metrics.overall import NAMES, Overall

SCHEMA = "reddots.comparison/1"
LOWER_IS_BETTER = ("log_loss", "brier", "ece")


@dataclass(frozen=True, eq=False)
class Rival:
    """One model's predictions of the photos that all models predicted."""

    name: str
    scored: Scored


def same_photos(names: Sequence[str], samples: Sequence[Sample]) -> list[Rival]:
    """Return each model's predictions of the photos that all of them predicted, in one order.

    Raises:
        TableError: the models' outputs differ, or no photo is common to all.
    """
    outputs = samples[0].scored.outputs
    for name, sample in zip(names, samples, strict=True):
        other = set(sample.scored.outputs) ^ set(outputs)
        if other:
            raise TableError(
                f"{names[0]} and {name} do not have the same outputs: only one of them has "
                f"{', '.join(sorted(other))}. Columns can be mapped: --map COLUMN=OUTPUT."
            )
    common = samples[0].rows
    for sample in samples[1:]:
        common = np.intersect1d(common, sample.rows)
    common = np.sort(common)
    if not len(common):
        raise TableError("No photo is predicted by all of the tables, so nothing can be compared.")
    rivals = []
    for name, sample in zip(names, samples, strict=True):
        order = np.argsort(sample.rows)
        rows = order[np.searchsorted(sample.rows[order], common)]
        columns = [sample.scored.outputs.index(o) for o in outputs]
        own = sample.scored.take(rows)
        groups = np.unique(own.groups, return_inverse=True)[1].reshape(-1)
        scored = Scored(
            outputs,
            own.probabilities[:, columns],
            own.may[:, columns],
            own.surely[:, columns],
            groups,
        )
        rivals.append(Rival(name, scored))
    return rivals


class _Figures:
    """Every figure of one model as one vector, under any weights."""

    def __init__(self, scored: Scored) -> None:
        self._overall = Overall(scored).figures()["overall"]
        self._confusion = Confusion(scored)
        self._right = scored.right.astype(np.float64)
        self._curves = []
        for k in range(len(scored.outputs)):
            rows = scored.surely[:, k] | ~scored.may[:, k]
            self._curves.append(
                (rows, Curve(scored.probabilities[rows, k], scored.surely[rows, k]))
            )

    def __call__(self, weights: Floats) -> Floats:
        rates = self._confusion.rates(self._confusion.matrix(weights))
        areas = [curve.areas(weights[rows])[0] for rows, curve in self._curves]
        accuracy = weights @ self._right / weights.sum()
        each = (rates.sensitivity, rates.specificity, areas)
        return np.concatenate([[accuracy], self._overall(weights), *each])


def compare(
    rivals: Sequence[Rival],
    *,
    replicates: int | None = None,
    seed: int = 0,
    on_replicate: Callable[[], None] | None = None,
) -> dict[str, Any]:
    """Return every pair's differences, second minus first, with tests and intervals.

    Differences have 95% percentile intervals of a paired bootstrap that draws whole groups, and a
    two-sided p-value from it; first choices are compared by McNemar's exact test, areas by DeLong.
    P-values are corrected by Holm 1979 within each pair, tests and bootstrap apart.

    Args:
        rivals: as :func:`same_photos` gives them.
        replicates: of the bootstrap; as many as the number of photos allows where None.
        seed: of the bootstrap.
        on_replicate: called after each replicate.
    """
    outputs, count = rivals[0].scored.outputs, len(rivals[0].scored)
    each = [f"{kind}.{o}" for kind in ("sensitivity", "specificity", "auroc") for o in outputs]
    names = ["accuracy", *NAMES, *each]
    figures = [_Figures(rival.scored) for rival in rivals]
    draws = draws_for(count) if replicates is None else replicates
    values = replicate_values(
        {"all": lambda w: np.stack([figure(w) for figure in figures])},
        rivals[0].scored.groups,
        draws,
        seed,
        on_replicate,
    )["all"]
    ones = np.ones(count)
    points = [figure(ones) for figure in figures]
    pairs = []
    for a, b in combinations(range(len(rivals)), 2):
        drawn = values[:, b] - values[:, a] if draws else np.empty((0, len(names)))
        pairs.append(
            {
                "first": rivals[a].name,
                "second": rivals[b].name,
                **_tests(rivals[a].scored, rivals[b].scored),
                "differences": _differences(names, points[a], points[b], drawn),
            }
        )
    return {
        "schema": SCHEMA,
        "n": count,
        "groups": int(rivals[0].scored.groups.max()) + 1,
        "outputs": list(outputs),
        "models": {
            rival.name: {n: _known(v) for n, v in zip(names, point, strict=True)}
            for rival, point in zip(rivals, points, strict=True)
        },
        "pairs": pairs,
        "settings": {"seed": seed, "replicates": draws},
    }


def draws_for(photos: int) -> int:
    """Return how many replicates a comparison takes by default.

    Four times those of an evaluation: the smallest p-value is 2 / replicates, and a pair has dozens
    of figures to be corrected for.
    """
    return 4 * affordable(photos)


def _tests(first: Scored, second: Scored) -> dict[str, Any]:
    right = np.stack([first.right, second.right])
    only_first = int((right[0] & ~right[1]).sum())
    only_second = int((right[1] & ~right[0]).sum())
    both, neither = int(right.all(axis=0).sum()), int((~right).all(axis=0).sum())
    exact = mcnemar([[both, only_first], [only_second, neither]], exact=True)
    result: dict[str, Any] = {
        "mcnemar": {
            "both_right": both,
            "only_first_right": only_first,
            "only_second_right": only_second,
            "neither_right": neither,
            "p": float(exact.pvalue),
        },
        "delong": {},
    }
    for k, output in enumerate(first.outputs):
        rows = first.surely[:, k] | ~first.may[:, k]
        found = delong(
            first.probabilities[rows, k], second.probabilities[rows, k], first.surely[rows, k]
        )
        if found:
            result["delong"][output] = {
                "difference": found.difference,
                "difference_ci": [found.low, found.high],
                "p": found.p_value,
            }
    _holm([result["mcnemar"], *result["delong"].values()])
    return result


def _differences(
    names: Sequence[str], first: Floats, second: Floats, drawn: Floats
) -> dict[str, Any]:
    ends = percentiles(drawn) if len(drawn) else None
    found: dict[str, Any] = {}
    for index, name in enumerate(names):
        difference = second[index] - first[index]
        if np.isnan(difference):
            continue
        entry = {
            "first": float(first[index]),
            "second": float(second[index]),
            "difference": float(difference),
            "difference_ci": interval(None if ends is None else ends[:, index]),
            "lower_is_better": name in LOWER_IS_BETTER,
        }
        if len(drawn):
            entry["p"] = bootstrap_p(drawn[:, index])
        found[name] = entry
    _holm([entry for entry in found.values() if "p" in entry])
    return found


def bootstrap_p(drawn: Floats) -> float:
    """Return the two-sided p-value of a difference from its replicates.

    Twice the smaller share beyond 0, one replicate being added so that it is never 0 (Davison and
    Hinkley 1997, section 4.2).
    """
    known = drawn[~np.isnan(drawn)]
    beyond = min(int((known <= 0).sum()), int((known >= 0).sum()))
    return min(1.0, 2 * (beyond + 1) / (len(known) + 1))


def _holm(entries: Sequence[dict[str, Any]]) -> None:
    """Add ``p_holm`` to each entry."""
    if entries:
        corrected = multipletests([entry["p"] for entry in entries], method="holm")[1]
        for entry, value in zip(entries, corrected, strict=True):
            entry["p_holm"] = float(value)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
