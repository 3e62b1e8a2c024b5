"""Recalibration, cross-fitted: what temperature or logistic scaling would gain on other patients.

Half of the groups fits the scaling for the other half and the other way round (Guo et al., ICML
2017; Platt 1999), so that no photo is scored by a scaling that knew it. Another prevalence is
reached by Bayes' rule, and the photos weighted to it (Saerens et al., Neural Computation
2002;14:21).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression

from reddots.classifier.softmax import softmax
from reddots.evaluation.core.scored import Flags, Floats, Scored
from reddots.evaluation.metrics.calibration.ece import top_class_error
from reddots.evaluation.metrics.scores import losses

_EDGE = 1e-12
_LEAST_GROUPS = 20
Scaling = Callable[[Floats], Floats]


def recalibrate(scored: Scored, seed: int = 0) -> dict[str, Any] | None:
    """Return log loss and calibration error before and after, as JSON; None from too few groups.

    Example:
        >>> truth = np.eye(2, dtype=bool)[np.arange(40) % 2]
        >>> p = np.full((40, 2), 0.5)
        >>> recalibrate(Scored(("a", "b"), p, truth, truth, np.arange(40)))["none"]["log_loss"] > 0
        True
    """
    count = int(scored.groups.max()) + 1
    if count < _LEAST_GROUPS:
        return None
    half = np.random.default_rng(seed).permutation(count) % 2
    side = half[scored.groups]
    result: dict[str, Any] = {"none": _scores(scored)}
    for name, fit in (("temperature", fit_temperature), ("logistic", fit_logistic)):
        scaled = np.empty_like(scored.probabilities)
        for own in range(2):
            scaling = fit(scored.probabilities[side != own], scored.possible[side != own])
            scaled[side == own] = scaling(scored.probabilities[side == own])
        result[name] = _scores(replace(scored, probabilities=scaled))
    return result


def fit_temperature(p: Floats, possible: Flags) -> Scaling:
    """Return the scaling by the one temperature with the least log loss, from 0.05 to 20."""
    logits = np.log(np.clip(p, _EDGE, 1))

    def loss(log_temperature: float) -> float:
        return float(losses(softmax(logits / np.exp(log_temperature)), possible).mean())

    best = float(np.exp(minimize_scalar(loss, bounds=(-3, 3), method="bounded").x))
    return lambda q: softmax(np.log(np.clip(q, _EDGE, 1)) / best)


def fit_logistic(p: Floats, possible: Flags) -> Scaling:
    """Return the scaling of each class by its own logistic regression, rows then summing to 1."""
    models = []
    for column, truth in zip(_logit(p).T, possible.T, strict=True):
        both = truth.any() and not truth.all()
        model = LogisticRegression(C=1e4, solver="newton-cholesky") if both else None
        models.append(None if model is None else model.fit(column[:, None], truth))

    def scaling(q: Floats) -> Floats:
        columns = [
            q[:, k] if model is None else model.predict_proba(column[:, None])[:, 1]
            for k, (model, column) in enumerate(zip(models, _logit(q).T, strict=True))
        ]
        scaled = np.clip(np.stack(columns, axis=1), _EDGE, 1)
        result: Floats = scaled / scaled.sum(axis=1, keepdims=True)
        return result

    return scaling


def shift_prevalence(scored: Scored, expected: Mapping[str, float]) -> dict[str, Any] | None:
    """Return the scores where classes have other shares; None unless every class has one.

    Probabilities are changed by Bayes' rule and photos weighted, so that both are of the new mix.
    """
    shares = np.array([expected.get(o, np.nan) for o in scored.outputs])
    counts = (scored.certain * scored.weight[:, None]).sum(axis=0)
    inside = (~np.isnan(shares)) & (shares > 0) & (counts > 0)
    rows = scored.exact & (scored.certain & inside).any(axis=1)
    if inside.sum() < 2 or not rows.any():  # a mix needs two
        return None
    ratio = np.where(inside, shares / np.where(counts > 0, counts / counts[inside].sum(), 1), 0)
    shifted = scored.probabilities[rows] * np.nan_to_num(ratio)
    sums = shifted.sum(axis=1, keepdims=True)
    shifted = np.where(sums > 0, shifted / np.where(sums > 0, sums, 1), scored.probabilities[rows])
    weights = np.nan_to_num(ratio)[scored.certain[rows].argmax(axis=1)] * scored.weight[rows]
    own = replace(scored.take(rows), probabilities=shifted, weights=weights)
    classes = [o for o, kept in zip(scored.outputs, inside, strict=True) if kept]
    return {"classes": classes, "n": int(rows.sum()), **_scores(own)}


def _scores(scored: Scored) -> dict[str, float | list[float] | None]:
    weight = scored.weight
    return {
        "accuracy": float(weight @ scored.correct / weight.sum()),
        "log_loss": float(weight @ losses(scored.probabilities, scored.possible) / weight.sum()),
        **top_class_error(scored),
    }


def _logit(p: Floats) -> Floats:
    clipped = np.clip(p, 1e-6, 1 - 1e-6)
    result: Floats = np.log(clipped / (1 - clipped))
    return result
