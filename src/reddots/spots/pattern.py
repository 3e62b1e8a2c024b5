"""Spatial point pattern analysis: nearest-neighbour ratio, line fit and circle fit.

Clark and Evans, Ecology 1954;35:445: the mean distance to the nearest neighbour over that of a
random pattern of the same density; below 1 in groups, above 1 in a grid. Donnelly 1978 corrects
for the edge.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from reddots.spots.words import PatternLimits, read_words

Points = npt.NDArray[np.float64]
Pattern = Literal["single", "scattered", "clustered", "rings", "line", "even"]


@dataclass(frozen=True)
class NeighbourRatio:
    """The ratio of Clark and Evans, and how far it is from chance.

    Attributes:
        ratio: 1 for a random pattern.
        z: standard deviations from 1; negative in groups.
    """

    ratio: float
    z: float


def clark_evans(points: Points, area: float, perimeter: float) -> NeighbourRatio:
    """Return the ratio for points (N × 2, N at least 2) in a region.

    Args:
        points: in pixels.
        area: of the region, pixels².
        perimeter: of the region, pixels.

    Example:
        >>> import numpy as np
        >>> grid = np.stack(np.meshgrid(np.arange(10.0), np.arange(10.0)), -1).reshape(-1, 2)
        >>> clark_evans(grid, 100, 40).ratio > 1.5
        True
    """
    count = len(points)
    apart = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    np.fill_diagonal(apart, np.inf)
    mean = float(apart.min(axis=1).mean())
    expected = 0.5 * np.sqrt(area / count)
    expected += 0.0514 * perimeter / count + 0.041 * perimeter / count**1.5
    variance = 0.0703 * area / count**2 + 0.037 * perimeter * np.sqrt(area / count**5)
    ratio, z = mean / expected, (mean - expected) / np.sqrt(variance)
    return NeighbourRatio(float(ratio), float(z))


def classify_pattern(points: Points, diameters: Points, area: float, perimeter: float) -> Pattern:
    """Return how spots are arranged; the limits are in ``data/spots/words.toml``.

    Args:
        points: N × 2, N at least 1, in pixels.
        diameters: N, in pixels.
        area: of the skin in the photo, pixels².
        perimeter: of the skin, pixels.
    """
    limits = read_words().pattern
    if len(points) == 1:
        return "single"
    if _on_line(points, limits):
        return "line"
    if _on_ring(points, float(np.median(diameters)), limits):
        return "rings"
    return _by_neighbours(points, area, perimeter, limits)


def _by_neighbours(points: Points, area: float, perimeter: float, limits: PatternLimits) -> Pattern:
    if len(points) < limits.fewest:
        return "scattered"
    found = clark_evans(points, area, perimeter)
    if found.z <= -limits.z and found.ratio <= limits.clustered:
        return "clustered"
    if found.z >= limits.z and found.ratio >= limits.regular:
        return "even"
    return "scattered"


def _on_line(points: Points, limits: PatternLimits) -> bool:
    if len(points) < limits.line_fewest:
        return False
    spread = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
    return bool(spread[1] <= limits.line_width * spread[0])


def _on_ring(points: Points, diameter: float, limits: PatternLimits) -> bool:
    """Whether points lie on one circle all around: least squares after Kåsa, 1976."""
    if len(points) < limits.ring_fewest:
        return False
    system = np.column_stack([2 * points, np.ones(len(points))])
    solved, _, rank, _ = np.linalg.lstsq(system, (points**2).sum(axis=1), rcond=None)
    if rank < 3:
        return False
    offset = points - solved[:2]
    reach = np.hypot(*offset.T)
    radius = float(reach.mean())
    if radius < diameter or float(reach.std()) > limits.ring_width * radius:
        return False
    turns = np.sort(np.degrees(np.arctan2(offset[:, 1], offset[:, 0])))
    gaps = np.diff(np.concatenate([turns, turns[:1] + 360]))
    return float(gaps.max()) <= limits.ring_gap
