"""Prediction table reader: rows as they were written, in constant memory."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

from reddots.batch.prediction import Cell
from reddots.batch.table_writer import BOOLEANS, COUNTS, NUMBERS, Row, require_format
from reddots.tabular.reader import open_table

_TRUTH = {"true": True, "false": False}


def read_table(path: Path) -> Generator[Row, None, None]:
    """Yield the rows of a table that ``write_table`` wrote.

    Raises:
        TableError: it cannot be read, or is no prediction table.
    """
    require_format(path)
    table = open_table(path, exact=True, stream=True)
    table.require("photo", "status")
    is_text = bool(table.delimiter)  # only CSV does not say what is a number
    for row in table:
        if not is_text:
            yield row.values
            continue
        try:
            yield {name: _cell(name, text) for name, text in row.values.items()}
        except (ValueError, KeyError) as error:
            raise row.fault("", f"it is no row of a prediction table: {error}") from error


def _cell(name: str, text: Any) -> Cell:
    if name.startswith(NUMBERS):
        return float(text) if text else None
    if name in COUNTS:
        return int(text) if text else None
    if name in BOOLEANS:
        return _TRUTH[text] if text else None
    return str(text)
