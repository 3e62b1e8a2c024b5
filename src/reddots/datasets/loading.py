"""Image loading for a manifest: its photos decoded, marks at the bottom cropped off."""

import logging
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from reddots.datasets.catalogue import PhotoSet
from reddots.datasets.manifest import Manifest, Row
from reddots.errors import PhotoError, TrainingError
from reddots.photo.loader import load_photo

Pixels = npt.NDArray[np.uint8]

_log = logging.getLogger(__name__)
_TOLD = 10  # photos that are named when they cannot be read; more would bury what follows


def without_mark(pixels: Pixels, row: Row, catalogue: Mapping[str, PhotoSet]) -> Pixels:
    """Return a row's photo (H × W × 3) without the bottom that the catalogue says to cut off."""
    known = catalogue.get(row.dataset)
    trim = known.trim_bottom if known else 0.0
    return pixels[: len(pixels) - round(len(pixels) * trim)]


def load_trimmed(
    manifest: Manifest, row: Row, catalogue: Mapping[str, PhotoSet], short_side: int
) -> Pixels:
    """Return a row's photo, brought down to ``short_side`` and without a mark at the bottom.

    Raises:
        PhotoError: it cannot be read.
    """
    pixels = load_photo(manifest.path(row), short_side=short_side).pixels
    return np.ascontiguousarray(without_mark(pixels, row, catalogue))


def readable_photos(
    manifest: Manifest, catalogue: Mapping[str, PhotoSet], short_side: int
) -> Iterator[tuple[int, Pixels]]:
    """Yield the place in the manifest and the photo of each row that can be read.

    The first that cannot are logged one by one, then how many there are.

    Raises:
        TrainingError: there are rows, and none can be read.
    """
    unread = 0
    for place, row in enumerate(manifest.rows):
        try:
            pixels = load_trimmed(manifest, row, catalogue, short_side)
        except PhotoError as error:
            unread += 1
            if unread <= _TOLD:
                _log.warning("left out: %s", error)
            continue
        yield place, pixels
    if unread > _TOLD:
        _log.warning("left out %d photos in all that cannot be read", unread)
    if unread and unread == len(manifest.rows):
        raise TrainingError(
            f"None of the manifest's {unread} photos can be read. Their paths start from the "
            f"folder {manifest.folder.resolve()}: are they there?"
        )
