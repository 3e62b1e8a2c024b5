"""ISIC Archive dataset: any collection, as its command line tool (``isic``) writes it.

Columns: ``metadata.csv`` of github.com/ImageMarkup/isic-cli: ``isic_id``, ``attribution``,
``copyright_license`` (``CC-0``, ``CC-BY``, ``CC-BY-NC``: each photo its own), and, where anybody
gave them, ``diagnosis_1`` (coarsest) to ``diagnosis_5``, ``lesion_id``, ``patient_id``,
``anatom_site_general``, ``fitzpatrick_skin_type``, ``age_approx``, ``sex``, ``image_type``
(``dermoscopic``, ``clinical: close-up`` …). Older tables have one column ``diagnosis``.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from reddots.datasets.sources.csv_table import described, find_table, read_source
from reddots.datasets.sources.label_map import Meanings
from reddots.datasets.sources.photo_files import photos_by_name
from reddots.datasets.sources.record import Record, Skipped

TABLES: Final = ("metadata.csv",)
_COLUMNS: Final = ("isic_id", "attribution", "copyright_license")
_FINEST_FIRST: Final = ("diagnosis_5", "diagnosis_4", "diagnosis_3", "diagnosis_2", "diagnosis_1")
_LICENCES: Final = {"CC-0": "CC0 1.0", "CC-BY": "CC BY 4.0", "CC-BY-NC": "CC BY-NC 4.0"}


def records(folder: Path, meanings: Meanings) -> Iterator[Record | Skipped]:
    """Yield the photos of a folder with the table; a patient is a group, or else a lesion.

    Raises:
        ManifestError: the table is missing or lacks a column.
    """
    photos = photos_by_name(folder)
    for row in read_source(find_table(folder, *TABLES), _COLUMNS):
        name, licence = row["isic_id"], row["copyright_license"]
        if name not in photos:
            yield Skipped(name, "the photo is not in the folder")
        elif licence not in _LICENCES:
            yield Skipped(name, "its licence is not one that we know", is_failure=False)
        else:
            yield Record(
                path=photos[name],
                raw=_finest(row, meanings),
                group=row.get("patient_id") or row.get("lesion_id") or f"isic-{name}",
                fitzpatrick=row.get("fitzpatrick_skin_type", ""),
                body_site=row.get("anatom_site_general", ""),
                licence=f"{_LICENCES[licence]} ({row['attribution']})",
                extra=described(row, age="age_approx", sex="sex", image_type="image_type"),
            )


def _finest(row: dict[str, str], meanings: Meanings) -> str:
    """Return the finest diagnosis that the table knows, or else the finest there is."""
    names = [row.get(column, "") for column in (*_FINEST_FIRST, "diagnosis")]
    given = [name for name in names if name]
    known = [name for name in given if meanings.label(name)]
    return next(iter(known or given), "")
