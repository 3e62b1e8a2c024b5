"""Column-wise table: a whole table as Arrow columns, for work on many rows at once.

A bad cell is named by its line and column.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from reddots.errors import RedDotsError, TableError
from reddots.tabular import cells
from reddots.tabular.headings import what_is_wrong
from reddots.tabular.reader import FORMATS, Record, Table, open_table

Texts = npt.NDArray[np.object_]
Numbers = npt.NDArray[np.float64]
_CHUNK: Final = 16384  # rows that are Python objects at a time


@dataclass(frozen=True, eq=False)
class Columns:
    """One table.

    Attributes:
        path: where it is.
        table: every column as text, or as numbers where the file says so.
        lines: N, the line of each row, counted from 1; None in Parquet, which has rows only.
        error: what to raise when a cell cannot be used.
        delimiter: of CSV; empty for the other formats.
    """

    path: Path
    table: pa.Table
    lines: npt.NDArray[np.int64] | None = None
    error: type[RedDotsError] = TableError
    delimiter: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in the file's order."""
        return tuple(self.table.column_names)

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def at(self, row: int, column: str) -> str:
        """Return the place of a cell in words, such as ``x.csv, line 3 (row 2), column “p_a”``."""
        counted = f"row {row + 1}"
        place = counted if self.lines is None else f"line {self.lines[row]} ({counted})"
        return f"{self.path}, {place}, column “{cells.shown(column)}”"

    def where(self, kept: npt.NDArray[np.bool_]) -> "Columns":
        """Return the rows for which ``kept`` (N) is true; their lines stay theirs."""
        lines = None if self.lines is None else self.lines[kept]
        return Columns(self.path, self.table.filter(kept), lines, self.error, self.delimiter)

    def replaced(self, name: str, texts: Sequence[str]) -> "Columns":
        """Return the table with another text in each cell of a column."""
        place = self.table.column_names.index(name)
        table = self.table.set_column(place, name, pa.array(texts, pa.string()))
        return Columns(self.path, table, self.lines, self.error, self.delimiter)

    def require(self, *wanted: str, known: Iterable[str] = (), hint: str = "") -> None:
        """Check the headings; see ``Table.require``.

        Raises:
            TableError: one is missing or misspelt (or the table's own error).
        """
        if what := what_is_wrong(self.names, wanted, known, hint):
            raise self.error(f"{self.path} {what}")

    def arrow(self, name: str) -> Any:
        """Return a column as trimmed text (Arrow string array); all empty where there is none.

        Raises:
            TableError: its values cannot be written as text (or the table's own error).
        """
        if name not in self.table.column_names:
            return pa.array([""] * len(self), pa.string())
        column = self.table.column(name).combine_chunks()
        try:
            if pa.types.is_floating(column.type):  # Arrow writes 3.0 as 3, unlike everybody else
                column = pa.array([cells.text(v) for v in column.to_pylist()], pa.string())
            if not pa.types.is_string(column.type):
                column = column.cast(pa.string())
            return pc.utf8_trim_whitespace(pc.fill_null(column, ""))
        except pa.ArrowException as problem:
            raise self.error(f"{self.path}: the column “{name}” is no text.") from problem

    def texts(self, name: str) -> Texts:
        """Return a column as text (object, N); empty strings where there is no such column."""
        encoded = self.arrow(name).dictionary_encode()
        words = np.array(encoded.dictionary.to_pylist() or [""], dtype=object)
        codes: Texts = words[encoded.indices.to_numpy(zero_copy_only=False)]
        return codes

    def numbers(self, name: str) -> Numbers:
        """Return a column as float64 (N), NaN where a cell is empty.

        Raises:
            TableError: a cell is no number (or the table's own error).
        """
        column = self.table.column(name).combine_chunks()
        if pa.types.is_boolean(column.type):
            column = column.cast(pa.int8())
        if pa.types.is_string(column.type):
            column = pc.utf8_trim_whitespace(column)
            gone = pc.is_in(pc.utf8_lower(column), value_set=pa.array(sorted(cells.MISSING)))
            column = pc.if_else(gone, pa.scalar(None, pa.string()), column)
        try:
            found: Numbers = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
        except pa.ArrowException as error:
            row, cell = _first_bad(column)
            point = " Write the decimal sign as a point." if _has_decimal_comma(cell) else ""
            raise self.error(
                f"{self.at(row, name)}: “{cells.shown(cell)}” is no number.{point}"
            ) from error
        return found.astype(np.float64)

    def flags(self, name: str) -> Numbers:
        """Return a column of yes and no as 1.0, 0.0 and NaN for empty (N).

        Raises:
            TableError: a cell is none of these (or the table's own error).
        """
        words = self.texts(name)
        meaning: dict[str, float] = {}
        for word in dict.fromkeys(words):
            try:
                value = cells.flag(word)
            except ValueError as error:
                row = int(np.flatnonzero(words == word)[0])
                raise self.error(f"{self.at(row, name)}: {error}.") from error
            meaning[word] = np.nan if value is None else float(value)
        return np.array([meaning[w] for w in words], dtype=np.float64)


