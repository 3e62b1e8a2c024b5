"""``reddots spots tourniquet``: petechiae in a drawn square, for clinics where dengue is."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from reddots._extras import require_extra
from reddots.cli.options import until_end
from reddots.cli.render.photo_maps import FORMATS, write_pixels
from reddots.cli.render.terminal import json_text, plain


def tourniquet(
    photo: Annotated[
        Path, typer.Argument(help="A forearm with a drawn square of 2.5 cm, or a coin.")
    ],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="The photo with the petechiae counted (.png, .jpg)."),
    ] = None,
    threshold: Annotated[
        int | None,
        typer.Option(help="Petechiae from which it is positive; 10 (WHO 2009, CDC).", min=1),
    ] = None,
    coin: Annotated[
        float | None,
        typer.Option(
            metavar="MM", help="Diameter of a coin on the arm, instead of a square: 10 to 50."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a sentence.")] = False,
) -> None:
    """Count the petechiae of a tourniquet test; for research. Needs the extra “compare”.

    It was tried on painted arms only: count yourself, too.
    """
    from reddots._output import reserved_files
    from reddots.errors import OutputError
    from reddots.photo.loader import load_photo
    from reddots.spots.detector import SpotDetector
    from reddots.spots.overlay import draw_spots
    from reddots.spots.tourniquet import LONG_SIDE, tourniquet_count

    if output and output.suffix.lower() not in FORMATS:
        raise OutputError(f"End “{output.name}” in .png or .jpg.")
    require_extra("compare")
    until_end(reserved_files([output], [photo]))
    seen = load_photo(photo, long_side=LONG_SIDE)
    found = tourniquet_count(seen.pixels, SpotDetector.load(), threshold, coin)
    if as_json:
        document = {
            "count": found.count,
            "interval": [round(found.low, 1), round(found.high, 1)],
            "threshold": found.threshold,
            "positive": found.is_positive,
            "clear": found.is_clear,
            "corners": found.corners.round(1).tolist(),
            "tried_on": "painted arms only",
        }
        sys.stdout.write(json_text(document, indent=2))
    else:
        side = "reaches" if found.is_positive else "is below"
        clear = "" if found.is_clear else " The interval crosses the threshold: count yourself."
        place = "in the square" if coin is None else "in the 2.5 cm square that has most"
        sys.stdout.write(
            f"{plain(photo)}: {found.count} petechiae {place} (95% interval {found.low:.0f} "
            f"to {found.high:.0f}), which {side} the threshold of {found.threshold}.{clear} "
            "Tried on painted arms only.\n"
        )
    if output:
        write_pixels(output, draw_spots(seen.pixels, found.spots))
