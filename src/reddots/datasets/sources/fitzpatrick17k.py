"""Fitzpatrick 17k dataset: 16,577 photos of two atlases with Fitzpatrick skin types.

Columns: ``fitzpatrick17k.csv`` of github.com/mattgroh/fitzpatrick17k: ``md5hash``,
``fitzpatrick_scale`` (1 to 6, −1 unknown), ``fitzpatrick_centaur``, ``label``,
``nine_partition_label``, ``three_partition_label``, ``qc`` (empty, ``1 Diagnostic``, …,
``3 Wrongly labelled``), ``url``, ``url_alphanum``. A photo is called by its ``md5hash``.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from reddots.datasets.sources.csv_table import find_table, read_source
from reddots.datasets.sources.label_map import Meanings
from reddots.datasets.sources.photo_files import photos_by_name
from reddots.datasets.sources.record import Record, Skipped

TABLES: Final = ("fitzpatrick17k.csv",)
_COLUMNS: Final = ("md5hash", "fitzpatrick_scale", "label", "qc", "url")


def records(folder: Path, meanings: Meanings) -> Iterator[Record | Skipped]:
    """Yield the photos of a folder with the table; each is its own group, for patients are unknown.

    Raises:
        ManifestError: the table is missing or lacks a column.
    """
    photos = photos_by_name(folder)
    for row in read_source(find_table(folder, *TABLES), _COLUMNS):
        name = row["md5hash"]
        if row["qc"].startswith("3"):
            yield Skipped(name, "the set's own check calls its label wrong", is_failure=False)
        elif name not in photos:
            yield Skipped(name, "the photo has not been fetched", is_failure=False)
        else:
            yield Record(
                path=photos[name],
                raw=row["label"],
                group=f"fitzpatrick17k-{name}",
                fitzpatrick=_known(row["fitzpatrick_scale"]),
                source_url=row["url"],
            )


def _known(scale: str) -> str:
    """Return a skin type; the set writes −1 where nobody knows it."""
    return "" if scale.removesuffix(".0") == "-1" else scale
