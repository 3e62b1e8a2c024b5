"""Longitudinal comparison of two photos of the same place: new, gone, grown and faded spots.

What is found may only raise concern: that spots fade is never believed from a photo, as light,
focus and pressure make spots fade too. Tried on rendered pairs only, not on people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from reddots.spots.align import Alignment, Matrix, Pixels, warp
from reddots.spots.overlay import draw_spots
from reddots.spots.sampling import spot_colours
from reddots.spots.spot import Spot, Spots

_NEAR: Final = 0.012  # of the longer side: how far a spot may be from where it was
_STILL: Final = 0.5  # share of a spot's colour difference that must be left for it to be there
_GROWN: Final = 1.5  # times the diameter
_FADED: Final = 0.5  # of the colour difference
_SPREAD: Final = 0.25  # new spots, as a share of those before
_FEWEST_NEW: Final = 3


@dataclass(frozen=True, eq=False)
class Comparison:
    """What changed from the first photo to the second; places are in pixels of the first.

    Attributes:
        kept: pairs of the same spot, before and after.
        new: spots of the second photo that the first does not show.
        gone: spots of the first photo that the second does not show.
        grown, faded: those of ``kept`` that became larger or paler.
        alignment: how the second photo lies on the first.
    """

    kept: tuple[tuple[Spot, Spot], ...]
    new: tuple[Spot, ...]
    gone: tuple[Spot, ...]
    grown: tuple[tuple[Spot, Spot], ...]
    faded: tuple[tuple[Spot, Spot], ...]
    alignment: Alignment

    @property
    def spreads(self) -> bool:
        """Whether there are clearly more spots, or larger ones, than before."""
        before = max(len(self.kept) + len(self.gone), 1)
        more = len(self.new) >= max(_FEWEST_NEW, _SPREAD * before)
        return more or len(self.grown) >= max(_FEWEST_NEW, _SPREAD * before)

    @property
    def answers(self) -> dict[str, str]:
        """What a person may be asked to confirm; never that spots fade or stay few."""
        return {"spreading_fast": "yes"} if self.spreads else {}


def compare_spots(
    first: Pixels, second: Pixels, before: Spots, after: Spots, alignment: Alignment
) -> Comparison:
    """Match the spots of two photos.

    Args:
        first: the earlier photo, H × W × 3, uint8, at the size that its spots refer to.
        second: the later one.
        before: the spots of the first.
        after: the spots of the second.
        alignment: how the second lies on the first.
    """
    height, width = first.shape[:2]
    reach = _NEAR * max(height, width)
    moved = _moved(after, alignment)
    # What lies beyond either photo can neither be new nor gone.
    in_second = _inside(alignment.onto_second(_points(before)), second)
    in_first = _inside(_points(moved), first)
    pairs = _pairs(before, moved, reach)
    kept = tuple((before[i], moved[j]) for i, j in pairs)
    lone_before = [i for i in range(len(before)) if in_second[i] and i not in {p[0] for p in pairs}]
    lone_after = [j for j in range(len(moved)) if in_first[j] and j not in {p[1] for p in pairs}]
    # A spot just under the detector's threshold in one photo has not come or gone.
    new = _not_there(first, [moved[j] for j in lone_after])
    missed = [before[i] for i in lone_before]
    there = alignment.onto_second(_points(missed))
    seen = [
        Spot(x, y, s.diameter / alignment.scale, s.strength, s.difference, s.colour)
        for s, (x, y) in zip(missed, there, strict=True)
    ]
    absent = _not_there(second, seen)
    gone = [s for s, other in zip(missed, seen, strict=True) if other in absent]
    return Comparison(
        kept,
        tuple(new),
        tuple(gone),
        tuple(p for p in kept if p[1].diameter >= _GROWN * p[0].diameter),
        tuple(p for p in kept if _strength(p[1]) <= _FADED * _strength(p[0])),
        alignment,
    )


def side_by_side(first: Pixels, second: Pixels, found: Comparison) -> Pixels:
    """Return both photos, aligned, with what changed circled: gone at the left, new at the right.

    Spots that grew are circled on both.
    """
    height, width = first.shape[:2]
    laid = warp(second, found.alignment, width, height)
    left = Spots((*found.gone, *(p[0] for p in found.grown)), width, height)
    right = Spots((*found.new, *(p[1] for p in found.grown)), width, height)
    gap = np.full((height, max(2, width // 100), 3), 255, np.uint8)
    return np.concatenate([draw_spots(first, left), gap, draw_spots(laid, right)], axis=1)


def colour_left(pixels: Pixels, spots: Sequence[Spot]) -> npt.NDArray[np.float64]:
    """Return for each spot (N) how much of its colour difference a photo shows at its place.

    Args:
        pixels: H × W × 3, uint8.
        spots: places in pixels of this photo; their ``difference`` is that of the other photo.
    """
    if not spots:
        return np.zeros(0)
    places = np.array([(s.x, s.y, s.diameter) for s in spots])
    colour, around = spot_colours(pixels, places)
    own = np.array([s.difference for s in spots])
    # Along the direction in which the spot differed, so that a shadow is no redness.
    along = ((colour - around) * own).sum(axis=1) / np.maximum((own**2).sum(axis=1), 1e-6)
    return np.asarray(along, np.float64)


def _not_there(pixels: Pixels, spots: Sequence[Spot]) -> list[Spot]:
    left = colour_left(pixels, spots)
    return [spot for spot, share in zip(spots, left, strict=True) if share < _STILL]


def _moved(spots: Spots, alignment: Alignment) -> list[Spot]:
    places = alignment.onto_first(_points(spots))
    return [
        Spot(float(x), float(y), s.diameter * alignment.scale, s.strength, s.difference, s.colour)
        for s, (x, y) in zip(spots, places, strict=True)
    ]


def _points(spots: Spots | Sequence[Spot]) -> Matrix:
    return np.array([(s.x, s.y) for s in spots], np.float64).reshape(-1, 2)


def _inside(points: Matrix, pixels: Pixels) -> npt.NDArray[np.bool_]:
    height, width = pixels.shape[:2]
    edge = 0.01 * max(height, width)
    inside: npt.NDArray[np.bool_] = (
        (points >= edge) & (points < np.array([width, height]) - edge)
    ).all(axis=1)
    return inside


def _pairs(before: Spots, moved: Sequence[Spot], reach: float) -> list[tuple[int, int]]:
    """Match each spot to the nearest within reach, nearest pairs first, each once."""
    if not len(before) or not moved:
        return []
    apart = np.hypot(*(_points(before)[:, None] - _points(moved)[None]).transpose(2, 0, 1))
    wide = np.maximum.outer([s.diameter for s in before], [s.diameter for s in moved])
    near = np.argwhere(apart <= np.maximum(reach, 0.6 * wide))
    order = np.argsort([apart[i, j] for i, j in near], kind="stable")
    used: tuple[set[int], set[int]] = set(), set()
    pairs = []
    for i, j in near[order].tolist():
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            pairs.append((i, j))
    return pairs


def _strength(spot: Spot) -> float:
    return float(np.linalg.norm(spot.difference))
