"""Registry of dataset readers: which module reads which set, and how a folder becomes rows."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from reddots.datasets.catalogue import PhotoSet, known_set
from reddots.datasets.sources import (
    custom_table,
    ddi,
    dermavqa,
    fitzpatrick17k,
    folders,
    ham10000,
    isic,
    multicare,
    pad_ufes_20,
    scin,
)
from reddots.datasets.sources.label_map import Meanings, read_meanings
from reddots.datasets.sources.photo_files import is_photo_name, photo_files
from reddots.datasets.sources.record import Imported, Record, Skipped, rows_of
from reddots.errors import ManifestError

Reader = Callable[[Path, Meanings], Iterator[Record | Skipped]]

# The table that a set is recognised by, and its reader; every other set is folders of labels.
READERS: Final[Mapping[str, tuple[tuple[str, ...], Reader]]] = {
    "scin": (scin.TABLES, scin.records),
    "fitzpatrick17k": (fitzpatrick17k.TABLES, fitzpatrick17k.records),
    "pad_ufes_20": (pad_ufes_20.TABLES, pad_ufes_20.records),
    "ham10000": (ham10000.TABLES, ham10000.records),
    "isic": (isic.TABLES, isic.records),
    "ddi": (ddi.TABLES, ddi.records),
    "multicare": (multicare.TABLES, multicare.records),
    "dermavqa": (dermavqa.TABLES, dermavqa.records),
}


# Sets whose labels have weights, and their readers, which take the least one.
_WEIGHED: Final = {"scin": scin.records, "dermavqa": dermavqa.records}


def require_weighed(photo_set: PhotoSet) -> Callable[..., Iterator[Record | Skipped]]:
    """Return the reader of a set whose labels have weights.

    Raises:
        ManifestError: its labels have none.
    """
    if photo_set.id not in _WEIGHED:
        raise ManifestError(
            f"The labels of {photo_set.name} have no weights: leave --least-weight out."
        )
    return _WEIGHED[photo_set.id]


def import_set(
    folder: Path,
    dataset: str,
    relative_to: Path,
    own_table: Path | None = None,
    columns: Mapping[str, str] | None = None,
    sure: float | None = None,
) -> Imported:
    """Return the rows of a set in ``folder``, paths relative to another folder.

    Args:
        folder: the set as it comes, its table in it; or one folder of photos for each label.
        dataset: the set's id in ``data/datasets.toml``.
        relative_to: where the manifest will be.
        own_table: a table to read instead of the set's.
        columns: its columns; see ``custom_table.column_map``.
        sure: the least weight of a label, for sets whose labels have weights; None for its own.

    Raises:
        ManifestError: the folder is missing, the set unknown, its table lacks a column, or its
            labels have no weights.
    """
    photo_set = known_set(dataset)
    if not folder.is_dir():
        raise ManifestError(f"There is no folder {folder}.")
    meanings = read_meanings(dataset)
    names, reader = READERS.get(dataset, ((), folders.records))
    if sure is not None:
        reader = partial(require_weighed(photo_set), sure=sure)
    inner = folder / "dataset"  # as some sets are unpacked
    if not any((folder / name).is_file() for name in names):
        folder = inner if any((inner / name).is_file() for name in names) else folder
    if own_table:
        found = custom_table.records(own_table, folder, columns or custom_table.column_map([]))
    elif any((folder / name).is_file() for name in names):
        found = reader(folder, meanings)
    else:
        return rows_of(folders.records(folder, meanings), photo_set, meanings, relative_to)
    listed = list(found)
    imported = rows_of(listed, photo_set, meanings, relative_to)
    used = {record.path for record in listed if isinstance(record, Record)}
    own = {p for p in photo_files(folder) if isinstance(p, Path) and is_photo_name(p)}
    return replace(imported, unlisted=len(own - used))
