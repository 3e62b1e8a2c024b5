"""Out-of-distribution detection: how well photos that no class fits are separated from the rest."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.metrics import roc_curve

from reddots.evaluation.core.sample import Sample
from reddots.evaluation.core.scored import Floats, Whole
from reddots.evaluation.metrics.scores import auroc
from reddots.tabular.columns import Texts

Scores = Mapping[str, Floats]
LEAST_KEPT = 0.95  # share of strange photos found at which false alarms are counted


def measure_outliers(sample: Sample, gate: str | None) -> dict[str, Any]:
    """Return how well strange photos are found, near (skin) and far (no skin).

    Near are photos whose label no output covers; far are those whose truth is ``gate``, the output
    for photos without skin. The scores are 1 − the top probability (Hendrycks and Gimpel 2017) and
    the gate's own probability.
    """
    scored = sample.scored
    place = scored.outputs.index(gate) if gate in scored.outputs else None
    far = scored.certain[:, place] if place is not None else np.zeros(len(scored), dtype=bool)

    def scores(probabilities: Floats) -> Scores:
        own = {"top_probability": 1 - probabilities.max(axis=1)}
        return own if place is None else {**own, "gate": probabilities[:, place]}

    near = sample.uncovered
    return {
        "gate": gate if place is not None else None,
        **measure_separation(
            scores(scored.probabilities[~far]),
            near=scores(near.probabilities),
            far=scores(scored.probabilities[far]),
        ),
        "uncovered": called_by_label(near.label, near.probabilities.argmax(axis=1), scored.outputs),
    }


def measure_separation(usual: Scores, **strange: Scores) -> dict[str, Any]:
    """Return how well each score separates each kind of strange photos, as JSON.

    Args:
        usual: scores of usual photos by name, higher is stranger; at least one.
        strange: by kind the same scores of its photos.

    Example:
        >>> found = measure_separation({"own": np.zeros(2)}, near={"own": np.ones(3)})
        >>> found["usual"], found["near"]["n"], found["near"]["own"]["auroc"]
        (2, 3, 1.0)
    """
    result: dict[str, Any] = {"usual": len(next(iter(usual.values())))}
    for kind, scores in strange.items():
        result[kind] = {"n": len(next(iter(scores.values())))}
        for name, own in scores.items():
            result[kind][name] = separation(own, usual[name])
    return result


def called_by_label(
    labels: Texts, predicted: Whole, outputs: Sequence[str]
) -> dict[str, dict[str, int]]:
    """Return how often photos (M) of each label were called what, the most frequent first.

    Example:
        >>> called_by_label(np.array(["x", "x", "y"]), np.array([1, 1, 0]), ("a", "b"))
        {'x': {'b': 2}, 'y': {'a': 1}}
    """
    return {
        str(label): _called(predicted[labels == label], outputs) for label in sorted(set(labels))
    }


def separation(strange: Floats, usual: Floats) -> dict[str, float] | None:
    """Return AUROC and the false-alarm share when 95% of the strange are found; None of nothing.

    Args:
        strange: scores of strange photos, higher is stranger.
        usual: scores of the others.
    """
    if not len(strange) or not len(usual):
        return None
    score = np.concatenate([strange, usual])
    positive = np.arange(len(score)) < len(strange)
    false, true, _ = roc_curve(positive, score)
    area = auroc(score, positive)
    first = int(np.flatnonzero(true >= LEAST_KEPT)[0])
    return {"auroc": area if area is not None else float("nan"), "fpr_at_95": float(false[first])}


def _called(places: Any, outputs: Sequence[str]) -> dict[str, int]:
    counts = np.bincount(places, minlength=len(outputs))
    order = np.argsort(-counts, kind="stable")
    return {outputs[i]: int(counts[i]) for i in order if counts[i]}
