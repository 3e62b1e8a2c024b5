"""Knowledge distillation: learning from the probabilities of finished networks."""

import json
from collections.abc import Sequence
from pathlib import Path

import msgspec
import torch
from torch.nn import functional

from reddots.classifier.preprocessing import InputSpec
from reddots.errors import TrainingError
from reddots.training.mixed_precision import autocast
from reddots.training.networks.network import SpotNetwork
from reddots.training.networks.onnx_export import load_network
from reddots.training.run_folder import RunFolder


class Teachers:
    """Finished runs that look at the same pictures as the network that learns."""

    def __init__(
        self, folders: Sequence[str], outputs: tuple[str, ...], device: torch.device
    ) -> None:
        """Load the best epoch of each run.

        Raises:
            TrainingError: one is no finished run, or has other outputs.
            CheckpointError: its weights cannot be loaded.
        """
        self._teachers = [_load(RunFolder(Path(f)), outputs, device) for f in folders]

    @torch.no_grad()
    def probabilities(self, images: torch.Tensor, temperature: float) -> torch.Tensor:
        """Return the mean of their probabilities (N × K) of images (N × 3 × S × S, 0 to 1).

        Each sees the picture at its own size and scale, its logits divided by ``temperature``.
        """
        found = []
        for network, spec, order in self._teachers:
            mean, std = (images.new_tensor(v).view(1, 3, 1, 1) for v in (spec.mean, spec.std))
            sized = functional.interpolate(
                images, (spec.size, spec.size), mode="bilinear", antialias=True
            )
            inputs = ((sized - mean) / std).contiguous(memory_format=torch.channels_last)
            with autocast(images.device.type):
                logits, _ = network(inputs)
            found.append(torch.softmax(logits.float()[:, order] / temperature, dim=1))
        return torch.stack(found).mean(dim=0)


def distillation_loss(
    logits: torch.Tensor, target: torch.Tensor, temperature: float
) -> torch.Tensor:
    """Return T² KL(target ‖ softmax(logits / T)), the mean over N (Hinton et al. 2015).

    Args:
        logits: N × K.
        target: N × K, the teachers' probabilities at the same temperature.
        temperature: T; its square keeps the gradients' size the same at every T.
    """
    log_p = torch.log_softmax(logits / temperature, dim=1)
    return functional.kl_div(log_p, target, reduction="batchmean") * temperature**2


def _load(
    run: RunFolder, outputs: tuple[str, ...], device: torch.device
) -> tuple[SpotNetwork, InputSpec, list[int]]:
    try:
        facts = json.loads(run.facts.read_bytes())
        spec = msgspec.convert(facts["input"], InputSpec)
        own = [str(o) for o in facts["outputs"]]
    except (OSError, ValueError, KeyError) as error:
        raise TrainingError(f"The teacher {run.path} is no training run.") from error
    if set(own) != set(outputs):
        raise TrainingError(
            f"The teacher {run.path} tells {', '.join(own)} apart, not {', '.join(outputs)}."
        )
    network = load_network(run.best, facts["backbone"], len(own)).to(device)
    return network, spec, [own.index(o) for o in outputs]
