"""CSV reader: strict records with their line numbers, from text with any of three delimiters.

Python's ``csv`` in its strict mode refuses a quote that is never closed or that ends too early, and
counts lines as an editor does; ``pyarrow.csv`` reads past both in silence. What is added here is
the place: the line and column where a bad quote opened, and each record's width.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

from reddots.tabular.cells import shown, unescape_formula
from reddots.tabular.dialect import peek, separator_line, sniff_delimiter, what_else
from reddots.tabular.headings import repeated

Record = tuple[int, list[str]]  # the line that it begins on, and its cells
_LONGEST: Final = 10_000_000  # characters of a cell: a whole case report fits


class CsvReader:
    """Iterates the records below the heading, as text, all of the heading's width.

    Records of blank cells alone, as Excel writes them, are skipped; so are columns without a
    heading, if they are empty throughout.

    Attributes:
        names: the headings.
        delimiter: the character between cells.
    """

    def __init__(self, file: BinaryIO, *, exact: bool = False) -> None:
        """Read the heading of a binary file.

        Args:
            file: positioned at its beginning.
            exact: a quote after a space is a quote, not the beginning of a cell.

        Raises:
            ValueError: it is no CSV in UTF-8 or has a heading twice; the message completes a
                sentence that begins with the file's name. So do those of all later faults.
        """
        if other := what_else(peek(file)):
            raise ValueError(other)
        csv.field_size_limit(_LONGEST)  # holds for the whole process, which needs no smaller one
        self._exact = exact
        self._lines = _Lines(io.TextIOWrapper(file, "utf-8-sig", newline=""))
        self.delimiter = self._read_delimiter()
        self._reader = csv.reader(
            self._lines, delimiter=self.delimiter, strict=True, skipinitialspace=not exact
        )
        self.names: tuple[str, ...] = ()
        line, cells = next(self._records(), (1, []))
        headings = [unescape_formula(name.strip()) for name in cells]
        self._width = len(headings)
        while headings and not headings[-1]:
            headings.pop()
        twice = repeated(headings)
        if twice is not None:
            name = headings[twice]
            what = f"the column “{shown(name)}” twice" if name else "two columns without a heading"
            raise ValueError(f", line {line}, column {twice + 1}: the heading has {what}")
        self.names = tuple(headings)

    def __iter__(self) -> Iterator[Record]:
        names = self.names
        for line, cells in self._records():
            if len(cells) != self._width:
                raise ValueError(f", line {line}: {self._why_other_width(cells)}")
            for place in range(len(names), len(cells)):
                if cells[place].strip():
                    raise ValueError(
                        f", line {line}, column {place + 1}: “{shown(cells[place])}” stands in a "
                        "column without a heading"
                    )
            del cells[len(names) :]
            yield line, cells

    def _records(self) -> Iterator[Record]:
        """Yield all records but blank ones, apostrophes against formulas undone."""
        lines = self._lines
        while True:
            first = lines.count + 1
            lines.begin_record()
            try:
                cells = next(self._reader, None)
            except csv.Error as error:
                raise ValueError(self._what_is_wrong(first, error)) from error
            except UnicodeDecodeError as error:
                line = lines.count + 1
                raise ValueError(
                    f", line {line} or after, cannot be read: it is not in UTF-8; save it as “CSV "
                    "UTF-8”"
                ) from error
            if cells is None:
                return
            if any(cell and not cell.isspace() for cell in cells):
                yield first, cells if not lines.apostrophe else list(map(unescape_formula, cells))

    def _read_delimiter(self) -> str:
        try:
            for line in self._lines:
                named = separator_line(line)
                if named:
                    return named
                if line.strip():
                    self._lines.put_back(line)
                    return sniff_delimiter(line)
        except UnicodeDecodeError as error:
            raise ValueError("it is not in UTF-8: save it as “CSV UTF-8”") from error
        except csv.Error as error:
            raise ValueError(str(error)) from error
        return ","

    def _why_other_width(self, cells: Sequence[str]) -> str:
        wide, few = self._width, len(cells)
        start = f"{few} cells, where the heading has {wide} columns; "
        if few > wide:
            last = self.names[-1] if wide == len(self.names) and self.names else f"number {wide}"
            return start + f"“{shown(cells[wide])}” stands after the last column, “{shown(last)}”"
        name = self.names[few] if few < len(self.names) else f"number {few + 1}"
        return start + f"there is none for column “{shown(name)}”"

    def _what_is_wrong(self, first: int, error: csv.Error) -> str:
        opened = _unsound_quote(self._lines.pending, self.delimiter, lenient=not self._exact)
        if opened is None:
            return f", line {first} cannot be read: {error}"
        line, column, closed = opened
        name = self.names[column] if column < len(self.names) else f"number {column + 1}"
        place = f', line {first + line}, column “{shown(name)}”: the quote (") that opens here '
        if closed:
            return place + (
                "is closed before the cell ends: one inside a cell must be doubled, or one is "
                "missing"
            )
        return place + "is never closed"


class _Lines:
    """Iterates a file's lines, counts them and remembers those of the record that is being read."""

    def __init__(self, file: io.TextIOWrapper) -> None:
        self._file = file
        self._again = ""
        self.count = 0
        self.pending: list[str] = []
        self.apostrophe = False  # whether the record has one: only then can there be an escape

    def begin_record(self) -> None:
        self.pending.clear()
        self.apostrophe = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line, self._again = self._again or self._file.readline(), ""
        if not line:
            raise StopIteration
        self.count += 1
        if "\0" in line:
            raise csv.Error("it has a NUL character")
        self.pending.append(line)
        self.apostrophe = self.apostrophe or "'" in line
        return line

    def put_back(self, line: str) -> None:
        self._again = line
        self.count -= 1


def _unsound_quote(
    lines: Sequence[str], delimiter: str, *, lenient: bool
) -> tuple[int, int, bool] | None:
    """Return line and column (from 0) of the last quote that opened, and whether it was closed.

    None if the record opened none. ``lenient``: spaces may stand before a quote.
    """
    opened: tuple[int, int] | None = None
    column, inside, at_start, closing = 0, False, True, False
    for number, line in enumerate(lines):
        for character in line:
            if inside:
                if closing and character != '"':
                    if character != delimiter and character not in "\r\n":
                        return (*(opened or (number, column)), True)
                    inside, closing, at_start = False, False, character == delimiter
                    column += character == delimiter
                elif character == '"':
                    closing = not closing
            elif character == '"' and at_start:
                inside, closing, opened = True, False, (number, column)
            elif character == delimiter:
                column, at_start = column + 1, True
            elif not (lenient and character == " "):
                at_start = False
    return None if opened is None else (*opened, not inside)
