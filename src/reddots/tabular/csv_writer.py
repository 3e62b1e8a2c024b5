"""CSV writer: UTF-8, Unix line ends, and no cell that a spreadsheet takes for a formula.

Text that begins with ``= + - @`` gets an apostrophe before it (OWASP, “CSV Injection”); the reader
takes it away again, so that names come back as they were.
"""

import csv
from collections.abc import Iterable
from typing import Any, Final, TextIO

from reddots.tabular.cells import escape_formula

_DECIMALS: Final = 6


class CsvWriter:
    """Writes rows of cells to a text file that was opened with ``newline=""``.

    Example:
        >>> import sys
        >>> CsvWriter(sys.stdout).write(["=x.jpg", 0.25, True, None])
        '=x.jpg,0.250000,true,
    """

    def __init__(self, file: TextIO) -> None:
        """Write to ``file``."""
        self._writer = csv.writer(_UnixLines(file))

    def write(self, row: Iterable[Any]) -> None:
        """Write one row: text, whole numbers, fractions (six decimals), booleans, None (empty)."""
        self._writer.writerow(map(_cell, row))


class _UnixLines:
    """Ends lines as Unix does; the writer itself must end them so that it quotes each CR and LF."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, line: str) -> int:
        return self._file.write(line.removesuffix("\r\n") + "\n")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.{_DECIMALS}f}"
    return str(value) if isinstance(value, int) else escape_formula(str(value))
