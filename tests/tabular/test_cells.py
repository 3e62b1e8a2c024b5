"""Cells mean the same however they are written, and formulas come back as they were."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reddots.tabular.cells import escape_formula, flag, shown, skin_type, text, unescape_formula
from reddots.tabular.csv_reader import CsvReader
from reddots.tabular.csv_writer import CsvWriter

SKIN_TYPES = [
    ("3", 3, "a digit"),
    ("3.0", 3, "as pandas writes it"),
    (" 4 ", 4, "spaces"),
    ("I", 1, "Roman"),
    ("ii", 2, "in small letters"),
    ("III", 3, "three"),
    ("IV", 4, "four"),
    ("V", 5, "five"),
    ("VI", 6, "six"),
    ("Ⅵ", 6, "one character"),
    ("FST3", 3, "as Fitzpatrick 17k"),
    ("FST III", 3, "both"),
    ("type IV", 4, "in words"),
    ("Fitzpatrick skin type 2", 2, "in full"),
    ("", None, "empty"),
    ("NaN", None, "missing"),
    ("unknown", None, "nobody knows"),
]


@pytest.mark.parametrize(("cell", "expected", "why"), SKIN_TYPES)
def test_skin_types_are_read(cell: str, expected: int | None, why: str) -> None:
    assert skin_type(cell) == expected, why


@pytest.mark.parametrize("cell", ["0", "7", "IIII", "VII", "dark", "3.5", "3-4", "12", "III/IV"])
def test_what_is_no_skin_type_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="1 to 6"):
        skin_type(cell)


@pytest.mark.parametrize(("cell", "expected"), [("Yes", True), ("0.0", False), ("NA", None)])
def test_flags(cell: str, expected: bool | None) -> None:
    assert flag(cell) is expected
    with pytest.raises(ValueError, match="neither"):
        flag("maybe")


@pytest.mark.parametrize(
    ("value", "expected"),
    [(3, "3"), (3.0, "3.0"), (True, "true"), (None, ""), (float("nan"), ""), (["a", 1], "a;1")],
)
def test_values_as_text(value: object, expected: str) -> None:
    assert text(value) == expected


def test_control_characters_are_shown_and_long_cells_cut() -> None:
    assert shown("a\x1b[31m\u202eb") == "a\\x1b[31m\\u202eb"
    assert len(shown("a" * 1000)) == 60


@given(st.text(st.sampled_from("'=+-@\t\r\n\",;a é"), max_size=8))
def test_text_survives_a_spreadsheet_and_a_file(cell: str) -> None:
    escaped = escape_formula(cell)
    assert escaped[:1] not in set("=+-@\t\r") or not cell
    assert unescape_formula(escaped) == cell
    file = io.StringIO(newline="")
    writer = CsvWriter(file)
    writer.write(["name", "other"])
    writer.write([cell, "x"])
    reader = CsvReader(io.BufferedReader(io.BytesIO(file.getvalue().encode())), exact=True)
    assert [cells for _, cells in reader] == [[cell, "x"]]
