"""From torch weights to the files that are shipped: ONNX and safetensors."""

import hashlib
import warnings
from pathlib import Path

import onnx
import torch
from safetensors.torch import load_file, save_file

from reddots.classifier.network import SpotNetwork
from reddots.errors import CheckpointError

OPSET = 17


def load_network(weights: Path, backbone: str, outputs: int) -> SpotNetwork:
    """Return the network with trained weights, for evaluation.

    Raises:
        CheckpointError: the weights are missing or do not fit.
    """
    network = SpotNetwork(backbone, outputs)
    try:
        network.load_state_dict(load_file(weights))
    except (OSError, RuntimeError, ValueError) as error:
        raise CheckpointError(f"The weights {weights} cannot be loaded: {error}.") from error
    return network.eval()


def export_network(network: SpotNetwork, size: int, stem: Path) -> dict[str, str]:
    """Write ``stem``.onnx and ``stem``.safetensors, each whole or not at all; return their sha256.

    The graph takes ``image`` (N × 3 × size × size, float32) and gives ``logits`` (N × K) and
    ``features`` (N × C × h × w), the last feature map.
    """
    hashes = {}
    onnx_path, tensors_path = Path(f"{stem}.onnx"), Path(f"{stem}.safetensors")
    partial = Path(f"{stem}.partial")
    with warnings.catch_warnings():
        # The TorchScript exporter is deprecated, but writes a third faster and the same graph.
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            network,
            (torch.zeros(1, 3, size, size),),
            str(partial),
            input_names=["image"],
            output_names=["logits", "features"],
            dynamic_axes={name: {0: "photos"} for name in ("image", "logits", "features")},
            opset_version=OPSET,
            dynamo=False,
        )
    onnx.checker.check_model(onnx.load(partial), full_check=True)
    partial.replace(onnx_path)
    save_file({k: v.contiguous() for k, v in network.state_dict().items()}, partial)
    partial.replace(tensors_path)
    for name, path in (("onnx", onnx_path), ("safetensors", tensors_path)):
        hashes[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return hashes
