"""Skin of permitted photos, cut out to be rendered on."""

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy.ndimage import gaussian_filter, median_filter

from reddots.photo.colour import luma, to_linear
from reddots.simulation.rendering.chromophores import read_chromophores
from reddots.simulation.rendering.optics import linear_rgb, skin_reflectance
from reddots.simulation.rendering.renderer import SkinPatch
from reddots.simulation.rendering.shapes import Generator, Map

LEAST_SKIN = 0.25  # share of a patch
# Bounds of Cr and Cb, after Chai and Ngan, IEEE Trans Circuits Syst Video Technol 1999;9:551,
# widened for inflamed and for dark skin.
_CR, _CB = (130, 188), (70, 137)
_DARKEST = 18


def photo_patch(
    pixels: npt.NDArray[np.uint8],
    side: int,
    rng: Generator,
    scale: tuple[float, float] = (0.5, 1.0),
) -> SkinPatch | None:
    """Return a random square of a photo; None when too little of it is skin.

    Args:
        pixels: uint8, height × width × 3, sRGB.
        side: of the patch, pixels.
        rng: chance.
        scale: least and greatest side of the square, as a share of the photo's shorter side.
    """
    height, width = pixels.shape[:2]
    cut = max(8, round(min(height, width) * rng.uniform(*scale)))
    top, left = rng.integers(height - cut + 1), rng.integers(width - cut + 1)
    square = Image.fromarray(pixels[top : top + cut, left : left + cut])
    resized = np.asarray(square.resize((side, side), Image.Resampling.BICUBIC))
    mask = skin_mask(resized)
    if mask.mean() < LEAST_SKIN:
        return None
    return SkinPatch(resized, mask, _melanosomes(resized, mask))


def skin_mask(pixels: npt.NDArray[np.uint8]) -> Map:
    """Return where skin is (H × W, 0 to 1, soft at the edge) by its chrominance."""
    red, blue = (pixels[..., c].astype(np.float32) for c in (0, 2))
    light = luma(pixels)
    cr, cb = 128 + 0.713 * (red - light), 128 + 0.564 * (blue - light)
    skin = (cr > _CR[0]) & (cr < _CR[1]) & (cb > _CB[0]) & (cb < _CB[1]) & (light > _DARKEST)
    # At a quarter of the size: the median is slow, and the mask is smooth anyway.
    quarter = median_filter(skin[::4, ::4].astype(np.uint8), 3).astype(np.float32)
    large = np.repeat(np.repeat(quarter, 4, axis=0), 4, axis=1)[: skin.shape[0], : skin.shape[1]]
    mask: Map = gaussian_filter(large, 2)
    return mask


def _melanosomes(pixels: npt.NDArray[np.uint8], mask: Map) -> float:
    """Return the melanin of which skin has this ratio of blue to red light."""
    skin = to_linear(pixels[mask > 0.5]).mean(axis=0)
    tones = [sum(pair) / 2 for pair in read_chromophores().skin.melanosomes.values()]
    colours = linear_rgb(np.stack([skin_reflectance(tone, 0.01) for tone in tones]))
    ratios = colours[:, 2] / colours[:, 0]
    return float(np.interp(-skin[2] / max(float(skin[0]), 1e-3), -ratios, tones))
