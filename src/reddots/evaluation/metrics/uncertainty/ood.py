"""Out-of-distribution detection: how well photos that no class fits are separated from the rest."""

from typing import Any

import numpy as np
from sklearn.metrics import roc_curve

from reddots.evaluation.core.sample import Sample
from reddots.evaluation.core.scored import Floats
from reddots.evaluation.metrics.scores import auroc

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
    usual = scored.probabilities[~far]
    result: dict[str, Any] = {"gate": gate if place is not None else None, "usual": len(usual)}
    for name, strange in (
        ("near", sample.uncovered.probabilities),
        ("far", scored.probabilities[far]),
    ):
        own: dict[str, Any] = {"n": len(strange)}
        own["top_probability"] = separation(1 - strange.max(axis=1), 1 - usual.max(axis=1))
        if place is not None:
            own["gate"] = separation(strange[:, place], usual[:, place])
        result[name] = own
    called = sample.uncovered.probabilities.argmax(axis=1)
    result["uncovered"] = {
        str(label): _called(called[sample.uncovered.label == label], scored.outputs)
        for label in sorted(set(sample.uncovered.label))
    }
    return result


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


def _called(places: Any, outputs: tuple[str, ...]) -> dict[str, int]:
    counts = np.bincount(places, minlength=len(outputs))
    order = np.argsort(-counts, kind="stable")
    return {outputs[i]: int(counts[i]) for i in order if counts[i]}
