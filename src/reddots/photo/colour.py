"""Colour conversion: sRGB and linear light, luma, CIE 1976 L*a*b* (D65).

How numbers of a picture become light and back, how bright a pixel is, and how far two colours lie
apart for an eye. Sources: IEC 61966-2-1 (sRGB), ITU-R BT.601 (luma), ISO/CIE 11664-4 (L*a*b*).
"""

from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Plane = npt.NDArray[np.floating[Any]]
_Pixels = npt.NDArray[np.uint8]

_KNEE, _SLOPE, _OFFSET, _POWER = 0.04045, 12.92, 0.055, 2.4  # IEC 61966-2-1
_LUMA: Final = (0.299, 0.587, 0.114)
_CODES: Final = 4096  # of the table from light to 8 bits
_TO_XYZ: Final = np.array(  # IEC 61966-2-1, divided by the D65 white
    [[0.4339, 0.3762, 0.1898], [0.2126, 0.7152, 0.0722], [0.0178, 0.1095, 0.8727]], np.float32
)


def to_linear(pixels: _Pixels) -> npt.NDArray[np.float32]:
    """Return linear light, 0 to 1, of sRGB pixels (uint8, any shape).

    Example:
        >>> to_linear(np.array([0, 255], np.uint8)).tolist()
        [0.0, 1.0]
    """
    return _light().astype(np.float32)[pixels]


def to_linear_exact(pixels: _Pixels) -> npt.NDArray[np.float64]:
    """Return linear light as :func:`to_linear`, in double precision."""
    return _light()[pixels]


def from_linear(light: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.float64]:
    """Return sRGB values, 0 to 1, of linear light, which is clipped to 0 to 1.

    Example:
        >>> from_linear(np.array([-1.0, 1.0])).round(6).tolist()
        [0.0, 1.0]
    """
    clipped = np.clip(light, 0, 1)
    curve = (1 + _OFFSET) * clipped ** (1 / _POWER) - _OFFSET
    values: npt.NDArray[np.float64] = np.where(clipped <= _KNEE / _SLOPE, clipped * _SLOPE, curve)
    return values


def to_srgb(light: npt.NDArray[np.floating[Any]]) -> _Pixels:
    """Return sRGB pixels (uint8) of linear light by a table: within 1 of :func:`from_linear`."""
    level = np.sqrt(np.clip(light, 0, 1)) * (_CODES - 1) + 0.5
    pixels: _Pixels = _codes()[level.astype(np.int32)]
    return pixels


def luma(pixels: _Pixels) -> npt.NDArray[np.float32]:
    """Return the luma, 0 to 255, of sRGB pixels (… × 3, uint8).

    Example:
        >>> luma(np.array([[0, 255, 0]], np.uint8)).round().tolist()
        [150.0]
    """
    return pixels.astype(np.float32) @ np.array(_LUMA, dtype=np.float32)


def to_lab(pixels: _Pixels) -> tuple[Plane, Plane, Plane]:
    """Return L*, a*, b* (each H × W, float32) of sRGB pixels (H × W × 3, uint8)."""
    xyz = to_linear(pixels) @ _TO_XYZ.T
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116).astype(np.float32)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@cache
def _light() -> npt.NDArray[np.float64]:
    values = np.arange(256) / 255
    curve = ((values + _OFFSET) / (1 + _OFFSET)) ** _POWER
    return np.where(values <= _KNEE, values / _SLOPE, curve)


@cache
def _codes() -> _Pixels:
    # By the square root of light, so that dark levels are not coarser than bright ones.
    return (from_linear(np.linspace(0, 1, _CODES) ** 2) * 255 + 0.5).astype(np.uint8)
