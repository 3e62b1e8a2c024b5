"""Corruptions of focus, light and colour.

Each takes an upright sRGB photo (H × W × 3, uint8), a level and a generator of random numbers, and
returns a photo of the same shape.
"""

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from reddots.photo.colour import from_linear, to_linear_exact

Pixels = npt.NDArray[np.uint8]
_STEPS = 15  # of a motion's path
_DARK_NOISE = 0.1  # noise that is there without light
# Linear sRGB to linear ProPhoto RGB (ISO 22028-2), rows summing to 1 so that grey stays grey.
_TO_PROPHOTO = np.array(
    [[0.5293, 0.3300, 0.1407], [0.0983, 0.8734, 0.0283], [0.0169, 0.1177, 0.8654]]
)


def blur(pixels: Pixels, level: float, _: np.random.Generator) -> Pixels:
    """Blur by a Gaussian."""
    image = Image.fromarray(pixels)
    return np.asarray(image.filter(ImageFilter.GaussianBlur(level * min(image.size))))


def motion(pixels: Pixels, level: float, rng: np.random.Generator) -> Pixels:
    """Average over a straight path in a random direction."""
    angle, length = rng.uniform(0, np.pi), level * min(pixels.shape[:2])
    pad = int(np.ceil(length)) + 1
    wide = np.pad(pixels, ((pad, pad), (pad, pad), (0, 0)), mode="edge")
    height, width = pixels.shape[:2]
    total = np.zeros(pixels.shape)
    for share in np.linspace(-0.5, 0.5, _STEPS):
        down = pad + round(np.sin(angle) * length * share)
        right = pad + round(np.cos(angle) * length * share)
        total += wide[down : down + height, right : right + width]
    return (total / _STEPS).round().astype(np.uint8)


def noise(pixels: Pixels, level: float, rng: np.random.Generator) -> Pixels:
    """Add noise whose variance grows with the light, as a sensor's does (Foi et al. 2008)."""
    light = pixels / 255
    spread = level * np.sqrt(light + _DARK_NOISE)
    return _bytes(light + rng.standard_normal(pixels.shape) * spread)


def exposure(pixels: Pixels, level: float, rng: np.random.Generator) -> Pixels:
    """Expose longer or shorter by so many stops."""
    return _bytes(from_linear(to_linear_exact(pixels) * 2.0 ** (level * rng.choice([-1, 1]))))


def white_balance(pixels: Pixels, level: float, rng: np.random.Generator) -> Pixels:
    """Shift red against blue, to warm or to cold."""
    shift = level * rng.choice([-1, 1])
    return _bytes(from_linear(to_linear_exact(pixels) * np.array([1 + shift, 1.0, 1 - shift])))


def red_gain(pixels: Pixels, level: float, rng: np.random.Generator) -> Pixels:
    """Make red stronger or weaker."""
    shift = level * rng.choice([-1, 1])
    return _bytes(from_linear(to_linear_exact(pixels) * np.array([1 + shift, 1.0, 1.0])))


def colour_profile(pixels: Pixels, level: float, _: np.random.Generator) -> Pixels:
    """Show numbers of a wide colour space as if they were sRGB: colours go pale and shift."""
    matrix = (1 - level) * np.eye(3) + level * _TO_PROPHOTO
    return _bytes(from_linear(to_linear_exact(pixels) @ matrix.T))


def _bytes(values: npt.NDArray[np.float64]) -> Pixels:
    return (np.clip(values, 0, 1) * 255).round().astype(np.uint8)
