"""A table of any of three formats as columns; a bad cell is named by its line and column."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from reddots.errors import RedDotsError, TableError

Texts = npt.NDArray[np.object_]
Numbers = npt.NDArray[np.float64]
_MISSING = ("", "na", "n/a", "nan", "none", "null")
_TRUE, _FALSE = ("true", "1", "yes", "1.0"), ("false", "0", "no", "0.0")


@dataclass(frozen=True, eq=False)
class Columns:
    """One table.

    Attributes:
        path: where it is.
        table: every column as text, or as numbers where the file says so.
        first: the line of its first row, counted from 1; lines are rows in Parquet.
        error: what to raise when a cell cannot be used.
    """

    path: Path
    table: pa.Table
    first: int
    error: type[RedDotsError] = TableError

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in the file's order."""
        return tuple(self.table.column_names)

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def at(self, row: int, column: str) -> str:
        """Return the place of a cell in words, such as ``x.csv, line 3 (row 2), column “p_a”``."""
        place = f"line {row + self.first} (row {row + 1})" if self.first else f"row {row + 1}"
        return f"{self.path}, {place}, column “{column}”"

    def arrow(self, name: str) -> Any:
        """Return a column as trimmed text (Arrow string array); all empty where there is none.

        Raises:
            TableError: its values cannot be written as text (or the table's own error).
        """
        if name not in self.table.column_names:
            return pa.array([""] * len(self), pa.string())
        column = self.table.column(name).combine_chunks()
        try:
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
            gone = pc.is_in(pc.utf8_lower(column), value_set=pa.array(_MISSING))
            column = pc.if_else(gone, pa.scalar(None, pa.string()), column)
        try:
            found: Numbers = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
        except pa.ArrowException as error:
            row, cell = _first_bad(column)
            raise self.error(f"{self.at(row, name)}: “{cell}” is no number.") from error
        return found.astype(np.float64)

    def flags(self, name: str) -> Numbers:
        """Return a column of yes and no as 1.0, 0.0 and NaN for empty (N).

        Raises:
            TableError: a cell is none of these (or the table's own error).
        """
        words = self.texts(name)
        meaning = {w: _flag(w) for w in set(words)}
        found = np.array([meaning[w] for w in words], dtype=np.float64)
        bad = np.flatnonzero(np.isinf(found))
        if len(bad):
            cell = words[bad[0]]
            raise self.error(f"{self.at(int(bad[0]), name)}: “{cell}” is neither true nor false.")
        return found


def read_columns(path: Path, error: type[RedDotsError] = TableError) -> Columns:
    """Read a table in CSV, JSON Lines or Parquet.

    Args:
        path: its ending tells the format.
        error: what to raise; every message names the file, and the line where there is one.

    Raises:
        TableError: it is missing, malformed, empty or of another format (or ``error``).
    """
    readers = {".csv": _csv, ".jsonl": _jsonl, ".parquet": _parquet}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise error(f"{path} is none of the kinds that can be read: .csv, .jsonl or .parquet.")
    try:
        columns = reader(path, error)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise error(f"{path} cannot be read: {reason}.") from problem
    if not len(columns):
        raise error(f"{path} has no rows.")
    return columns


def _csv(path: Path, error: type[RedDotsError]) -> Columns:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            names = next(csv.reader(file), [])
    except (UnicodeDecodeError, csv.Error) as problem:
        raise error(f"{path} is no CSV file in UTF-8: {problem}.") from problem
    if not names:
        raise error(f"{path} is empty.")
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise error(f"{path} has the column “{twice[0]}” twice.")
    try:
        table = pa_csv.read_csv(
            path,
            parse_options=pa_csv.ParseOptions(newlines_in_values=True),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as problem:
        raise error(_what_is_wrong(path, names, problem)) from problem
    return Columns(path, table, 2, error)


def _what_is_wrong(path: Path, names: list[str], problem: Exception) -> str:
    """Find the bad line, as Arrow reads in parallel and does not say."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file)
            for row in reader:
                if row and len(row) != len(names):
                    return (
                        f"{path}, line {reader.line_num}: {len(row)} cells, "
                        f"where the heading has {len(names)} columns."
                    )
    except UnicodeDecodeError:
        return f"{path} is not in UTF-8. Please save it as CSV in UTF-8."
    except csv.Error as again:
        return f"{path}, line {reader.line_num} cannot be read: {again}."
    return f"{path} cannot be read: {problem}."


def _jsonl(path: Path, error: type[RedDotsError]) -> Columns:
    rows: list[dict[str, Any]] = []
    lines: list[int] = []
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = msgspec.json.decode(line)
            except (ValueError, RecursionError) as problem:
                raise error(f"{path}, line {number} is no JSON: {problem}.") from problem
            if not isinstance(row, dict):
                raise error(f"{path}, line {number} is no JSON object.")
            rows.append(row)
            lines.append(number)
    names = dict.fromkeys(name for row in rows for name in row)
    table = pa.table({n: pa.array([_cell(row.get(n)) for row in rows], pa.string()) for n in names})
    return Columns(path, table, 1, error)


def _parquet(path: Path, error: type[RedDotsError]) -> Columns:
    try:
        table = pq.read_table(path)
        table.validate(full=True)  # to read does not look whether text is UTF-8
    except (pa.ArrowException, UnicodeDecodeError) as problem:
        raise error(f"{path} is no Parquet file, or a damaged one.") from problem
    twice = sorted({n for n in table.column_names if table.column_names.count(n) > 1})
    if twice:
        raise error(f"{path} has the column “{twice[0]}” twice.")
    return Columns(path, table, 0, error)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ";".join(map(str, value))
    return value if isinstance(value, str) else repr(value)


def _first_bad(column: Any) -> tuple[int, str]:
    if not pa.types.is_string(column.type):  # a time or a list may be none that Python knows
        return 0, f"a column of {column.type}"
    for row, cell in enumerate(column.to_pylist()):
        try:
            float(cell or 0)
        except (TypeError, ValueError):
            return row, str(cell)
    return 0, "this column"


def _flag(word: str) -> float:
    lowered = word.lower()
    if lowered in _MISSING:
        return float("nan")
    if lowered in _TRUE:
        return 1.0
    return 0.0 if lowered in _FALSE else float("inf")
