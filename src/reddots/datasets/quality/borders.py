"""Border detection: plain bars at a photo's edges, from a frame, a caption, a scanner."""

from typing import Final

import numpy as np
import numpy.typing as npt

EDGES: Final = ("top", "bottom", "left", "right")
_EVEN: Final = 3.0  # grey levels that a plain line may vary by: what JPEG leaves
_SAME: Final = 8.0  # grey levels between lines of one bar
_MOST: Final = 0.45  # share of a side that a bar may take; beyond, the photo itself is plain


def bars(pixels: npt.NDArray[np.uint8]) -> dict[str, float]:
    """Return the share of the height or width that a plain bar takes, for each of ``EDGES``.

    Args:
        pixels: uint8, H × W × 3.
    """
    lying, standing = pixels, pixels.transpose(1, 0, 2)
    sides = (lying, lying[::-1], standing, standing[::-1])
    return {edge: _bar(lines) for edge, lines in zip(EDGES, sides, strict=True)}


def trim_bars(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return ``pixels`` (H × W × 3) without the plain bars at its edges."""
    height, width = pixels.shape[:2]
    found = bars(pixels)
    top, bottom = round(found["top"] * height), round(found["bottom"] * height)
    left, right = round(found["left"] * width), round(found["right"] * width)
    return np.ascontiguousarray(pixels[top : height - bottom, left : width - right])


def _bar(lines: npt.NDArray[np.uint8]) -> float:
    """Return the share of ``lines`` (N × M × 3) from the first on that are plain and alike."""
    if lines[0].std(axis=0).max() > _EVEN:
        return 0.0  # as nearly always: the rest need not be looked at
    near = lines[: int(len(lines) * _MOST) + 1].astype(np.float32)
    plain = near.std(axis=1).max(axis=1) <= _EVEN
    alike = np.abs(near.mean(axis=1) - near[0].mean(axis=0)).max(axis=1) <= _SAME
    ends = np.flatnonzero(~(plain & alike))
    if not len(ends):
        return 0.0  # it never ends: a plain photo has no frame
    return float(ends[0]) / len(lines)
