"""Simulated head: a classifier on pooled features of several depths, for simulated outputs."""

from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn

from reddots.errors import CheckpointError
from reddots.training.networks.network import SpotNetwork

PREFIX = "simulated."  # of the head's tensors in a checkpoint
_LEAST_VARIANCE = 1e-6


def pool(maps: Sequence[torch.Tensor]) -> torch.Tensor:
    """Return mean, maximum and standard deviation of each channel of each map (N × 3·ΣC)."""
    found = []
    for features in maps:
        mean = features.mean((2, 3))
        square = (features * features).mean((2, 3))
        found += [mean, features.amax((2, 3)), (square - mean * mean + _LEAST_VARIANCE).sqrt()]
    return torch.cat(found, 1)


class DeepNetwork(nn.Module):
    """A spot network that shows what it sees at several depths."""

    def __init__(self, network: SpotNetwork) -> None:
        """Look into ``network``, whose weights are shared."""
        super().__init__()
        self.network = network

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return logits (N × K), last map (N × C × h × w) and pooled depths (N × D)."""
        body = self.network.body
        features, maps = body.forward_intermediates(image)
        logits: torch.Tensor = body.forward_head(features)
        # The first map is at half of the input's size: costly to pool, and only colour and edges.
        return logits, features, pool([*maps[1:], features])


class SimulatedHead(nn.Module):
    """Standardises pooled depths and gives the logarithm of a likelihood ratio for each output."""

    centre: torch.Tensor
    scale: torch.Tensor

    def __init__(self, inputs: int, hidden: int, outputs: int = 1) -> None:
        """Build it; with ``hidden`` 0 it is linear."""
        super().__init__()
        self.register_buffer("centre", torch.zeros(inputs))
        self.register_buffer("scale", torch.ones(inputs))
        self.first = nn.Linear(inputs, hidden or outputs)
        self.last = nn.Linear(hidden, outputs) if hidden else None

    def forward(self, pooled: torch.Tensor) -> torch.Tensor:
        """Return natural logarithms of likelihood ratios (N × outputs)."""
        # Inputs far outside of what was rendered must not run away.
        found: torch.Tensor = ((pooled - self.centre) * self.scale).clamp(-6, 6)
        found = self.first(found)
        return found if self.last is None else self.last(torch.relu(found))


def load_head(weights: Path, prefix: str = PREFIX) -> SimulatedHead | None:
    """Return the simulated head of a safetensors file; None when it holds none.

    Raises:
        CheckpointError: the file cannot be read, or the head in it is not whole.
    """
    try:
        tensors = load_file(weights)
        own = {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
        if not own:
            return None
        width, inputs = own["first.weight"].shape
        hidden = width if "last.weight" in own else 0
        head = SimulatedHead(inputs, hidden, len(own["last.bias" if hidden else "first.bias"]))
        head.load_state_dict(own)
    except (OSError, RuntimeError, ValueError, KeyError) as error:
        raise CheckpointError(
            f"The simulated head in {weights} is not in order: {error}."
        ) from error
    return head.eval()
