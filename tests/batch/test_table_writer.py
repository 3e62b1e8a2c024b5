"""A table says the same as CSV, JSON Lines and Parquet."""

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from reddots.batch.prediction import Prediction, columns
from reddots.batch.table_reader import read_table
from reddots.batch.table_writer import Row, require_format, write_table
from reddots.errors import TableError
from reddots.photo.result import PhotoResult, PhotoSpots

OUTPUTS, SIMULATED = ("a", "b"), ("c",)
PREDICTIONS = [
    Prediction(
        "ok.jpg",
        PhotoResult("ok", ("blurred", "too_dark"), {"a": 0.75, "b": 0.25}, False, ("a", "b")),
        "12ab", urgency="same_day", see_doctor=True, model="reddots-1",
    ),
    Prediction(
        "gate.jpg", PhotoResult("rejected", ("not_skin",), {"a": 0.1, "b": 0.9}, True, ("b",)), "34cd"
    ),
    Prediction('a "b", c\nd.jpg', PhotoResult("rejected", ("missing",)), error="It is not there."),
    Prediction("two\rreturns\r\nand a line.jpg", error="It is damaged."),
    Prediction(
        "use.jpg",
        PhotoResult("ok", categories={"a": 0.625, "b": 0.375}, training_priors={"a": 0.5, "b": 0.125},
                    deployment_priors={"a": 0.5, "b": 0.625}),
    ),
    Prediction(
        "spöts 斑点.jpg",
        PhotoResult("ok", categories={"a": 0.5, "b": 0.5}, simulated_ratios={"c": 2.25},
                    spots=PhotoSpots(12, 0.0125, "clustered")),
        see_doctor=False,
    ),
]  # fmt: skip
COLUMNS = [
    "photo", "sha256", "status", "error", "quality", "category", "confidence", "abstained",
    "prediction_set", "p_a", "p_b", "urgency", "see_doctor", "model",
    "category_training", "settled", "n_spots", "spot_diameter", "spot_pattern", "ratio_c",
]  # fmt: skip


def rows() -> list[Row]:
    return [prediction.row(OUTPUTS, SIMULATED) for prediction in PREDICTIONS]


def test_the_columns_are_the_contracts() -> None:
    assert list(columns(OUTPUTS, SIMULATED)) == COLUMNS
    assert [list(row) for row in rows()] == [COLUMNS] * len(PREDICTIONS)


# prediction, column, cell, why
CELLS = [
    (0, "category", "a", "the most probable output"),
    (0, "confidence", 0.75, "and its probability"),
    (0, "quality", "blurred;too_dark", "problems are joined"),
    (0, "prediction_set", "a;b", "outputs are joined"),
    (1, "category", "b", "a photo that was turned away still says why"),
    (2, "category", "", "an unreadable photo has none"),
    (2, "confidence", None, "nor a confidence"),
    (2, "p_a", None, "nor probabilities"),
    (2, "abstained", None, "nor an abstention"),
    (2, "see_doctor", None, "nor an urgency"),
    (4, "category", "b", "named by the shares expected in use"),
    (4, "confidence", 0.75, "and its probability under them"),
    (4, "category_training", "a", "and what training's shares would name"),
    (2, "category_training", "", "an unreadable photo has none of either"),
    (5, "category", "a", "of equals the first"),
    (5, "see_doctor", False, "no doctor is not no answer"),
    (5, "n_spots", 12, "spots are counted"),
    (5, "ratio_c", 2.25, "what simulation taught speaks as a ratio"),
    (2, "n_spots", None, "nobody looked for spots: not none"),
]


def test_a_table_can_be_named_by_the_shares_of_training() -> None:
    row = PREDICTIONS[4].row(OUTPUTS, SIMULATED, "training")
    assert (row["category"], row["confidence"], row["category_training"]) == ("a", 0.625, "a")


