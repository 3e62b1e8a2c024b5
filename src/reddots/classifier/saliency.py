"""Saliency map: which parts of a photo mattered to the network, 0 to 1, and a heat map of it.

Where the network allows it, this is its exact class activation map. For any other network it is
occlusion sensitivity (Zeiler and Fergus, Visualizing and understanding convolutional networks,
2014): those parts that make it less sure when covered. That needs nothing but its answers.
"""

import io
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from reddots.classifier.cam import Map
from reddots.classifier.softmax import softmax

if TYPE_CHECKING:
    from reddots.classifier.model import Classifier

_LEAST_RISE: Final = 1.0  # of the logit, above the photo's middle value; below, nothing stood out
_STEPS: Final = 6  # places along each side where a patch is laid
_PATCH: Final = 0.3  # of the side: wide enough to cover a group of spots
_LEAST_LOSS: Final = 0.02  # of probability; where no patch takes as much, nothing stood out
_BLUE: Final = (0, 70, 255)  # no skin and no spot is of this colour
_OPAQUE: Final = 150  # of 255, where it mattered most


def saliency_map(
    classifier: "Classifier", pixels: npt.NDArray[np.uint8], output: str
) -> Map | None:
    """Return how much each part mattered to ``output``, 0 to 1 by place; None if none did.

    Args:
        classifier: an opened checkpoint.
        pixels: uint8, height × width × 3, sRGB, upright.
        output: one of the checkpoint's.
    """
    exact = classifier.activation(pixels, output)
    if exact is None:
        return _covered(classifier, pixels, classifier.outputs.index(output))
    usual, most = float(np.median(exact)), float(exact.max())
    return None if most - usual < _LEAST_RISE else np.clip((exact - usual) / (most - usual), 0, 1)


def overlay(pixels: npt.NDArray[np.uint8], mattered: Map, file_format: str = "JPEG") -> bytes:
    """Return a picture of the photo with blue where it mattered; a format of Pillow's."""
    photo = Image.fromarray(pixels).convert("RGBA")
    heat = Image.fromarray((mattered * _OPAQUE).astype(np.uint8))
    blue = Image.new("RGBA", photo.size, (*_BLUE, 0))
    blue.putalpha(heat.resize(photo.size, Image.Resampling.BICUBIC))
    buffer = io.BytesIO()
    Image.alpha_composite(photo, blue).convert("RGB").save(buffer, file_format, quality=85)
    return buffer.getvalue()


def _covered(classifier: "Classifier", pixels: npt.NDArray[np.uint8], index: int) -> Map | None:
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
    return None if most < _LEAST_LOSS else np.clip(loss / most, 0, 1)


def _probability(classifier: "Classifier", pixels: npt.NDArray[np.uint8], index: int) -> float:
    return float(softmax(classifier.logits(pixels), classifier.side_car.temperature)[index])
