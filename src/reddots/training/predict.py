"""Prediction with a torch network: logits and features of photos, preprocessed as for inference."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.utils.data import DataLoader

from reddots.classifier.preprocessing import InputSpec
from reddots.training.dataset import LabelledPhotos, MeasuringPhotos
from reddots.training.mixed_precision import autocast
from reddots.training.networks.network import input_scale
from reddots.training.recipe import Recipe


def input_spec(recipe: Recipe) -> InputSpec:
    """Return the input that a network of this recipe takes."""
    network = recipe.network
    mean, std = input_scale(network.backbone, network.weights)
    return InputSpec(
        network.size,
        network.resize,
        "center",
        network.mean or mean,
        network.std or std,
        "bicubic",
    )


@dataclass(frozen=True, eq=False)
class NetworkOutput:
    """What the network made of N photos.

    Attributes:
        logits: N × K, float32.
        features: N × C, float32, the mean of the last feature map over its places.
    """

    logits: npt.NDArray[np.float32]
    features: npt.NDArray[np.float32]


def network_logits(
    network: nn.Module, photos: LabelledPhotos, spec: InputSpec, workers: int = 0
) -> npt.NDArray[np.float32]:
    """Return the logits (N × K, float32) of all photos, in order, in half precision."""
    return predict_photos(network, photos, spec, workers).logits


def predict_photos(
    network: nn.Module,
    photos: LabelledPhotos,
    spec: InputSpec,
    workers: int = 0,
    *,
    exact: bool = False,
) -> NetworkOutput:
    """Look at all photos, in order.

    With ``exact`` it is worked out in float32, as inference does; else in half precision
    where the device has it.
    """
    network.eval()
    loader = DataLoader(MeasuringPhotos(photos, spec), batch_size=32, num_workers=workers)
    logits, features = [], []
    device = next(network.parameters()).device
    with torch.inference_mode(), autocast(device.type, enabled=not exact):
        for images in loader:
            inputs = images.to(device).contiguous(memory_format=torch.channels_last)
            said, last = network(inputs)
            logits.append(said.float().cpu().numpy())
            features.append(last.float().mean((2, 3)).cpu().numpy())
    return NetworkOutput(np.concatenate(logits), np.concatenate(features))
