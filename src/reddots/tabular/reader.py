"""Table reader: one way to read a table in CSV, JSON Lines or Parquet, row by row.

Every list and table that a command takes is read here: manifest, ground truth, predictions, answers
and the public sets' own tables. A row of another width, a heading or key that stands twice and a
quote that is never closed are refused with their line and column; the three formats agree about
every cell (``cells.text``). For whole columns as arrays see ``columns``.
"""

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from reddots.errors import RedDotsError, TableError
from reddots.tabular import cells
from reddots.tabular.csv_reader import CsvReader
from reddots.tabular.headings import repeated, what_is_wrong
from reddots.tabular.json_lines import json_objects

FORMATS: Final = (".csv", ".tsv", ".tab", ".jsonl", ".parquet")
Record = tuple[int, Sequence[Any]]
_BATCH: Final = 2048  # rows of a Parquet file in memory


class Table:
    """Iterates the rows of one file, once.

    Attributes:
        path: where it is.
        names: its headings; in JSON Lines all keys, in the order in which they come.
        delimiter: of CSV; empty for the other formats.
    """

    def __init__(
        self,
        path: Path,
        names: Sequence[str],
        records: Iterable[Record],
        error: type[RedDotsError] = TableError,
        *,
        delimiter: str = "",
        unit: str = "line",
    ) -> None:
        """Take records: each its number, from 1, and a cell for each of ``names``."""
        self.path = path
        self.names = tuple(names)
        self.delimiter = delimiter
        self._records = records
        self._error = error
        self._unit = unit

    def records(self) -> Generator[Record, None, None]:
        """Yield each row's line (in Parquet its number) and cells, as the file has them.

        Raises:
            TableError: a row is malformed (or the table's own error).
        """
        with _explained(self.path, self._error):
            yield from self._records

    def __iter__(self) -> Iterator["TableRow"]:
        names = self.names
        for line, values in self.records():
            yield TableRow(self, line, dict(zip(names, values, strict=True)))

    def place(self, line: int, column: str = "") -> str:
        """Return where a row or cell is, in words, such as ``x.csv, line 3, column “p_a”``."""
        where = f"{self.path}, {self._unit} {line}"
        return f"{where}, column “{cells.shown(column)}”" if column else where

    def require(self, *wanted: str, known: Iterable[str] = (), hint: str = "") -> None:
        """Check the headings.

        Args:
            wanted: columns that must be there.
            known: columns that may be there; one that differs by capitals or spaces alone is
                refused, as it would be ignored in silence.
            hint: a sentence for a column that is not there.

        Raises:
            TableError: one is missing or misspelt (or the table's own error).
        """
        if what := what_is_wrong(self.names, wanted, known, hint):
            raise self._error(f"{self.path} {what}")

    def fault(self, line: int, column: str, what: str) -> RedDotsError:
        """Return the error that says what is wrong with a cell, for the caller to raise."""
        return self._error(f"{self.place(line, column)}: {what}{'' if what[-1:] in '.?' else '.'}")


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row.

    Attributes:
        table: whose row it is.
        line: its line, from 1; in Parquet its number.
        values: by heading, as the file has them: text in CSV.
    """

    table: Table
    line: int
    values: dict[str, Any]

    def text(self, name: str) -> str:
        """Return a cell as text without spaces around it; empty where there is no such column."""
        return cells.text(self.values.get(name))

    def texts(self) -> dict[str, str]:
        """Return all cells as text, by heading."""
        return {name: cells.text(value) for name, value in self.values.items()}

    def fault(self, column: str, what: str) -> RedDotsError:
        """Return the error that says what is wrong with a cell, for the caller to raise."""
        return self.table.fault(self.line, column, what)


def open_table(
    path: Path, error: type[RedDotsError] = TableError, *, exact: bool = False, stream: bool = False
) -> Table:
    """Open a table; its heading is read at once, its rows as they are asked for.

    Args:
        path: the ending tells the format; any but ``.jsonl`` and ``.parquet`` is CSV.
        error: what to raise.
        exact: keep the spaces around CSV cells.
        stream: JSON Lines in constant memory: all lines must have the first one's keys.

    Raises:
        TableError: it is missing, malformed or in another format or encoding (or ``error``).

    Example:
        >>> table = open_table(Path("manifest.csv"))  # doctest: +SKIP
        >>> table.require("photo", "label")  # doctest: +SKIP
        >>> [row.text("label") for row in table]  # doctest: +SKIP
    """
    with _explained(path, error):
        if path.suffix.lower() == ".parquet":
            return _parquet(path, error)
        file = path.open("rb")
        try:
            if path.suffix.lower() == ".jsonl":
                return _json_lines(path, file, error, stream=stream)
            reader = CsvReader(file, exact=exact)
            return Table(
                path, reader.names, _closing(reader, file), error, delimiter=reader.delimiter
            )
        except BaseException:
            file.close()
            raise


def read_objects(
    path: Path, error: type[RedDotsError] = TableError
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the number of each line of JSON, from 1, and its object, whose keys may differ.

    Raises:
        TableError: the file cannot be read or a line is no object (or ``error``).
    """
    with _explained(path, error), path.open("rb") as file:
        yield from json_objects(file)


