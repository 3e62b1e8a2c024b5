"""Agreement of readers: Cohen's and Fleiss' kappa, and the majority.

How often people agree with each other and with the truth beyond chance (Cohen 1960; Fleiss,
Psychological Bulletin 1971;76:378).
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

from reddots.evaluation.core.scored import Whole
from reddots.evaluation.metrics.inference.proportions import share


def agreement(
    names: Sequence[str], decisions: Whole, truth: Whole, groups: Whole, classes: int
) -> dict[str, Any]:
    """Return kappa between readers, of each reader with the truth, and the majority's accuracy.

    Args:
        names: of the R readers.
        decisions: R × N, each reader's class of each photo; −1 where a photo was not read.
        truth: N, the class of each photo.
        groups: N, from 0.
        classes: how many there are.

    Example:
        >>> read = np.array([[0, 1, 1, 0], [0, 1, 1, 0]])
        >>> agreement(["a", "b"], read, np.array([0, 1, 1, 0]), np.arange(4), 2)["fleiss_kappa"]
        1.0
    """
    pairs = {}
    for a, b in combinations(range(len(names)), 2):
        both = (decisions[a] >= 0) & (decisions[b] >= 0)
        pairs[f"{names[a]} and {names[b]}"] = _cohen(decisions[a][both], decisions[b][both])
    complete = (decisions >= 0).all(axis=0)
    fleiss = None
    if len(names) > 1 and complete.any():
        table, _ = aggregate_raters(decisions[:, complete].T, n_cat=classes)
        value = float(fleiss_kappa(table))
        fleiss = None if np.isnan(value) else value
    majority, decided = majority_vote(decisions, classes)
    right = share(majority == truth, decided, groups)
    known = [value for value in pairs.values() if value is not None]
    return {
        "with_truth": {
            name: _cohen(own[own >= 0], truth[own >= 0])
            for name, own in zip(names, decisions, strict=True)
        },
        "between": pairs,
        "mean_between": float(np.mean(known)) if known else None,
        "fleiss_kappa": fleiss,
        "read_by_all": int(complete.sum()),
        "majority": {
            "n": int(decided.sum()),
            "ties": int((~decided & (decisions >= 0).any(axis=0)).sum()),
            "accuracy": right.value,
            "accuracy_ci": right.interval,
        },
    }


def majority_vote(decisions: Whole, classes: int) -> tuple[Whole, Whole]:
    """Return the class with most votes (N), and whether there is a single one (N)."""
    votes = np.stack([(decisions == k).sum(axis=0) for k in range(classes)])
    first = votes.argmax(axis=0)
    single = (votes == votes.max(axis=0)).sum(axis=0) == 1
    return first, single & (votes.max(axis=0) > 0)


def _cohen(first: Whole, second: Whole) -> float | None:
    if not len(first):
        return None
    value = float(cohen_kappa_score(first, second))
    return None if np.isnan(value) else value
