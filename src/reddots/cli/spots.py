"""``reddots spots``: find, count, draw and compare the red spots of photos."""

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from typer.core import TyperGroup

from reddots._extras import require_extra
from reddots.cli.render.photo_maps import numbered, write_picture
from reddots.cli.render.terminal import plain, tell

if TYPE_CHECKING:
    from reddots.photo.loader import Photo
    from reddots.spots.detector import SpotDetector
    from reddots.spots.spot import Spots

_FIND: Final = "find"
_PICTURES: Final = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}
_COLUMNS: Final = ("photo", "x", "y", "diameter", "strength", "lightness", "redness", "yellowness")


class _FindByDefault(TyperGroup):
    """A group whose first word may be a photo: then it means ``find``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        helps = ctx.help_option_names
        if args and args[0] not in self.commands and args[0] not in helps:
            args = [_FIND, *args]
        return super().parse_args(ctx, args)


spots = typer.Typer(
    cls=_FindByDefault,
    help="Find, count, measure and draw the red spots of photos. It is no diagnosis.",
    no_args_is_help=True,
)


@spots.command(_FIND)
def find(
    photos: Annotated[list[Path], typer.Argument(metavar="PHOTO...", help="Photos of skin.")],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            help="A picture with circles (.png, .jpg), or a table with a row a spot (.csv).",
        ),
    ] = None,
    tiles: Annotated[
        bool, typer.Option("--tiles", help="Look at large photos in tiles, for the tiniest dots.")
    ] = False,
) -> None:
    """Find the red spots; “reddots spots PHOTO” is short for it."""
    from reddots._output import reserved_files
    from reddots.errors import OutputError
    from reddots.spots.detector import SpotDetector

    if output and output.suffix.lower() not in {*_PICTURES, ".csv"}:
        raise OutputError(f"End “{output.name}” in .png, .jpg or .csv.")
    places = _places(output, len(photos))
    with reserved_files(places, photos):
        failed = _find(SpotDetector.load(), photos, places, tiles=tiles)
    if failed:
        raise typer.Exit(1)


def _places(output: Path | None, count: int) -> list[Path]:
    if output is None:
        return []
    return [output] if output.suffix.lower() == ".csv" else numbered(output, count)


def _find(detector: "SpotDetector", photos: list[Path], places: list[Path], *, tiles: bool) -> int:
    """Find the spots of photos and write what was asked for; return how many photos failed."""
    from reddots.errors import PhotoError
    from reddots.spots.measure import sentence

    failed, is_table = 0, bool(places) and places[0].suffix.lower() == ".csv"
    rows: list[tuple[object, ...]] = []
    for number, path in enumerate(photos):
        try:
            photo, found = _look(detector, path, tiles=tiles)
        except PhotoError as error:
            tell(error)
            failed += 1
            continue
        sys.stdout.write(f"{plain(path)}: {sentence(found)}\n")
        whole = found.at_width(photo.width, photo.height)
        rows += [
            (path, *(round(v, 2) for v in (s.x, s.y, s.diameter, s.strength, *s.difference)))
            for s in whole
        ]
        if places and not is_table:
            _write_picture(places[number], photo, found)
    if is_table:
        _write_table(places[0], rows)
    return failed


@spots.command("compare")
def compare(
    before: Annotated[Path, typer.Argument(help="The earlier photo.")],
    after: Annotated[Path, typer.Argument(help="The later photo of the same place.")],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Both side by side, with what changed (.png, .jpg)."),
    ] = None,
    glass: Annotated[
        bool, typer.Option("--glass", help="The second photo was taken through a pressed glass.")
    ] = False,
) -> None:
    """Tell which spots are new, gone, larger or paler. Needs the extra “compare”.

    It may only raise concern: that spots fade is never believed from a photo.
    """
    from reddots._output import reserved_files
    from reddots.errors import OutputError
    from reddots.spots.align import align
    from reddots.spots.compare import compare_spots, side_by_side
    from reddots.spots.detector import SpotDetector
    from reddots.spots.glass import spots_under_glass

    if output and output.suffix.lower() not in _PICTURES:
        raise OutputError(f"End “{output.name}” in .png or .jpg.")
    require_extra("compare")
    detector = SpotDetector.load()
    first, known = _look(detector, before)
    second, later = _look(detector, after)
    laid = align(first.pixels, second.pixels)
    if glass:
        pressed = spots_under_glass(second.pixels, known, laid)
        sys.stdout.write(
            f"{pressed.stay} of {pressed.seen} spots stay under the glass. If you see the same, "
            "answer that they do not fade. Spots that seem to fade prove nothing.\n"
        )
        return
    found = compare_spots(first.pixels, second.pixels, known, later, laid)
    sys.stdout.write(
        f"new {len(found.new)}, gone {len(found.gone)}, larger {len(found.grown)}, "
        f"paler {len(found.faded)}, found in both {len(found.kept)}\n"
    )
    if found.spreads:
        sys.stdout.write("They seem to spread. Look yourself, and count that as spreading fast.\n")
    if output:
        with reserved_files([output], [before, after]):
            _write_pixels(output, side_by_side(first.pixels, second.pixels, found))


def _look(detector: "SpotDetector", path: Path, *, tiles: bool = False) -> "tuple[Photo, Spots]":
    from reddots.photo.loader import load_photo

    photo = load_photo(path, short_side=None if tiles else detector.short_side)
    return photo, detector.detect(photo.pixels, tiles=tiles)


def _write_picture(place: Path, photo: "Photo", found: "Spots") -> None:
    from reddots.spots.overlay import draw_spots

    _write_pixels(place, draw_spots(photo.pixels, found))


def _write_pixels(place: Path, pixels: Any) -> None:
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, _PICTURES[place.suffix.lower()])
    write_picture(place, buffer.getvalue())


def _write_table(output: Path, rows: list[tuple[object, ...]]) -> None:
    from reddots._atomic import atomic_file
    from reddots.tabular.csv_writer import CsvWriter

    with atomic_file(output) as partial, partial.open("w", newline="", encoding="utf-8") as file:
        writer = CsvWriter(file)
        writer.write(_COLUMNS)
        for row in rows:
            writer.write(row)
