"""Tone mapping: photos of high dynamic range (PQ, HLG) to sRGB, by a table of colours.

White paper in the picture (203 cd/m²) becomes white; what is brighter is pressed together just
below it, and the hue stays. Source: ITU-R BT.2100 (curves), BT.2408 (203 cd/m²).
"""

from functools import cache
from typing import Final

from PIL import ImageFilter

from reddots.photo.sandbox.colour_spaces import BT709, HLG, PRIMARIES, rgb_to_rgb, rgb_to_xyz

_STEPS: Final = 33  # of each channel, between which Pillow interpolates
_WHITE: Final = 203.0  # cd/m²
_HLG_PEAK: Final = 1000.0  # cd/m², at which the display's gamma is 1.2
_HLG_GAMMA: Final = 1.2
_KNEE: Final = 0.9  # of white, below which nothing is changed


@cache
def to_srgb_table(primaries: int, transfer: int) -> ImageFilter.Color3DLUT:
    """Return the filter from 8-bit RGB of these code points (PQ or HLG) to sRGB."""
    curve = _hlg_scene if transfer == HLG else _pq
    light = [curve(step / (_STEPS - 1)) for step in range(_STEPS)]
    space = PRIMARIES[primaries]
    matrix, luminance = rgb_to_rgb(space, BT709), rgb_to_xyz(space)[1]
    table: list[float] = []
    for blue in light:  # red is the fastest in Pillow's table
        for green in light:
            for red in light:
                colour = (red, green, blue)
                if transfer == HLG:
                    y = sum(w * c for w, c in zip(luminance, colour, strict=True))
                    gain = _HLG_PEAK / _WHITE * y ** (_HLG_GAMMA - 1)
                    colour = (red * gain, green * gain, blue * gain)
                table += _displayed(
                    tuple(sum(m * c for m, c in zip(row, colour, strict=True)) for row in matrix)
                )
    return ImageFilter.Color3DLUT(_STEPS, table)


def _displayed(colour: tuple[float, ...]) -> list[float]:
    """Return sRGB values, 0 to 1, of linear light in units of white."""
    most = max(colour)
    if most > _KNEE:
        room = 1 - _KNEE
        over = (most - _KNEE) / room
        scale = (_KNEE + room * over / (1 + over)) / most
        colour = tuple(value * scale for value in colour)
    return [_encoded(min(max(value, 0.0), 1.0)) for value in colour]


def _encoded(value: float) -> float:
    """The sRGB curve, IEC 61966-2-1; a decoding process has no numpy to share it with."""
    return value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def _pq(code: float) -> float:
    """Light in units of white (BT.2100, table 4)."""
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
    power = code ** (1 / m2)
    return (10_000 / _WHITE) * (max(power - c1, 0.0) / (c2 - c3 * power)) ** (1 / m1)


def _hlg_scene(code: float) -> float:
    """Light of the scene, 0 to 1 (BT.2100, table 5)."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return code * code / 3 if code <= 0.5 else (2.718281828459045 ** ((code - c) / a) + b) / 12
