"""Multi-label metrics: classes of which any may hold, each with its own sigmoid.

Nothing is rescaled to a sum of 1. A class is predicted from its threshold on, 0.5 by default.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from sklearn.metrics import f1_score, label_ranking_average_precision_score, roc_auc_score

from reddots.evaluation.core.scored import Scored
from reddots.evaluation.metrics.inference.proportions import share
from reddots.evaluation.metrics.scores import TOO_FEW

DEFAULT_THRESHOLD = 0.5
_EDGE = 1e-12


def measure_multilabel(scored: Scored, thresholds: Mapping[str, float]) -> dict[str, Any]:
    """Return overall metrics of a multi-label sample, as JSON.

    Args:
        scored: the photos; ``certain`` holds each class that is there.
        thresholds: by class, from which probability on it is predicted.

    Returns:
        ``exact_match``, ``hamming_loss``, ``log_loss`` and ``brier`` (means over classes),
        ``macro_auroc``, ``micro_auroc``, ``macro_f1``, ``micro_f1`` and
        ``label_ranking_average_precision``.

    Example:
        >>> truth = np.array([[True, True], [False, True]])
        >>> own = Scored(("a", "b"), truth * 0.8 + 0.1, truth, truth, np.arange(2))
        >>> measure_multilabel(own, {})["exact_match"]
        1.0
    """
    limits = np.array([thresholds.get(o, DEFAULT_THRESHOLD) for o in scored.outputs])
    p, truth, weight = scored.probabilities, scored.certain, scored.weight
    named = p >= limits
    exact = share(
        (named == truth).all(axis=1), np.ones(len(scored), bool), scored.groups, scored.weights
    )
    clipped = np.clip(p, _EDGE, 1 - _EDGE)
    loss = -np.where(truth, np.log(clipped), np.log(1 - clipped)).mean(axis=1)
    both = truth.any(axis=0) & ~truth.all(axis=0)
    some = truth.any(axis=1)
    average: dict[str, Any] = {"sample_weight": weight, "zero_division": 0.0}
    return {
        "exact_match": exact.value,
        "exact_match_ci": exact.interval,
        "hamming_loss": float(weight @ (named != truth).mean(axis=1) / weight.sum()),
        "log_loss": float(weight @ loss / weight.sum()),
        "brier": float(weight @ ((p - truth) ** 2).mean(axis=1) / weight.sum()),
        "macro_auroc": float(
            np.mean(
                [
                    roc_auc_score(truth[:, k], p[:, k], sample_weight=weight)
                    for k in np.flatnonzero(both)
                ]
            )
        )
        if both.any()
        else None,
        "micro_auroc": float(roc_auc_score(truth.ravel(), p.ravel()))
        if truth.any() and not truth.all()
        else None,
        "macro_f1": float(f1_score(truth, named, average="macro", **average)),
        "micro_f1": float(f1_score(truth, named, average="micro", **average)),
        "label_ranking_average_precision": float(
            label_ranking_average_precision_score(truth[some], p[some])
        )
        if some.any()
        else None,
    }


def rates_of_class(scored: Scored, index: int, threshold: float) -> dict[str, Any]:
    """Return the rates of one class at a threshold, with intervals by group."""
    flagged, truth = scored.probabilities[:, index] >= threshold, scored.certain[:, index]
    known = scored.known[:, index]
    result: dict[str, Any] = {"n": int(truth.sum()), "called": int(flagged.sum())}
    for name, hits, among in (
        ("sensitivity", flagged, truth),
        ("specificity", ~flagged, ~truth & known),
        ("ppv", truth, flagged & known),
        ("npv", ~truth, ~flagged & known),
    ):
        result[name], result[f"{name}_ci"] = share(hits, among, scored.groups, scored.weights)
    ppv, sensitivity = result["ppv"] or 0.0, result["sensitivity"]
    result["f1"] = None
    if sensitivity is not None:
        total = ppv + sensitivity
        result["f1"] = 2 * ppv * sensitivity / total if total else 0.0
    result["f1_ci"] = None
    result["threshold"] = threshold
    result["too_few"] = bool(result["n"] < TOO_FEW)
    return result
