"""Colour spaces: CICP code points, primaries and transfer curves, as an ICC profile.

A photo may say its colours by numbers of ITU-T H.273 (nclx of HEIC and AVIF, cICP of PNG), by the
gamma and primaries of PNG, or by EXIF (Adobe RGB). Each becomes a small ICC profile, so that one
colour management converts them all. Source: ITU-T H.273, ICC.1:2022, W3C PNG (third edition).
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

Matrix = tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]]
# x and y of red, green, blue and white
Chromaticities = tuple[float, float, float, float, float, float, float, float]

_D65: Final = (0.3127, 0.3290)
BT709: Final[Chromaticities] = (0.64, 0.33, 0.30, 0.60, 0.15, 0.06, *_D65)
_SMPTE: Final[Chromaticities] = (0.63, 0.34, 0.31, 0.595, 0.155, 0.07, *_D65)
PRIMARIES: Final[dict[int, Chromaticities]] = {  # H.273, table 2; 0 and 2 say nothing
    0: BT709,
    1: BT709,
    2: BT709,
    5: (0.64, 0.33, 0.29, 0.60, 0.15, 0.06, *_D65),
    6: _SMPTE,
    7: _SMPTE,
    9: (0.708, 0.292, 0.170, 0.797, 0.131, 0.046, *_D65),
    11: (0.680, 0.320, 0.265, 0.690, 0.150, 0.060, 0.314, 0.351),
    12: (0.680, 0.320, 0.265, 0.690, 0.150, 0.060, *_D65),
}
ADOBE_RGB: Final[Chromaticities] = (0.64, 0.33, 0.21, 0.71, 0.15, 0.06, *_D65)
ADOBE_GAMMA: Final = 563 / 256
SRGB_CURVE: Final = 0.0  # stands for the curve of sRGB where a gamma is expected
PQ, HLG = 16, 18  # transfer characteristics of high dynamic range
# H.273, table 3. Those of film and television are written by phones for what is sRGB.
GAMMAS: Final[dict[int, float]] = {
    0: SRGB_CURVE,
    1: SRGB_CURVE,
    2: SRGB_CURVE,
    4: 2.2,
    5: 2.8,
    6: SRGB_CURVE,
    8: 1.0,
    13: SRGB_CURVE,
    14: SRGB_CURVE,
    15: SRGB_CURVE,
}
_SRGB_PARAMETERS: Final = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)  # IEC 61966-2-1
_D50: Final = (0.96422, 1.0, 0.82521)
_BRADFORD: Final[Matrix] = (
    (0.8951, 0.2664, -0.1614),
    (-0.7502, 1.7135, 0.0367),
    (0.0389, -0.0685, 1.0296),
)


@dataclass(frozen=True, slots=True)
class CodePoints:
    """CICP: coding-independent code points (ITU-T H.273) of a photo's colours.

    Attributes:
        primaries: number of the colour primaries, such as 12 for Display P3.
        transfer: number of the transfer characteristics, such as 16 for PQ.
    """

    primaries: int
    transfer: int

    @property
    def is_srgb(self) -> bool:
        """Whether nothing is to be converted."""
        return PRIMARIES.get(self.primaries) == BT709 and self.is_of_srgb_curve

    @property
    def is_of_srgb_curve(self) -> bool:
        """Whether the transfer is that of sRGB, or taken for it."""
        return GAMMAS.get(self.transfer) == SRGB_CURVE


def icc_profile(chromaticities: Chromaticities, curve: float | Sequence[float]) -> bytes:
    """Return an ICC profile of RGB with these primaries and white.

    Args:
        chromaticities: x and y of red, green, blue and white.
        curve: the exponent, ``SRGB_CURVE`` for the curve of sRGB; or the light, 0 to 1, of numbers
            spread evenly over the range, at least two and an even count of them.

    Raises:
        ValueError: there is no colour space of these primaries.
    """
    columns = zip(*_multiply(_adaptation(chromaticities), rgb_to_xyz(chromaticities)), strict=True)
    bodies = {b"wtpt": b"XYZ \0\0\0\0" + _fixed(*_D50)}
    for name, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), columns, strict=True):
        bodies[name] = b"XYZ \0\0\0\0" + _fixed(*column)
    bodies |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), _curve(curve))
    table, content = struct.pack(">I", len(bodies)), b""
    start = 128 + 4 + 12 * len(bodies)
    for name, body in bodies.items():
        table += name + struct.pack(">II", start + len(content), len(body))
        content += body  # each a multiple of four bytes
    head = struct.pack(">I4xI", start + len(content), 0x04300000) + b"mntrRGB XYZ " + bytes(12)
    head += b"acsp" + bytes(28) + _fixed(*_D50)
    return head.ljust(128, b"\0") + table + content


def _curve(curve: float | Sequence[float]) -> bytes:
    if not isinstance(curve, float):
        light = (round(value * 65535) for value in curve)
        return b"curv" + struct.pack(f">II{len(curve)}H", 0, len(curve), *light)
    if curve == SRGB_CURVE:
        return b"para" + struct.pack(">IHH", 0, 3, 0) + _fixed(*_SRGB_PARAMETERS)
    return b"para" + struct.pack(">IHH", 0, 0, 0) + _fixed(curve)


def rgb_to_xyz(chromaticities: Chromaticities) -> Matrix:
    """Return the matrix from linear RGB to XYZ with the white's Y at 1.

    Raises:
        ValueError: there is no colour space of these primaries.
    """
    rx, ry, gx, gy, bx, by, wx, wy = chromaticities
    corners: Matrix = ((rx, gx, bx), (ry, gy, by), (1 - rx - ry, 1 - gx - gy, 1 - bx - by))
    scale = _apply(inverse(corners), _xyz(wx, wy))
    first, second, third = (
        (row[0] * scale[0], row[1] * scale[1], row[2] * scale[2]) for row in corners
    )
    return first, second, third


def inverse(matrix: Matrix) -> Matrix:
    """Return the inverse.

    Raises:
        ValueError: there is none.
    """
    (a, b, c), (d, e, f), (g, h, i) = matrix
    determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    if not 1e-9 < abs(determinant) < 1e9:
        raise ValueError("primaries on a line")
    s = 1 / determinant
    return (
        ((e * i - f * h) * s, (c * h - b * i) * s, (b * f - c * e) * s),
        ((f * g - d * i) * s, (a * i - c * g) * s, (c * d - a * f) * s),
        ((d * h - e * g) * s, (b * g - a * h) * s, (a * e - b * d) * s),
    )


def _adaptation(chromaticities: Chromaticities) -> Matrix:
    """Return Bradford's matrix from the white to D50, the white of ICC profiles."""
    have = _apply(_BRADFORD, _xyz(*chromaticities[6:]))
    want = _apply(_BRADFORD, _D50)
    if min(map(abs, have)) < 1e-6:
        raise ValueError("no white")
    a, b, c = (w / h for w, h in zip(want, have, strict=True))
    scaled: Matrix = ((a, 0.0, 0.0), (0.0, b, 0.0), (0.0, 0.0, c))
    return _multiply(inverse(_BRADFORD), _multiply(scaled, _BRADFORD))


def _xyz(x: float, y: float) -> tuple[float, float, float]:
    if y <= 0:
        raise ValueError("a white without light")
    return x / y, 1.0, (1 - x - y) / y


def _apply(matrix: Matrix, vector: Sequence[float]) -> tuple[float, float, float]:
    a, b, c = (sum(m * v for m, v in zip(row, vector, strict=True)) for row in matrix)
    return a, b, c


def _multiply(left: Matrix, right: Matrix) -> Matrix:
    columns = [_apply(left, column) for column in zip(*right, strict=True)]
    first, second, third = zip(*columns, strict=True)
    return first, second, third


def _fixed(*values: float) -> bytes:
    if not all(-32000 < value < 32000 for value in values):
        raise ValueError("too large for a profile")
    return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))
