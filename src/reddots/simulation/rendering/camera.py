"""Camera: what a phone makes of a scene, the same for every kind, so that it gives nothing away."""

import io
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy.ndimage import gaussian_filter

from reddots.simulation.rendering.shapes import Generator

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class CameraSettings:
    """How much a camera may do to a scene.

    Attributes:
        saturation: least factor of colourfulness; the largest is 1.25.
        blurred: share of photos out of focus or moved.
        blur: largest standard deviation of the blur, pixels.
        noisy: share of photos with noise.
        noise: largest standard deviation of the noise, levels of 255.
        compressed: share of photos stored as JPEG.
        quality: lowest JPEG quality, and the one above the highest.
    """

    saturation: float = 0.75
    blurred: float = 0.35
    blur: float = 1.4
    noisy: float = 0.35
    noise: float = 8.0
    compressed: float = 0.5
    quality: tuple[int, int] = (35, 92)


def photograph(pixels: Pixels, side: int, rng: Generator) -> Pixels:
    """Return a photo (uint8, side × side × 3) of a rendered scene (uint8, square).

    Turned or mirrored, at another exposure, white balance and contrast, sometimes out of focus,
    moved, enlarged from fewer pixels, noisy, or compressed.
    """
    scene = pixels[:, ::-1] if rng.random() < 0.5 else pixels
    scene = np.rot90(scene, int(rng.integers(4)))
    taken = side
    if rng.random() < 0.3:  # far away, or a small picture
        taken = int(rng.integers(side // 3, side))
    return expose(scene, taken, side, rng, CameraSettings())


def expose(
    scene: Pixels, taken: int, side: int, rng: Generator, settings: CameraSettings
) -> Pixels:
    """Return a photo (uint8, side × side × 3) of a scene (uint8, square), as it stands.

    Args:
        scene: what is photographed.
        taken: pixels along a side as it is taken, before it is enlarged.
        side: pixels along a side of the photo.
        rng: of everything random.
        settings: how much the camera may do.
    """
    image = Image.fromarray(np.ascontiguousarray(scene))
    image = image.resize((taken, taken), Image.Resampling.BICUBIC, reducing_gap=3)
    light = np.asarray(image, np.float32)
    light = light * rng.uniform(0.7, 1.25) * rng.normal(1, 0.05, 3).astype(np.float32)
    mean = light.mean(axis=(0, 1))
    light = (light - mean) * rng.uniform(0.75, 1.25) + mean
    grey = light.mean(axis=2, keepdims=True)
    light = grey + (light - grey) * rng.uniform(settings.saturation, 1.25)
    if rng.random() < settings.blurred:
        across = rng.uniform(0.3, settings.blur)
        moved = across * (rng.uniform(1, 2.5) if rng.random() < 0.3 else 1)
        light = gaussian_filter(light, (across, moved, 0))
    if rng.random() < settings.noisy:
        light = light + rng.normal(0, rng.uniform(1, settings.noise), light.shape).astype(
            np.float32
        )
    image = Image.fromarray(np.clip(light, 0, 255).astype(np.uint8))
    if rng.random() < settings.compressed:
        stored = io.BytesIO()
        image.save(stored, "JPEG", quality=int(rng.integers(*settings.quality)))
        image = Image.open(stored)
    if taken != side:
        image = image.resize((side, side), Image.Resampling.BICUBIC)
    return np.asarray(image)
