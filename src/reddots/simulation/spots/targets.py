"""Training targets of the spot detector: Gaussian centre heat-map, diameter map and cover map.

After CenterNet (Zhou, Wang and Krähenbühl, "Objects as points", 2019).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Map = npt.NDArray[np.float32]

SURE, DOUBTFUL = 5.0, 2.0  # contrast in L*a*b*: a spot from here; below, nothing is seen
LEAST, MOST, SHEET = 2.0, 112.0, 200.0  # diameter in pixels; larger is unsaid, then no spot at all
_SPREAD = 0.12  # standard deviation of the Gaussian, as a share of the diameter
_LEAST_SPREAD = 0.85  # cells


@dataclass(frozen=True, eq=False)
class Target:
    """What the network is to say about one picture; each map is H × W at its stride.

    Attributes:
        centre: 1 at a spot's centre, falling off around it.
        diameter: log2 of the diameter in pixels, where ``near`` says so.
        near: 1 where the diameter is asked for.
        cover: 1 within a spot.
        weight: 0 where nothing is said.
    """

    centre: Map
    diameter: Map
    near: Map
    cover: Map
    weight: Map

    def stacked(self) -> Map:
        """Return the maps, in this order, as one array (5 × H × W)."""
        return np.stack([self.centre, self.diameter, self.near, self.cover, self.weight])


def make_target(
    spots: npt.NDArray[np.float32],
    unsaid: npt.NDArray[np.float32],
    said: Map,
    stride: int,
) -> Target:
    """Return the maps.

    Args:
        spots: N × 4: x, y, diameter (pixels of the picture) and contrast.
        unsaid: N × 3: discs about which nothing is said.
        said: H × W at the stride, 1 where ``spots`` is all that there is.
        stride: pixels to one cell.
    """
    shape = said.shape
    centre, diameter, near, cover = (np.zeros(shape, np.float32) for _ in range(4))
    weight = said.copy()
    wide, strength = spots[:, 2], spots[:, 3]
    seen = strength >= DOUBTFUL
    sure = seen & (strength >= SURE) & (wide >= LEAST) & (wide <= MOST)
    vague = np.concatenate([unsaid[:, :3], spots[seen & ~sure & (wide <= SHEET), :3]])
    for x, y, d in vague:
        box, far = _around(x, y, 0.6 * d + 2, stride, shape)
        weight[box][far * stride <= 0.6 * d + 2] = 0
    order = np.argsort(-wide[sure])
    for x, y, d in spots[sure][order, :3]:
        spread = max(_SPREAD * d / stride, _LEAST_SPREAD)
        box, far = _around(x, y, max(3 * spread * stride, d / 2 + stride), stride, shape)
        bump = np.exp(-(far**2) / (2 * spread**2)).astype(np.float32)
        np.maximum(centre[box], bump, out=centre[box])
        asked = bump > 0.6
        diameter[box][asked] = np.log2(d)
        near[box][asked] = 1
        cover[box][far * stride <= max(d / 2, 0.7 * stride)] = 1
        weight[box][bump > 0.3] = 1
        row, column = min(int(y / stride), shape[0] - 1), min(int(x / stride), shape[1] - 1)
        centre[row, column] = 1
    return Target(centre, diameter, near, cover, weight)


def _around(
    x: float, y: float, reach: float, stride: int, shape: tuple[int, ...]
) -> tuple[tuple[slice, slice], Map]:
    """Return a box of cells around a point, and each cell's distance from it in cells."""
    row, column = y / stride - 0.5, x / stride - 0.5
    size = reach / stride + 1
    rows = slice(max(int(row - size), 0), max(min(int(row + size) + 2, shape[0]), 0))
    columns = slice(max(int(column - size), 0), max(min(int(column + size) + 2, shape[1]), 0))
    down = np.arange(rows.start, rows.stop, dtype=np.float32)[:, None] - row
    right = np.arange(columns.start, columns.stop, dtype=np.float32)[None] - column
    return (rows, columns), np.hypot(down, right).astype(np.float32)
