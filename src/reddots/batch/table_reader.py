"""Reads a prediction table back, row by row, as it was written."""

import csv
import json
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

from reddots.batch.prediction import Cell
from reddots.batch.table_writer import BOOLEANS, NUMBERS, Row, require_format
from reddots.errors import TableError

_FEW = 2048  # rows of a Parquet file in memory
_TRUTH = {"true": True, "false": False}


def read_table(path: Path) -> Generator[Row, None, None]:
    """Yield the rows of a table that ``write_table`` wrote.

    Raises:
        TableError: it cannot be read, or is no prediction table.
    """
    require_format(path)
    try:
        yield from _READERS[path.suffix.lower()](path)
    except (OSError, ValueError, KeyError, RecursionError, csv.Error) as error:
        raise TableError(f"{path} cannot be read as a prediction table: {error}.") from error


def _read_csv(path: Path) -> Iterator[Row]:
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file, strict=True)
        for row in reader:
            if None in row or None in row.values():
                raise ValueError(f"line {reader.line_num} has more or fewer cells than names")
            yield {name: _cell(name, text) for name, text in row.items()}


def _cell(name: str, text: str) -> Cell:
    if name.startswith(NUMBERS):
        return float(text) if text else None
    if name in BOOLEANS:
        return _TRUTH[text] if text else None
    return text


def _read_jsonl(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise ValueError("a line is no object")  # noqa: TRY004 - of the file, not the code
            yield row


def _read_parquet(path: Path) -> Iterator[Row]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(_FEW):
            yield from batch.to_pylist()


_READERS: dict[str, Callable[[Path], Iterator[Row]]] = {
    ".csv": _read_csv,
    ".jsonl": _read_jsonl,
    ".parquet": _read_parquet,
}
