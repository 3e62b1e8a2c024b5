"""Conformal prediction sets: how often they hold the truth, and how large they are.

The table's own sets, and sets made from its probabilities by splitting groups in halves: least
ambiguous sets (LAC), one threshold a class, and the adaptive sets APS and RAPS through MAPIE.
"""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin

from reddots.evaluation.core.scored import Flags, Floats, Scored, Whole
from reddots.evaluation.metrics.inference.proportions import share

LEVEL = 0.9
_HALVES = 2
_LEAST_GROUPS = 20
_LEAST_CLASSES = {"class_conditional": 2, "aps": 3, "raps": 3}  # MAPIE takes two for LAC only
_LEAST_PHOTOS = {"class_conditional": 20, "aps": 20, "raps": 100}  # RAPS sets a fifth aside


def measure_sets(sets: Flags, scored: Scored) -> dict[str, Any]:
    """Return coverage, over all photos and by output, and sizes of prediction sets (N × K).

    A coarse truth is covered when any of its parts is in the set.
    """
    covered = np.any(sets & scored.possible, axis=1)
    size = sets.sum(axis=1)
    single = size == 1
    per_output = {}
    for index, output in enumerate(scored.outputs):
        own = scored.certain[:, index]
        total = int(own.sum())
        held = share(covered, own, scored.groups, scored.weights)
        per_output[output] = {
            "n": total,
            "coverage": held.value,
            "coverage_ci": held.interval,
            "mean_size": float(size[own].mean()) if total else None,
        }
    held = share(covered, np.ones(len(scored), dtype=bool), scored.groups, scored.weights)
    return {
        "n": len(scored),
        "coverage": held.value,
        "coverage_ci": held.interval,
        "mean_size": float(size.mean()),
        "empty": int((size == 0).sum()),
        "single": int(single.sum()),
        "single_right": int(covered[single].sum()),
        "sizes": {
            str(s): int(n) for s, n in zip(*np.unique(size, return_counts=True), strict=True)
        },
        "per_output": per_output,
    }


def split_conformal(scored: Scored, seed: int, level: float = LEVEL) -> Flags | None:
    """Return least ambiguous sets (N × K) of the table's probabilities; None from too few groups.

    Half of the groups sets the threshold for the other half and the other way round: least
    ambiguous sets with score 1 − p of the truth (Sadinle, Lei and Wasserman 2019). A coarse truth
    has the score of its likeliest part.
    """
    count = int(scored.groups.max()) + 1
    if count < _HALVES:
        return None
    half = np.random.default_rng(seed).permutation(count) % _HALVES
    side = half[scored.groups]
    scores = 1 - np.where(scored.possible, scored.probabilities, 0.0).max(axis=1)
    sets = np.zeros_like(scored.possible)
    for own in range(_HALVES):
        limit = quantile(scores[side != own], level)
        # The same subtraction on both sides, so that rounding cannot part equal values.
        sets[side == own] = 1 - scored.probabilities[side == own] <= limit
    return sets


def quantile(scores: Floats, level: float = LEVEL) -> float:
    """Return the ⌈(n + 1) level⌉-th smallest score; 1, so that sets hold all, from too few."""
    rank = int(np.ceil((len(scores) + 1) * level))
    return 1.0 if rank > len(scores) else float(np.sort(scores)[rank - 1])


METHODS = ("lac", "class_conditional", "aps", "raps")


def conformal_sets(
    scored: Scored, method: str, seed: int = 0, level: float = LEVEL
) -> Flags | None:
    """Return the sets (N × K) of one of ``METHODS``; None where halves have too few photos.

    ``aps`` (Romano, Sesia and Candès 2020) and ``raps`` (Angelopoulos et al. 2021) are MAPIE's and
    take photos with a single truth to set their threshold; ``class_conditional`` is Mondrian
    conformal prediction (Vovk 2012), one threshold for each class.

    Example:
        >>> conformal_sets(Scored(("a",), np.ones((1, 1)), np.ones((1, 1), bool),
        ...     np.ones((1, 1), bool), np.zeros(1, int)), "aps") is None
        True
    """
    if method == "lac":
        return split_conformal(scored, seed, level)
    count = int(scored.groups.max()) + 1
    if count < _LEAST_GROUPS or len(scored.outputs) < _LEAST_CLASSES[method]:
        return None
    side = (np.random.default_rng(seed).permutation(count) % _HALVES)[scored.groups]
    sets = np.zeros_like(scored.possible)
    for own in range(_HALVES):
        fit, asked = scored.take((side != own) & scored.exact), scored.probabilities[side == own]
        if len(fit) < _LEAST_PHOTOS[method] or not len(asked):
            return None
        make = _class_conditional if method == "class_conditional" else _adaptive(method)
        sets[side == own] = make(fit, asked, level)
    return sets


def _class_conditional(fit: Scored, asked: Floats, level: float) -> Flags:
    own = fit.certain.argmax(axis=1)
    scores = 1 - fit.probabilities[np.arange(len(fit)), own]
    limits = np.array([quantile(scores[own == k], level) for k in range(len(fit.outputs))])
    result: Flags = 1 - asked <= limits
    return result


def _adaptive(method: str) -> Callable[[Scored, Floats, float], Flags]:
    def make(fit: Scored, asked: Floats, level: float) -> Flags:
        from mapie.classification import SplitConformalClassifier

        model = SplitConformalClassifier(
            GivenProbabilities(len(fit.outputs)),
            confidence_level=level,
            conformity_score=method,
            prefit=True,
            random_state=0,
        )
        with warnings.catch_warnings():
            # A class without a photo in one half needs no threshold of its own here.
            warnings.filterwarnings("ignore", message=".*less labels than your training dataset")
            model.conformalize(_normal(fit.probabilities), fit.certain.argmax(axis=1))
        _, sets = model.predict_set(_normal(asked))
        result: Flags = sets[:, :, 0]
        return result

    return make


class GivenProbabilities(ClassifierMixin, BaseEstimator):  # type: ignore[misc] # no stubs
    """A fitted scikit-learn classifier whose features are the probabilities themselves."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.classes_ = np.arange(count)

    def fit(self, x: Floats, y: Whole) -> "GivenProbabilities":
        """Do nothing: the probabilities are given."""
        del x, y
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def predict_proba(self, x: Floats) -> Floats:
        """Return the features."""
        return x

    def predict(self, x: Floats) -> Whole:
        """Return the likeliest class."""
        result: Whole = x.argmax(axis=1)
        return result


def _normal(p: Floats) -> Floats:
    result: Floats = p / p.sum(axis=1, keepdims=True)
    return result