@pytest.mark.parametrize(("index", "column", "cell", "why"), CELLS)
def test_cells(index: int, column: str, cell: object, why: str) -> None:
    assert rows()[index][column] == cell, why


def text(cell: object) -> str:
    """A cell as CSV writes it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return f"{cell:.6f}" if isinstance(cell, float) else str(cell)


def test_every_format_says_the_same(tmp_path: Path) -> None:
    paths = {ending: tmp_path / f"table.{ending}" for ending in ("csv", "jsonl", "parquet")}
    for path in paths.values():
        write_table(rows(), COLUMNS, path)
    from_json = [json.loads(line) for line in paths["jsonl"].read_text("utf-8").splitlines()]
    assert from_json == rows()
    assert pq.read_table(paths["parquet"]).to_pylist() == rows()
    with paths["csv"].open(newline="", encoding="utf-8") as file:
        from_csv = list(csv.DictReader(file))
    assert from_csv == [{name: text(cell) for name, cell in row.items()} for row in rows()]
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(p.name for p in paths.values()), (
        "no partial file is left"
    )


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_a_table_is_read_back_and_written_again_byte_for_byte(tmp_path: Path, ending: str) -> None:
    first, second = tmp_path / f"first.{ending}", tmp_path / f"second.{ending}"
    write_table(rows(), COLUMNS, first)
    assert list(read_table(first)) == rows()
    write_table(read_table(first), COLUMNS, second)
    assert second.read_bytes() == first.read_bytes()


# name, content, why
NO_TABLES = [
    ("gone.csv", None, "a missing file"),
    ("t.jsonl", b"{", "half a row"),
    ("t.csv", b"photo,status,confidence\na,ok,much\n", "a word for a number"),
    ("t.csv", b"photo,status,abstained\na,ok,perhaps\n", "a word for a truth"),
    ("t.csv", b"photo\n\xff\n", "not UTF-8"),
    ("t.parquet", b"PAR1", "no Parquet"),
]


@pytest.mark.parametrize(("name", "content", "why"), NO_TABLES, ids=[row[2] for row in NO_TABLES])
def test_what_is_no_table_is_named(
    tmp_path: Path, name: str, content: bytes | None, why: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(TableError) as caught:
        list(read_table(tmp_path / name))
    assert name in str(caught.value), why


def test_parquet_is_written_in_row_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reddots.batch.table_writer._FEW", 1)
    monkeypatch.setattr("reddots.batch.table_writer._ROW_GROUP", 2)
    write_table(iter(rows()), COLUMNS, tmp_path / "table.parquet")
    assert pq.ParquetFile(tmp_path / "table.parquet").num_row_groups == 3
    assert list(read_table(tmp_path / "table.parquet")) == rows()


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_a_table_without_rows(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"table.{ending}"
    write_table([], COLUMNS, path)
    if ending == "csv":
        assert path.read_text() == ",".join(COLUMNS) + "\n"
    if ending == "parquet":
        assert pq.read_table(path).column_names == COLUMNS
    if ending == "jsonl":
        assert path.read_text() == ""


def test_parquet_keeps_types_where_a_column_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    write_table([PREDICTIONS[2].row(OUTPUTS, SIMULATED)], COLUMNS, path)
    types = {field.name: str(field.type) for field in pq.read_table(path).schema}
    assert types["p_a"] == types["confidence"] == "double"
    assert types["abstained"] == types["see_doctor"] == "bool"
    assert types["photo"] == types["urgency"] == "string"


@pytest.mark.parametrize("name", ["table.xlsx", "table", "table.csv.gz", ".csv"])
def test_an_unclear_format_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(TableError, match=r"must end in \.csv, \.jsonl or \.parquet"):
        require_format(tmp_path / name)


def test_capitals_are_no_other_format(tmp_path: Path) -> None:
    require_format(tmp_path / "TABLE.CSV")


def test_a_table_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="cannot be written"):
        write_table(rows(), COLUMNS, tmp_path / "no folder" / "table.csv")
