"""PAD-UFES-20 dataset: 2,298 smartphone photos of six kinds of lesion, with patient and region.

Columns: ``metadata.csv`` of data.mendeley.com/datasets/zr7vgbcyr2 (Pacheco et al. 2020):
``patient_id``, ``lesion_id``, …, ``fitspatrick`` (so spelt; ``3.0``), ``region``, ``diagnostic``,
…, ``img_id`` (``PAT_46_881_939.png``), ``biopsed``.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from reddots.datasets.sources.csv_table import described, find_table, read_source
from reddots.datasets.sources.label_map import Meanings
from reddots.datasets.sources.photo_files import photos_by_name
from reddots.datasets.sources.record import Record, Skipped

TABLES: Final = ("metadata.csv", "PAD_20_Metadata.csv")
_COLUMNS: Final = ("patient_id", "lesion_id", "fitspatrick", "region", "diagnostic", "img_id")


def records(folder: Path, meanings: Meanings) -> Iterator[Record | Skipped]:
    """Yield the photos of a folder with the table; a patient is a group.

    Raises:
        ManifestError: the table is missing or lacks a column.
    """
    photos = photos_by_name(folder)
    for row in read_source(find_table(folder, *TABLES), _COLUMNS):
        name = row["img_id"]
        if name not in photos:
            yield Skipped(name, "the photo is not in the folder")
            continue
        yield Record(
            path=photos[name],
            raw=row["diagnostic"],
            group=f"pad-{row['patient_id']}" if row["patient_id"] else "",
            fitzpatrick=row["fitspatrick"],
            body_site=row["region"].lower(),
            extra=described(row, age="age", sex="gender"),
        )
