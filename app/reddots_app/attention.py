"""Which parts of a photo mattered to the network: those that make it less sure when covered.

Occlusion sensitivity (Zeiler and Fergus 2014) needs nothing of the network but its answers, so it
holds for any checkpoint.
"""

import io
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
from PIL import Image

if TYPE_CHECKING:
    from reddots.classifier.inference import Classifier

_STEPS: Final = 6  # places along each side where a patch is laid
_PATCH: Final = 0.3  # of the side: wide enough to cover a group of spots
_LEAST: Final = 0.02  # of probability; where no patch takes as much, nothing stood out
_BLUE: Final = (0, 70, 255)  # no skin and no spot is of this colour
_OPAQUE: Final = 150  # of 255, where it mattered most


def attention(
    classifier: "Classifier", pixels: npt.NDArray[np.uint8], output: str
) -> npt.NDArray[np.float64] | None:
    """Return how much each part mattered to ``output``, 0 to 1 by place; None if none did.

    Args:
        classifier: an opened checkpoint.
        pixels: uint8, height × width × 3, sRGB, upright.
        output: one of the checkpoint's.
    """
    index = classifier.outputs.index(output)
    before = _probability(classifier, pixels, index)
    height, width = pixels.shape[:2]
    filling = pixels.reshape(-1, 3).mean(axis=0).astype(np.uint8)
    tall, wide = round(height * _PATCH), round(width * _PATCH)
    loss = np.zeros((_STEPS, _STEPS))
    for row in range(_STEPS):
        for column in range(_STEPS):
            covered = pixels.copy()
            top = round(row * (height - tall) / (_STEPS - 1))
            left = round(column * (width - wide) / (_STEPS - 1))
            covered[top : top + tall, left : left + wide] = filling
            loss[row, column] = before - _probability(classifier, covered, index)
    most = float(loss.max())
    return None if most < _LEAST else np.clip(loss / most, 0, 1)


def overlay(pixels: npt.NDArray[np.uint8], mattered: npt.NDArray[np.float64]) -> bytes:
    """Return a JPEG of the photo with blue where it mattered."""
    photo = Image.fromarray(pixels).convert("RGBA")
    heat = Image.fromarray((mattered * _OPAQUE).astype(np.uint8))
    blue = Image.new("RGBA", photo.size, (*_BLUE, 0))
    blue.putalpha(heat.resize(photo.size, Image.Resampling.BICUBIC))
    buffer = io.BytesIO()
    Image.alpha_composite(photo, blue).convert("RGB").save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def _probability(classifier: "Classifier", pixels: npt.NDArray[np.uint8], index: int) -> float:
    scaled = classifier.logits(pixels).astype(np.float64) / classifier.side_car.temperature
    weights = np.exp(scaled - scaled.max())
    return float(weights[index] / weights.sum())
