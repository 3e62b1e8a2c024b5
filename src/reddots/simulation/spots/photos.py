"""Photos without red spots for training the spot detector: skin patches, backgrounds, negatives.

Which photos serve for what is in ``data/simulation/spots.toml``.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.ndimage import binary_dilation

from reddots._resources import folder
from reddots._toml import Entry, read_toml
from reddots.datasets.manifest import Row
from reddots.errors import PhotoError, TrainingError
from reddots.photo.colour import to_lab
from reddots.simulation.rendering.shapes import Generator
from reddots.simulation.rendering.skin_patches import skin_mask

Pixels = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
LoadRow = Callable[[Row], Pixels]

_REDDER = 7.0  # a* over the skin's median: part of a wound
_RED = 9.0  # a*: may be skin or a lesion
_DARKEST = 8.0  # L*
_MARGIN = 7  # pixels around what is left out
_LEAST = 0.04  # share of a photo that must be left


class _Choice(Entry, frozen=True):
    source: str
    labels: tuple[str, ...] = ()
    labels_raw: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    most: int | None = None

    def takes(self, row: Row) -> bool:
        """Whether a photo belongs here: by its label or its set, or both where both are given."""
        if row.dataset in self.without:
            return False
        labelled = row.label in self.labels or row.label_raw in self.labels_raw
        if self.most is not None:
            return labelled and row.dataset in self.datasets
        return labelled or row.dataset in self.datasets


class PhotoChoice(Entry, frozen=True):
    """The file ``data/simulation/spots.toml``."""

    skin: _Choice
    plain: _Choice
    surroundings: _Choice
    wounds: _Choice


@cache
def read_choice() -> PhotoChoice:
    """Read the file.

    Raises:
        KnowledgeError: it is missing or does not fit.
    """
    return read_toml(folder("data") / "simulation" / "spots.toml", PhotoChoice)


@dataclass(frozen=True, eq=False)
class Negative:
    """A photo in which no red spot is known of.

    Attributes:
        dataset: where it is from.
        pixels: H × W × 3, uint8.
        said: H × W; False where nothing is said; None: it holds everywhere.
    """

    dataset: str
    pixels: Pixels
    said: Mask | None


def skin_loader(rows: Sequence[Row], load: LoadRow) -> Callable[[Generator], Pixels | None] | None:
    """Return what gives a random photo of skin without red spots; None where there is none."""
    return _loader([row for row in rows if read_choice().skin.takes(row)], load)


def object_loader(
    rows: Sequence[Row], load: LoadRow
) -> Callable[[Generator], Pixels | None] | None:
    """Return what gives a random photo of something else than skin; None where there is none."""
    labels = read_choice().plain.labels
    return _loader([row for row in rows if row.label in labels], load)


def load_negatives(rows: Sequence[Row], load: LoadRow, rng: Generator) -> list[Negative]:
    """Load every photo that shows no red spot, with where that is known.

    Raises:
        TrainingError: there is none.
    """
    choice = read_choice()
    order = [rows[i] for i in rng.permutation(len(rows))]
    around = [r for r in order if choice.surroundings.takes(r)][: choice.surroundings.most]
    found = [
        Negative(row.dataset, pixels, said(pixels) if said else None)
        for chosen, said in (
            ([r for r in order if choice.skin.takes(r) or choice.plain.takes(r)], None),
            ([r for r in order if choice.wounds.takes(r)], beside_wounds),
            (around, off_skin),
        )
        for row, pixels in _readable(chosen, load)
    ]
    found = [n for n in found if n.said is None or n.said.mean() > _LEAST]
    if not found:
        raise TrainingError("The manifest has no photo without red spots to learn from.")
    return found


def by_set(negatives: Sequence[Negative]) -> npt.NDArray[np.float64]:
    """Return the chance of each: large sets count less than their number (its square root)."""
    return _even([negative.dataset for negative in negatives])


def off_skin(pixels: Pixels) -> Mask:
    """Return where a photo clearly shows no skin and nothing red."""
    _, redness, _ = to_lab(pixels)
    perhaps = (skin_mask(pixels) > 0.02) | (redness > _RED)
    outside: Mask = np.logical_not(binary_dilation(perhaps, iterations=_MARGIN))
    return outside


def beside_wounds(pixels: Pixels) -> Mask:
    """Return where a photo is not redder than its own skin."""
    lightness, redness, _ = to_lab(pixels)
    skin = skin_mask(pixels) > 0.5
    usual = float(np.median(redness[skin])) if skin.any() else _RED
    red = (redness > usual + _REDDER) & (lightness > _DARKEST)
    outside: Mask = np.logical_not(binary_dilation(red, iterations=_MARGIN))
    return outside


def _loader(rows: Sequence[Row], load: LoadRow) -> Callable[[Generator], Pixels | None] | None:
    if not rows:
        return None
    chance = _even([row.dataset for row in rows])

    def give(rng: Generator) -> Pixels | None:
        try:
            return load(rows[int(rng.choice(len(rows), p=chance))])
        except PhotoError:
            return None

    return give


def _readable(rows: Sequence[Row], load: LoadRow) -> Iterator[tuple[Row, Pixels]]:
    for row in rows:
        try:
            yield row, load(row)
        except PhotoError:
            continue


def _even(sets: Sequence[str]) -> npt.NDArray[np.float64]:
    counts = Counter(sets)
    chance = np.array([counts[name] ** -0.5 for name in sets])
    even: npt.NDArray[np.float64] = chance / chance.sum()
    return even
