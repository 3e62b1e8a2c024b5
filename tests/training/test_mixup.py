"""Mixing photos of a batch: off by default, and honest about how much of each is left."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs torch, of the extra “train”")

import torch

from reddots.training.mixup import Mixing


def batch() -> torch.Tensor:
    """Eight photos, each of one value: its number."""
    return torch.arange(8.0).view(8, 1, 1, 1).expand(8, 3, 20, 20).contiguous()


def test_without_a_strength_nothing_is_mixed() -> None:
    images, mixing = batch(), Mixing(0.0, 0.0)
    assert not mixing
    assert mixing(images).images is images
    assert mixing(images).share == 1.0


# mixup, cutmix, why
KINDS = [(0.4, 0.0, "blended"), (0.0, 1.0, "pasted"), (0.4, 1.0, "either by chance")]


@pytest.mark.parametrize(("mixup", "cutmix", "why"), KINDS)
def test_a_photo_keeps_the_share_that_is_told(mixup: float, cutmix: float, why: str) -> None:
    np.random.seed(0)
    images, mixing = batch(), Mixing(mixup, cutmix)
    for _ in range(20):
        mixed = mixing(images)
        assert 0 <= mixed.share <= 1
        own, other = torch.arange(8.0), mixed.others.float()
        expected = mixed.share * own + (1 - mixed.share) * other
        assert torch.allclose(mixed.images.mean((1, 2, 3)), expected, atol=1e-4), why
    assert torch.equal(images, batch()), "the given photos are left as they were"


def test_one_seed_mixes_one_way() -> None:
    found = []
    for _ in range(2):
        np.random.seed(3)
        found.append(Mixing(0.4, 1.0)(batch()))
    assert torch.equal(found[0].images, found[1].images)
    assert found[0].share == found[1].share


def test_a_pasted_part_is_a_rectangle_of_the_other_photo() -> None:
    np.random.seed(1)
    mixed = Mixing(0.0, 1.0)(batch())
    for image, own, other in zip(mixed.images, range(8), mixed.others.tolist(), strict=True):
        assert set(image.unique().tolist()) <= {float(own), float(other)}
