"""The manifest: which photos there are, what they show, where they come from, how they split."""

import csv
import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Literal, get_args

from reddots._atomic import atomic_file
from reddots.errors import ManifestError

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
    """Read a manifest; columns beyond the contract's are passed over.

    Raises:
        ManifestError: it is missing, lacks the columns ``photo`` and ``label``, or has a bad row.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            missing = {"photo", "label"} - set(reader.fieldnames or ())
            if missing:
                raise ManifestError(f"The manifest {path} has no column {sorted(missing)}.")
            rows = tuple(_row(raw, path, reader.line_num) for raw in reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ManifestError(f"The manifest {path} cannot be read: {error}.") from error
    if not rows:
        raise ManifestError(f"The manifest {path} lists no photo.")
    return Manifest(path.parent, rows)


def write_manifest(rows: Iterable[Row], path: Path) -> str:
    """Write rows, whole or not at all; return the file's sha256."""
    names = [f.name for f in fields(Row)]
    with atomic_file(path) as partial, partial.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        for row in rows:
            values = [getattr(row, name) for name in names]
            writer.writerow(["" if v is None else v for v in values])
    return hashlib.sha256(path.read_bytes()).hexdigest()


def moved(rows: Iterable[Row], old: Path, new: Path) -> Iterator[Row]:
    """Yield the rows with their paths, which started from ``old``, starting from ``new``."""
    for row in rows:
        yield replace(row, photo=os.path.relpath(old / row.photo, new))


def with_splits(rows: Sequence[Row], splits: Sequence[str]) -> tuple[Row, ...]:
    """Return the rows with their splits set."""
    return tuple(replace(row, split=split) for row, split in zip(rows, splits, strict=True))


def _row(raw: dict[str, str | None], path: Path, line: int) -> Row:
    def text(name: str) -> str:
        return (raw.get(name) or "").strip()

    photo, split, skin = text("photo"), text("split"), text("fitzpatrick")
    if not photo:
        raise ManifestError(f"{path}, line {line}: no photo is named.")
    if split not in SPLITS:
        raise ManifestError(f"{path}, line {line}: the split “{split}” is none of {SPLITS[1:]}.")
    if skin and skin not in {"1", "2", "3", "4", "5", "6"}:
        raise ManifestError(f"{path}, line {line}: Fitzpatrick types are 1 to 6, not “{skin}”.")
    return Row(
        photo=photo,
        label=text("label"),
        label_raw=text("label_raw"),
        dataset=text("dataset"),
        group=text("group") or photo,
        licence=text("licence"),
        source_url=text("source_url"),
        fitzpatrick=int(skin) if skin else None,
        body_site=text("body_site"),
        split=split,
        sha256=text("sha256"),
        condition=text("condition"),
    )
