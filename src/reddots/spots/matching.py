"""Detection metrics for points: one-to-one matching by distance, recall, precision, F1."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PointScore:
    """Counts of matched and unmatched points.

    Attributes:
        hits: true spots that were found.
        missed: true spots that were not.
        false: detections that match neither a spot nor what is left open.
    """

    hits: int
    missed: int
    false: int

    def __add__(self, other: "PointScore") -> "PointScore":
        """Return the counts of both."""
        return PointScore(
            self.hits + other.hits, self.missed + other.missed, self.false + other.false
        )

    @property
    def recall(self) -> float:
        """Share of true spots that were found; NaN without any."""
        return self.hits / total if (total := self.hits + self.missed) else float("nan")

    @property
    def precision(self) -> float:
        """Share of judged detections that are true; NaN without any."""
        return self.hits / total if (total := self.hits + self.false) else float("nan")

    @property
    def f1(self) -> float:
        """Harmonic mean of recall and precision; NaN where there is nothing to find."""
        total = 2 * self.hits + self.missed + self.false
        return 2 * self.hits / total if total else float("nan")


def match_points(found: Rows, true: Rows, least: float = 3.0) -> npt.NDArray[np.int64]:
    """Return for each detection the index of the true spot that it is, or −1.

    A detection is a spot if its centre lies within half the spot's diameter, at least ``least``
    pixels, of the spot's centre; each spot counts once, the surest detection comes first.

    Args:
        found: N × 2 or more: x, y in pixels, surest first.
        true: M × 3 or more: x, y, diameter in pixels.
        least: pixels.

    Example:
        >>> import numpy as np
        >>> match_points(np.array([[10.0, 10], [50, 50]]), np.array([[11.0, 10, 4]]))
        array([ 0, -1])
    """
    result = np.full(len(found), -1)
    if not len(found) or not len(true):
        return result
    apart = np.hypot(*(found[:, None, :2] - true[None, :, :2]).transpose(2, 0, 1))
    apart = np.where(apart <= np.maximum(true[:, 2] / 2, least), apart, np.inf)
    for number in range(len(found)):
        nearest = int(apart[number].argmin())
        if np.isfinite(apart[number, nearest]):
            result[number] = nearest
            apart[:, nearest] = np.inf
    return result


def score_points(found: Rows, true: Rows, open_: Sequence[Rows] = ()) -> PointScore:
    """Return the counts for one photo.

    Args:
        found: N × 2 or more: x, y in pixels, surest first.
        true: M × 3 or more: x, y, diameter.
        open_: the same of what may or may not be a spot: a detection there does not count.
    """
    matched = match_points(found, true)
    hits = int((matched >= 0).sum())
    left = found[matched < 0]
    for rows in open_:
        if len(left) and len(rows):
            apart = np.hypot(*(left[:, None, :2] - rows[None, :, :2]).transpose(2, 0, 1))
            left = left[(apart > np.maximum(rows[:, 2] / 2, 3.0)).all(axis=1)]
    return PointScore(hits, len(true) - hits, len(left))
