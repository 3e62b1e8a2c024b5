"""Pictures that tests draw: skin-like, each seed another, and what becomes of copies."""

import io

import numpy as np
from PIL import Image, ImageDraw


def skin(seed: int, size: tuple[int, int] = (160, 140)) -> Image.Image:
    """Return uneven skin with spots; another seed, another photo."""
    random = np.random.default_rng(seed)
    coarse = random.integers(110, 220, (7, 8), dtype=np.uint8)
    light = Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)
    red, green, blue = light, light.point(lambda v: v * 0.75), light.point(lambda v: v * 0.62)
    photo = Image.merge("RGB", (red, green, blue))
    draw = ImageDraw.Draw(photo)
    for _ in range(14):
        x, y = (int(random.integers(0, side)) for side in size)
        radius = int(random.integers(2, 9))
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(120, 30, 30))
    return photo


def recompressed(photo: Image.Image) -> Image.Image:
    file = io.BytesIO()
    photo.save(file, "JPEG", quality=45)
    return Image.open(io.BytesIO(file.getvalue())).convert("RGB")


def trimmed(photo: Image.Image, share: float = 0.04) -> Image.Image:
    width, height = photo.size
    x, y = int(width * share), int(height * share)
    return photo.crop((x, y, width - x, height - y))


def framed(photo: Image.Image) -> Image.Image:
    """Return the photo above a plain grey bar."""
    width, height = photo.size
    whole = Image.new("RGB", (width, height + height // 8), (190, 190, 190))
    whole.paste(photo)
    return whole


def lettered(photo: Image.Image) -> Image.Image:
    """Return the photo with initials at the bottom left."""
    photo = photo.copy()
    draw = ImageDraw.Draw(photo)
    bottom = photo.height - 4
    for x in (6, 16, 26):
        draw.line((x, bottom, x, bottom - 14, x + 7, bottom - 14), fill=(255, 255, 255), width=2)
        draw.line((x, bottom - 7, x + 6, bottom - 7), fill=(0, 0, 0), width=2)
    return photo


def other_colour(photo: Image.Image) -> Image.Image:
    """Return the same shapes on another skin."""
    red, green, blue = photo.split()
    return Image.merge("RGB", (green, blue, red))
