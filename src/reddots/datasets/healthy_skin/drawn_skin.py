"""Healthy skin that is drawn: every tone, from a close-up to a body part before a background.

Reflectance falls with melanin and haemoglobin by the Beer-Lambert law, each with three absorption
coefficients in the ratio of its spectrum at about 610, 545 and 465 nm (after S. Jacques, "Optical
absorption of melanin" and "Tabulated molar extinction coefficient for hemoglobin in water", Oregon
Medical Laser Center 1998). Shading, pores, lines, hairs, folds, clothes and backgrounds are plain
shapes: they are there so that none of them is taken for a rash, not to be admired.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter, map_coordinates

Pixels = npt.NDArray[np.uint8]
_Plane = npt.NDArray[np.floating[Any]]

SCENES: Final = ("close", "part", "limb", "torso")
TYPES: Final = 6  # Fitzpatrick
_DERMIS: Final = np.array([0.78, 0.66, 0.55], np.float32)  # linear reflectance without pigment
_MELANIN: Final = np.array([0.62, 0.93, 1.60], np.float32)  # absorption, relative
_BLOOD: Final = np.array([0.09, 0.52, 0.34], np.float32)
# Melanin by Fitzpatrick type, least and most, so that drawn skin spans the tones of photos.
_PIGMENT: Final = ((0.02, 0.12), (0.1, 0.25), (0.2, 0.45), (0.4, 0.75), (0.7, 1.2), (1.1, 1.9))


def draw_skin(random: np.random.Generator, fitzpatrick: int, scene: str, size: int = 352) -> Pixels:
    """Return one drawn photo (size × size × 3, uint8, sRGB).

    Args:
        random: decides everything else.
        fitzpatrick: 1 to 6.
        scene: one of ``SCENES``, from near to far.
        size: side in pixels.
    """
    nearness = {"close": 1.0, "part": 0.55, "limb": 0.3, "torso": 0.15}[scene]
    skin, depth = _body(random, scene, size)
    pigment, perfusion = random.uniform(*_PIGMENT[fitzpatrick - 1]), random.uniform(0.25, 0.6)
    # Neither pigment nor blood is even, but both change slowly.
    melanin = pigment * (
        1 + 0.10 * _clouds(random, size, size / 5) + 0.05 * _clouds(random, size, 14)
    )
    blood = perfusion * (
        1 + 0.12 * _clouds(random, size, size / 6) + 0.05 * _clouds(random, size, 10)
    )
    melanin, blood = np.maximum(melanin, 0.01), np.maximum(blood, 0.05)
    colour = _DERMIS * np.exp(-melanin[..., None] * _MELANIN - blood[..., None] * _BLOOD)
    light = _shade(random, depth) * (1 + _relief(random, size, nearness))
    linear: _Plane = colour * light[..., None] + _gloss(random, depth)[..., None]
    linear = _folds(random, linear, skin, nearness)
    picture: _Plane = _behind(random, size)
    edge = gaussian_filter(skin.astype(np.float32), 0.7)[..., None]
    picture = picture * (1 - edge) + linear * edge
    if scene != "close":
        picture = _clothes(random, picture, size)
    lamp = np.array([random.uniform(0.9, 1.15), 1.0, random.uniform(0.75, 1.15)])
    exposed: _Plane = np.clip(picture * lamp * random.uniform(0.75, 1.25), 0, 1)
    encoded = np.where(exposed <= 0.0031308, exposed * 12.92, 1.055 * exposed ** (1 / 2.4) - 0.055)
    encoded = gaussian_filter(encoded, (s := random.uniform(0, 0.9), s, 0))
    encoded += random.normal(0, random.uniform(0.002, 0.012), encoded.shape)
    drawn = Image.fromarray((np.clip(encoded, 0, 1) * 255).astype(np.uint8))
    return np.asarray(_hairs(random, drawn, skin, nearness))


def _clouds(random: np.random.Generator, size: int, width: float) -> _Plane:
    """Return smooth noise of unit spread; ``width`` is that of a cloud in pixels."""
    few = max(3, int(size / width) + 3)
    small = Image.fromarray(random.normal(0, 1, (few, few)).astype(np.float32))
    wide = np.asarray(small.resize((size, size), Image.Resampling.BICUBIC))
    result: _Plane = wide / max(float(wide.std()), 1e-6)
    return result


def _body(
    random: np.random.Generator, scene: str, size: int
) -> tuple[npt.NDArray[np.bool_], _Plane]:
    """Return where skin is, and how squarely it faces the camera, 0 to 1."""
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size - 0.5
    turn = random.uniform(0, np.pi) if scene != "torso" else random.normal(0, 0.08)
    along, across = y * np.cos(turn) + x * np.sin(turn), x * np.cos(turn) - y * np.sin(turn)
    across = across + random.normal(0, 0.06) * np.sin(3 * along + random.uniform(0, 6))
    if scene == "close":
        bend = random.uniform(0.1, 0.6)
        return np.ones((size, size), bool), (1 - bend * (across + random.uniform(-0.3, 0.3)) ** 2)
    half = {
        "part": random.uniform(0.4, 0.65), "limb": random.uniform(0.16, 0.34),
        "torso": random.uniform(0.24, 0.36),
    }[scene]  # fmt: skip
    width = half * (1 + random.normal(0, 0.25) * along)
    if scene == "torso":
        width = width * (
            1 - random.uniform(0.0, 0.25) * np.cos(4 * (along - random.normal(0, 0.1)))
        )
    off = across - random.normal(0, 0.08) * (scene != "torso")
    inside = np.abs(off) < width
    depth = np.sqrt(np.clip(1 - (off / width) ** 2, 0.02, 1)).astype(np.float32)
    return inside, depth


def _shade(random: np.random.Generator, depth: _Plane) -> _Plane:
    size = len(depth)
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size - 0.5
    angle = random.uniform(0, 2 * np.pi)
    slope = random.uniform(0, 0.45) * (x * np.cos(angle) + y * np.sin(angle))
    roundness = random.uniform(0.25, 0.7)
    result: _Plane = (1 - roundness + roundness * depth) * (1 + slope)
    return result * (1 + 0.04 * _clouds(random, size, size / 3))


def _relief(random: np.random.Generator, size: int, nearness: float) -> _Plane:
    """Return pores and fine lines, which only a near photo shows."""
    noise = random.normal(0, 1, (size, size)).astype(np.float32)
    pore = max(0.6, 2.2 * nearness * random.uniform(0.6, 1.4))
    stretch = random.uniform(1, 3.5)
    lines = gaussian_filter(noise, (pore, pore * stretch)) - gaussian_filter(noise, pore * 4)
    turn = random.uniform(0, np.pi)
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) - size / 2
    place = (
        y * np.cos(turn) - x * np.sin(turn) + size / 2,
        y * np.sin(turn) + x * np.cos(turn) + size / 2,
    )
    lines = map_coordinates(lines, place, order=1, mode="mirror")
    result: _Plane = (
        lines / max(float(lines.std()), 1e-6) * random.uniform(0.01, 0.05) * (0.3 + nearness)
    )
    return result


def _gloss(random: np.random.Generator, depth: _Plane) -> _Plane:
    size = len(depth)
    spot = np.clip(_clouds(random, size, size / 2.5) - 1, 0, 2) * depth**4
    result: _Plane = random.uniform(0, 0.08) * spot
    return result


def _folds(
    random: np.random.Generator, linear: _Plane, skin: npt.NDArray[np.bool_], nearness: float
) -> _Plane:
    size = len(skin)
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size - 0.5
    for _ in range(random.poisson(0.7)):
        angle, bend = random.uniform(0, np.pi), random.normal(0, 0.6)
        along, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
        distance = across - random.uniform(-0.4, 0.4) - bend * along**2
        width = random.uniform(0.004, 0.02) * (0.5 + nearness)
        ends = np.exp(-((along / random.uniform(0.15, 0.5)) ** 4))
        dark = random.uniform(0.08, 0.35) * np.exp(-((distance / width) ** 2)) * ends
        linear = linear * (1 - dark[..., None] * np.array([0.8, 1.0, 1.05], np.float32))
    return linear


def _behind(random: np.random.Generator, size: int) -> _Plane:
    """Return a background: plain, cloth, or a room of blocks."""
    picture = np.broadcast_to(_paint(random), (size, size, 3)).copy()
    for _ in range(random.integers(0, 7)):
        top, left = random.integers(0, size, 2)
        tall, wide = random.integers(size // 8, size, 2)
        picture[top : top + tall, left : left + wide] = _paint(random)
    picture = gaussian_filter(picture, (s := random.uniform(0, 4), s, 0))
    cloth = 1 + random.uniform(0, 0.25) * _clouds(random, size, random.uniform(3, 60))
    result: _Plane = np.clip(picture * cloth[..., None], 0, 1)
    return result


def _paint(random: np.random.Generator) -> _Plane:
    """Return a colour of things, most of them nearly grey."""
    bright = random.uniform(0.01, 0.95, 3)
    share = random.random() ** 2
    colour: _Plane = bright * share + bright.mean() * (1 - share)
    return colour.astype(np.float32)


def _clothes(random: np.random.Generator, picture: _Plane, size: int) -> _Plane:
    """Return the picture with a garment's edge across it, or as it was."""
    if random.random() < 0.5:
        return picture
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size
    edge = (
        random.uniform(0.68, 0.95)
        + random.normal(0, 0.25) * (x - 0.5)
        + 0.005 * np.sin(random.uniform(4, 30) * x)
    )
    covered = y > edge
    if random.random() < 0.5:
        covered = covered[::-1]
    colour = _paint(random)
    weave = 1 + random.uniform(0.02, 0.15) * _clouds(random, size, random.uniform(2.5, 12))
    cloth = colour * weave[..., None] * (1 + 0.2 * _clouds(random, size, size / 4)[..., None])
    soft = gaussian_filter(covered.astype(np.float32), 0.8)[..., None]
    shadow = 1 - 0.35 * gaussian_filter(covered.astype(np.float32), 5)[..., None]
    result: _Plane = np.clip(picture * shadow * (1 - soft) + cloth * soft, 0, 1)
    return result


