"""Skin segmentation: a mask of where a photo shows skin, and where it differs from its surround.

Every threshold is relative to the photo's own skin, so that no skin tone or lamp is the norm.
Differences are taken in L*a*b*, where a* is redness, which blood raises, and L* lightness, which
pigment lowers.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy.ndimage import binary_dilation, label, uniform_filter

from reddots.photo.colour import Plane, to_lab

Mask = npt.NDArray[np.bool_]

SHORT_SIDE: Final = 256  # pixels at which a photo is looked at
# Plausible skin of every tone under any usual lamp.
_HUE: Final = (18.0, 88.0)  # degrees, atan2(b*, a*)
_CHROMA: Final = (6.0, 60.0)
_LIGHTNESS: Final = (10.0, 93.0)
_COLOUR_SPREAD: Final = 14.0  # in a* and b*, around the photo's own skin
_LIGHTNESS_SPREAD: Final = 38.0
_LEAST_SKIN: Final = 0.15  # share of the photo
_LEAST_BACKGROUND: Final = 0.04  # share of the photo of what is skin's surroundings, not a hole
# By width of a spot in pixels: how much redder, darker and paler than its surroundings is odd,
# and what is odd enough to be a lesion at once.
_ODD: Final = {5: (3.2, 7.0, 9.0), 9: (2.6, 5.5, 7.0), 17: (2.4, 5.0, 7.0), 33: (2.4, 8.0, 12.0)}
_LESION: Final = {5: (5.0, 8.0, 14.0), 9: (4.0, 7.5, 99.0)}
_AROUND: Final = 3  # times a spot's width: its surroundings
_MARGIN: Final = 3  # pixels around a hole in the skin that belong to it


@dataclass(frozen=True, eq=False)
class SkinView:
    """What a photo's skin looks like; every plane is H × W, at a short side of ``SHORT_SIDE``.

    Attributes:
        lightness, redness, yellowness: L*, a*, b*, slightly smoothed.
        texture: local standard deviation of L*, shading removed.
        skin: where skin is.
        background: what clearly is none and reaches the photo's edge.
        odd: skin that differs from the skin around it, or a hole in it.
        lesion: the same, more strongly.
    """

    lightness: Plane
    redness: Plane
    yellowness: Plane
    texture: Plane
    skin: Mask
    background: Mask
    odd: Mask
    lesion: Mask


def view_skin(pixels: npt.NDArray[np.uint8]) -> SkinView | None:
    """Look at a photo (H × W × 3, uint8, sRGB); None where too little of it is skin."""
    lightness, redness, yellowness = to_lab(at_short_side(pixels, SHORT_SIDE))
    light, red, yellow = (blurred(plane, 5) for plane in (lightness, redness, yellowness))
    skin = _skin(light, red, yellow)
    if skin is None:
        return None
    background, hole = _surroundings(skin, light, red, yellow)
    odd, lesion = hole.copy(), hole.copy()
    weight = skin.astype(np.float32)
    for width in _ODD:
        share = blurred(weight, width), blurred(weight, _AROUND * width)
        redder, lighter = (
            _contrast(plane * weight, share, width) for plane in (redness, lightness)
        )
        odd |= skin & _beyond(redder, lighter, _ODD[width])
        if width in _LESION:
            lesion |= skin & _beyond(redder, lighter, _LESION[width])
    fine = lightness - blurred(lightness * weight, 5) / np.maximum(
        blurred(weight, 5), np.float32(1e-3)
    )
    spread = blurred(np.square(fine) * weight, 15) / np.maximum(
        blurred(weight, 15), np.float32(1e-3)
    )
    return SkinView(
        light, red, yellow, np.sqrt(np.maximum(spread, 0)), skin, background, odd, lesion
    )


def at_short_side(pixels: npt.NDArray[np.uint8], side: int) -> npt.NDArray[np.uint8]:
    """Return the pixels shrunk to a short side; smaller ones as they are."""
    height, width = pixels.shape[:2]
    scale = side / min(height, width)
    if scale >= 1:
        return pixels
    size = (max(side, round(width * scale)), max(side, round(height * scale)))
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BOX))


def blurred(plane: Plane, width: int) -> Plane:
    """Return a plane blurred by two box filters, near enough to a Gaussian and quick."""
    once = uniform_filter(plane, width, mode="nearest")
    result: Plane = uniform_filter(once, width, mode="nearest")
    return result


def hue(redness: Plane, yellowness: Plane) -> Plane:
    """Return the hue angle in degrees, −180 to 180."""
    angle: Plane = np.degrees(np.arctan2(yellowness, redness))
    return angle


def _contrast(weighted: Plane, share: tuple[Plane, Plane], width: int) -> Plane:
    near = blurred(weighted, width) / np.maximum(share[0], np.float32(1e-3))
    far = blurred(weighted, _AROUND * width) / np.maximum(share[1], np.float32(1e-3))
    difference: Plane = near - far
    return difference


def _beyond(redder: Plane, lighter: Plane, limits: tuple[float, float, float]) -> Mask:
    red, dark, pale = limits
    result: Mask = (redder > red) | (-lighter > dark) | (lighter > pale)
    return result


def _skin(lightness: Plane, redness: Plane, yellowness: Plane) -> Mask | None:
    angle, chroma = hue(redness, yellowness), np.hypot(redness, yellowness)
    plausible = _between(angle, _HUE) & _between(chroma, _CHROMA) & _between(lightness, _LIGHTNESS)
    if plausible.mean() < _LEAST_SKIN:
        return None
    own = [np.median(plane[plausible]) for plane in (lightness, redness, yellowness)]
    apart = np.hypot(redness - own[1], (yellowness - own[2]) / 1.3)  # lamps vary b* more
    skin = plausible & (apart < _COLOUR_SPREAD) & (abs(lightness - own[0]) < _LIGHTNESS_SPREAD)
    return skin if skin.mean() >= _LEAST_SKIN else None


def _surroundings(
    skin: Mask, lightness: Plane, redness: Plane, yellowness: Plane
) -> tuple[Mask, Mask]:
    """Return the background and the holes of the skin."""
    parts, count = label(~skin)
    size = np.bincount(parts.ravel(), minlength=count + 1)
    at_edge = np.zeros(count + 1, bool)
    for edge in (parts[0], parts[-1], parts[:, 0], parts[:, -1]):
        at_edge[edge] = True
    wide = at_edge & (size > _LEAST_BACKGROUND * skin.size)
    wide[0] = False
    # A large lesion reaches the edge too; cloth and backdrops are grey, black, blue or green.
    angle = hue(redness, yellowness)
    foreign = (np.hypot(redness, yellowness) < _CHROMA[0] + 1) | (lightness < 14)
    foreign |= (angle > 110) | (angle < -60)
    background = wide[parts] & binary_dilation(foreign, iterations=_MARGIN)
    hole = binary_dilation(~skin & ~background, iterations=_MARGIN) & ~background
    return background, hole


def _between(plane: Plane, bounds: tuple[float, float]) -> Mask:
    inside: Mask = (plane > bounds[0]) & (plane < bounds[1])
    return inside
