"""What a photo shows apart from the lesion, as a few numbers a view."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from reddots.evaluation.core.scored import Flags, Floats
from reddots.photo.loader import load_photo

VIEWS = ("file", "border", "background", "whole")
SIDE, CELLS = 96, 8  # pixels a photo is brought down to; cells along a side
_COMMON = ("JPEG", "PNG", "WEBP")  # formats; whatever else is none of them
_BORDER = 0.1  # share of each side
_MIDDLE = 0.5  # share of the side that the disc in the middle spans, where the lesion mostly is
_OUTLYING, _MAD = 4.0, 1.4826  # robust standard deviations; of a median deviation (Hampel 1974)
_GROW = 3  # pixels that the lesion's mask is widened by


def look(path: Path) -> dict[str, Floats]:
    """Return the numbers of each view of one photo.

    ``file`` is size in bytes, width, height, aspect and format; ``border`` the outer tenth of each
    side; ``background`` all but the lesion, which is the disc in the middle and whatever stands out
    from the skin (:func:`lesion_mask`); ``whole`` everything, for comparison.

    Raises:
        PhotoError: the photo cannot be read.
    """
    photo = load_photo(path, short_side=SIDE)
    pixels = np.asarray(Image.fromarray(photo.pixels).resize((SIDE, SIDE)), dtype=np.float64) / 255
    size = path.stat().st_size
    numbers = [size, photo.width, photo.height, photo.width * photo.height]
    file = [*np.log(numbers), photo.width / photo.height, size / numbers[3]]
    formats = [float(photo.format == name) for name in _COMMON]
    everything = np.ones((SIDE, SIDE), dtype=bool)
    return {
        "file": np.array([*file, *formats]),
        "border": _statistics(pixels, _frame()),
        "background": _statistics(pixels, ~lesion_mask(pixels)),
        "whole": _statistics(pixels, everything),
    }


def lesion_mask(pixels: npt.NDArray[np.float64]) -> Flags:
    """Return where the lesion may be (side × side): more rather than less.

    It is the disc in the middle and every pixel whose distance from the photo's median colour is
    above the threshold of Otsu 1979, and beyond four robust standard deviations so that plain skin
    is not cut up; widened by three pixels. The outline of what is left may still tell of the
    lesion's size: the border is the cleaner view.
    """
    side = len(pixels)
    down, right = np.mgrid[:side, :side] - (side - 1) / 2
    disc = np.hypot(down, right) <= _MIDDLE * side / 2
    distance = np.linalg.norm(pixels - np.median(pixels, axis=(0, 1)), axis=2)
    usual = float(np.median(distance))
    plain = usual + _OUTLYING * _MAD * float(np.median(np.abs(distance - usual)))
    standing_out = distance > max(otsu(distance), plain)
    return _grown(disc | standing_out)


def otsu(values: Floats, bins: int = 64) -> float:
    """Return the threshold that parts values into the two tightest classes (Otsu 1979)."""
    counts, edges = np.histogram(values, bins=bins)
    middles = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * middles)
    with np.errstate(invalid="ignore", divide="ignore"):
        gap = sums / below - (sums[-1] - sums) / above
        between = np.nan_to_num(below * above * gap**2)
    return float(edges[1 + int(between.argmax())])


def _frame() -> Flags:
    edge = round(_BORDER * SIDE)
    frame = np.ones((SIDE, SIDE), dtype=bool)
    frame[edge:-edge, edge:-edge] = False
    return frame


def _grown(mask: Flags) -> Flags:
    padded = np.pad(mask, _GROW)
    side = len(mask)
    steps = range(2 * _GROW + 1)
    result: Flags = np.any(
        [padded[i : i + side, j : j + side] for i in steps for j in steps], axis=0
    )
    return result


def _statistics(pixels: npt.NDArray[np.float64], seen: Flags) -> Floats:
    """Return mean and spread of each colour in each cell; an unseen cell has the view's own."""
    step = SIDE // CELLS
    shown = pixels[seen] if seen.any() else np.full((1, 3), 0.5)
    usual = np.concatenate([shown.mean(axis=0), shown.std(axis=0)])
    found = []
    for top in range(0, SIDE, step):
        for left in range(0, SIDE, step):
            own = seen[top : top + step, left : left + step]
            cell = pixels[top : top + step, left : left + step][own]
            values = [cell.mean(axis=0), cell.std(axis=0)] if len(cell) else [usual]
            found.append(np.concatenate(values))
    return np.concatenate([usual, *found])