def _json_lines(path: Path, file: BinaryIO, error: type[RedDotsError], *, stream: bool) -> Table:
    objects = json_objects(file)
    if stream:
        first = next(objects, None)
        names = tuple(first[1]) if first else ()
        return Table(path, names, _closing(_uniform(first, objects, names), file), error)
    with file:
        rows = [
            (line, {key.strip(): v for key, v in row.items()}, len(row)) for line, row in objects
        ]
    for line, row, keys in rows:
        if len(row) < keys:
            raise ValueError(f", line {line} has a key twice, but for spaces")
    keys_in_order = dict.fromkeys(name for _, row, _ in rows for name in row)
    names = tuple(keys_in_order)
    return Table(path, names, ((line, [row.get(n) for n in names]) for line, row, _ in rows), error)


def _uniform(
    first: tuple[int, dict[str, Any]] | None,
    rest: Iterable[tuple[int, dict[str, Any]]],
    names: tuple[str, ...],
) -> Iterator[Record]:
    if first is None:
        return
    yield first[0], list(first[1].values())
    for line, row in rest:
        if tuple(row) != names:
            raise ValueError(f", line {line} has other keys than the first line")
        yield line, list(row.values())


def _parquet(path: Path, error: type[RedDotsError]) -> Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    damaged = "it is no Parquet file, or a damaged one"

    def rows(batch: Any) -> Iterator[Sequence[Any]]:
        try:
            batch.validate(full=True)  # reading does not check that text is UTF-8
            columns = [
                c.cast(pa.string()) if pa.types.is_binary(c.type) else c for c in batch.columns
            ]
            return zip(*(c.to_pylist() for c in columns), strict=True)
        except (pa.ArrowException, ValueError, OverflowError) as problem:
            raise ValueError(damaged) from problem

    def records() -> Iterator[Record]:
        with file:
            number = 0
            for batch in file.iter_batches(_BATCH):
                for values in rows(batch):
                    number += 1
                    yield number, values

    try:
        file = pq.ParquetFile(path)
        names = [name.strip() for name in file.schema_arrow.names]
    except (pa.ArrowException, ValueError) as problem:
        raise ValueError(damaged) from problem
    twice = repeated(names)
    if twice is not None:
        raise ValueError(f"it has the column “{cells.shown(names[twice])}” twice")
    return Table(path, names, records(), error, unit="row")


def _closing(records: Iterable[Record], file: BinaryIO) -> Iterator[Record]:
    with file:
        yield from records


@contextmanager
def _explained(path: Path, error: type[RedDotsError]) -> Iterator[None]:
    """Turn what can go wrong in a file into one sentence that begins with its name."""
    try:
        yield
    except OSError as problem:
        raise error(f"{path} cannot be read: {problem.strerror or problem}.") from problem
    except ValueError as problem:
        what = str(problem)
        where = "" if what.startswith(", line") else " cannot be read: "
        raise error(f"{path}{where}{what}.") from problem