def read_columns(path: Path, error: type[RedDotsError] = TableError) -> Columns:
    """Read a table in CSV, JSON Lines or Parquet.

    Args:
        path: its ending tells the format.
        error: what to raise; every message names the file, and the line where there is one.

    Raises:
        TableError: it is missing, malformed, empty or of another format (or ``error``).

    Example:
        >>> read_columns(Path("predictions.csv")).numbers("p_acne")  # doctest: +SKIP
    """
    if path.suffix.lower() not in FORMATS:
        raise error(f"{path} is none of the kinds that can be read: {', '.join(FORMATS)}.")
    table = open_table(path, error)
    if path.suffix.lower() == ".parquet":
        columns = _parquet(path, error)
    elif not table.names:
        raise error(f"{path} is empty.")
    else:
        lines: list[int] = []
        chunks = [_chunk(table, rows, lines) for rows in _chunks(table.records())]
        empty = pa.table({name: pa.array([], pa.string()) for name in table.names})
        columns = Columns(
            path,
            pa.concat_tables([empty, *chunks]),
            np.array(lines, dtype=np.int64),
            error,
            table.delimiter,
        )
    if not len(columns):
        raise error(f"{path} has no rows.")
    return columns


def _chunks(records: Iterator[Record]) -> Iterator[list[Record]]:
    while rows := list(islice(records, _CHUNK)):
        yield rows


def _chunk(table: Table, rows: list[Record], lines: list[int]) -> Any:
    is_text = bool(table.delimiter)
    lines.extend(line for line, _ in rows)
    columns = zip(*(values for _, values in rows), strict=True)
    return pa.table(
        {
            name: pa.array(column if is_text else map(cells.text, column), pa.string())
            for name, column in zip(table.names, columns, strict=True)
        }
    )


def _parquet(path: Path, error: type[RedDotsError]) -> Columns:
    try:
        table = pq.read_table(path)
        table.validate(full=True)  # reading does not check that text is UTF-8
        plain = {
            name.strip(): _plain(column)
            for name, column in zip(table.column_names, table.columns, strict=True)
        }
        return Columns(path, pa.table(plain), None, error)
    except (pa.ArrowException, UnicodeDecodeError) as problem:
        raise error(f"{path} cannot be read: it is no Parquet file, or a damaged one.") from problem
    except OSError as problem:
        raise error(f"{path} cannot be read: {problem.strerror or problem}.") from problem


def _plain(column: Any) -> Any:
    """Return text as Arrow's plain text type, however a file stores it."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        kind = pa.string()
    return column.cast(kind)


def _first_bad(column: Any) -> tuple[int, str]:
    if not pa.types.is_string(column.type):  # a time or a list may be none that Python knows
        return 0, f"a column of {column.type}"
    for row, cell in enumerate(column.to_pylist()):
        try:
            pa.array([cell], pa.string()).cast(pa.float64())  # Python reads more than Arrow does
        except pa.ArrowException:
            return row, str(cell)
    return 0, "this column"


def _has_decimal_comma(cell: str) -> bool:
    whole, comma, rest = cell.partition(",")
    return bool(comma) and rest.isdecimal() and whole.lstrip("+-").isdecimal()
