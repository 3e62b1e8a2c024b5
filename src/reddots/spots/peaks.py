"""Local maxima of the network's maps, decoded into centres and diameters, duplicates suppressed."""

from typing import Final

import numpy as np
import numpy.typing as npt

Map = npt.NDArray[np.float32]
Rows = npt.NDArray[np.float64]

MOST_SPOTS: Final = 1000
MOST_PEAKS: Final = 3000  # before suppression, whose cost grows with their square
_LOG_DIAMETERS: Final = (0.0, 9.0)  # log2 of pixels


def decode_peaks(maps: Map, stride: int, threshold: float, apart: float) -> Rows:
    """Return detections (N × 4: x, y, diameter in pixels of the input; strength), surest first.

    Args:
        maps: at least 2 × H × W: the centre's logit, and log2 of the diameter.
        stride: pixels to one cell.
        threshold: least strength, 0 to 1.
        apart: two centres nearer than this share of the larger diameter are one spot.
    """
    logits, sizes = maps[0], maps[1]
    rows, columns = _maxima(logits, float(np.log(threshold / (1 - threshold))))
    scores = logits[rows, columns]
    best = np.argsort(-scores, kind="stable")[:MOST_PEAKS]
    rows, columns = rows[best], columns[best]
    down, right = _offset(logits, rows, columns)
    diameter = np.exp2(np.clip(sizes[rows, columns].astype(np.float64), *_LOG_DIAMETERS))
    strength = 1 / (1 + np.exp(-scores[best].astype(np.float64)))
    found = np.column_stack(
        [(columns + right + 0.5) * stride, (rows + down + 0.5) * stride, diameter, strength]
    )
    return found[suppress(found, apart)][:MOST_SPOTS]


def suppress(found: Rows, apart: float) -> npt.NDArray[np.bool_]:
    """Return which detections (N × 4, surest first) stay: non-maximum suppression by distance."""
    kept = np.ones(len(found), bool)
    for number in range(len(found) - 1):
        if kept[number]:
            x, y, diameter = found[number, :3]
            rest = found[number + 1 :]
            reach = apart * np.maximum(rest[:, 2], diameter)
            near = np.hypot(rest[:, 0] - x, rest[:, 1] - y) < np.maximum(reach, 2.0)
            kept[number + 1 :] &= ~near
    return kept


def _maxima(logits: Map, least: float) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    rows, columns = np.nonzero(logits > least)
    padded = np.pad(logits, 1, constant_values=-np.inf)
    own = logits[rows, columns]
    top = np.ones(len(rows), bool)
    for down in (0, 1, 2):
        for right in (0, 1, 2):
            beside = padded[rows + down, columns + right]
            # Of equal neighbours the first in reading order counts.
            top &= own > beside if (down, right) < (1, 1) else own >= beside
    return rows[top], columns[top]


def _offset(
    logits: Map, rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64]
) -> tuple[Rows, Rows]:
    """Return where within its cell the top of a parabola through three cells lies, −0.5 to 0.5."""
    padded = np.pad(logits, 1, mode="edge").astype(np.float64)
    y, x = rows + 1, columns + 1
    middle = padded[y, x]

    def top(before: Rows, after: Rows) -> Rows:
        bend = 2 * middle - before - after
        share = np.where(bend > 1e-6, (after - before) / np.maximum(2 * bend, 1e-6), 0)
        clipped: Rows = np.clip(share, -0.5, 0.5)
        return clipped

    return top(padded[y - 1, x], padded[y + 1, x]), top(padded[y, x - 1], padded[y, x + 1])
