"""How far colours lie apart for an eye: CIE 1976 L*a*b* (D65; ISO/CIE 11664-4)."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

Plane = npt.NDArray[np.floating[Any]]

_STEPS: Final = np.arange(256, dtype=np.float32) / 255
_LINEAR: Final = np.where(  # of each sRGB step, IEC 61966-2-1
    _STEPS <= 0.04045,  # of the standard
    _STEPS / 12.92,
    ((_STEPS + 0.055) / 1.055) ** 2.4,
)
_TO_XYZ: Final = np.array(  # IEC 61966-2-1, divided by the D65 white
    [[0.4339, 0.3762, 0.1898], [0.2126, 0.7152, 0.0722], [0.0178, 0.1095, 0.8727]], np.float32
)


def to_lab(pixels: npt.NDArray[np.uint8]) -> tuple[Plane, Plane, Plane]:
    """Return L*, a*, b* (each H × W, float32) of sRGB pixels (H × W × 3, uint8)."""
    xyz = _LINEAR[pixels] @ _TO_XYZ.T
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116).astype(np.float32)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)
