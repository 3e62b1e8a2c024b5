"""Fits linear heads on pooled depths of rendered pictures."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from scipy.linalg import cho_factor, cho_solve
from torch import nn

from reddots.training.networks.simulated_head import SimulatedHead

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]
_FARTHEST = 6.0  # standard deviations, as the head clips
_LEAST_SPREAD = 1e-4


@dataclass(frozen=True, eq=False)
class Standard:
    """How depths are standardised: (x - centre) · scale, cut off at 6 standard deviations."""

    centre: Floats
    scale: Floats

    @classmethod
    def of(cls, pooled: Floats) -> "Standard":
        """Return what gives each of the D depths of ``pooled`` (N × D) mean 0 and deviation 1."""
        spread = np.maximum(pooled.std(axis=0), _LEAST_SPREAD)
        return cls(pooled.mean(axis=0).astype(np.float32), (1 / spread).astype(np.float32))

    def __call__(self, pooled: Floats) -> Floats:
        """Return standardised depths."""
        found: Floats = np.clip((pooled - self.centre) * self.scale, -_FARTHEST, _FARTHEST)
        return found


def ridge(standard: Floats, truths: Flags, penalty: float) -> tuple[Floats, Floats]:
    """Return weights (K × D) and biases (K) of K linear classifiers of one set of pictures.

    Regularised least squares on ±1 (the discriminant of Fisher 1936 with Hoerl and Kennard's
    penalty, 1970), solved among the N pictures, as they are fewer than the depths.

    Args:
        standard: N × D standardised depths.
        truths: N × K.
        penalty: on the squared weights, in units of N · D.
    """
    mean = standard.mean(axis=0)
    centred = standard - mean
    targets = 2.0 * truths - 1.0
    middle = targets.mean(axis=0)
    gram = (centred @ centred.T).astype(np.float64)
    gram[np.diag_indices_from(gram)] += penalty * standard.size
    solved = cho_solve(cho_factor(gram, overwrite_a=True), targets - middle)
    weights = (solved.T @ centred).astype(np.float32)
    biases = (middle - weights @ mean).astype(np.float32)
    return weights, biases


def linear_head(standard: Standard, weights: Floats, biases: Floats) -> SimulatedHead:
    """Return the head that standardises and then gives K linear outputs."""
    head = SimulatedHead(weights.shape[1], 0, len(weights))
    values = {
        "centre": standard.centre,
        "scale": standard.scale,
        "first.weight": weights,
        "first.bias": biases,
    }
    head.load_state_dict({k: torch.from_numpy(v.astype(np.float32)) for k, v in values.items()})
    return head.eval()


def fit_head(pooled: Floats, bleeding: Flags, penalty: float) -> SimulatedHead:
    """Return the head that tells bleeding (N) from the rest by pooled depths (N × D)."""
    standard = Standard.of(pooled)
    return linear_head(standard, *ridge(standard(pooled), bleeding[:, None], penalty))


def score(head: SimulatedHead, pooled: Floats) -> npt.NDArray[np.float64]:
    """Return the head's first output (N) for pooled depths (N × D)."""
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
