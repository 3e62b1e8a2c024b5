"""DDI dataset (Diverse Dermatology Images): 656 photos, diagnosed by biopsy, three skin tones.

Columns: ``ddi_metadata.csv`` of ddi-dataset.github.io, as github.com/DDI-Dataset/DDI-Code reads it:
``DDI_ID``, ``DDI_file`` (``000001.png``), ``skin_tone`` (12, 34 or 56: pairs of Fitzpatrick types),
``malignant``, ``disease``. A pair is not a type, so the manifest's ``fitzpatrick`` stays empty and
the pair has a column of its own, ``skin_tone``.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from reddots.datasets.sources.csv_table import described, find_table, read_source
from reddots.datasets.sources.label_map import Meanings
from reddots.datasets.sources.photo_files import photos_by_name
from reddots.datasets.sources.record import Record, Skipped

TABLES: Final = ("ddi_metadata.csv",)
_COLUMNS: Final = ("DDI_file", "skin_tone", "malignant", "disease")


def records(folder: Path, meanings: Meanings) -> Iterator[Record | Skipped]:
    """Yield the photos of a folder with the table; each is its own group, for patients are unknown.

    Raises:
        ManifestError: the table is missing or lacks a column.
    """
    photos = photos_by_name(folder)
    for row in read_source(find_table(folder, *TABLES), _COLUMNS):
        name = row["DDI_file"]
        if name not in photos:
            yield Skipped(name, "the photo is not in the folder")
            continue
        yield Record(
            path=photos[name],
            raw=row["disease"],
            group=f"ddi-{Path(name).stem}",
            condition=row["disease"],
            extra=described(row, skin_tone="skin_tone"),
        )
