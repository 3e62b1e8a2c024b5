"""Quadrilateral detection: the square that someone drew on skin with a pen, and its rectification.

Contours of dark, of light and of coloured thin lines (top-hat transforms), approximated by polygons
(Douglas and Peucker, 1973). Needs the extra ``compare`` (OpenCV).
"""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from reddots.errors import ComparisonError

Pixels = npt.NDArray[np.uint8]
Corners = npt.NDArray[np.float64]

_LONG_SIDE: Final = 900  # pixels at which the square is looked for
_LINE: Final = 0.03  # of the longer side: a pen's line is narrower
_LIMITS: Final = (2.0, 3.0, 4.5)  # deviations from the median of a map, from which it is a line
_AREA: Final = (0.015, 0.9)  # of the photo
_BENDS: Final = (0.02, 0.035, 0.05)  # of the perimeter, within which a side is straight
_LONGEST: Final = 2.0  # side over the shortest: seen aslant
_ANGLES: Final = (50.0, 130.0)  # degrees
_ALIKE: Final = 0.08  # of the mean side: the inner and the outer edge of one line


def find_square(pixels: Pixels) -> Corners:
    """Return the corners of the drawn square, clockwise from the top left (4 × 2, pixels).

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
    found = [corners for lines in _lines(cv2, small) for corners in _squares(cv2, lines)]
    if not found:
        raise ComparisonError(
            "No drawn square was found. Draw all four sides of it, of 2.5 cm each, with a pen that "
            "shows on the skin, and take the photo from above with the whole square in it."
        )
    # Lines are found at several limits and by both their edges: the square is found most often.
    near = [
        [c for c in found if np.abs(c - other).max() < _ALIKE * _sides(other).mean()]
        for other in found
    ]
    best = max(near, key=lambda group: (len(group), float(_sides(group[0]).mean())))
    corners: Corners = np.mean(best, axis=0) / shrink
    return corners


def rectify(pixels: Pixels, corners: Corners, side: int, margin: int) -> Pixels:
    """Return the square seen from above: ``side`` pixels wide, with ``margin`` pixels around it.

    Args:
        pixels: the photo (H × W × 3, uint8).
        corners: as ``find_square`` returns them.
        side: pixels.
        margin: pixels.
    """
    import cv2

    mean = float(_sides(corners).mean())
    if mean > side:  # or the grain of a large photo would be sampled, not averaged
        shrink = side / mean
        size = (round(pixels.shape[1] * shrink), round(pixels.shape[0] * shrink))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
        corners = corners * shrink
    low, high = margin, margin + side
    target = np.array([(low, low), (high, low), (high, high), (low, high)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    whole = (side + 2 * margin, side + 2 * margin)
    seen = cv2.warpPerspective(
        pixels, matrix, whole, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(seen, np.uint8)


def onto_photo(points: npt.NDArray[np.float64], corners: Corners, side: int) -> Corners:
    """Return points (N × 2) of the rectified square, without margin, in pixels of the photo."""
    import cv2

    square = np.array([(0, 0), (side, 0), (side, side), (0, side)], np.float32)
    matrix = cv2.getPerspectiveTransform(square, corners.astype(np.float32))
    moved: Corners = cv2.perspectiveTransform(points[None].astype(np.float64), matrix)[0]
    return moved


def _lines(cv2: Any, small: Pixels) -> Iterator[npt.NDArray[np.uint8]]:
    """Yield masks of thin lines: darker than around, lighter, or of another colour."""
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB)
    wide = 2 * max(2, round(_LINE * max(small.shape[:2]) / 2)) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (wide, wide))
    close = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))
    for channel, kind in ((0, cv2.MORPH_BLACKHAT), (2, cv2.MORPH_BLACKHAT),
                          (0, cv2.MORPH_TOPHAT), (1, cv2.MORPH_BLACKHAT)):  # fmt: skip
        plane = cv2.GaussianBlur(np.ascontiguousarray(lab[..., channel]), (3, 3), 0)
        stands_out = cv2.morphologyEx(plane, kind, kernel).astype(np.float32)
        middle = float(np.median(stands_out))
        spread = max(1.4826 * float(np.median(np.abs(stands_out - middle))), 1.0)
        for limit in _LIMITS:
            mask = (stands_out > middle + limit * spread).astype(np.uint8)
            yield cv2.morphologyEx(mask, cv2.MORPH_CLOSE, close)


def _squares(cv2: Any, mask: npt.NDArray[np.uint8]) -> Iterator[Corners]:
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours:
        area = abs(cv2.contourArea(contour))
        if not _AREA[0] * mask.size < area < _AREA[1] * mask.size:
            continue
        hull = cv2.convexHull(contour)
        for outline in (contour, hull):
            for bend in _BENDS:
                polygon = cv2.approxPolyDP(outline, bend * cv2.arcLength(outline, True), True)
                corners = polygon.reshape(-1, 2).astype(np.float64)
                if len(corners) == 4 and _is_square(corners, area):
                    yield _ordered(corners)
                    break


def _is_square(corners: Corners, area: float) -> bool:
    ahead, back = np.roll(corners, -1, 0) - corners, np.roll(corners, 1, 0) - corners
    cross = ahead[:, 0] * back[:, 1] - ahead[:, 1] * back[:, 0]
    if not (np.all(cross > 0) or np.all(cross < 0)):
        return False
    sides = _sides(corners)
    cosine = (ahead * back).sum(axis=1) / (np.hypot(*ahead.T) * np.hypot(*back.T))
    angles = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
    own = 0.5 * abs(float(np.sum(np.roll(corners[:, 0], -1) * corners[:, 1])
                          - np.sum(np.roll(corners[:, 1], -1) * corners[:, 0])))  # fmt: skip
    filled = 0.85 < area / max(own, 1.0) < 1.18
    slant = sides.max() <= _LONGEST * sides.min()
    return bool(filled and slant and _ANGLES[0] < angles.min() and angles.max() < _ANGLES[1])


def _sides(corners: Corners) -> npt.NDArray[np.float64]:
    lengths: Corners = np.hypot(*(np.roll(corners, -1, axis=0) - corners).T)
    return lengths


def _ordered(corners: Corners) -> Corners:
    """Return the corners clockwise as seen, from the top left."""
    offset = corners - corners.mean(axis=0)
    clockwise = corners[np.argsort(np.arctan2(offset[:, 1], offset[:, 0]))]
    return np.roll(clockwise, -int(np.argmin(clockwise.sum(axis=1))), axis=0)
