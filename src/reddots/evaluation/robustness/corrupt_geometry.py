"""Corruptions of what the photo holds: size, cut, turn, things in front, compression.

Each takes an upright sRGB photo (H × W × 3, uint8), a level and a generator of random numbers.
"""

import io

import numpy as np
from PIL import Image, ImageDraw

from reddots.evaluation.robustness.corrupt_light import Pixels

_HAIR, _PEN, _RULER, _TICK = (38, 26, 20), (58, 32, 120), (236, 232, 214), (40, 40, 40)
_BAR, _SCREEN = (245, 245, 245), (20, 20, 20)
_SHRINK, _QUALITY, _SUBSAMPLING = 0.9, 45, 2


def jpeg(pixels: Pixels, level: float, _: np.random.Generator) -> Pixels:
    """Compress as JPEG of this quality."""
    return np.asarray(_compressed(Image.fromarray(pixels), round(level)))


def chain(pixels: Pixels, level: float, _: np.random.Generator) -> Pixels:
    """Shrink a little and compress, again and again."""
    image = Image.fromarray(pixels)
    for _round in range(round(level)):
        size = (max(1, round(image.width * _SHRINK)), max(1, round(image.height * _SHRINK)))
        image = _compressed(image.resize(size, Image.Resampling.BILINEAR), _QUALITY)
    return np.asarray(image)


def scale(pixels: Pixels, level: float, _: np.random.Generator) -> Pixels:
    """Keep fewer pixels, at the old size."""
    image = Image.fromarray(pixels)
    small = (max(1, round(image.width * level)), max(1, round(image.height * level)))
    return np.asarray(image.resize(small, Image.Resampling.BOX).resize(image.size))


def crop(pixels: Pixels, level: float, rng: np.random.Generator) -> Pixels:
    """Keep a part at a random corner."""
    height, width = pixels.shape[:2]
    tall, broad = max(1, round(height * level)), max(1, round(width * level))
    top = (height - tall) * int(rng.integers(2))
    left = (width - broad) * int(rng.integers(2))
    return np.ascontiguousarray(pixels[top : top + tall, left : left + broad])


def rotation(pixels: Pixels, level: float, rng: np.random.Generator) -> Pixels:
    """Turn about the middle, the photo going on mirrored beyond its edges."""
    height, width = pixels.shape[:2]
    pad = min(height, width) // 2
    wide = np.pad(pixels, ((pad, pad), (pad, pad), (0, 0)), mode="symmetric")
    angle = level * int(rng.choice([-1, 1]))
    turned = np.asarray(Image.fromarray(wide).rotate(angle, Image.Resampling.BICUBIC))
    return np.ascontiguousarray(turned[pad : pad + height, pad : pad + width])


def hair(pixels: Pixels, level: float, rng: np.random.Generator) -> Pixels:
    """Draw bent dark hairs."""
    image = Image.fromarray(pixels)
    draw, side = ImageDraw.Draw(image), min(image.size)
    time = np.linspace(0, 1, 24)[:, None]
    for _hair in range(round(level)):
        start = rng.uniform(0, 1, 2) * image.size
        end = start + rng.normal(0, 0.5, 2) * side
        bend = (start + end) / 2 + rng.normal(0, 0.12, 2) * side
        path = (1 - time) ** 2 * start + 2 * time * (1 - time) * bend + time**2 * end
        width = max(1, round(side * rng.uniform(0.003, 0.008)))
        draw.line([(float(x), float(y)) for x, y in path], fill=_HAIR, width=width)
    return np.asarray(image)


def ruler_or_pen(pixels: Pixels, level: float, rng: np.random.Generator) -> Pixels:
    """Lay a ruler along the lower edge, or draw a ring around the middle."""
    image = Image.fromarray(pixels)
    draw, side = ImageDraw.Draw(image), min(image.size)
    width = max(2, round(level * side))
    if rng.integers(2):
        top = image.height - width
        draw.rectangle((0, top, image.width, image.height), fill=_RULER)
        step = max(3, side // 40)
        for place in range(0, image.width, step):
            length = width // 2 if place % (5 * step) == 0 else width // 4
            draw.line((place, top, place, top + length), fill=_TICK, width=max(1, side // 400))
        return np.asarray(image)
    middle = np.array(image.size) / 2
    radius = side * (0.45 - level)
    box = (*(middle - radius), *(middle + radius))
    draw.ellipse([float(v) for v in box], outline=_PEN, width=max(1, width // 5))
    return np.asarray(image)


def screenshot(pixels: Pixels, level: float, rng: np.random.Generator) -> Pixels:
    """Put the photo between a bar and a border, as on a phone's screen."""
    height, width = pixels.shape[:2]
    edge = max(1, round(height * level))
    colour = _SCREEN if rng.integers(2) else _BAR
    image = Image.new("RGB", (width, height + 2 * edge), colour)
    image.paste(Image.fromarray(pixels), (0, edge))
    draw, ink = ImageDraw.Draw(image), _BAR if colour == _SCREEN else _SCREEN
    for place in range(3):
        left = width * (0.1 + 0.3 * place)
        draw.rectangle((left, edge * 0.35, left + width * 0.12, edge * 0.65), fill=ink)
    return np.asarray(image)


def _compressed(image: Image.Image, quality: int) -> Image.Image:
    data = io.BytesIO()
    image.save(data, "JPEG", quality=quality, subsampling=_SUBSAMPLING)
    return Image.open(data).convert("RGB")
