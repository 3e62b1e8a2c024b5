"""Source leakage: bars and repeated marks by which a photo's source can be recognised.

A net that sees an atlas's initials below every rash learns the initials. A mark is looked for in
the corners and in the middle of the upper and lower edge: where the photos of one set have the same
edges in the same place, their mean does not fade away. Photos are compared at one short side, so a
mark whose size does not follow the photo's is found less often than it is there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from reddots.datasets.quality.borders import EDGES, bars
from reddots.photo.colour import luma

SHORT_SIDE: Final = 128  # pixels at which photos are compared
LEAST_PHOTOS: Final = 20  # of a set, below which nothing is said
LEAST_SHARE: Final = 0.1  # of a set's photos that carry it
# least share of the height or width; least correlation with the mean of the others
_LEAST: Final = {"border": 0.02, "repeated_mark": 0.2}
_HEIGHT, _WIDTH = 24, 64  # pixels of a patch
_SHARP: Final = 12.0  # grey levels from one pixel to the next
PLACES: Final = ("top left", "top", "top right", "bottom left", "bottom", "bottom right")


@dataclass(frozen=True, eq=False)
class Margins:
    """What is kept of a photo to look for marks.

    Attributes:
        bars: for each of ``EDGES`` the share of the height or width that a plain bar takes.
        edges: float16, places × (2 · 24 · 64): the edges of the patch at each of ``PLACES``, of
            length 1; zeros where there are none or the photo is too small.
    """

    bars: dict[str, float]
    edges: npt.NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class SourceMark:
    """A mark that many photos of one set carry.

    Attributes:
        kind: ``border`` or ``repeated_mark``.
        place: one of ``EDGES`` or of ``PLACES``.
        share: of the set's photos that carry it, 0 to 1.
        example: index of the photo that carries it most clearly.
    """

    kind: str
    dataset: str
    place: str
    share: float
    example: int


def margins(pixels: npt.NDArray[np.uint8]) -> Margins:
    """Return the margins of ``pixels`` (uint8, H × W × 3), whose short side is ``SHORT_SIDE``."""
    light = luma(pixels)
    height, width = light.shape
    if height < 2 * _HEIGHT or width < _WIDTH + _HEIGHT:
        return Margins(bars(pixels), np.zeros((len(PLACES), 2 * _HEIGHT * _WIDTH), np.float16))
    patches = [
        light[top : top + _HEIGHT, left : left + _WIDTH]
        for top in (0, height - _HEIGHT)
        for left in (0, (width - _WIDTH) // 2, width - _WIDTH)
    ]
    return Margins(bars(pixels), np.stack([_edges(p) for p in patches]))


def source_marks(kept: Sequence[Margins], datasets: Sequence[str]) -> list[SourceMark]:
    """Return the marks that at least a tenth of a set's photos carry, set by set."""
    found: list[SourceMark] = []
    for dataset in sorted(set(datasets)):
        own = [i for i, name in enumerate(datasets) if name == dataset]
        if len(own) < LEAST_PHOTOS:
            continue
        values = [("border", e, np.array([kept[i].bars[e] for i in own])) for e in EDGES]
        for number, place in enumerate(PLACES):
            edges = np.stack([kept[i].edges[number] for i in own]).astype(np.float32)
            values.append(("repeated_mark", place, _likeness(edges)))
        for kind, place, value in values:
            share = float((value >= _LEAST[kind]).mean())
            if share >= LEAST_SHARE:
                example = own[int(value.argmax())]
                found.append(SourceMark(kind, dataset, place, share, example))
    return found


def _likeness(edges: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the correlation of each row of N × D with the sum of the other rows."""
    others = edges.sum(axis=0, keepdims=True) - edges
    length = np.maximum(np.linalg.norm(others, axis=1), 1e-6)
    return np.asarray(np.einsum("nd,nd->n", edges, others) / length, dtype=np.float32)


def _edges(patch: npt.NDArray[np.float32]) -> npt.NDArray[np.float16]:
    """Return the sharp horizontal and vertical edges of a patch, of length 1; zeros if none.

    Shading is left out: all photos of round bodies are shaded alike.
    """
    across = np.diff(patch, axis=1, append=patch[:, -1:])
    down = np.diff(patch, axis=0, append=patch[-1:])
    both = np.concatenate([across.ravel(), down.ravel()])
    sharp = np.where(np.abs(both) >= _SHARP, np.sign(both), 0.0)
    return np.asarray(sharp / max(float(np.linalg.norm(sharp)), 1.0), dtype=np.float16)
