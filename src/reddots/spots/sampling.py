"""Colour of each spot and of the skin around it, sampled at a few places (CIE L*a*b*)."""

from typing import Final

import numpy as np
import numpy.typing as npt

from reddots.photo.colour import to_lab

_TURNS: Final = np.linspace(0, 2 * np.pi, 12, endpoint=False)
_CORE: Final = 0.45  # of the radius
_AROUND: Final = 1.6  # of the radius, and 2 pixels


def spot_colours(
    pixels: npt.NDArray[np.uint8], places: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Return the colour of each spot and of its surroundings (each N × 3: L*, a*, b*).

    Args:
        pixels: H × W × 3, uint8, sRGB.
        places: N × 3: x, y, diameter in pixels.
    """
    radius = places[:, 2:3] / 2
    core = np.concatenate([np.zeros_like(radius), np.repeat(_CORE * radius, 6, axis=1)], axis=1)
    inner = _lab(pixels, places, core, np.concatenate([[0.0], _TURNS[::2]])).mean(axis=1)
    outer = np.median(_lab(pixels, places, _AROUND * radius + 2, _TURNS), axis=1)
    return inner.astype(np.float32), outer.astype(np.float32)


def like_skin(pixels: npt.NDArray[np.uint8], skin: npt.NDArray[np.float32]) -> float:
    """Return the share of a photo whose colour is like one of the colours around its spots.

    Args:
        pixels: H × W × 3, uint8, sRGB; one pixel in many is looked at.
        skin: N × 3, L*a*b*, of the surroundings.
    """
    step = max(1, max(pixels.shape[:2]) // 96)
    lab = np.stack(to_lab(pixels[::step, ::step]), axis=-1).reshape(-1, 3)
    middle = np.median(skin, axis=0)
    spread = np.clip(1.4826 * np.median(np.abs(skin - middle), axis=0), (10, 4, 4), (25, 10, 10))
    return float((np.abs(lab - middle) < 2.5 * spread).all(axis=1).mean())


def _lab(
    pixels: npt.NDArray[np.uint8],
    places: npt.NDArray[np.float64],
    reach: npt.NDArray[np.float64],
    turns: npt.NDArray[np.float64],
) -> npt.NDArray[np.float32]:
    height, width = pixels.shape[:2]
    x = np.clip(places[:, :1] + reach * np.cos(turns), 0, width - 1).astype(np.int64)
    y = np.clip(places[:, 1:2] + reach * np.sin(turns), 0, height - 1).astype(np.int64)
    return np.stack(to_lab(pixels[y, x]), axis=-1).astype(np.float32)
