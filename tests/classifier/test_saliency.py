"""What mattered in a photo: exact where the network allows it, found by covering elsewhere."""

import io
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from reddots.classifier.model import Classifier
from reddots.classifier.saliency import overlay, saliency_map
from tiny_checkpoint import RED, SKIN

SIDE = 96


class BrightCorner:
    """Stands in for a network without a map; it sees how bright the top left quarter is."""

    outputs = ("bright", "dark")
    side_car = SimpleNamespace(temperature=1.0)

    def logits(self, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        height, width = pixels.shape[:2]
        brightness = pixels[: height // 2, : width // 2].mean() / 255
        return np.array([4 * brightness, 0], dtype=np.float32)

    def activation(self, pixels: npt.NDArray[np.uint8], output: str) -> None:
        """It has none."""


def corner() -> npt.NDArray[np.uint8]:
    pixels = np.zeros((120, 120, 3), np.uint8)
    pixels[:60, :60] = 255
    return pixels


def spotted(height: int, width: int, top: int, left: int) -> npt.NDArray[np.uint8]:
    pixels = np.full((height, width, 3), SKIN, np.uint8)
    pixels[top : top + 18, left : left + 18] = RED
    return pixels


def test_without_a_map_it_points_to_the_corner_that_matters() -> None:
    mattered = saliency_map(BrightCorner(), corner(), "bright")  # type: ignore[arg-type]
    assert mattered is not None
    assert mattered[:2, :2].min() > 0.3
    assert mattered[4:, 4:].max() < 0.05


def test_without_a_map_it_says_where_nothing_matters() -> None:
    grey = np.full((120, 120, 3), 90, np.uint8)
    assert saliency_map(BrightCorner(), grey, "bright") is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("size", "spot", "why"),
    [
        ((SIDE, SIDE), (60, 12), "a square photo is seen whole"),
        ((SIDE, 2 * SIDE), (20, 100), "of a wide photo, the middle"),
        ((2 * SIDE, SIDE), (90, 60), "of a tall photo, the middle"),
    ],
)
def test_it_points_to_the_red_spot(
    tiny_checkpoint: Path, size: tuple[int, int], spot: tuple[int, int], why: str
) -> None:
    top, left = spot
    pixels = spotted(*size, *spot)
    mattered = saliency_map(Classifier.load(tiny_checkpoint), pixels, "cherry_angioma")
    assert mattered is not None, why
    assert mattered.shape == size
    y, x = np.unravel_index(mattered.argmax(), mattered.shape)
    assert top - 6 <= y <= top + 24, why
    assert left - 6 <= x <= left + 24, why
    assert float(np.median(mattered)) < 0.05, "the skin around it did not matter"


def test_plain_skin_has_no_part_that_stands_out(tiny_checkpoint: Path) -> None:
    plain = np.full((SIDE, SIDE, 3), SKIN, np.uint8)
    assert saliency_map(Classifier.load(tiny_checkpoint), plain, "cherry_angioma") is None


@pytest.mark.parametrize("file_format", ["JPEG", "PNG"])
def test_the_picture_is_blue_where_it_matters(file_format: str) -> None:
    heat = np.zeros((6, 6))
    heat[0, 0] = 1
    data = overlay(np.full((90, 90, 3), 200, np.uint8), heat, file_format)
    with Image.open(io.BytesIO(data)) as shown:
        assert shown.format == file_format
        red, _, blue = shown.getpixel((2, 2))
        assert blue > red + 30
        assert shown.getpixel((80, 80))[0] > 190
