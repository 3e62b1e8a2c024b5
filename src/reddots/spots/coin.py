"""Ellipse detection: the coin that someone laid on skin for scale.

Contours of what differs from the skin in colour or lightness, and of edges (Canny), against the
ellipse that fits each best (Fitzgibbon and Fisher 1995). Needs the extra ``compare`` (OpenCV).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from reddots.errors import ComparisonError

Pixels = npt.NDArray[np.uint8]

_LONG_SIDE: Final = 900  # pixels at which the coin is looked for
_WIDTH: Final = (0.06, 0.5)  # of the photo's longer side
_SLANT: Final = 0.75  # shorter axis over the longer: a photo from more aslant cannot be measured
_FILLED: Final = (0.94, 1.04)  # area of the contour over that of its ellipse
_LIMITS: Final = (10.0, 16.0, 25.0)  # CIE L*a*b* units from the skin
_EDGES: Final = ((20, 60), (40, 120))  # hysteresis of Canny's edges
_ALIKE: Final = 0.12  # of the diameter: the same coin, found twice
_FEWEST: Final = 2  # ways in which a coin is found, or it is none


@dataclass(frozen=True)
class Coin:
    """A coin in a photo.

    Attributes:
        x, y: centre in pixels of the photo.
        diameter: longer axis in pixels; seen aslant a circle keeps it.
    """

    x: float
    y: float
    diameter: float


def find_coin(pixels: Pixels) -> Coin:
    """Return the coin that lies on the skin; of several the largest.

    Args:
        pixels: the photo (H × W × 3, uint8, sRGB).

    Raises:
        ComparisonError: there is none.
    """
    import cv2

    height, width = pixels.shape[:2]
    shrink = min(1.0, _LONG_SIDE / max(height, width))
    size = max(1, round(width * shrink)), max(1, round(height * shrink))
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    found = [coin for mask in _masks(cv2, small) for coin in _ellipses(cv2, mask)]
    # A relief has rings of its own: the outermost that is found more than once is the edge.
    groups = [[c for c in found if _is_same(c, other)] for other in found]
    likely = [group for group in groups if len(group) >= _FEWEST]
    if not likely:
        raise ComparisonError(
            "No coin was found. Lay one flat on the arm, where nothing covers its edge, and take "
            "the photo from above."
        )
    best = max(likely, key=lambda group: (max(c.diameter for c in group), len(group)))
    middle = [float(np.median([getattr(c, n) for c in best])) for n in ("x", "y", "diameter")]
    x, y, diameter = (value / shrink for value in middle)
    return Coin(x, y, diameter)


def _is_same(first: Coin, second: Coin) -> bool:
    near = _ALIKE * second.diameter
    apart = float(np.hypot(first.x - second.x, first.y - second.y))
    return apart < near and abs(first.diameter - second.diameter) < near


def _masks(cv2: Any, small: Pixels) -> Iterator[npt.NDArray[np.uint8]]:
    """Yield masks of what is not of the skin's colour, and of what closed edges surround."""
    lab = cv2.cvtColor(np.float32(small) / 255, cv2.COLOR_RGB2LAB)
    lab = cv2.GaussianBlur(lab, (0, 0), 2)
    away = lab - np.median(lab.reshape(-1, 3), axis=0)
    close = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7))
    for weight in (1.0, 0.3):  # with less of the lightness, of which shadows make differences
        distance = np.sqrt((weight * away[..., 0]) ** 2 + away[..., 1] ** 2 + away[..., 2] ** 2)
        for limit in _LIMITS:
            mask = (distance > limit).astype(np.uint8)
            mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, close)
            yield cv2.morphologyEx(mask, cv2.MORPH_CLOSE, close)
    grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), (0, 0), 2)
    for low, high in _EDGES:
        yield cv2.morphologyEx(cv2.Canny(grey, low, high), cv2.MORPH_CLOSE, close)


def _ellipses(cv2: Any, mask: npt.NDArray[np.uint8]) -> Iterator[Coin]:
    longest = max(mask.shape)
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    for contour in contours:
        hull = cv2.convexHull(contour)
        if len(hull) < 8:
            continue
        (x, y), axes, _ = cv2.fitEllipse(hull)
        short, long = sorted(axes)
        if not _WIDTH[0] * longest <= long <= _WIDTH[1] * longest or short < _SLANT * long:
            continue
        filled = cv2.contourArea(contour) / (np.pi / 4 * short * long)
        inside = min(x, y, mask.shape[1] - x, mask.shape[0] - y) >= long / 2 - 2
        if inside and _FILLED[0] <= filled <= _FILLED[1]:
            yield Coin(float(x), float(y), float(long))
