"""``reddots spots``: find, count, draw and compare the red spots of photos."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from typer.core import TyperGroup

from reddots._extras import require_extra
from reddots.cli.options import until_end
from reddots.cli.render.photo_maps import FORMATS, numbered, write_pixels
from reddots.cli.render.terminal import plain, tell
from reddots.cli.tourniquet import tourniquet

if TYPE_CHECKING:
    from reddots.photo.loader import Photo
    from reddots.spots.detector import SpotDetector
    from reddots.spots.spot import Spots

_FIND: Final = "find"
_TABLES: Final = (".csv", ".jsonl", ".parquet")
_STDOUT: Final = "-"
_INTERRUPTED: Final = 130  # the exit code of a shell's command that Ctrl-C ended


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

spots.command("tourniquet")(tourniquet)


@spots.command(_FIND)
def find(
    photos: Annotated[
        list[str],
        typer.Argument(
            metavar="PHOTO...",
            help="Photos, folders, globs, a manifest (.csv), or “-”: a list on standard input.",
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            help="A picture with circles (.png, .jpg), or a table with a row a spot (.csv, .jsonl, "
            ".parquet; “-” writes lines of JSON as they come).",
        ),
    ] = None,
    tiles: Annotated[
        bool, typer.Option("--tiles", help="Look at large photos in tiles, for the tiniest dots.")
    ] = False,
    workers: Annotated[
        int | None,
        typer.Option(help="Processes, of a table; as many as processors by default.", min=1),
    ] = None,
    limit: Annotated[int | None, typer.Option(help="Only the first so many photos.", min=0)] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a table that was cut.")
    ] = False,
) -> None:
    """Find the red spots; “reddots spots PHOTO” is short for it."""
    from itertools import islice

    from reddots.batch.inputs import expand
    from reddots.errors import OutputError

    to_table = output is not None and output.suffix.lower() in {*_TABLES, ""}
    if output and output.suffix.lower() not in {*FORMATS, *_TABLES} and str(output) != _STDOUT:
        raise OutputError(f"End “{output.name}” in .png, .jpg, .csv, .jsonl or .parquet.")
    if resume and (not to_table or str(output) == _STDOUT):
        raise typer.BadParameter("only a table in a file can be resumed.")
    if output and to_table:
        failed = _tabulate(photos, output, tiles, workers or os.cpu_count() or 1, limit, resume)
    else:
        failed = _draw([p.path for p in islice(expand(photos), limit)], output, tiles=tiles)
    if failed:
        raise typer.Exit(1)


def _tabulate(
    photos: list[str], output: Path, tiles: bool, workers: int, limit: int | None, resume: bool
) -> int:
    """Write a table, and return how many photos failed."""
    from reddots.batch.inputs import LIST, expand
    from reddots.batch.progress import BatchProgress
    from reddots.batch.spots import run_spots, stream_spots

    def count() -> int:
        total = sum(1 for _ in expand(photos))
        return total if limit is None else min(total, limit)

    listed = expand(photos)
    with BatchProgress(None if LIST in photos else count) as progress:
        try:
            if str(output) == _STDOUT:
                outcome = stream_spots(listed, sys.stdout, tiles=tiles, workers=workers,
                                       limit=limit, on_row=progress.add)  # fmt: skip
            else:
                outcome = run_spots(listed, output, tiles=tiles, workers=workers, resume=resume,
                                    limit=limit, on_row=progress.add, inputs=photos)  # fmt: skip
        except KeyboardInterrupt as end:
            tell("stopped" if str(output) == _STDOUT else "stopped; go on with --resume")
            raise typer.Exit(_INTERRUPTED) from end
    where = "" if str(output) == _STDOUT else f"; wrote {output}"
    tell(f"{outcome.total} photos, {outcome.errors} errors{where}")
    return outcome.errors


def _draw(photos: list[Path], output: Path | None, *, tiles: bool) -> int:
    """Say what was found, and draw it where asked for; return how many photos failed."""
    from reddots._output import reserved_files
    from reddots.errors import PhotoError
    from reddots.spots.confirmation import sentence
    from reddots.spots.detector import SpotDetector
    from reddots.spots.measure import photo_spots
    from reddots.spots.overlay import draw_spots

    detector, failed = SpotDetector.load(), 0
    places = numbered(output, len(photos)) if output else []
    with reserved_files(places, photos):
        for number, path in enumerate(photos):
            try:
                photo, found = _look(detector, path, tiles=tiles)
            except PhotoError as error:
                tell(error)
                failed += 1
                continue
            sys.stdout.write(f"{plain(path)}: {sentence(photo_spots(found))}\n")
            if places:
                write_pixels(places[number], draw_spots(photo.pixels, found))
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

    if output and output.suffix.lower() not in FORMATS:
        raise OutputError(f"End “{output.name}” in .png or .jpg.")
    if output and glass:
        raise typer.BadParameter("--glass draws nothing: leave out -o.")
    require_extra("compare")
    until_end(reserved_files([output], [before, after]))
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
        write_pixels(output, side_by_side(first.pixels, second.pixels, found))


def _look(detector: "SpotDetector", path: Path, *, tiles: bool = False) -> "tuple[Photo, Spots]":
    from reddots.photo.loader import load_photo

    photo = load_photo(path, short_side=None if tiles else detector.long_side)
    return photo, detector.detect(photo.pixels, tiles=tiles)
