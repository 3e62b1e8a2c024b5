"""Drift between two dated tables: do predictions and photos differ more than chance allows?

Population stability index and the Kolmogorov-Smirnov test of each class's probability, the
chi-squared test of predicted classes, and, where the truth is known, the change in accuracy.
"""

from typing import Any

import numpy as np
from scipy.stats import chi2_contingency, ks_2samp
from statsmodels.stats.multitest import multipletests

from reddots.evaluation.core.scored import Floats, Scored
from reddots.evaluation.metrics.inference.proportions import share
from reddots.evaluation.metrics.subgroups import difference

_BINS = 10
_LEAST = 1e-4
NOTABLE = 0.2  # a stability index from which a shift counts as large (Siddiqi 2006)


def measure_drift(before: Scored, after: Scored) -> dict[str, Any]:
    """Return how the second table differs from the first, as JSON.

    Args:
        before: predictions at one time.
        after: predictions of the same classes at another time, of other photos.

    Example:
        >>> truth = np.eye(2, dtype=bool)[np.arange(60) % 2]
        >>> own = Scored(("a", "b"), truth * 0.8 + 0.1, truth, truth, np.arange(60))
        >>> measure_drift(own, own)["accuracy"]["difference"]
        0.0
    """
    classes: dict[str, Any] = {}
    for index, output in enumerate(before.outputs):
        first, second = before.probabilities[:, index], after.probabilities[:, index]
        classes[output] = {
            "stability_index": stability_index(first, second),
            "p": float(ks_2samp(first, second).pvalue),
            "mean_before": float(first.mean()),
            "mean_after": float(second.mean()),
            "share_before": float(before.certain[:, index].mean()),
            "share_after": float(after.certain[:, index].mean()),
        }
    corrected = multipletests([own["p"] for own in classes.values()], method="holm")[1]
    for own, value in zip(classes.values(), corrected, strict=True):
        own["p_holm"] = float(value)
    counts = np.stack([np.bincount(s.predicted, minlength=len(s.outputs)) for s in (before, after)])
    used = counts[:, counts.sum(axis=0) > 0]
    shares = [share(s.correct, np.ones(len(s), bool), s.groups, s.weights) for s in (before, after)]
    gap = difference(shares[1], shares[0])
    return {
        "n_before": len(before),
        "n_after": len(after),
        "classes": classes,
        "predicted_p": float(chi2_contingency(used).pvalue) if used.shape[1] > 1 else 1.0,
        "accuracy": {"before": shares[0].value, "after": shares[1].value, **(gap or {})},
        "notable_from": NOTABLE,
    }


def stability_index(first: Floats, second: Floats) -> float:
    """Return the population stability index over tenths of the first sample, 0 for no shift."""
    edges = np.unique(np.quantile(first, np.linspace(0, 1, _BINS + 1)[1:-1]))
    places = [np.searchsorted(edges, values, side="right") for values in (first, second)]
    shares = [np.bincount(p, minlength=len(edges) + 1) / len(p) for p in places]
    expected, observed = (np.maximum(own, _LEAST) for own in shares)
    return float(((observed - expected) * np.log(observed / expected)).sum())
