"""From torch weights to the files that are shipped: ONNX and safetensors."""

import hashlib
import warnings
from pathlib import Path

import onnx
import torch
from safetensors.torch import save

from reddots.errors import CheckpointError
from reddots.training.networks.network import SpotNetwork, read_tensors
from reddots.training.networks.simulated_head import PREFIX, NetworkWithHead, SimulatedHead

OPSET = 17


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
    ``features`` (N × C × h × w), the last feature map; with a head, also ``simulated`` (N × S),
    natural logarithms of likelihood ratios.
    """
    names = ["logits", "features", *(["simulated"] if head else [])]
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
            NetworkWithHead(network, head).eval() if head else network,
            (torch.zeros(1, 3, size, size),),
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
