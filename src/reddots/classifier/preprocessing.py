"""Preprocessing: from an upright sRGB array to the network's input, the same for all uses."""

import msgspec
import numpy as np
import numpy.typing as npt
from PIL import Image

INTERPOLATIONS = frozenset(name.lower() for name in Image.Resampling.__members__)
_LONGEST = 8  # times the shorter side: what lies further out never comes near the cut


class InputSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a photo becomes the network's input.

    Attributes:
        size: side of the square input, pixels.
        resize: shorter side after resampling, pixels; at least ``size``.
        crop: where the square is cut: ``center``.
        mean, std: by channel, for values 0 to 1.
        interpolation: Pillow's name of the resampling filter, in lower case.
    """

    size: int
    resize: int
    crop: str
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    interpolation: str


def prepare(pixels: npt.NDArray[np.uint8], spec: InputSpec) -> npt.NDArray[np.float32]:
    """Return the input for one photo: float32, 1 × 3 × size × size.

    Args:
        pixels: uint8, height × width × 3, sRGB, upright.
        spec: the checkpoint's input.
    """
    pixels = _without_ends(pixels)
    height, width = pixels.shape[:2]
    scale = spec.resize / min(height, width)
    new = (max(spec.size, round(width * scale)), max(spec.size, round(height * scale)))
    image = Image.fromarray(pixels)
    if new != image.size:
        image = image.resize(new, Image.Resampling[spec.interpolation.upper()])
    left, top = (new[0] - spec.size) // 2, (new[1] - spec.size) // 2
    image = image.crop((left, top, left + spec.size, top + spec.size))
    scaled = np.asarray(image, dtype=np.float32) / np.float32(255)
    mean, std = (np.array(values, dtype=np.float32) for values in (spec.mean, spec.std))
    normalised = (scaled - mean) / std
    return np.ascontiguousarray(normalised.transpose(2, 0, 1)[None], dtype=np.float32)


def _without_ends(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return the middle of a photo that is so long that enlarging all of it fills the memory."""
    height, width = pixels.shape[:2]
    longest = _LONGEST * min(height, width)
    top, left = max(0, height - longest) // 2, max(0, width - longest) // 2
    return pixels[top : height - top, left : width - left]
