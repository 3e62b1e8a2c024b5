"""Framing: the share of the frame that what stands out takes up; little is from too far away.

What stands out differs in colour from a slow shade fitted to the frame, by distance in L*a*b*.
Small and in one place, on an even ground, it is a spot seen from afar.

Measured on 300 close-ups sampled from the training photos, each as it was and shrunk to 1/4 to 1/8
of the frame: below a reach of 0.18 lay 1.3 % of the close-ups, 93 % of the shrunk ones on plain
skin made from their own border's colour, and 44 % on a real piece of skin. The limit was chosen on
that sample; a second one of 300 gave 0.3 %, 93 % and 45 %. Of 150 photos of bare skin 7 lay below,
of 150 that show no skin none. Many spots spread over a frame are not reported.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from reddots.photo.colour import to_lab

_LONG_SIDE: Final = 128  # pixels; what a photo is brought down to, so that hairs and noise vanish
_LEAST_DIFFERENCE: Final = 14.0  # of colour; estimated: a faint spot differs by about this much
_LEAST_TIMES_USUAL: Final = 4.0  # the median difference of the frame
_MOST_UNEVEN: Final = 8.0  # median difference; above, the frame is no even ground to stand out from
_FEWEST: Final = 4  # pixels that stand out; fewer are chance
_TAILS: Final = 0.05  # of the pixels that stand out, left aside at each end as stray ones
_EVERY: Final = 5  # the shade is fitted to one pixel in so many
_ROUNDS: Final = 4  # of fitting the shade without what stands out

_Planes = npt.NDArray[np.float32]


def spots_extent(pixels: npt.NDArray[np.uint8]) -> float | None:
    """Return how far what stands out reaches across the frame; None if nothing does, or all varies.

    Args:
        pixels: uint8, height × width × 3, sRGB.

    Returns:
        Above 0 up to about 1: the larger of the shares of the height and of the width.
    """
    difference = _from_shade(np.stack(to_lab(_brought_down(pixels))))
    usual = float(np.median(difference))
    rows, columns = np.nonzero(difference > max(_LEAST_DIFFERENCE, _LEAST_TIMES_USUAL * usual))
    if usual > _MOST_UNEVEN or rows.size < _FEWEST:
        return None
    height, width = difference.shape
    return float(max(_reach(rows) / height, _reach(columns) / width))


def _brought_down(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    scale = min(1.0, _LONG_SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BOX))


def _from_shade(colour: _Planes) -> _Planes:
    """Return how far each pixel lies from a plane fitted to the colours, stray ones left out."""
    height, width = colour.shape[1:]
    y = np.repeat(np.arange(height, dtype=np.float32) / height, width)
    x = np.tile(np.arange(width, dtype=np.float32) / width, height)
    places = np.stack((np.ones_like(x), y, x))
    flat = colour.reshape(3, -1)
    some, colours = places[:, ::_EVERY], flat[:, ::_EVERY]
    known, shade = some, np.zeros((3, 3), np.float32)
    for _ in range(_ROUNDS):
        shade = colours @ known.T @ np.linalg.pinv(some @ known.T)  # least squares
        difference = _length(colours - shade @ some)
        known = some * (difference <= max(2.5 * float(np.median(difference)), 2.0))
    return _length(flat - shade @ places).reshape(height, width)


def _length(vectors: _Planes) -> _Planes:
    found: _Planes = np.sqrt((vectors * vectors).sum(axis=0))
    return found


def _reach(places: npt.NDArray[np.intp]) -> float:
    low, high = np.quantile(places, (_TAILS, 1 - _TAILS))
    return float(high - low) + 1
