"""Classifier of healthy skin by rules: whether a crop shows skin without spots."""

from typing import Final

import numpy as np
import numpy.typing as npt

from reddots.datasets.healthy_skin.skin_mask import at_short_side, blurred, hue
from reddots.photo.colour import Plane, to_lab

Pixels = npt.NDArray[np.uint8]

_BLOCKS: Final = 4  # along each side
_LOOKED_AT: Final = 112  # pixels of an area's short side when it is looked at closely
_RED_SPOTS: Final = 3.0  # of a*, above the surroundings
_DARK_SPOTS: Final = 4.5  # of L*, below them
_BLOTCHES: Final = 1.2  # times those of healthy skin


def is_healthy(pixels: Pixels) -> bool:
    """Return whether an area (H × W × 3, uint8) shows skin without spots, blotches or scales."""
    lightness, redness, yellowness = to_lab(at_short_side(pixels, _LOOKED_AT))
    coloured = (np.hypot(redness, yellowness) > 5) & (lightness > 12)
    weight = blurred(coloured.astype(np.float32), 9) > 0.9
    if weight.mean() < 0.1 or not _even(lightness, redness, yellowness):
        return False

    def band(plane: Plane, width: int, wider: int) -> Plane:
        difference: Plane = between_blurs(plane, weight, width, wider)[weight]
        return difference

    coarse, yellow = band(lightness, 17, 33), band(yellowness, 17, 33)
    # Each divided by its median over areas that were judged healthy by eye.
    blotches = (
        coarse.std() / 0.45,
        -np.percentile(coarse, 1) / 1.11,
        yellow.std() / 0.31,
        -np.percentile(yellow, 1) / 0.8,
        -np.percentile(band(lightness, 9, 17), 1) / 1.14,
        -np.percentile(band(lightness, 5, 9), 1) / 2.24,
        band(redness, 17, 33).std(),
    )
    return bool(
        np.percentile(band(redness, 3, 17), 99.7) < _RED_SPOTS
        and np.percentile(-band(lightness, 5, 17), 99.7) < _DARK_SPOTS
        and sum(blotches) / 6 < _BLOTCHES
    )


def between_blurs(
    plane: Plane, where: npt.NDArray[np.generic], width: int = 17, wider: int = 33
) -> Plane:
    """Return what of a plane (H × W) lies between two blurs, over the places of a mask."""
    weight = where.astype(np.float32)
    near, far = (
        blurred(plane * weight, w) / np.maximum(blurred(weight, w), np.float32(1e-3))
        for w in (width, wider)
    )
    difference: Plane = near - far
    return difference


def _even(lightness: Plane, redness: Plane, yellowness: Plane) -> bool:
    """Return whether no block of an area is redder or rougher than the others."""
    angle = hue(blurred(redness, 5), blurred(yellowness, 5))
    usable = (np.hypot(redness, yellowness) > 5) & (lightness > 12)
    usable &= (angle > 15) & (angle < 92)
    fine = abs(lightness - blurred(lightness, 7))
    height, width = lightness.shape
    red, rough, sharpest = [], [], []
    for i, j in np.ndindex(_BLOCKS, _BLOCKS):
        rows = slice(i * height // _BLOCKS, (i + 1) * height // _BLOCKS)
        block = (rows, slice(j * width // _BLOCKS, (j + 1) * width // _BLOCKS))
        here = usable[block]
        if here.mean() > 0.7:
            red.append(redness[block][here].mean())
            rough.append(fine[block][here].mean())
            sharpest.append(np.percentile(fine[block][here], 98))
    if len(red) < 5:
        return False
    return bool(
        max(red) - np.median(red) < 3.2
        and max(rough) / np.median(rough) < 1.7
        and max(sharpest) / np.median(sharpest) < 2.2
    )
