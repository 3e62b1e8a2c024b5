"""Pictures drawn on photos: circles around the spots found, and the network's saliency map."""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reddots._atomic import atomic_write
from reddots._output import reserved_files
from reddots.cli.render.terminal import tell
from reddots.errors import OutputError, PhotoError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from reddots.assessor import Assessor

_SIDE: Final = 800  # the shorter side of the picture, pixels
FORMATS: Final = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}

Drawn = tuple[str, bytes | None]
Draw = Callable[["Assessor", Path, str], Drawn]


@contextmanager
def reserve_maps(
    outputs: Sequence[Path], photos: Sequence[Path], inputs: Iterable[Path | None] = ()
) -> Iterator[list[list[Path]]]:
    """Reserve the pictures of each map, one a photo, all before any is drawn; yield their places.

    The map of one photo goes to its output, those of several photos to numbered ones.

    Raises:
        OutputError: there is no photo, or an output has another ending than a picture's, cannot be
            written, is an input, or is another map's too.
    """
    for output in outputs:
        _format(output)
        if not photos:
            raise OutputError(f"There is no photo to draw on, so {output} is not written.")
    places = [numbered(output, len(photos)) for output in outputs]
    with reserved_files(chain.from_iterable(places), [*photos, *inputs]):
        yield places


def _format(output: Path) -> str:
    found = FORMATS.get(output.suffix.lower())
    if found is None:
        raise OutputError(f"A map is a picture: end “{output.name}” in .png or .jpg.")
    return found


def write_maps(
    assessor: "Assessor", photos: Sequence[Path], places: Sequence[Path], draw: Draw
) -> None:
    """Write the map of each photo to its place.

    What is drawn, or why nothing is, is said on standard error.

    Raises:
        OutputError: a picture cannot be written.
    """
    for place, photo in zip(places, photos, strict=True):
        said, picture = draw(assessor, photo, _format(place))
        if picture is None:
            tell(f"no map of {photo}: {said}")
        else:
            write_picture(place, picture)
            tell(f"{place}: {said}")


def numbered(output: Path, count: int) -> list[Path]:
    """Return where ``count`` pictures go: ``output``, or where there are several, numbered."""
    if count == 1:
        return [output]
    return [output.with_stem(f"{output.stem}-{number}") for number in range(1, count + 1)]


def write_picture(place: Path, picture: bytes) -> None:
    """Write a picture, whole or not at all.

    Raises:
        OutputError: it cannot be written.
    """
    try:
        atomic_write(place, picture)
    except OSError as error:
        raise OutputError(f"{place} cannot be written: {error.strerror or error}.") from error


def write_pixels(place: Path, pixels: "npt.NDArray[np.uint8]") -> None:
    """Write an array (H × W × 3, uint8) as a picture, in the format of its ending.

    Raises:
        OutputError: it cannot be written.
    """
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, FORMATS[place.suffix.lower()])
    write_picture(place, buffer.getvalue())


def spot_circles(assessor: "Assessor", photo: Path, file_format: str) -> Drawn:
    """Return what the circles are around, and the picture; or why there is none."""
    from PIL import Image

    from reddots.photo.loader import load_photo
    from reddots.spots.confirmation import sentence
    from reddots.spots.detector import SpotDetector
    from reddots.spots.measure import photo_spots
    from reddots.spots.overlay import draw_spots

    detector = assessor.detector or SpotDetector.load()  # which says that there is none
    try:
        pixels = load_photo(photo, short_side=detector.long_side).pixels
    except PhotoError as error:
        return str(error), None
    found = detector.detect(pixels)
    said = sentence(photo_spots(found))
    if not len(found):
        return said, None
    buffer = io.BytesIO()
    Image.fromarray(draw_spots(pixels, found)).save(buffer, file_format)
    return said, buffer.getvalue()


def saliency(assessor: "Assessor", photo: Path, file_format: str) -> Drawn:
    """Return what the map is for, and the picture; or why there is none."""
    from reddots.classifier.saliency import overlay, saliency_map
    from reddots.knowledge import load
    from reddots.photo.loader import load_photo

    try:
        finding = assessor.analyze_photo(photo)
        pixels = load_photo(photo, short_side=_SIDE).pixels
    except PhotoError as error:
        return str(error), None
    top = finding.category
    mattered = saliency_map(assessor.classifier, pixels, top)
    if mattered is None:
        return "no part of it stood out", None
    known = load().categories
    name = known[top].name if top in known else top
    return f"blue speaks for “{name}”; it marks no illness", overlay(pixels, mattered, file_format)
