"""Pictures made here, so that no test needs a photo of a person."""

import numpy as np
from PIL import Image


def picture(side: int = 400, *, blue: bool = False, seed: int = 0) -> Image.Image:
    """Skin with red dots, or a bluish picture of nothing."""
    random = np.random.default_rng(seed)
    pixels = np.full((side, side, 3), (60, 90, 200) if blue else (205, 160, 135), np.float32)
    pixels += random.normal(0, 9, (side, side, 1))
    y, x = np.mgrid[:side, :side]
    for _ in range(0 if blue else 25):
        centre, radius = random.integers(20, side - 20, 2), random.uniform(3, 6)
        away = ((y - centre[0]) ** 2 + (x - centre[1]) ** 2) / radius**2
        dot = np.exp(-(away**2))[..., None]
        pixels = pixels * (1 - dot) + np.array((178, 38, 44)) * dot
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
