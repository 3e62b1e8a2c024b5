"""Last-layer re-training (deep feature reweighting): one output's weights taught anew.

A network's features say more than its last layer makes of photos from elsewhere. So with the
network and all other outputs as they are, the weights of one output are fitted by logistic
regression on photos that the network did not learn from, starting from what they were, and then a
constant is added by what a wrong name costs (Kirichenko et al. 2023, arXiv:2204.02937).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

Floats = npt.NDArray[np.float64]
_STEPS = 200  # of the optimiser, at most; about 60 are needed
_LEAST_SPREAD = 1e-3  # a feature that hardly varies is not scaled up
_HALVINGS = 40
_FARTHEST = 20.0  # nats; beyond, a constant alone decides the name


@dataclass(frozen=True, eq=False)
class Layer:
    """A change of one output's weights.

    Attributes:
        weights: C, added to those of the output.
        bias: added to its constant.
    """

    weights: Floats
    bias: float

    def shift(self, features: npt.NDArray[np.float32]) -> Floats:
        """Return what is added to the output's logit (N), for features (N × C)."""
        return features @ self.weights + self.bias


def fit_output(
    features: npt.NDArray[np.float32],
    logits: npt.NDArray[np.float32],
    truth: npt.NDArray[np.bool_],
    *,
    output: int,
    weights: Floats,
    penalty: float,
) -> Layer:
    """Return the change of one output's weights that tells it best from all the others.

    Args:
        features: N × C, the mean of the last feature map.
        logits: N × K, as the network gives them.
        truth: N, whether a photo shows the output.
        output: its column in ``logits``, which is where the fit starts from.
        weights: N, how much each photo counts; they need not sum to 1.
        penalty: of the squared weights, for standardised features.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> x = rng.normal(size=(200, 2)).astype(np.float32)
        >>> none = np.zeros((200, 2), np.float32)
        >>> layer = fit_output(
        ...     x, none, x[:, 0] > 0, output=1, weights=np.ones(200), penalty=0.01
        ... )
        >>> bool(layer.weights[0] > 5 * abs(layer.weights[1]))
        True
    """
    centre = features.mean(axis=0)
    scale = np.maximum(features.std(axis=0), _LEAST_SPREAD)
    inputs = torch.from_numpy(((features - centre) / scale).astype(np.float32))
    others = np.delete(logits, output, axis=1)
    start = torch.from_numpy(logits[:, output]) - torch.logsumexp(torch.from_numpy(others), dim=1)
    wanted = torch.from_numpy(truth.astype(np.float32))
    counts = torch.from_numpy((weights / weights.sum()).astype(np.float32))
    learnt = torch.zeros(features.shape[1], requires_grad=True)
    constant = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.LBFGS(
        [learnt, constant], max_iter=_STEPS, line_search_fn="strong_wolfe"
    )

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        said = start + inputs @ learnt + constant
        each = functional.binary_cross_entropy_with_logits(said, wanted, reduction="none")
        found = (counts * each).sum() + penalty * learnt.square().sum() / 2
        found.backward()  # type: ignore[no-untyped-call]
        return found

    optimiser.step(loss)  # type: ignore[no-untyped-call]
    change = learnt.detach().numpy().astype(np.float64) / scale
    return Layer(change, float(constant.detach()) - float(centre @ change))


def greatest_constant(
    logits: Floats, truth: npt.NDArray[np.int64], output: int, wrong: float
) -> float:
    """Return the greatest constant for an output that leaves the others their names.

    Added to its logit, at most the share ``wrong`` of the other outputs' photos, each output
    counting the same, is named as it. An output without photos counts for nothing.

    Args:
        logits: N × K, of calibration photos, under the priors in use.
        truth: N, the column of what each shows.
        output: the column of the output.
        wrong: 0 to 1.
    """
    margins = np.delete(logits, output, axis=1).max(axis=1) - logits[:, output]
    parts = [margins[truth == k] for k in np.unique(truth) if k != output]
    low, high = -_FARTHEST, _FARTHEST
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if np.mean([np.mean(part < middle) for part in parts]) > wrong:
            high = middle
        else:
            low = middle
    return low
