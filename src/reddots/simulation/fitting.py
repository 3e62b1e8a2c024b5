"""Fits the simulated head on pooled depths of painted pictures."""

import numpy as np
import numpy.typing as npt
import torch
from sklearn.linear_model import LogisticRegression
from torch import nn

from reddots.classifier.simulated_head import SimulatedHead

Floats = npt.NDArray[np.float32]
_FARTHEST = 6.0  # standard deviations, as the head clips


def fit_linear(pooled: Floats, bleeding: npt.NDArray[np.bool_], strength: float) -> SimulatedHead:
    """Return a linear head: logistic regression on standardised depths.

    Args:
        pooled: N × D.
        bleeding: N.
        strength: inverse of the penalty on squared weights.
    """
    centre, scale = pooled.mean(axis=0), 1 / np.maximum(pooled.std(axis=0), 1e-4)
    standard = np.clip((pooled - centre) * scale, -_FARTHEST, _FARTHEST)
    model = LogisticRegression(C=strength, max_iter=300, class_weight="balanced")
    model.fit(standard, bleeding)
    head = SimulatedHead(pooled.shape[1], 0)
    values = {
        "centre": centre,
        "scale": scale,
        "first.weight": model.coef_,
        "first.bias": model.intercept_,
    }
    head.load_state_dict({k: torch.from_numpy(v.astype(np.float32)) for k, v in values.items()})
    return head.eval()


def score(head: SimulatedHead, pooled: Floats) -> npt.NDArray[np.float64]:
    """Return the head's output (N, natural logarithm of a likelihood ratio) for pooled depths."""
    with torch.inference_mode():
        found: npt.NDArray[np.float64] = head(torch.from_numpy(pooled))[:, 0].double().numpy()
    return found


def rescaled(head: SimulatedHead, slope: float, intercept: float) -> SimulatedHead:
    """Return the head whose output is ``slope`` times the old one, plus ``intercept``."""
    state = {name: tensor.clone() for name, tensor in head.state_dict().items()}
    last = "last" if head.last is not None else "first"
    state[f"{last}.weight"] *= slope
    state[f"{last}.bias"] = state[f"{last}.bias"] * slope + intercept
    hidden = head.last.in_features if isinstance(head.last, nn.Linear) else 0
    new = SimulatedHead(len(head.centre), hidden)
    new.load_state_dict(state)
    return new.eval()