def _hairs(
    random: np.random.Generator, drawn: Image.Image, skin: npt.NDArray[np.bool_], nearness: float
) -> Image.Image:
    """Return the picture with hairs, drawn at twice the size so that they can be thin."""
    count = int(random.choice([0, 0, 1, 2, 4]) * random.uniform(5, 60))
    if not count:
        return drawn
    size = drawn.width
    layer = Image.new("L", (2 * size, 2 * size))
    pen = ImageDraw.Draw(layer)
    lean, length = (
        random.uniform(0, 2 * np.pi),
        size * 2 * random.uniform(0.05, 0.25) * (0.4 + nearness),
    )
    for _ in range(count):
        x, y = random.uniform(0, 2 * size, 2)
        if not skin[int(y) // 2, int(x) // 2]:
            continue
        angle, curl = lean + random.normal(0, 0.3), random.normal(0, 0.7)
        steps = np.linspace(0, 1, 8)
        along = np.cumsum(np.stack([np.cos(angle + curl * steps), np.sin(angle + curl * steps)]), 1)
        path = np.array([[x], [y]]) + along * length * random.uniform(0.5, 1.2) / 8
        pen.line(
            [tuple(p) for p in path.T.tolist()],
            fill=255,
            width=int(1 + 2 * nearness * random.random()),
        )
    thin = layer.resize((size, size), Image.Resampling.BOX).point(lambda v: int(v * 0.8))
    tone = tuple(int(v) for v in random.uniform(0.05, 0.35) * np.array([255, 210, 170]))
    return Image.composite(Image.new("RGB", drawn.size, tone), drawn, thin)
