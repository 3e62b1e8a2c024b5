"""HAM10000 dataset: 10,015 dermoscopic photos of 7,470 lesions.

Columns: ``HAM10000_metadata`` (CSV, with or without the ending) of doi.org/10.7910/DVN/DBW86T
(Tschandl et al. 2018): ``lesion_id``, ``image_id`` (``ISIC_0027419``), ``dx``, ``dx_type``,
``age``, ``sex``, ``localization``, and ``dataset`` in later versions.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from reddots.datasets.sources.csv_table import described, find_table, read_source
from reddots.datasets.sources.label_map import Meanings
from reddots.datasets.sources.photo_files import photos_by_name
from reddots.datasets.sources.record import Record, Skipped

TABLES: Final = ("HAM10000_metadata.csv", "HAM10000_metadata")
_COLUMNS: Final = ("lesion_id", "image_id", "dx", "dx_type", "age", "sex", "localization")


def records(folder: Path, meanings: Meanings) -> Iterator[Record | Skipped]:
    """Yield the photos of a folder with the table; a lesion is a group.

    Raises:
        ManifestError: the table is missing or lacks a column.
    """
    photos = photos_by_name(folder)
    for row in read_source(find_table(folder, *TABLES), _COLUMNS):
        name = row["image_id"]
        if name not in photos:
            yield Skipped(name, "the photo is not in the folder")
            continue
        yield Record(
            path=photos[name],
            raw=row["dx"],
            group=f"ham-{row['lesion_id']}" if row["lesion_id"] else "",
            body_site=row["localization"],
            extra=described(row, age="age", sex="sex", dx_type="dx_type"),
        )
