"""Where spots lie on the skin."""

import numpy as np
import numpy.typing as npt

from reddots.simulation.rendering.lesions import Arrangement
from reddots.simulation.rendering.shapes import Generator, Map

Points = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]  # N × 2, x and y in pixels
FOLLICLE_SPACING_MM = 2.4  # 17 follicles per cm² on thigh and calf: Otberg, JID 2004;122:14
_SKIN = 0.5


def place(
    mask: Map, count: int, arrangement: Arrangement, pixels_per_mm: float, rng: Generator
) -> Points:
    """Return up to ``count`` points (N × 2, x and y in pixels) where ``mask`` is skin."""
    rows, columns = np.nonzero(mask > _SKIN)
    if not len(rows):
        return np.zeros((0, 2))
    skin = np.stack([columns, rows], axis=1)
    side = len(mask)
    if arrangement == "clustered":
        found = _clusters(skin, count, side, rng)
    elif arrangement == "dependent":
        found = _downwards(skin, count, side, rng)
    elif arrangement == "follicular":
        found = _follicles(count, side, pixels_per_mm, rng)
    elif arrangement == "linear":
        found = _line(skin, count, side, rng)
    else:
        found = skin[rng.integers(len(skin), size=count)] + rng.random((count, 2))
    inside = np.all((found >= 0) & (found < side), axis=1)
    found = found[inside]
    on_skin = mask[found[:, 1].astype(int), found[:, 0].astype(int)] > _SKIN
    result: Points = found[on_skin]
    return result


def _clusters(skin: Places, count: int, side: int, rng: Generator) -> Points:
    """Return points of a Thomas process: Gaussian clusters around centres, and some strays."""
    number = int(rng.integers(1, 6))
    centres = rng.integers(len(skin), size=number)
    reach = side * np.exp(rng.uniform(np.log(0.05), np.log(0.3)))
    of = centres[rng.integers(number, size=count)]
    stray = rng.random(count) < rng.uniform(0.02, 0.3)
    of = np.where(stray, rng.integers(len(skin), size=count), of)
    points = skin[of] + rng.random((count, 2))
    shift = rng.normal(0, reach, (count, 2))
    result: Points = points + np.where(stray[:, None], 0, shift)
    return result


def _downwards(skin: Places, count: int, side: int, rng: Generator) -> Points:
    """Return points ever denser in one direction, as blood pools in a leg that hangs down."""
    turn = rng.uniform(0, 2 * np.pi)
    along = skin @ (np.cos(turn), np.sin(turn)) / side
    weight = np.exp(rng.uniform(1.5, 6) * (along - along.max()))
    chosen = rng.choice(len(skin), size=count, p=weight / weight.sum())
    result: Points = skin[chosen] + rng.random((count, 2))
    return result


def _follicles(count: int, side: int, pixels_per_mm: float, rng: Generator) -> Points:
    """Return hair roots: a jittered hexagonal grid, thinned to ``count`` within a patch."""
    spacing = max(FOLLICLE_SPACING_MM * pixels_per_mm * rng.uniform(0.8, 1.5), 2.0)
    turn = rng.uniform(0, np.pi)
    reach = int(side / spacing) + 2
    i, j = np.meshgrid(np.arange(-reach, reach + 1), np.arange(-reach, reach + 1))
    grid = np.stack([(i + j / 2).ravel(), (j * np.sqrt(3) / 2).ravel()], axis=1) * spacing
    turned = grid @ np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    points = turned + side / 2 + rng.normal(0, 0.18 * spacing, turned.shape)
    centre = rng.uniform(0.2, 0.8, 2) * side
    distance = np.hypot(*(points - centre).T) / (side * rng.uniform(0.3, 1.2))
    score = rng.random(len(points)) * np.exp(-(distance**2))
    result: Points = points[np.argsort(-score)[:count]]
    return result


def _line(skin: Places, count: int, side: int, rng: Generator) -> Points:
    """Return points along a few scratches or folds."""
    lines = int(rng.integers(1, 4))
    start = rng.integers(len(skin), size=lines)
    turn = rng.uniform(0, 2 * np.pi, lines)
    of = rng.integers(lines, size=count)
    along = rng.uniform(-0.3, 0.3, count) * side
    aside = rng.normal(0, 0.012 * side, count)
    x = skin[start, 0][of] + along * np.cos(turn[of]) - aside * np.sin(turn[of])
    y = skin[start, 1][of] + along * np.sin(turn[of]) + aside * np.cos(turn[of])
    result: Points = np.stack([x, y], axis=1)
    return result
