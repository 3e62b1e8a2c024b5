"""Tables and manifests of every kind are read, and a bad one is named by its line and column."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("statsmodels", reason="of the extra “evaluate”")
pytest.importorskip("sklearn", reason="of the extra “evaluate”")

import pyarrow as pa
import pyarrow.parquet as pq

from evaluation.tables import write
from reddots.errors import ManifestError, TableError
from reddots.evaluation.tables.column_map import ColumnMap
from reddots.evaluation.tables.ground_truth import TruthMap, masks, meaning, read_truth
from reddots.evaluation.tables.predictions import read_predictions
from reddots.evaluation.tables.reader import pairs
from reddots.knowledge import load
from reddots.tabular.columns import read_columns

# name, content, words that the message must have, why
BAD_TABLES = [
    ("x.csv", "", ["x.csv", "empty"], "an empty file"),
    ("x.csv", "photo,p_a,p_b\n", ["no rows"], "a heading alone"),
    ("x.csv", "photo,p_a,p_b\na.jpg,0.5,0.5\nb.jpg,half,0.5\n", ["line 3", "row 2", "p_a", "half"], "a word for a number"),
    ("x.csv", "photo,p_a,p_b\na.jpg,0.5,1.5\n", ["line 2", "p_b", "1.5"], "more than certain"),
    ("x.csv", "photo,p_a,p_b\na.jpg,-0.5,0.5\n", ["line 2", "p_a", "-0.5"], "less than impossible"),
    ("x.csv", "photo,p_a,p_b\na.jpg,inf,0.5\n", ["line 2", "p_a", "inf"], "without end"),
    ("x.csv", "photo,p_a,p_b\na.jpg,0.5\n", ["line 2", "2 cells", "3 columns"], "a cell too few"),
    ("x.csv", "photo,p_a,p_a\na.jpg,0.5,0.5\n", ["p_a", "twice"], "a column twice"),
    ("x.csv", "foto,p_a,p_b\na.jpg,0.5,0.5\n", ["no column “photo”", "--photo-column"], "photos called otherwise"),
    ("x.csv", "photo,a,b\na.jpg,5,7\n", ["--map"], "no column of probabilities"),
    ("x.csv", "photo,p_a,p_b,abstained\na.jpg,0.5,0.5,maybe\n", ["line 2", "abstained", "maybe"], "neither yes nor no"),
    ("x.csv", b"photo,p_a,p_b\n\xff\xfe,0.5,0.5\n", ["UTF-8"], "another encoding"),
    ("x.jsonl", '{"photo": "a.jpg", "p_a": 0.5, "p_b": 0.5}\n{"photo"\n', ["line 2", "no JSON"], "half a line"),
    ("x.jsonl", '[1]\n', ["line 1", "no JSON object"], "no object"),
    ("x.jsonl", '{"photo": "a.jpg", "p_a": "x", "p_b": 0.5}\n', ["line 1", "p_a"], "a word in JSON"),
    ("x.parquet", "nonsense", ["no Parquet"], "not Parquet at all"),
    ("x.xlsx", "nonsense", [".csv", ".jsonl", ".parquet"], "a format that is not read"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "words", "why"), BAD_TABLES, ids=[r[3] for r in BAD_TABLES])  # fmt: skip
def test_a_bad_table_is_named(
    name: str, content: str | bytes, words: list[str], why: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(TableError) as caught:
        read_predictions(path)
    for word in words:
        assert word in str(caught.value), why


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"none\.csv cannot be read"):
        read_predictions(tmp_path / "none.csv")


# content, words that the message must have, why
BAD_MANIFESTS = [
    ("photo,tag\na.jpg,x\n", ["no column “label”", "--label-column"], "labels called otherwise"),
    ("photo,label\n,x\n", ["line 2", "no photo"], "a photo without a name"),
    ("photo,label,fitzpatrick\na.jpg,x,2\nb.jpg,x,7\n", ["line 3", "fitzpatrick", "7"], "a skin type beyond 6"),
    ("photo,label\na.jpg\n", ["line 2", "1 cells"], "a cell too few"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "words", "why"), BAD_MANIFESTS, ids=[r[2] for r in BAD_MANIFESTS])  # fmt: skip
def test_a_bad_manifest_is_named(content: str, words: list[str], why: str, tmp_path: Path) -> None:
    path = tmp_path / "manifest.csv"
    path.write_text(content)
    with pytest.raises(ManifestError) as caught:
        read_truth(path)
    for word in words:
        assert word in str(caught.value), why


def test_the_three_formats_give_the_same(tmp_path: Path) -> None:
    csv = write(
        tmp_path / "x.csv",
        """photo,p_a,p_b,abstained,prediction_set
        a.jpg,0.25,0.75,true,a;b
        "b,c.jpg",1,0,,b""",
    )
    jsonl = tmp_path / "x.jsonl"
    jsonl.write_text(
        '{"photo": "a.jpg", "p_a": 0.25, "p_b": 0.75, "abstained": true, "prediction_set": "a;b"}\n'
        "\n"
        '{"photo": "b,c.jpg", "p_a": 1, "p_b": 0.0, "abstained": null, "prediction_set": ["b"]}\n'
    )
    parquet = tmp_path / "x.parquet"
    table = pa.table(
        {
            "photo": ["a.jpg", "b,c.jpg"], "p_a": [0.25, 1.0], "p_b": [0.75, 0.0],
            "abstained": [True, None], "prediction_set": ["a;b", "b"],
        }
    )  # fmt: skip
    pq.write_table(table, parquet)
    for path in (csv, jsonl, parquet):
        found = read_predictions(path)
        assert found.outputs == ("a", "b")
        assert found.photo.to_pylist() == ["a.jpg", "b,c.jpg"]
        np.testing.assert_array_equal(found.probabilities, [[0.25, 0.75], [1, 0]])
        np.testing.assert_array_equal(found.abstained, [1, np.nan])
        assert found.sets is not None
        np.testing.assert_array_equal(found.sets, [[True, True], [False, True]])


# cells of one row, probabilities as used, why
ROWS = [
    ("0.5,0.3,0.2", (0.5, 0.3, 0.2), "as written"),
    ("0.333,0.333,0.333", (0.333, 0.333, 0.333), "a thousandth off is rounding"),
    ("0.5,0.5,1", (0.25, 0.25, 0.5), "a sum of two is halved"),
    ("0.1,0.1,0", (0.5, 0.5, 0), "a sum of a fifth is made one"),
    ("0,0,0", None, "nothing at all is no prediction"),
    (",,", None, "empty cells are no prediction"),
    ("0.5,nan,0.5", None, "one that is not a number spoils the row"),
    ("0.5,NA,0.5", None, "as does a word for missing"),
    (" 0.5 , 0.3,0.2", (0.5, 0.3, 0.2), "spaces do not count"),
    ("1e0,0,0", (1, 0, 0), "any way of writing numbers"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "expected", "why"), ROWS, ids=[r[2] for r in ROWS])
def test_probabilities_are_used_or_made_to_sum_to_one(
    cells: str, expected: tuple[float, ...] | None, why: str, tmp_path: Path
) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f"photo,p_a,p_b,p_c\nx.jpg,{cells}\n")
    found = read_predictions(path).probabilities[0]
    np.testing.assert_allclose(found, expected or [np.nan] * 3, err_msg=why)


def test_columns_of_a_foreign_file_are_mapped_summed_and_left_out(tmp_path: Path) -> None:
    path = write(
        tmp_path / "x.csv",
        """image,nv,mel,p_rash,p_other
        a.jpg,0.2,0.3,0.4,0.1""",
    )
    mapping = {
        "nv": "mole_or_growth",
        "mel": "mole_or_growth",
        "p_rash": "other_rash",
        "p_other": "",
    }
    found = read_predictions(path, ColumnMap(mapping, photo="image"))
    assert found.outputs == ("mole_or_growth", "other_rash")
    np.testing.assert_allclose(found.probabilities[0], [5 / 9, 4 / 9])


def test_a_mapped_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", "photo,p_a,p_b\na.jpg,0.5,0.5")
    with pytest.raises(TableError, match="no column “nv”"):
        read_predictions(path, ColumnMap({"nv": "a"}))


def test_pairs_of_options_need_a_sign() -> None:
    assert pairs(["a=b", "c ="], "--map") == {"a": "b", "c": ""}
    with pytest.raises(TableError, match="--map"):
        pairs(["a"], "--map")


def test_an_index_of_a_byte_order_mark_is_no_part_of_a_name(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("\ufeffphoto,p_a,p_b\na.jpg,0.5,0.5\n".encode())
    assert read_columns(path).names == ("photo", "p_a", "p_b")


def test_a_manifest_is_cut_to_a_split_and_its_labels_are_mapped(tmp_path: Path) -> None:
    path = write(
        tmp_path / "m.csv",
        """image,tag,split
        a.jpg,nv,test
        b.jpg,nv,train
        c.jpg,eczema,test""",
    )
    found = read_truth(path, TruthMap("image", "tag", labels={"nv": "mole"}, split="test"))
    assert found.photo.to_pylist() == ["a.jpg", "c.jpg"]
    assert list(found.label) == ["mole", "eczema"]
    assert list(found.group) == ["a.jpg", "c.jpg"], "each photo is its own group"
    with pytest.raises(ManifestError, match="no photo in the split"):
        read_truth(path, TruthMap("image", "tag", split="calibration"))


# label, outputs of the table, what it may mean, what it surely means, why
MEANINGS = [
    ("other_rash", ("other_rash", "purpura"), {"other_rash"}, {"other_rash"}, "an output"),
    ("petechiae", ("other_rash", "purpura"), {"purpura"}, {"purpura"}, "a category of an output"),
    ("petechiae", ("petechiae", "vasculitis"), {"petechiae"}, {"petechiae"}, "a table may tell them apart"),
    ("purpura", ("petechiae", "vasculitis"), {"petechiae", "vasculitis"}, set(), "coarse: the sum of its parts"),
    ("purpura", ("other_rash", "not_skin"), set(), set(), "no output covers it"),
    ("rheumatic_fever", ("other_rash", "not_skin"), set(), set(), "no output ever covers it"),
    ("a|b", ("a", "b", "c"), {"a", "b"}, set(), "either of two, nobody said which"),
    ("a;b", ("a", "b", "c"), {"a", "b"}, {"a", "b"}, "both at once"),
    ("a|z", ("a", "b", "c"), set(), set(), "it may be what no output covers"),
    ("a|a", ("a", "b"), {"a"}, {"a"}, "the same twice is one"),
    ("", ("a", "b"), set(), set(), "nobody said"),
    ("not_skin", ("a", "not_skin"), {"not_skin"}, {"not_skin"}, "the gate is an output"),
]  # fmt: skip


@pytest.mark.parametrize(("label", "outputs", "may", "surely", "why"), MEANINGS, ids=[r[4] for r in MEANINGS])  # fmt: skip
def test_labels_mean_outputs(
    label: str, outputs: tuple[str, ...], may: set[str], surely: set[str], why: str
) -> None:
    found = meaning(label, outputs, load().categories)
    assert (set(found.possible), set(found.certain)) == (may, surely), why
    both = masks(np.array([label, label], dtype=object), outputs, load().categories)
    assert both.possible.tolist() == [[o in may for o in outputs]] * 2
