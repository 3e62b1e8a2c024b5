"""Prediction table writer: CSV, JSON Lines or Parquet, row by row."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from reddots._atomic import atomic_file
from reddots.batch.prediction import Cell
from reddots.errors import TableError
from reddots.tabular.csv_writer import CsvWriter

Row = dict[str, Cell]
T = TypeVar("T")
_FEW, _ROW_GROUP = 256, 2048  # rows
NUMBERS = ("confidence", "p_", "spot_diameter", "ratio_")  # how their names begin
PLACES = frozenset({"x", "y", "diameter", "strength", "lightness", "redness", "yellowness"})
COUNTS = ("n_spots",)
BOOLEANS = ("abstained", "see_doctor", "settled")


def require_format(path: Path) -> None:
    """Check that a table can be written to ``path``.

    Raises:
        TableError: its ending is none of the formats.
    """
    if path.suffix.lower() not in _WRITERS:
        raise TableError(
            f"{path} must end in .csv, .jsonl or .parquet, so that its format is clear."
        )


def write_table(rows: Iterable[Row], columns: Sequence[str], path: Path) -> None:
    """Write rows to ``path``, by a partial file that is renamed when whole.

    Raises:
        TableError: it cannot be written.
    """
    try:
        write_rows(rows, columns, path)
    except OSError as error:
        raise TableError(f"{path} cannot be written: {error.strerror or error}.") from error


def write_rows(rows: Iterable[Row], columns: Sequence[str], path: Path) -> None:
    """Do as ``write_table``.

    Raises:
        TableError: its ending is none of the formats.
        OSError: it cannot be written.
    """
    require_format(path)
    with atomic_file(path) as partial:
        _WRITERS[path.suffix.lower()](rows, columns, partial)


def _write_csv(rows: Iterable[Row], columns: Sequence[str], path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = CsvWriter(file)
        writer.write(columns)
        for row in rows:
            writer.write(row[name] for name in columns)


def _write_jsonl(rows: Iterable[Row], columns: Sequence[str], path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json_line(row, columns) for row in rows)


def json_line(row: Row, columns: Sequence[str]) -> str:
    """Return a row as a line of JSON."""
    return json.dumps({name: row[name] for name in columns}, ensure_ascii=False) + "\n"


def _write_parquet(rows: Iterable[Row], columns: Sequence[str], path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    def kind(name: str) -> Any:
        if name.startswith(NUMBERS) or name in PLACES:
            return pa.float64()
        if name in COUNTS:
            return pa.int64()
        return pa.bool_() if name in BOOLEANS else pa.string()

    schema = pa.schema([(name, kind(name)) for name in columns])
    with pq.ParquetWriter(path, schema) as writer:
        groups = batched(rows, _FEW)
        # Rows are large as Python has them and small as Arrow has them.
        batches = (pa.RecordBatch.from_pylist(few, schema=schema) for few in groups)
        for group in batched(batches, _ROW_GROUP // _FEW):
            writer.write_table(pa.Table.from_batches(group))


def batched(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield lists of ``size`` things, the last of fewer."""
    source = iter(things)
    while batch := list(islice(source, size)):
        yield batch


_WRITERS: dict[str, Callable[[Iterable[Row], Sequence[str], Path], None]] = {
    ".csv": _write_csv,
    ".jsonl": _write_jsonl,
    ".parquet": _write_parquet,
}
