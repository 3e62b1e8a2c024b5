"""Drift between two dated tables: do predictions and photos differ more than chance allows?

Population stability index and the Kolmogorov-Smirnov statistic of each class's probability, the
shares of predicted classes, and, where the truth is known, prevalence and performance. Where photos
come in groups, tests permute whole groups between the tables; p-values are corrected by Holm.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.stats import chi2_contingency, ks_2samp
from statsmodels.stats.multitest import multipletests

from reddots.evaluation.core.scored import Flags, Floats, Scored, Whole, count_groups
from reddots.evaluation.metrics.inference.proportions import share
from reddots.evaluation.metrics.subgroups import difference

SCHEMA = "reddots.drift/1"
NOTABLE = 0.2  # a stability index from which a shift counts as large (Siddiqi 2006)
PERMUTATIONS = 1000
_BINS = 10
_LEAST = 1e-4
_DIGITS = 12  # beyond, statistics differ by rounding alone


def measure_drift(
    before: Scored,
    after: Scored,
    attributes: Mapping[str, tuple[Sequence[str], Sequence[str]]] | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """Return how the second table differs from the first, as JSON.

    Args:
        before: predictions at one time; a photo of unknown truth may be any class.
        after: predictions of the same classes at another time, of other photos.
        attributes: by name, a value of each photo before and after, such as its body site.
        seed: of the permutations.

    Example:
        >>> truth = np.eye(2, dtype=bool)[np.arange(60) % 2]
        >>> own = Scored(("a", "b"), truth * 0.8 + 0.1, truth, truth, np.arange(60))
        >>> measure_drift(own, own)["performance"]["accuracy"]["difference"]
        0.0
    """
    test = _Test(before.groups, after.groups, seed)
    classes: dict[str, dict[str, Any]] = {}
    for index, output in enumerate(before.outputs):
        first, second = before.probabilities[:, index], after.probabilities[:, index]
        classes[output] = {
            "stability_index": stability_index(first, second),
            "mean_before": float(first.mean()),
            "mean_after": float(second.mean()),
            "predicted_before": float((before.predicted == index).mean()),
            "predicted_after": float((after.predicted == index).mean()),
            "p": test.of_values(first, second),
        }
    predicted = {"p": test.of_words(before.predicted, after.predicted)}
    photos = {name: _attribute(*columns, test) for name, columns in (attributes or {}).items()}
    family = [*classes.values(), predicted, *photos.values()]
    corrected = multipletests([own["p"] for own in family], method="holm")[1]
    for own, value in zip(family, corrected, strict=True):
        own["p_holm"] = float(value)
    return {
        "schema": SCHEMA,
        "n_before": len(before),
        "n_after": len(after),
        "groups_before": count_groups(before.groups),
        "groups_after": count_groups(after.groups),
        "test": "permutation of groups" if test.clustered else "Kolmogorov-Smirnov, chi-squared",
        "notable_from": NOTABLE,
        "classes": classes,
        "predicted": predicted,
        "photos": photos,
        "performance": _performance(before, after),
    }


def stability_index(first: Floats, second: Floats) -> float:
    """Return the population stability index over tenths of the first sample, 0 for no shift.

    Example:
        >>> stability_index(np.arange(100.0), np.arange(100.0))
        0.0
    """
    edges = np.unique(np.quantile(first, np.linspace(0, 1, _BINS + 1)[1:-1]))
    places = [np.searchsorted(edges, values, side="right") for values in (first, second)]
    shares = [np.bincount(p, minlength=len(edges) + 1) / len(p) for p in places]
    expected, observed = (np.maximum(own, _LEAST) for own in shares)
    return float(((observed - expected) * np.log(observed / expected)).sum())


class _Test:
    """Tests whether two samples of photos differ, whole groups counting as one."""

    def __init__(self, before: Whole, after: Whole, seed: int) -> None:
        self._sizes = len(before), len(after)
        self._second = np.arange(sum(self._sizes)) >= len(before)
        codes = [np.unique(own, return_inverse=True)[1].reshape(-1) for own in (before, after)]
        self._groups = np.append(codes[0], codes[1] + codes[0].max() + 1)
        self._of_second = np.arange(self._groups.max() + 1) > codes[0].max()
        self._seed = seed
        self.clustered = len(self._of_second) < len(self._second)

    def of_values(self, first: Floats, second: Floats) -> float:
        """Return the p-value of a difference in the distribution of numbers."""
        if not self.clustered:
            return float(ks_2samp(first, second).pvalue)
        pooled = np.append(first, second)
        order = np.argsort(pooled, kind="stable")
        last = np.append(np.diff(pooled[order]) > 0, True)

        def gap(side: Flags) -> float:
            """Return the largest distance of the two distribution functions."""
            steps = np.where(side, 1 / side.sum(), -1 / (~side).sum())[order]
            return float(np.abs(np.cumsum(steps)[last]).max())

        return self._permuted(gap)

    def of_words(self, first: Any, second: Any) -> float:
        """Return the p-value of a difference in the shares of words or numbers of classes."""
        words, places = np.unique(np.append(first, second), return_inverse=True)
        if len(words) < 2:
            return 1.0
        places = places.reshape(-1)

        def table(side: Flags) -> Any:
            return np.stack([np.bincount(places[s], minlength=len(words)) for s in (~side, side)])

        if not self.clustered:
            return float(chi2_contingency(table(self._second), correction=False).pvalue)

        def distance(side: Flags) -> float:
            shares = table(side) / np.array([[(~side).sum()], [side.sum()]])
            return float(np.abs(shares[1] - shares[0]).sum())

        return self._permuted(distance)

    def _permuted(self, statistic: Callable[[Flags], float]) -> float:
        """Return the share of permutations with a statistic at least as large, itself counted."""
        own = round(statistic(self._second), _DIGITS)
        drawn = [round(statistic(side), _DIGITS) for side in self._sides()]
        return (1 + sum(value >= own for value in drawn)) / (1 + len(drawn))

    def _sides(self) -> Iterator[Flags]:
        """Yield which photos are in the second table when groups are dealt out by chance."""
        rng = np.random.default_rng(self._seed)
        for _ in range(PERMUTATIONS):
            yield rng.permutation(self._of_second)[self._groups]


def _attribute(first: Sequence[str], second: Sequence[str], test: _Test) -> dict[str, Any]:
    """Return the shares of an attribute's values before and after, and a test."""
    words = sorted({*first, *second})
    shares = [{w: float(np.mean([v == w for v in own])) for w in words} for own in (first, second)]
    return {"before": shares[0], "after": shares[1], "p": test.of_words(first, second)}


