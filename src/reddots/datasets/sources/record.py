"""Record: what every set's module says of one photo, and how it becomes a row of the manifest."""

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from reddots.datasets.catalogue import PhotoSet
from reddots.datasets.manifest import Row
from reddots.datasets.sources.label_map import Meanings
from reddots.errors import PhotoError
from reddots.photo.loader import load_photo
from reddots.tabular.cells import shown, skin_type

_SMALL = 64  # pixels; enough to know that a photo can be read


@dataclass(frozen=True, slots=True)
class Record:
    """One photo as its set describes it.

    Attributes:
        path: where it is.
        raw: the set's own label.
        label: ours where the set's module has worked it out, else None: ``raw`` is looked up.
        group: patient, lesion or case; empty if the set does not say: the photo alone.
        fitzpatrick: skin type as the set writes it, such as ``3.0``, ``III`` or ``FST3``.
        extra: what else the set says of the photo or person (age, sex, skin tone …), by column.
        source_url, licence: of this photo, where they are not the set's.
    """

    path: Path
    raw: str
    label: str | None = None
    group: str = ""
    fitzpatrick: str = ""
    body_site: str = ""
    source_url: str = ""
    licence: str = ""
    condition: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A photo that a set lists and that is not wanted.

    Attributes:
        what: which one.
        reason: why not; the same words for all of a kind, which are counted.
        is_failure: whether it should have been there; not so what the set's own rules leave out.
    """

    what: str
    reason: str
    is_failure: bool = True


@dataclass(frozen=True)
class Imported:
    """The rows of a set, and what became of the rest.

    Attributes:
        rows: one a photo.
        dropped: a sentence for each photo that was left out.
        reasons: how many were left out, by reason.
        unlabelled: how many rows have an empty label, by why.
        unread: how many skin types could not be read, by what the set writes.
        failures: how many photos were left out that should be there.
        unlisted: how many photos of the folder its table does not list.
    """

    rows: tuple[Row, ...]
    dropped: tuple[str, ...]
    reasons: Counter[str] = field(default_factory=Counter)
    unlabelled: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)
    failures: int = 0
    unlisted: int = 0


def rows_of(
    records: Iterable[Record | Skipped], photo_set: PhotoSet, meanings: Meanings, relative_to: Path
) -> Imported:
    """Return a row for each photo that can be read, paths relative to a folder.

    Identical files are one photo; where their labels differ, neither is believed and the row has
    an empty label. A raw label that means nothing to us is kept with an empty label.
    """
    rows: dict[str, Row] = {}
    dropped: list[str] = []
    reasons: Counter[str] = Counter()
    unlabelled: Counter[str] = Counter()
    unread: Counter[str] = Counter()
    failures = 0
    for record in records:
        if isinstance(record, Skipped):
            dropped.append(f"{record.what}: {record.reason}.")
            reasons[record.reason] += 1
            failures += record.is_failure
            continue
        try:
            digest = load_photo(record.path, short_side=_SMALL).sha256
        except PhotoError as error:
            dropped.append(f"{record.path}: {error}")
            failures += 1
            reasons[f"the photo is {_REASONS.get(error.problem, 'not readable')}"] += 1
            continue
        label = record.label if record.label is not None else meanings.label(record.raw)
        try:
            skin = skin_type(record.fitzpatrick)
        except ValueError:
            skin = None
            unread[shown(record.fitzpatrick)] += 1
        row = _row(record, label or "", digest, skin, photo_set, relative_to)
        if digest in rows:
            first = rows[digest]
            dropped.append(f"{record.path} is the same file as {first.photo}.")
            reasons["the same file as another"] += 1
            if set(first.label.split("|")) != set(row.label.split("|")):
                rows[digest] = _disputed(first, row)
            continue
        rows[digest] = row
    for row in rows.values():
        if not row.label:
            unlabelled[_why(row, meanings)] += 1
    return Imported(tuple(rows.values()), tuple(dropped), reasons, unlabelled, unread, failures)


_REASONS = {
    "missing": "not there",
    "not_a_file": "no file",
    "empty": "empty",
    "too_large": "too large",
    "unsupported_format": "in a format we do not read",
}


def _row(
    record: Record,
    label: str,
    digest: str,
    skin: int | None,
    photo_set: PhotoSet,
    relative_to: Path,
) -> Row:
    return Row(
        photo=os.path.relpath(record.path, relative_to),
        label=label,
        label_raw=record.raw,
        dataset=photo_set.id,
        group=record.group or digest,
        licence=record.licence or photo_set.licence,
        source_url=record.source_url or photo_set.url,
        fitzpatrick=skin,
        body_site=record.body_site,
        sha256=digest,
        condition=record.condition,
        extra=tuple(record.extra.items()),
    )


def _disputed(first: Row, other: Row) -> Row:
    return replace(first, label="", label_raw=f"{first.label_raw} / {other.label_raw}")


def _why(row: Row, meanings: Meanings) -> str:
    if not row.label_raw:
        return "the set gives no label"
    if meanings.label(row.label_raw) is None:
        return f"“{row.label_raw}” is not in the set's table"
    return f"“{row.label_raw}” is none of our categories"
