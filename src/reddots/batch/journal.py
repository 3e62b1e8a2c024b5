"""Journal (write-ahead log): the rows of a run so far, which survive whatever ends the run."""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from reddots.batch.table_writer import Row
from reddots.errors import TableError


@dataclass(frozen=True)
class Origin:
    """What the rows of one run have in common.

    Attributes:
        model: the checkpoint's name.
        side_car: the SHA-256 of its side-car, which names the network's.
        answers: their fingerprint; empty without any.
        priors: by which photos are named.
    """

    model: str
    side_car: str
    answers: str = ""
    priors: str = "deployment"


class Journal:
    """A first line that tells the origin, then a row a line; the last may be half written."""

    def __init__(self, path: Path, origin: Origin) -> None:
        self.path = path
        self._origin = origin

    def begin(self) -> None:
        """Start anew."""
        self.path.write_text(self._first_line(), encoding="utf-8")

    def resume(self) -> None:
        """Keep the whole rows of an earlier run, if there was one.

        Raises:
            TableError: they are of another model or other answers.
        """
        whole = self._whole_bytes() if self.path.exists() else 0
        if whole:
            os.truncate(self.path, whole)
        else:
            self.begin()

    def rows(self) -> Iterator[Row]:
        """Yield the rows."""
        with self.path.open(encoding="utf-8") as file:
            next(file)
            for line in file:
                yield json.loads(line)

    def extend(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Write rows as they come, and yield each when it is in the file."""
        with self.path.open("a", encoding="utf-8") as file:
            for row in rows:
                file.write(json.dumps(row) + "\n")
                file.flush()
                yield row
            os.fsync(file.fileno())

    def _first_line(self) -> str:
        return json.dumps({"journal": 1, **asdict(self._origin)}) + "\n"

    def _whole_bytes(self) -> int:
        """Count the bytes before a row that was only half written, and whatever is after it."""
        with self.path.open("rb") as file:
            first = file.readline()
            origin = _object(first)
            if origin is None or "side_car" not in origin:
                return 0
            self._require_same(origin)
            whole = len(first)
            for line in file:
                row = _object(line)
                if row is None or "photo" not in row:
                    break
                whole += len(line)
        return whole

    def _require_same(self, origin: Row) -> None:
        if origin["side_car"] != self._origin.side_car:
            raise TableError(
                f"{self.path} was made by {origin['model']}, not by this {self._origin.model}. "
                "Run without --resume to start again."
            )
        if origin["answers"] != self._origin.answers:
            raise TableError(
                f"The answers are not those with which {self.path} was begun. "
                "Run without --resume to start again."
            )


def _object(line: bytes) -> Row | None:
    try:
        found = json.loads(line) if line.endswith(b"\n") else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
