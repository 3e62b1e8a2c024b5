"""A photo becomes the network's input in exactly one way, in training's measuring and in use."""

import numpy as np
import pytest
from PIL import Image

from reddots.classifier.preprocessing import InputSpec, prepare

SPEC = InputSpec(32, 32, "center", (0.5, 0.4, 0.3), (0.25, 0.2, 0.1), "bicubic")


def spec(size: int, resize: int, interpolation: str = "bicubic") -> InputSpec:
    return InputSpec(size, resize, "center", (0.0, 0.0, 0.0), (1.0, 1.0, 1.0), interpolation)


def gradient(height: int, width: int) -> np.ndarray:
    """Red grows to the right, green downwards, blue is the same everywhere."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, :, 0] = np.linspace(0, 255, width).round()
    pixels[:, :, 1] = np.linspace(0, 255, height).round()[:, None]
    pixels[:, :, 2] = 77
    return pixels


def noise(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.mark.parametrize("shape", [(32, 32), (40, 90), (90, 40), (7, 5), (1, 1), (300, 301)])
def test_the_input_has_one_shape(shape: tuple[int, int]) -> None:
    image = prepare(noise(*shape), SPEC)
    assert image.shape == (1, 3, 32, 32)
    assert image.dtype == np.float32
    assert image.flags.c_contiguous
    assert np.isfinite(image).all()


def test_each_channel_is_scaled_by_its_own_mean_and_deviation() -> None:
    pixels = np.zeros((32, 32, 3), np.uint8)
    pixels[:, :] = (255, 102, 0)
    image = prepare(pixels, SPEC)
    for channel, value in enumerate([2.0, 0.0, -3.0]):  # (1 - 0.5) / 0.25, (0.4 - 0.4) / 0.2, …
        assert image[0, channel] == pytest.approx(np.full((32, 32), value), abs=1e-6)


def test_a_photo_of_the_right_size_is_not_resampled() -> None:
    pixels = noise(32, 32)
    image = prepare(pixels, spec(32, 32))
    assert np.array_equal(image[0].transpose(1, 2, 0), pixels.astype(np.float32) / 255)


# height, width, columns and rows of the middle that are kept
CUTS = [
    (40, 64, slice(16, 48), slice(4, 36), "a wide photo loses its sides"),
    (64, 40, slice(4, 36), slice(16, 48), "a high photo loses top and bottom"),
    (40, 40, slice(4, 36), slice(4, 36), "a square one an equal rim"),
    (40, 41, slice(4, 36), slice(4, 36), "an odd rim loses more on the right"),
]


@pytest.mark.parametrize(("height", "width", "columns", "rows", "why"), CUTS)
def test_the_middle_is_cut(height: int, width: int, columns: slice, rows: slice, why: str) -> None:
    pixels = noise(height, width)
    image = prepare(pixels, spec(32, 40))
    assert np.array_equal(image[0].transpose(1, 2, 0) * 255, pixels[rows, columns]), why


@pytest.mark.parametrize("interpolation", ["bicubic", "bilinear", "lanczos"])
def test_resampling_is_pillows(interpolation: str) -> None:
    pixels = noise(60, 90)
    image = prepare(pixels, spec(32, 40, interpolation))
    filters = {"bicubic": Image.Resampling.BICUBIC, "bilinear": Image.Resampling.BILINEAR}
    resampling = filters.get(interpolation, Image.Resampling.LANCZOS)
    whole = np.asarray(Image.fromarray(pixels).resize((60, 40), resampling))
    assert np.array_equal((image[0].transpose(1, 2, 0) * 255).round(), whole[4:36, 14:46])


def test_the_shorter_side_sets_the_scale() -> None:
    image = prepare(gradient(100, 200), spec(32, 32))[0] * 255
    left, right = image[0, :, 0].mean(), image[0, :, -1].mean()
    top, bottom = image[1, 0].mean(), image[1, -1].mean()
    assert left == pytest.approx(64, abs=4), "a quarter in"
    assert right == pytest.approx(191, abs=4), "and a quarter from the end"
    assert (top, bottom) == pytest.approx((3, 252), abs=4), "rows are all kept"
    assert image[2] == pytest.approx(np.full((32, 32), 77), abs=0.1)


@pytest.mark.parametrize("shape", [(1, 3_000_000), (3_000_000, 1), (2, 400_000)])
@pytest.mark.slow
def test_a_line_of_pixels_does_not_fill_the_memory(shape: tuple[int, int]) -> None:
    image = prepare(np.full((*shape, 3), 128, np.uint8), spec(256, 256))
    assert image == pytest.approx(np.full((1, 3, 256, 256), 128 / 255), abs=1e-3)


def test_the_ends_of_a_long_photo_change_nothing() -> None:
    pixels = noise(20, 3000)
    other = pixels.copy()
    other[:, :1000] = other[:, 2000:] = 0
    assert np.array_equal(prepare(pixels, spec(32, 40)), prepare(other, spec(32, 40)))
