"""Skin that belongs to nobody: for pictures, tests, and tones that photos lack."""

import numpy as np
from scipy.ndimage import gaussian_filter

from reddots.photo.colour import to_srgb
from reddots.simulation.rendering.chromophores import read_chromophores
from reddots.simulation.rendering.optics import Layer, linear_rgb, skin_reflectance
from reddots.simulation.rendering.renderer import SkinPatch
from reddots.simulation.rendering.shapes import Generator, Map, ShapeStyle, cloud, draw_lines

TONES = (1, 2, 3, 4, 5, 6)


def generated_skin(tone: int, side: int, rng: Generator) -> SkinPatch:
    """Return a patch of skin.

    Args:
        tone: Fitzpatrick type, 1 to 6.
        side: pixels.
        rng: chance.
    """
    known = read_chromophores()
    low, high = known.skin.melanosomes[str(tone)]
    melanosomes = float(np.exp(rng.uniform(np.log(low), np.log(high))))
    blood = float(rng.uniform(*known.skin.blood_fraction))
    colour = linear_rgb(skin_reflectance(melanosomes, blood, rng.uniform(0.5, 0.8))[None])[0]
    light = np.broadcast_to(colour.astype(np.float32), (side, side, 3))
    light = _mottled(light, melanosomes, side, rng)
    light = light * _texture(side, rng)[..., None]
    if rng.random() < 0.3:
        light = _hairy(light, melanosomes, side, rng)
    mask, shade = silhouette(side, rng)
    exposure = rng.uniform(0.85, 1.5) * (1 if tone < 5 else rng.uniform(1, 1.6))
    light = light * exposure * (shade * _lamp(side, rng))[..., None]
    light = light * mask[..., None] + _background(side, rng) * (1 - mask[..., None])
    return SkinPatch(to_srgb(light), mask, melanosomes)


def _mottled(light: Map, melanosomes: float, side: int, rng: Generator) -> Map:
    """Uneven blood and melanin, in wide and in narrow patches."""
    known = read_chromophores()
    for absorption, amount in ((known.blood(0.7), 0.004), (known.melanosome(), 0.0006)):
        for size in (0.12, 0.02):
            layer = Layer(rng.uniform(0.2, 1) * amount * absorption, 0.1, melanosomes)
            light = layer.apply(light, np.clip(0.5 + 0.4 * cloud(side, size * side, rng), 0, 1.6))
    return light


def _texture(side: int, rng: Generator) -> Map:
    """Fine lines and pores, as a factor around 1."""
    fine = cloud(side, rng.uniform(0.5, 1.2), rng)
    lines = cloud(side, 1.0, rng)
    turn = bool(rng.integers(2))
    stretched = gaussian_filter(lines, (3, 0.4) if turn else (0.4, 3))
    stretched = stretched / max(float(stretched.std()), 1e-6)
    strength = rng.uniform(0.003, 0.03)
    result: Map = (1 + strength * (0.6 * fine + 0.8 * stretched)).astype(np.float32)
    return result


def _hairy(light: Map, melanosomes: float, side: int, rng: Generator) -> Map:
    starts = rng.uniform(0, side, (int(rng.integers(5, 50)), 2))
    width = rng.uniform(0.3, 0.8)
    drawn = draw_lines(starts, rng.uniform(0.03, 0.15) * side, width, 0.05, side, ShapeStyle(), rng)
    melanin = Layer(rng.uniform(0.01, 0.1) * read_chromophores().melanosome(), 0.0, melanosomes)
    return melanin.apply(light, drawn * 0.8)


def silhouette(side: int, rng: Generator) -> tuple[Map, Map]:
    """Return where skin is, and the shading of its roundness.

    Half of the pictures are filled by skin; in the others a limb, or the edge of a body, stands
    before a background. A limb is a cylinder under a lamp beside the camera.
    """
    mask, shade = np.ones((side, side), np.float32), np.ones((side, side), np.float32)
    if rng.random() < 0.5:
        return mask, shade
    y, x = np.mgrid[:side, :side] / side - 0.5
    turn = rng.uniform(0, np.pi)
    across = x * np.cos(turn) + y * np.sin(turn)
    along = y * np.cos(turn) - x * np.sin(turn)
    half = rng.uniform(0.22, 0.55) * (1 + rng.uniform(-0.4, 0.4) * along)
    bend = rng.uniform(-0.25, 0.25) * along**2 + rng.uniform(-0.15, 0.15)
    place = (across - bend) / half
    soft = np.clip((1 - np.abs(place)) * half * side / 1.5, 0, 1)
    mask = soft.astype(np.float32)
    lamp = rng.uniform(-0.5, 0.5)
    round_ = np.sqrt(np.clip(1 - place**2, 0, 1)) + lamp * place
    shade = np.clip(0.45 + 0.55 * round_, 0.2, 1.2).astype(np.float32)
    return mask, shade


def _lamp(side: int, rng: Generator) -> Map:
    """Light that is stronger on one side."""
    y, x = np.mgrid[:side, :side] / side - 0.5
    turn = rng.uniform(0, 2 * np.pi)
    slope = rng.uniform(0, 0.5) * (x * np.cos(turn) + y * np.sin(turn))
    falloff = rng.uniform(0, 0.4) * (x**2 + y**2)
    result: Map = np.clip(1 + slope - falloff, 0.4, 1.5).astype(np.float32)
    return result


def _background(side: int, rng: Generator) -> Map:
    """Cloth, wall or dark room."""
    colour = np.clip(rng.uniform(0.02, 0.9) + rng.normal(0, 0.12, 3), 0, 1)
    pattern = 1 + rng.uniform(0, 0.25) * cloud(side, rng.uniform(1, 30), rng)
    result: Map = (colour * np.clip(pattern, 0.3, 1.7)[..., None]).astype(np.float32)
    return result
