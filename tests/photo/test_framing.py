"""Spots that take up little of the frame are told from close ones, bare skin and rooms."""

import numpy as np
import numpy.typing as npt
import pytest

from reddots.photo.framing import spots_extent
from reddots.photo.quality import LEAST_EXTENT

PALE, BROWN = (205, 160, 135), (120, 82, 62)


def skin(
    reach: float, *, count: int = 12, radius: float = 0.01, ground: tuple[int, int, int] = PALE
) -> npt.NDArray[np.uint8]:
    """Red dots within a square of ``reach`` of the frame, on skin with noise and a slow shade."""
    random, side = np.random.default_rng(1), 320
    y, x = np.mgrid[:side, :side] / side
    pixels = np.full((side, side, 3), ground, np.float64) + random.normal(0, 6, (side, side, 1))
    pixels += 24 * (x - 0.5)[..., None]
    for row, column in 0.5 + reach * (random.random((count, 2)) - 0.5):
        dot = np.hypot(y - row, x - column) < radius
        pixels[dot] = np.array(ground) * (0.8, 0.35, 0.35)
    return np.clip(pixels, 0, 255).astype(np.uint8)


# picture, too far, why
PICTURES = [
    (skin(0.12), True, "a cluster seen from afar"),
    (skin(0.12, ground=BROWN), True, "the same on brown skin"),
    (skin(0.0, count=1, radius=0.04), True, "one small spot in a large frame"),
    (skin(0.9, count=25), False, "spots all over the frame"),
    (skin(0.9, count=25, ground=BROWN), False, "the same on brown skin"),
    (skin(0.0, count=1, radius=0.3), False, "one spot from close"),
    (skin(0.0, count=0), False, "bare skin"),
    (np.random.default_rng(0).integers(0, 256, (300, 400, 3), np.uint8), False, "noise"),
    (np.zeros((300, 200, 3), np.uint8), False, "the dark"),
    (np.zeros((1, 1, 3), np.uint8), False, "one pixel"),
    (np.zeros((1, 4000, 3), np.uint8), False, "a strip"),
]


@pytest.mark.parametrize(("pixels", "far", "why"), PICTURES, ids=[row[2] for row in PICTURES])
def test_far_is_told_from_close(pixels: npt.NDArray[np.uint8], far: bool, why: str) -> None:
    extent = spots_extent(pixels)
    assert (extent is not None and extent < LEAST_EXTENT) is far, (why, extent)


def test_the_extent_follows_what_stands_out() -> None:
    extent = spots_extent(skin(0.5, count=60))
    assert extent == pytest.approx(0.48, abs=0.06)
