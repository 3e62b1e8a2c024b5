"""Sets of outputs that should hold the truth: how often they do, and how large they are."""

from typing import Any

import numpy as np

from reddots.evaluation.core.scored import Flags, Floats, Scored
from reddots.evaluation.metrics.scores import wilson

LEVEL = 0.9
_HALVES = 2


def measure_sets(sets: Flags, scored: Scored) -> dict[str, Any]:
    """Return coverage, over all photos and by output, and sizes of prediction sets (N × K).

    A coarse truth is covered when any of its parts is in the set.
    """
    covered = np.any(sets & scored.may, axis=1)
    size = sets.sum(axis=1)
    single = size == 1
    per_output = {}
    for index, output in enumerate(scored.outputs):
        own = scored.surely[:, index]
        hits, total = int(covered[own].sum()), int(own.sum())
        per_output[output] = {
            "n": total,
            "coverage": hits / total if total else None,
            "coverage_ci": wilson(hits, total),
            "mean_size": float(size[own].mean()) if total else None,
        }
    hits = int(covered.sum())
    return {
        "n": len(scored),
        "coverage": hits / len(scored),
        "coverage_ci": wilson(hits, len(scored)),
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
    """Return sets (N × K) made from the table's own probabilities; None from too few groups.

    Half of the groups sets the threshold for the other half and the other way round: least
    ambiguous sets with score 1 − p of the truth (Sadinle, Lei and Wasserman 2019). A coarse truth
    has the score of its likeliest part.
    """
    count = int(scored.groups.max()) + 1
    if count < _HALVES:
        return None
    half = np.random.default_rng(seed).permutation(count) % _HALVES
    side = half[scored.groups]
    scores = 1 - np.where(scored.may, scored.probabilities, 0.0).max(axis=1)
    sets = np.zeros_like(scored.may)
    for own in range(_HALVES):
        limit = quantile(scores[side != own], level)
        # The same subtraction on both sides, so that rounding cannot part equal values.
        sets[side == own] = 1 - scored.probabilities[side == own] <= limit
    return sets


def quantile(scores: Floats, level: float = LEVEL) -> float:
    """Return the ⌈(n + 1) level⌉-th smallest score; 1, so that sets hold all, from too few."""
    rank = int(np.ceil((len(scores) + 1) * level))
    return 1.0 if rank > len(scores) else float(np.sort(scores)[rank - 1])
