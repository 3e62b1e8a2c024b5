"""Shapes: spots, rings, lines and clouds as maps of thickness and height."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter

Map = npt.NDArray[np.float32]
Generator = np.random.Generator
_LEAST_RADIUS = 0.7  # pixels; a smaller spot is drawn paler instead
_WAVES = 5  # harmonics of an outline
_SIZES = (0, 3, 4, 6, 8, 11, 16, 22, 32, 45, 64, 1e9)  # pixels: spots alike are drawn together
_LARGE = 8  # pixels: above this, spots are laid down one by one
_AT_ONCE = 60_000  # pixels, so that they stay in the cache


@dataclass(frozen=True)
class ShapeStyle:
    """How an edge and an outline look.

    Attributes:
        edge: profile across the edge. Training uses ``logistic``; ``cubic`` is another hand, to see
            whether a net knows the lesions or the style.
        outline: decay of an outline's harmonics; the less, the more ragged.
        grain: pixels, of the unevenness within a spot.
    """

    edge: Literal["logistic", "cubic"] = "logistic"
    outline: float = 1.0
    grain: tuple[float, float] = (0.8, 3.0)


OTHER_STYLE = ShapeStyle("cubic", 0.4, (2.5, 6.0))


@dataclass(frozen=True)
class Spots:
    """Where spots are, and what each is like; arrays of one length, in pixels.

    Attributes:
        strength: of each, 0 to 1.
        softness: width of the edge.
        irregular: amplitude of the outline's waves, as a share of the radius.
        elongation: longer over shorter axis.
    """

    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]
    radius: npt.NDArray[np.float64]
    strength: npt.NDArray[np.float64]
    softness: float
    irregular: float
    elongation: float


def draw_spots(spots: Spots, side: int, style: ShapeStyle, rng: Generator) -> tuple[Map, Map]:
    """Return coverage and dome (each side × side, 0 to 1) of spots.

    Where spots overlap the stronger counts. A dome is a cap over its spot, for relief.
    """
    coverage, dome = np.zeros((side, side), np.float32), np.zeros((side, side), np.float32)
    reach = spots.radius * (1.2 + 2 * spots.irregular) * np.sqrt(spots.elongation)
    reach = reach + 2.5 * spots.softness + 1
    # What lies outside, however far it reaches, is not drawn.
    outside = np.maximum(np.abs(spots.x - side / 2), np.abs(spots.y - side / 2)) - side / 2
    near = outside < reach - 1
    for low, high in pairwise(_SIZES):
        chosen = np.flatnonzero((reach > low) & (reach <= high) & near)
        size = int(np.ceil(min(high, reach.max(initial=1))))
        pieces = min(len(chosen), -(-len(chosen) * 4 * size**2 // _AT_ONCE))
        for piece in np.array_split(chosen, max(1, pieces)):
            if len(piece):
                _stamp(coverage, dome, spots, piece, size, style, rng)
    return coverage, dome


def _stamp(  # what is drawn on, what is drawn, and how
    coverage: Map,
    dome: Map,
    spots: Spots,
    which: npt.NDArray[np.int64],
    size: int,
    style: ShapeStyle,
    rng: Generator,
) -> None:
    side, count = len(coverage), len(which)

    def column(values: npt.NDArray[np.float64]) -> Map:
        return values.astype(np.float32)[:, None, None]

    left, top = np.floor(spots.x[which]).astype(int), np.floor(spots.y[which]).astype(int)
    # A single spot needs no more than the patch, however large it is.
    only = count == 1
    across_step = np.arange(max(-size, -left[0]) if only else -size,
                            min(size, side - 1 - left[0]) + 1 if only else size + 1)  # fmt: skip
    down_step = np.arange(max(-size, -top[0]) if only else -size,
                          min(size, side - 1 - top[0]) + 1 if only else size + 1)  # fmt: skip
    dx = across_step.astype(np.float32)[None, None, :] - column(spots.x[which] - left)
    dy = down_step.astype(np.float32)[None, :, None] - column(spots.y[which] - top)
    turn = column(rng.uniform(0, np.pi, count))
    stretch = column(np.sqrt(1 + (spots.elongation - 1) * rng.random(count)))
    position = ((dx * np.cos(turn) + dy * np.sin(turn)) / stretch) + 1j * (
        (dy * np.cos(turn) - dx * np.sin(turn)) * stretch
    )
    distance = np.abs(position)
    radius = column(np.maximum(spots.radius[which], _LEAST_RADIUS))
    paler = column(np.minimum(spots.radius[which] / _LEAST_RADIUS, 1) ** 2)
    waves = rng.normal(0, spots.irregular, (_WAVES, count)) * np.exp(
        2j * np.pi * rng.random((_WAVES, count))
    )
    outline: Map = np.ones_like(distance)
    if spots.irregular > 0 and size > 2:  # pixels
        direction = position / np.maximum(distance, 1e-3)
        power = direction
        for number, wave in enumerate(waves, start=2):
            power = power * direction
            outline += (
                power * wave.astype(np.complex64)[:, None, None]
            ).real / number**style.outline
    edge = radius * np.maximum(outline, 0.25)
    cover = _edge((edge - distance) / max(spots.softness, 0.25), style)
    cover *= paler * column(spots.strength[which])
    cap = np.sqrt(np.clip(1 - (distance / edge) ** 2, 0, 1)) * paler
    if size > _LARGE:
        for spot in range(count):
            y, x = top[spot] + down_step[0], left[spot] + across_step[0]
            ends = y + len(down_step), x + len(across_step)
            inner = np.s_[max(-y, 0) : max(side - y, 0), max(-x, 0) : max(side - x, 0)]
            outer = np.s_[max(y, 0) : max(ends[0], 0), max(x, 0) : max(ends[1], 0)]
            for whole, part in ((coverage, cover[spot]), (dome, cap[spot])):
                np.maximum(whole[outer], part[inner], out=whole[outer])
        return
    columns, rows = left[:, None, None] + across_step, top[:, None, None] + down_step[:, None]
    there = (columns >= 0) & (columns < side) & (rows >= 0) & (rows < side)
    place = (rows * side + columns)[there]
    np.maximum.at(coverage.reshape(-1), place, cover[there])
    np.maximum.at(dome.reshape(-1), place, cap[there])


def _edge(inside: Map, style: ShapeStyle) -> Map:
    if style.edge == "logistic":
        found = 1 / (1 + np.exp(-np.clip(2.5 * inside, -30, 30)))
    else:
        t = np.clip(inside / 2 + 0.5, 0, 1)
        found = t * t * (3 - 2 * t)
    profile: Map = found.astype(np.float32)
    return profile


def draw_rings(spots: Spots, side: int, width: float, style: ShapeStyle, rng: Generator) -> Map:
    """Return the coverage of rings whose edge is ``width`` pixels wide."""
    seed = rng.integers(2**32)
    outer, _ = draw_spots(spots, side, style, np.random.default_rng(seed))
    smaller = Spots(
        spots.x, spots.y, np.maximum(spots.radius - width, 0.5), spots.strength * 0.85,
        spots.softness, spots.irregular, spots.elongation,
    )  # fmt: skip
    inner, _ = draw_spots(smaller, side, style, np.random.default_rng(seed))
    ring: Map = np.clip(outer - inner, 0, 1)
    return ring


def draw_lines(  # two are where, two are what, two are how
    starts: npt.NDArray[np.float64],
    length: float,
    width: float,
    bend: float,
    side: int,
    style: ShapeStyle,
    rng: Generator,
) -> Map:
    """Return the coverage of wandering lines.

    Args:
        starts: N × 2, x and y in pixels.
        length: of a line, pixels.
        width: of a line, pixels.
        bend: standard deviation of the direction's change over each width or pixel, radians.
        side: of the map, pixels.
        style: how its edge looks.
        rng: chance.
    """
    step = max(width, 1.0) / 2
    count = max(int(length / step), 2)
    angle = rng.uniform(0, 2 * np.pi, (len(starts), 1))
    angle = angle + np.cumsum(rng.normal(0, bend, (len(starts), count)), axis=1)
    x = starts[:, :1] + step * np.cumsum(np.cos(angle), axis=1)
    y = starts[:, 1:] + step * np.cumsum(np.sin(angle), axis=1)
    strength = np.repeat(rng.uniform(0.5, 1, len(starts)), count)
    radius = np.full(x.size, width / 2)
    spots = Spots(x.ravel(), y.ravel(), radius, strength, max(0.3, width / 6), 0.0, 1.0)
    return draw_spots(spots, side, style, rng)[0]


def cloud(side: int, size: float, rng: Generator) -> Map:
    """Return smooth noise (side × side) of mean 0 and standard deviation 1; ``size`` in pixels."""
    # Large structures are drawn small and enlarged, as a wide filter is slow.
    shrink = max(1, int(size / 4))
    small = -(-side // shrink) + 2
    field = gaussian_filter(rng.normal(0, 1, (small, small)).astype(np.float32), size / shrink)
    if shrink > 1:
        position = np.arange(side) / shrink
        low = position.astype(int)
        part = (position - low).astype(np.float32)
        field = field[low] * (1 - part[:, None]) + field[low + 1] * part[:, None]
        field = field[:, low] * (1 - part) + field[:, low + 1] * part
    result: Map = ((field - field.mean()) / max(float(field.std()), 1e-6)).astype(np.float32)
    return result[:side, :side]
