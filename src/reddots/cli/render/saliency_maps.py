"""``reddots assess --map``: where the network found what speaks for its first choice."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reddots.errors import PhotoError, TableError

if TYPE_CHECKING:
    from reddots.assessor import Assessor

_SIDE: Final = 800  # the shorter side of the picture, pixels
_FORMATS: Final = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}


def require_format(output: Path) -> None:
    """Check, before anything is looked at, that the picture's ending is known.

    Raises:
        TableError: it is not.
    """
    if output.suffix.lower() not in _FORMATS:
        raise TableError(f"A map is a picture: end “{output.name}” in .png or .jpg.")


def write_maps(assessor: "Assessor", photos: Sequence[Path], output: Path) -> None:
    """Write the map of one photo to ``output``, those of several numbered, in their order.

    What no picture is written of is said on standard error.

    Raises:
        OSError: a picture cannot be written.
    """
    for number, photo in enumerate(photos, 1):
        place = output if len(photos) == 1 else output.with_stem(f"{output.stem}-{number}")
        name, picture = _map(assessor, photo, _FORMATS[output.suffix.lower()])
        if picture is None:
            sys.stderr.write(f"reddots: no map of {photo}: {name}\n")
        else:
            place.write_bytes(picture)
            sys.stderr.write(f"reddots: {place}: blue speaks for “{name}”; it marks no illness\n")


def _map(assessor: "Assessor", photo: Path, file_format: str) -> tuple[str, bytes | None]:
    """Return what the map is for, and the picture; or why there is none."""
    from reddots.classifier.saliency import overlay, saliency_map
    from reddots.knowledge import load
    from reddots.photo.loader import load_photo

    try:
        finding = assessor.analyze_photo(photo)
        pixels = load_photo(photo, short_side=_SIDE).pixels
    except PhotoError as error:
        return str(error), None
    top = max(finding.categories, key=lambda output: finding.categories[output])
    mattered = saliency_map(assessor.classifier, pixels, top)
    if mattered is None:
        return "no part of it stood out", None
    known = load().categories
    return (known[top].name if top in known else top), overlay(pixels, mattered, file_format)
