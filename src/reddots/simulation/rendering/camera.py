"""What a phone makes of the scene: the same for every kind, so that it gives nothing away."""

import io

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy.ndimage import gaussian_filter

from reddots.simulation.rendering.shapes import Generator


def photograph(pixels: npt.NDArray[np.uint8], side: int, rng: Generator) -> npt.NDArray[np.uint8]:
    """Return a photo (uint8, side × side × 3) of a painted canvas (uint8, square).

    Turned or mirrored, at another exposure, white balance and contrast, sometimes out of focus,
    moved, enlarged from fewer pixels, noisy, or compressed.
    """
    scene = pixels[:, ::-1] if rng.random() < 0.5 else pixels
    scene = np.rot90(scene, int(rng.integers(4)))
    middle = side
    if rng.random() < 0.3:  # far away, or a small picture
        middle = int(rng.integers(side // 3, side))
    image = Image.fromarray(np.ascontiguousarray(scene))
    image = image.resize((middle, middle), Image.Resampling.BICUBIC, reducing_gap=3)
    light = np.asarray(image, np.float32)
    light = light * rng.uniform(0.7, 1.25) * rng.normal(1, 0.05, 3).astype(np.float32)
    mean = light.mean(axis=(0, 1))
    light = (light - mean) * rng.uniform(0.75, 1.25) + mean
    grey = light.mean(axis=2, keepdims=True)
    light = grey + (light - grey) * rng.uniform(0.75, 1.25)
    if rng.random() < 0.35:
        across = rng.uniform(0.3, 1.4)
        moved = across * (rng.uniform(1, 2.5) if rng.random() < 0.3 else 1)
        light = gaussian_filter(light, (across, moved, 0))
    if rng.random() < 0.35:
        light = light + rng.normal(0, rng.uniform(1, 8), light.shape).astype(np.float32)
    image = Image.fromarray(np.clip(light, 0, 255).astype(np.uint8))
    if rng.random() < 0.5:
        stored = io.BytesIO()
        image.save(stored, "JPEG", quality=int(rng.integers(35, 92)))
        image = Image.open(stored)
    if middle != side:
        image = image.resize((side, side), Image.Resampling.BICUBIC)
    return np.asarray(image)
