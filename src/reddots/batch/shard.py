"""Shard of the photos, for many machines: which are in it, and what its table is a part of."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import msgspec

from reddots._atomic import atomic_write
from reddots.batch.artifacts import PART, beside
from reddots.batch.inputs import PhotoInput
from reddots.batch.journal import Origin
from reddots.errors import TableError

_SCHEMA: Final = "reddots.part/1"
_BLOCK: Final = 1 << 20  # bytes


@dataclass(frozen=True)
class Shard:
    """Every ``count``-th photo, beginning with the ``number``-th, counted from 1."""

    number: int = 1
    count: int = 1

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """Read ``i/n``.

        Raises:
            ValueError: it is something else, or ``i`` is not within 1 to ``n``.
        """
        number, _, count = text.partition("/")
        if not (number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count)):
            raise ValueError(f"“{text}” is no share such as 2/8: the second of eight.")
        return cls(int(number), int(count))

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"


class Roll:
    """All photos of a run, of which it yields those of one shard and remembers the others' names.

    Attributes:
        photos: how many were called so far, in all shards.
    """

    def __init__(self, photos: Iterable[PhotoInput], shard: Shard, limit: int | None) -> None:
        self._all = islice(photos, limit)
        self._shard = shard
        self._names = NameHash()
        self.photos = 0

    def __iter__(self) -> Iterator[PhotoInput]:
        for photo in self._all:
            mine = self.photos % self._shard.count == self._shard.number - 1
            self.photos += 1
            self._names.add(photo.name)
            if mine:
                yield photo

    def call_all(self) -> None:
        """Go through all photos, for their number and names alone."""
        for _ in self:
            pass

    @property
    def names(self) -> str:
        """The hash of all names so far."""
        return self._names.value


class NameHash:
    """A hash of names in their order."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    def add(self, name: str) -> None:
        """Take in the next name."""
        self._digest.update(name.encode() + b"\0")

    @property
    def value(self) -> str:
        """The hash of the names so far."""
        return self._digest.hexdigest()


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is written beside the table of a shard, so that a merge can tell that all is there.

    Attributes:
        shard, of: the share's number and how many there are.
        photos, names: how many photos all shards have together, and the hash of their names.
        rows, table: how many rows the table has, and its SHA-256.
        model, side_car, answers: see ``Origin``.
    """

    schema: str = _SCHEMA
    shard: int
    of: int
    photos: int
    names: str
    rows: int
    table: str
    model: str
    side_car: str
    answers: str


def write_part(table: Path, shard: Shard, roll: Roll, rows: int, origin: Origin) -> None:
    """Write what ``table`` is a part of, beside it."""
    part = Part(
        shard=shard.number,
        of=shard.count,
        photos=roll.photos,
        names=roll.names,
        rows=rows,
        table=file_hash(table),
        model=origin.model,
        side_car=origin.side_car,
        answers=origin.answers,
    )
    atomic_write(part_path(table), msgspec.json.encode(part) + b"\n")


def read_part(table: Path) -> Part:
    """Read what ``table`` is a part of.

    Raises:
        TableError: it is no shard's table, or not the one that was written.
    """
    path = part_path(table)
    try:
        part = msgspec.json.decode(path.read_bytes(), type=Part)
        found = file_hash(table)
    except OSError as error:
        raise TableError(
            f"{error.filename} cannot be read: {error.strerror}. A part is a table written by "
            "“reddots classify --shard”, and the .part file beside it."
        ) from error
    except (ValueError, RecursionError) as error:
        raise TableError(f"{path} is not in order: {error}.") from error
    if found != part.table:
        raise TableError(f"{table} was changed since it was written, or is only partly copied.")
    return part


def part_path(table: Path) -> Path:
    """Return where it is written what ``table`` is a part of."""
    return beside(table, PART)


def is_part(table: Path) -> bool:
    """Whether there is a table, and beside it what it is a part of."""
    return table.exists() and part_path(table).exists()


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
