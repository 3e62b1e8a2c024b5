"""The part of a photo that a person cuts out, so that small spots fill the picture."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

LEAST: Final = 0.1  # of a side: less is too few pixels to see anything in
_NUMBERS: Final = 4


@dataclass(frozen=True)
class Cut:
    """A rectangle; each number is a share of the photo's width or height, 0 to 1."""

    left: float
    top: float
    width: float
    height: float

    def of(self, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """Return this part of ``pixels`` (height × width × 3), C-contiguous."""
        rows, columns = pixels.shape[:2]
        top = min(round(self.top * rows), rows - 1)
        left = min(round(self.left * columns), columns - 1)
        bottom = max(round((self.top + self.height) * rows), top + 1)
        right = max(round((self.left + self.width) * columns), left + 1)
        return np.ascontiguousarray(pixels[top:bottom, left:right])


WHOLE: Final = Cut(0, 0, 1, 1)
FIRST: Final = Cut(0.25, 0.25, 0.5, 0.5)  # where the frame stands when it is first shown


def read_cut(numbers: object) -> Cut | None:
    """Return what a browser sent as left, top, width and height, brought inside the photo.

    None when it is anything but four numbers.
    """
    if not isinstance(numbers, list) or len(numbers) != _NUMBERS:
        return None
    if not all(type(n) in {int, float} and math.isfinite(n) for n in numbers):
        return None
    left, top, width, height = (min(max(float(n), 0.0), 1.0) for n in numbers)
    width, height = max(width, LEAST), max(height, LEAST)
    return Cut(min(left, 1 - width), min(top, 1 - height), width, height)
