"""Tone mapping: photos of high dynamic range (PQ, HLG) to the range of sRGB.

White paper in the picture (203 cd/m²) becomes white, what is darker stays as it is, and what is
brighter is pressed together just below white. Source: ITU-R BT.2100 (curves, HLG's gamma of the
display), BT.2408 (203 cd/m²).
"""

import math
from functools import cache
from typing import Final

from PIL import ImageFilter

from reddots.photo.sandbox.decoding.colour_spaces import PRIMARIES, rgb_to_xyz

_STEPS: Final = 25  # of each channel, between which Pillow interpolates
_CODES: Final = 256
_WHITE: Final = 203.0  # cd/m²
_PQ_PEAK: Final = 10_000.0  # cd/m²
_HLG_PEAK: Final = 1000.0  # cd/m², at which the display's gamma is 1.2
_HLG_GAMMA: Final = 1.2
_GAMMA: Final = 2.4  # of the numbers between the two steps from HLG
_KNEE: Final = 0.9  # of white, below which nothing is changed
_M1, _M2 = 2610 / 16384, 2523 / 32  # of PQ
_C1, _C2, _C3 = 3424 / 4096, 2413 / 128, 2392 / 128
_A, _B, _C = 0.17883277, 0.28466892, 0.55991073  # of HLG


@cache
def pq_curve() -> tuple[float, ...]:
    """Return the light, 0 to 1, that each 8-bit code of PQ becomes."""
    return tuple(_pressed(_pq_light(code / (_CODES - 1)) / _WHITE) for code in range(_CODES))


@cache
def display_curve() -> tuple[float, ...]:
    """Return the light, 0 to 1, that each 8-bit code after ``hlg_to_display`` becomes."""
    peak = _HLG_PEAK / _WHITE
    return tuple(_pressed(peak * (code / (_CODES - 1)) ** _GAMMA) for code in range(_CODES))


@cache
def hlg_to_display(primaries: int) -> ImageFilter.Color3DLUT:
    """Return the filter from RGB in HLG to light as a display of 1,000 cd/m² shows it, by a gamma.

    Args:
        primaries: their code point; HLG's gamma goes by the luminance of all three channels.
    """
    weights = rgb_to_xyz(PRIMARIES[primaries])[1]
    scene = [_hlg_scene(step / (_STEPS - 1)) for step in range(_STEPS)]
    table: list[float] = []
    for blue in scene:  # red is the fastest in Pillow's table
        for green in scene:
            rest = weights[1] * green + weights[2] * blue
            for red in scene:
                gain = (weights[0] * red + rest) ** (_HLG_GAMMA - 1)
                table += ((part * gain) ** (1 / _GAMMA) for part in (red, green, blue))
    return ImageFilter.Color3DLUT(_STEPS, table)


def _pressed(light: float) -> float:
    if light <= _KNEE:
        return light
    room = 1 - _KNEE
    over = (light - _KNEE) / room
    return _KNEE + room * over / (1 + over)


def _pq_light(code: float) -> float:
    """Light in cd/m² (BT.2100, table 4)."""
    power = math.pow(code, 1 / _M2)
    return _PQ_PEAK * math.pow(max(power - _C1, 0.0) / (_C2 - _C3 * power), 1 / _M1)


def _hlg_scene(code: float) -> float:
    """Light of the scene, 0 to 1 (BT.2100, table 5)."""
    return code * code / 3 if code <= 0.5 else (math.exp((code - _C) / _A) + _B) / 12
