"""Research jobs of the page: evaluate predictions, classify photos, count a tourniquet test."""

import io
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from reddots._extras import require_extra
from reddots.batch.inputs import PhotoInput
from reddots.batch.run import run_batch
from reddots.errors import PhotoError, TableError
from reddots.photo.loader import load_photo
from reddots.tabular.reader import open_table
from reddots_app.http.upload_dir import own_folder

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from reddots.spots.tourniquet import TourniquetCount

_MINIATURE_SIDE = 96  # pixels
_MOST_MINIATURES = 50
_MARKED_SIDE = 1400  # pixels
MOST_PHOTOS = 200  # of one batch; the command line takes any number


@dataclass(frozen=True)
class PhotoTable:
    """The prediction table of some photos.

    Attributes:
        csv: the file.
        rows: its rows, cells as text by column.
        miniatures: a small JPEG for each row; empty for a photo that cannot be opened, and for
            those after the first fifty.
    """

    csv: str
    rows: tuple[dict[str, str], ...]
    miniatures: tuple[bytes, ...]


@dataclass(frozen=True)
class CountedPetechiae:
    """The petechiae of one tourniquet test.

    Attributes:
        found: the count.
        marked: the photo with the petechiae circled, a JPEG.
    """

    found: "TourniquetCount"
    marked: bytes


def evaluation_page(predictions: Path, manifest: Path) -> str:
    """Return the evaluation report as one HTML page; both files are deleted.

    Raises:
        TableError: the predictions cannot be used, or the evaluation is not installed.
        ManifestError: the manifest cannot be used.
    """
    with _taken([predictions, manifest]) as (table, truth):
        try:
            from reddots.evaluation.report.matplotlib_import import import_matplotlib

            import_matplotlib()
            from reddots.evaluation.api import evaluate
        except ImportError as error:
            raise TableError(
                "The evaluation is not installed here: pip install “reddots[evaluate]”."
            ) from error
        return evaluate(truth, table).to_html()


def prediction_table(photos: Sequence[Path]) -> PhotoTable:
    """Return the prediction table of ``photos``, a row for each; the photos are deleted.

    Raises:
        TableError: there are too many.
        CheckpointError: there is no sound checkpoint.
    """
    if len(photos) > MOST_PHOTOS:
        raise TableError(f"At most {MOST_PHOTOS} photos at once; use “reddots classify” for more.")
    with _taken(photos) as taken:
        inputs = [PhotoInput(path.name, path) for path in taken]
        with own_folder() as folder:
            table = Path(folder) / "predictions.csv"
            run_batch(inputs, table)
            rows = tuple(row.texts() for row in open_table(table, exact=True))
            made = table.read_text(encoding="utf-8")
        small = [_miniature(p) if n < _MOST_MINIATURES else b"" for n, p in enumerate(taken)]
        return PhotoTable(made, rows, tuple(small))


def count_petechiae(photo: Path, coin_mm: float | None = None) -> CountedPetechiae:
    """Return the count of a tourniquet test; the photo is deleted.

    Args:
        photo: of a forearm with a square of 2.5 cm drawn on it, or a coin.
        coin_mm: diameter of the coin.

    Raises:
        InstallationError: the extra “compare” is not installed.
        PhotoError: the photo cannot be read.
        ComparisonError: no square, or no coin, is found.
        CheckpointError: there is no sound detector.
    """
    from reddots.spots.detector import SpotDetector
    from reddots.spots.overlay import draw_spots
    from reddots.spots.tourniquet import LONG_SIDE, tourniquet_count

    with _taken([photo]) as (own,):
        require_extra("compare")
        pixels = load_photo(own, long_side=LONG_SIDE).pixels
    found = tourniquet_count(pixels, SpotDetector.load(), coin_mm=coin_mm)
    marked = draw_spots(pixels, found.spots)
    return CountedPetechiae(found, _jpeg(marked, (_MARKED_SIDE, _MARKED_SIDE)))


def example_files() -> dict[str, str]:
    """Return two tables to try the evaluation with, by their file names."""
    outputs = ("cherry_angioma", "keratosis_pilaris", "other_rash")
    shares = ((0.8, 0.1, 0.1), (0.2, 0.7, 0.1), (0.1, 0.2, 0.7), (0.3, 0.3, 0.4), (0.6, 0.3, 0.1))
    head = ",".join(["photo", *(f"p_{output}" for output in outputs)])
    predictions = [f"{n}.jpg,{','.join(map(str, row))}" for n, row in enumerate(shares)]
    truth = [f"{n}.jpg,{outputs[n % 3]},{n}" for n in range(len(shares))]
    return {
        "predictions.csv": "\n".join([head, *predictions]) + "\n",
        "manifest.csv": "\n".join(["photo,label,group", *truth]) + "\n",
    }


def _miniature(path: Path) -> bytes:
    try:
        pixels = load_photo(path, short_side=_MINIATURE_SIDE).pixels
    except PhotoError:
        return b""
    return _jpeg(pixels, (2 * _MINIATURE_SIDE, _MINIATURE_SIDE))


def _jpeg(pixels: "npt.NDArray[np.uint8]", largest: tuple[int, int]) -> bytes:
    image = Image.fromarray(pixels)
    image.thumbnail(largest)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


@contextmanager
def _taken(files: Sequence[Path]) -> Iterator[list[Path]]:
    """Take uploads out of the folder that is swept every few seconds; delete them at the end."""
    with own_folder() as folder:
        taken = []
        for number, file in enumerate(files):
            own = Path(folder) / str(number)
            own.mkdir()
            taken.append(Path(shutil.move(file, own / file.name)))
        yield taken