def _performance(before: Scored, after: Scored) -> dict[str, Any] | None:
    """Return accuracy, prevalence and sensitivity at both times; None where no truth is known."""
    told = [own.take(own.possible.sum(axis=1) < len(own.outputs)) for own in (before, after)]
    if not all(len(own) for own in told):
        return None
    everyone = [np.ones(len(own), dtype=bool) for own in told]
    per_class = {}
    for index, output in enumerate(before.outputs):
        holds = [own.certain[:, index] for own in told]
        found = [own.predicted == index for own in told]
        per_class[output] = {
            "prevalence": _change(told, holds, everyone),
            "sensitivity": _change(told, found, holds),
        }
    correct = [own.correct for own in told]
    return {"accuracy": _change(told, correct, everyone), "per_class": per_class}


def _change(told: list[Scored], hits: list[Flags], among: list[Flags]) -> dict[str, Any]:
    """Return a share before and after, and the difference with its interval."""
    first, second = (
        share(hit, own, scored.groups, scored.weights)
        for scored, hit, own in zip(told, hits, among, strict=True)
    )
    entry = {
        "before": first.value,
        "before_ci": first.interval,
        "after": second.value,
        "after_ci": second.interval,
        "difference": None,
        "difference_ci": None,
        "p": None,
    }
    return entry | (difference(second, first) or {})
