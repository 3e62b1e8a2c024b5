"""ONNX export: from torch weights to the files that are shipped, ONNX and safetensors."""

import hashlib
import warnings
from pathlib import Path

import onnx
import torch
from safetensors.torch import save
from torch import nn

from reddots.errors import CheckpointError
from reddots.training.networks.network import SpotNetwork, read_tensors
from reddots.training.networks.simulated_head import PREFIX, DeepNetwork, SimulatedHead

OPSET = 17
_ROUNDING = 1e-3  # of the logit, float32; a map that is further off is not exact


class ExportedNetwork(nn.Module):
    """The exported graph: network, class activation maps and simulated head in one."""

    def __init__(self, network: SpotNetwork, head: SimulatedHead | None = None) -> None:
        """Join them; the network's weights are shared."""
        super().__init__()
        self.network = DeepNetwork(network) if head else network
        self.last = network.head
        self.head = head
        self.with_cam = False

    def has_cam(self, image: torch.Tensor) -> bool:
        """Set and return whether the mean of each map is its logit, tried on noise."""
        noise = torch.rand(image.shape, generator=torch.Generator().manual_seed(0))
        with torch.inference_mode():
            logits, features = self.network(noise)[:2]
            maps = self._maps(features)
            self.with_cam = maps is not None and bool(
                torch.allclose(maps.mean((2, 3)), logits, atol=_ROUNDING)
            )
        return self.with_cam

    def _maps(self, features: torch.Tensor) -> torch.Tensor | None:
        if not isinstance(self.last, nn.Linear) or self.last.in_features != features.shape[1]:
            return None
        return nn.functional.conv2d(features, self.last.weight[:, :, None, None], self.last.bias)

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Return logits, last map, maps of the outputs, simulated log likelihood ratios."""
        logits, features, *pooled = self.network(image)
        maps = self._maps(features) if self.with_cam else None
        return (
            logits,
            features,
            *([maps] if maps is not None else []),
            *([self.head(pooled[0])] if self.head else []),
        )


def load_network(weights: Path, backbone: str, outputs: int) -> SpotNetwork:
    """Return the network with trained weights, for evaluation; a simulated head is passed over.

    Raises:
        CheckpointError: the weights are missing or do not fit.
    """
    network = SpotNetwork(backbone, outputs)
    try:
        tensors = read_tensors(weights)
        network.load_state_dict({k: v for k, v in tensors.items() if not k.startswith(PREFIX)})
    except (OSError, RuntimeError, ValueError) as error:
        raise CheckpointError(f"The weights {weights} cannot be loaded: {error}.") from error
    return network.eval()


def export_network(
    network: SpotNetwork, size: int, stem: Path, head: SimulatedHead | None = None
) -> dict[str, str]:
    """Write ``stem``.onnx and ``stem``.safetensors, each whole or not at all; return their sha256.

    The graph takes ``image`` (N × 3 × size × size, float32) and gives ``logits`` (N × K) and
    ``features`` (N × C × h × w), the last feature map; where they follow from its mean by one
    linear layer, ``cam`` (N × K × h × w), the class activation maps; with a head, ``simulated``
    (N × S), natural logarithms of likelihood ratios.
    """
    exported = ExportedNetwork(network, head).eval()
    image = torch.zeros(1, 3, size, size)
    names = ["logits", "features", *(["cam"] if exported.has_cam(image) else [])]
    names += ["simulated"] if head else []
    tensors = {k: v.contiguous() for k, v in network.state_dict().items()}
    if head:
        tensors |= {f"{PREFIX}{k}": v.contiguous() for k, v in head.state_dict().items()}
    hashes = {}
    onnx_path, tensors_path = Path(f"{stem}.onnx"), Path(f"{stem}.safetensors")
    partial = Path(f"{stem}.partial")
    with warnings.catch_warnings():
        # The TorchScript exporter is deprecated, but writes a third faster and the same graph.
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            exported,
            (image,),
            str(partial),
            input_names=["image"],
            output_names=names,
            dynamic_axes={name: {0: "photos"} for name in ("image", *names)},
            opset_version=OPSET,
            dynamo=False,
        )
    onnx.checker.check_model(onnx.load(partial), full_check=True)
    partial.replace(onnx_path)
    partial.write_bytes(save(tensors))  # save_file would make it readable to its owner alone
    partial.replace(tensors_path)
    for name, path in (("onnx", onnx_path), ("safetensors", tensors_path)):
        hashes[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return hashes
