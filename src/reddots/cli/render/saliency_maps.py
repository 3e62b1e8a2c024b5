"""``reddots assess --map``: where the network found what speaks for its first choice."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reddots._atomic import atomic_write
from reddots._output import reserved_files
from reddots.cli.render.terminal import tell
from reddots.errors import OutputError, PhotoError

if TYPE_CHECKING:
    from reddots.assessor import Assessor

_SIDE: Final = 800  # the shorter side of the picture, pixels
_FORMATS: Final = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}


def require_format(output: Path) -> None:
    """Check, before any photo is analysed, that the picture's ending is known.

    Raises:
        OutputError: it is not.
    """
    if output.suffix.lower() not in _FORMATS:
        raise OutputError(f"A map is a picture: end “{output.name}” in .png or .jpg.")


def write_maps(
    assessor: "Assessor", photos: Sequence[Path], output: Path, inputs: Iterable[Path | None] = ()
) -> None:
    """Write the map of one photo to ``output``, those of several numbered, in their order.

    What no picture is written of is said on standard error.

    Raises:
        OutputError: a picture cannot be written or is an input.
    """
    several = len(photos) > 1
    places = [
        output.with_stem(f"{output.stem}-{number}") if several else output
        for number, _ in enumerate(photos, 1)
    ]
    with reserved_files(places, [*photos, *inputs]):
        for place, photo in zip(places, photos, strict=True):
            name, picture = _map(assessor, photo, _FORMATS[output.suffix.lower()])
            if picture is None:
                tell(f"no map of {photo}: {name}")
            else:
                _write(place, picture)
                tell(f"{place}: blue speaks for “{name}”; it marks no illness")


def _write(place: Path, picture: bytes) -> None:
    try:
        atomic_write(place, picture)
    except OSError as error:
        raise OutputError(f"{place} cannot be written: {error.strerror or error}.") from error


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
