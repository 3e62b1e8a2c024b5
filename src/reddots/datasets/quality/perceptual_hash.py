"""Perceptual hash: a fingerprint that size, compression, light and plain margins leave alike.

A perceptual hash alone calls all plain skin alike, so a thumbnail in colour goes with it: the hash
finds candidates fast, the thumbnail decides (``datasets.quality.near_duplicates``). Both are also
made of the photo's mirror image and of some crops, so that mirrored and trimmed copies are found.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from reddots.datasets.quality.borders import trim_bars
from reddots.photo.colour import luma

SIDE: Final = 16  # pixels of a view
_BASE: Final = 64  # pixels that the views are cut from
_HASHED: Final = 32
_LOW: Final = 8  # frequencies kept in each direction: 64 bits
# left, top, right, bottom in shares of the photo; the first view is the whole
_CROPS: Final = (
    (0.0, 0.0, 1.0, 1.0),
    (0.04, 0.04, 0.96, 0.96),
    (0.09, 0.09, 0.91, 0.91),
    (0.0, 0.0, 1.0, 0.9),
    (0.0, 0.1, 1.0, 1.0),
    (0.0, 0.0, 0.9, 1.0),
    (0.1, 0.0, 1.0, 1.0),
)
VIEWS: Final = len(_CROPS) + 1


@dataclass(frozen=True, eq=False)
class Fingerprint:
    """One photo's fingerprint: the whole photo first, then crops, last the mirror image.

    Attributes:
        bits: uint64, views: the 64 signs of the lowest frequencies of the brightness (pHash).
        views: uint8, views × 16 × 16 × 3.
    """

    bits: npt.NDArray[np.uint64]
    views: npt.NDArray[np.uint8]


def fingerprint(pixels: npt.NDArray[np.uint8]) -> Fingerprint:
    """Return the fingerprint of ``pixels`` (uint8, H × W × 3), plain bars at its edges left out."""
    base = Image.fromarray(trim_bars(pixels)).resize((_BASE, _BASE), Image.Resampling.BOX)
    cuts = [
        base.resize(
            (_HASHED, _HASHED),
            Image.Resampling.BOX,
            box=(_BASE * left, _BASE * top, _BASE * right, _BASE * bottom),
        )
        for left, top, right, bottom in _CROPS
    ]
    cuts.append(cuts[0].transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    large = np.stack([np.asarray(cut, dtype=np.uint8) for cut in cuts])
    halves = large.reshape(VIEWS, SIDE, 2, SIDE, 2, 3).mean(axis=(2, 4))
    return Fingerprint(_bits(luma(large)), np.round(halves).astype(np.uint8))


def _bits(light: npt.NDArray[np.float32]) -> npt.NDArray[np.uint64]:
    """Return one hash for each of N × 32 × 32."""
    basis = _cosines()
    low = (basis @ light @ basis.T).reshape(len(light), -1)
    low[:, 0] = 0.0  # how bright it is on the whole says nothing about what it shows
    signs = low > np.median(low[:, 1:], axis=1, keepdims=True)
    return np.packbits(signs, axis=1).view(">u8").astype(np.uint64).ravel()


@cache
def _cosines() -> npt.NDArray[np.float32]:
    """Return the lowest rows of the discrete cosine transform: 8 × 32."""
    position, frequency = np.arange(_HASHED) + 0.5, np.arange(_LOW)
    return np.cos(np.pi / _HASHED * np.outer(frequency, position)).astype(np.float32)
