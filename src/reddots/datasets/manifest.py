"""Manifest: the table of photos, their labels, sources, licences and splits."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Final, Literal, get_args

from reddots._atomic import atomic_file
from reddots.errors import ManifestError
from reddots.tabular.cells import skin_type
from reddots.tabular.csv_writer import CsvWriter
from reddots.tabular.reader import TableRow, open_table

Split = Literal["", "train", "validation", "calibration", "test"]
SPLITS: tuple[str, ...] = get_args(Split)


@dataclass(frozen=True, slots=True)
class Row:
    """One photo.

    Attributes:
        photo: path relative to the manifest's folder.
        label: an output id, a document category, or a coarse label; empty when nobody said.
        label_raw: the source's own label.
        group: patient, lesion or near-duplicate group; never split.
        fitzpatrick: skin type 1 to 6, or None.
        split: empty until the photos are split.
        condition: a finer name of what it shows, where the source has one.
        extra: further columns of the file, such as an age: name and text of each.
    """

    photo: str
    label: str
    label_raw: str = ""
    dataset: str = ""
    group: str = ""
    licence: str = ""
    source_url: str = ""
    fitzpatrick: int | None = None
    body_site: str = ""
    split: str = ""
    sha256: str = ""
    condition: str = ""
    extra: tuple[tuple[str, str], ...] = ()


COLUMNS: Final = tuple(f.name for f in fields(Row) if f.name != "extra")


@dataclass(frozen=True)
class Manifest:
    """Rows and the folder that their paths start from."""

    folder: Path
    rows: tuple[Row, ...]

    def path(self, row: Row) -> Path:
        """Return where the row's photo is."""
        return self.folder / row.photo

    def only(self, *splits: str) -> "Manifest":
        """Return the rows of these splits."""
        return Manifest(self.folder, tuple(r for r in self.rows if r.split in splits))


def read_manifest(path: Path) -> Manifest:
    """Read a manifest in CSV, JSON Lines or Parquet; columns beyond the contract's are kept.

    Raises:
        ManifestError: it is missing, lacks the columns ``photo`` and ``label``, or has a bad row.
    """
    table = open_table(path, ManifestError)
    table.require("photo", "label", known=COLUMNS)
    rows = tuple(map(_row, table))
    if not rows:
        raise ManifestError(f"The manifest {path} lists no photo.")
    return Manifest(path.parent, rows)


def write_manifest(rows: Iterable[Row], path: Path, *, extra: bool = True) -> str:
    """Write rows as CSV, whole or not at all; return the file's sha256.

    ``extra``: with the columns that are not the contract's.
    """
    listed = list(rows)
    further = dict.fromkeys(name for row in listed for name, _ in row.extra) if extra else {}
    with atomic_file(path) as partial, partial.open("w", newline="", encoding="utf-8") as file:
        writer = CsvWriter(file)
        writer.write([*COLUMNS, *further])
        for row in listed:
            own = dict(row.extra)
            writer.write([getattr(row, n) for n in COLUMNS] + [own.get(n, "") for n in further])
    return hashlib.sha256(path.read_bytes()).hexdigest()


def moved(rows: Iterable[Row], old: Path, new: Path) -> Iterator[Row]:
    """Yield the rows with their paths, which started from ``old``, starting from ``new``."""
    for row in rows:
        yield replace(row, photo=os.path.relpath(old / row.photo, new))


def with_splits(rows: Sequence[Row], splits: Sequence[str]) -> tuple[Row, ...]:
    """Return the rows with their splits set."""
    return tuple(replace(row, split=split) for row, split in zip(rows, splits, strict=True))


def _row(found: TableRow) -> Row:
    text = found.text
    photo, split = text("photo"), text("split")
    if not photo:
        raise found.fault("photo", "no photo is named")
    if split not in SPLITS:
        raise found.fault("split", f"the split “{split}” is none of {SPLITS[1:]}")
    try:
        skin = skin_type(text("fitzpatrick"))
    except ValueError as error:
        raise found.fault("fitzpatrick", str(error)) from error
    return Row(
        photo=photo,
        label=text("label"),
        label_raw=text("label_raw"),
        dataset=text("dataset"),
        group=text("group") or photo,
        licence=text("licence"),
        source_url=text("source_url"),
        fitzpatrick=skin,
        body_site=text("body_site"),
        split=split,
        sha256=text("sha256"),
        condition=text("condition"),
        extra=tuple((name, text(name)) for name in found.values if name not in COLUMNS),
    )
