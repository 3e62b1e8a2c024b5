"""Spots found in one photo, and their rows of the table: one a spot."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reddots.assessor import Assessor
from reddots.batch.inputs import PhotoInput, printable, require_sound
from reddots.batch.table_writer import Row
from reddots.errors import PhotoError

PLACES: Final = ("x", "y", "diameter", "strength", "lightness", "redness", "yellowness")
COLUMNS: Final = (
    "photo", *PLACES, "n_spots", "spot_diameter", "spot_size", "spot_pattern", "spot_colour",
    "status", "error", "sha256", "model",
)  # fmt: skip
_DIGITS: Final = 2


@dataclass(frozen=True)
class SpotTask:
    """One photo to look for spots in; ``tiles`` as in ``SpotDetector.detect``."""

    photo: PhotoInput
    tiles: bool = False


@dataclass(frozen=True)
class SpotFinding:
    """What was found in one photo.

    Attributes:
        status: ``ok``, or ``error`` when it cannot be read.
        error: why, in words; empty unless ``error``.
        n_spots: how many; None where the photo could not be read.
        spot_diameter: median, as a share of the photo's shorter side.
        spot_size, spot_pattern, spot_colour: as in ``PhotoSpots``; colours joined by ``;``.
        model: the detector's name.
        spots: of each x, y and diameter in pixels of the photo, strength, and how its colour
            differs from the skin around: L*, a*, b*.
    """

    photo: str
    sha256: str = ""
    status: str = "error"
    error: str = ""
    n_spots: int | None = None
    spot_diameter: float | None = None
    spot_size: str = ""
    spot_pattern: str = ""
    spot_colour: str = ""
    model: str = ""
    spots: tuple[tuple[float, ...], ...] = ()

    def row(self) -> Row:
        """Return the journal's row: one a photo, its spots as JSON."""
        found = {name: getattr(self, name) for name in COLUMNS if name not in PLACES}
        return {**found, "spots": json.dumps(self.spots)}


def expanded(row: Row) -> Iterator[Row]:
    """Yield the table's rows of a journal's row: one a spot, or one where there is none."""
    whole = {name: row[name] for name in COLUMNS if name not in PLACES}
    spots = json.loads(str(row["spots"])) or [[None] * len(PLACES)]
    for spot in spots:
        yield {**whole, **dict(zip(PLACES, spot, strict=True))}


def find_spots(assessor: Assessor, task: SpotTask) -> SpotFinding:
    """Find the spots of one photo; what is wrong with it is in the finding.

    Raises:
        CheckpointError: there is no sound spot detector.
    """
    from reddots.photo.loader import load_photo
    from reddots.spots.detector import SpotDetector
    from reddots.spots.measure import photo_spots

    detector = assessor.detector or SpotDetector.load()  # which says that there is none
    model, name = f"spots-{detector.side_car.version}", task.photo.name
    try:
        require_sound(task.photo)
        long_side = None if task.tiles else detector.long_side
        photo = load_photo(task.photo.path, long_side=long_side)
    except PhotoError as error:
        return SpotFinding(name, error=printable(str(error)), model=model)
    found = detector.detect(photo.pixels, tiles=task.tiles)
    said = photo_spots(found)
    whole = found.at_width(photo.width, photo.height)
    return SpotFinding(
        name,
        photo.sha256,
        "ok",
        n_spots=said.count,
        spot_diameter=said.diameter if said.count else None,
        spot_size=said.size,
        spot_pattern=said.pattern,
        spot_colour=";".join(said.colour),
        model=model,
        spots=tuple(
            tuple(
                round(float(v), _DIGITS) for v in (s.x, s.y, s.diameter, s.strength, *s.difference)
            )
            for s in whole
        ),
    )
