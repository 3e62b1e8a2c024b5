"""One reader for every table: what is sound reads alike in all formats, the rest is named."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reddots.batch.answers_table import read_answers_table
from reddots.batch.inputs import expand
from reddots.batch.table_reader import read_table
from reddots.datasets.manifest import read_manifest
from reddots.datasets.sources.csv_table import read_source
from reddots.errors import ManifestError, RedDotsError
from reddots.evaluation.readers.table import is_reader_table, read_readings
from reddots.evaluation.tables.ground_truth import read_truth
from reddots.evaluation.tables.predictions import read_predictions
from reddots.evaluation.vignettes.results import Vignette, read_results, read_vignettes
from reddots.evaluation.vignettes.scale import Scale
from reddots.tabular.columns import read_columns
from reddots.tabular.reader import open_table


def read_cases(path: Path) -> object:
    return read_vignettes([path], Scale())


def read_advice(path: Path) -> object:
    return read_results([path], [Vignette("1", 1, 1)], Scale())


def read_people(path: Path) -> object:
    assert is_reader_table(path)
    truth = path.with_name("truth.csv")
    truth.write_text("photo,label\na,x\n")
    return read_readings(path, read_truth(truth))


# content of x.csv, rows as text, why
SOUND = [
    (b"photo,label\na,x\n", [{"photo": "a", "label": "x"}], "as it should be"),
    (b"\xef\xbb\xbfphoto,label\na,x\n", [{"photo": "a", "label": "x"}], "a byte-order mark"),
    (b'\xef\xbb\xbf"photo","label"\na,x\n', [{"photo": "a", "label": "x"}], "a mark before a quote"),
    (b"photo,label\r\na,x\r\n", [{"photo": "a", "label": "x"}], "line ends of Windows"),
    (b"photo,label\ra,x\r", [{"photo": "a", "label": "x"}], "line ends of old Macs"),
    (b"photo;label\na;x,y\n", [{"photo": "a", "label": "x,y"}], "semicolons, as Excel in Germany"),
    (b"photo\tlabel\na\tx,y\n", [{"photo": "a", "label": "x,y"}], "tabs"),
    (b"sep=;\r\nphoto;label\r\na;x\r\n", [{"photo": "a", "label": "x"}], "Excel names its separator"),
    (b'photo;"a,b,c"\na;x\n', [{"photo": "a", "a,b,c": "x"}], "commas in a quoted heading"),
    (b" photo , label \n a , x \n", [{"photo": "a", "label": "x"}], "spaces around cells and headings"),
    (b'photo, label\na, "x, y"\n', [{"photo": "a", "label": "x, y"}], "a space before a quote"),
    (b"\n\nphoto,label\n\na,x\n\n", [{"photo": "a", "label": "x"}], "blank lines anywhere"),
    (b"photo,label\na,x\n,\n , \n,,,\n", [{"photo": "a", "label": "x"}], "empty rows of Excel"),
    (b"photo,label,,\na,x,,\n", [{"photo": "a", "label": "x"}], "empty columns of Excel"),
    (b'photo,label\n"a\nb",x\n', [{"photo": "a\nb", "label": "x"}], "a name of two lines"),
    (b'photo,label\n"say ""a""",5" nail\n', [{"photo": 'say "a"', "label": '5" nail'}], "quotes in cells"),
    (b"photo,label\nnan,None\n", [{"photo": "nan", "label": "None"}], "“nan” is a name like any other"),
    (b"photo,label\n'=a,''-x\n", [{"photo": "=a", "label": "'-x"}], "apostrophes against formulas are undone"),
    (b"photo,label\n'a,'\n", [{"photo": "'a", "label": "'"}], "other apostrophes stay"),
    (b"photo\na\n", [{"photo": "a"}], "a single column"),
    (b"photo,label\n" + b"a" * 300_000 + b",x\n", [{"photo": "a" * 300_000, "label": "x"}], "a long cell"),
    ("photo,label\n紫斑,púrpura\n".encode(), [{"photo": "紫斑", "label": "púrpura"}], "any language"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "rows", "why"), SOUND, ids=[row[2] for row in SOUND])
def test_sound_tables_are_read(
    content: bytes, rows: list[dict[str, str]], why: str, tmp_path: Path
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    assert [row.texts() for row in open_table(path)] == rows, why
    columns = read_columns(path)
    assert {n: list(columns.texts(n)) for n in columns.names} == {
        name: [row[name] for row in rows] for name in rows[0]
    }, why


HEAD = "photo,label,status,p_a,p_b\n"
GOOD = "a.jpg,x,ok,0.5,0.5\n"
# content, words that the message must have, why
BROKEN = [
    (HEAD + 'a.jpg,"x,ok,0.5,0.5\nb.jpg,y,ok,0.5,0.5\n', ["line 2", "label", "never closed"], "a quote swallows the rest"),
    (HEAD + GOOD + '\n"b.jpg,x,ok,0.5,0.5\nc.jpg,"y",ok,0.5,0.5\n', ["line 4", "photo", "quote"], "it ends at the next"),
    (HEAD + '"a\nb",x,ok,0.5,0.5\nc.jpg,"y"z,ok,0.5,0.5\n', ["line 4", "label", "doubled"], "text after a quote"),
    (HEAD + '"a\nb","x,ok,0.5,0.5\n', ["line 3", "label", "never closed"], "it opens in a record's second line"),
    (HEAD + GOOD + "b.jpg,x,y,ok,0.5,0.5\n", ["line 3", "6 cells", "5 columns", "0.5", "p_b"], "a comma too many"),
    (HEAD + GOOD + "b.jpg,x,ok,0.5\n", ["line 3", "4 cells", "5 columns", "p_b"], "a comma too few"),
    (HEAD + GOOD + "b.jpg,x,ok,0.5,0.5,\n", ["line 3", "6 cells"], "a comma at the end"),
    (HEAD + '\n\n"a\nb",x,ok,0.5,0.5\nb.jpg\n', ["line 6", "1 cells"], "right lines after blank and double ones"),
    ("photo,label,status,p_a,p_a\n" + GOOD, ["line 1", "column 5", "“p_a” twice"], "a heading twice"),
    ("photo,label,status,p_a, p_a\n" + GOOD, ["line 1", "column 5", "“p_a” twice"], "twice but for spaces"),
    ("photo,label,status,p_a,p_b,\na.jpg,x,ok,0.5,0.5,z\n", ["line 2", "column 6", "without a heading", "z"], "a cell without a heading"),
    ("photo,label,status,p_a,,p_b,\na.jpg,x,ok,0.5,0.5,z\n", ["line 2", "7 columns"], "a heading is missing"),
    ((HEAD + GOOD).encode("utf-16"), ["UTF-16", "UTF-8"], "UTF-16 with its mark"),
    ((HEAD + GOOD).encode("utf-16-le"), ["UTF-16", "UTF-8"], "UTF-16 without"),
    ((HEAD + GOOD).encode("utf-32"), ["UTF-32", "UTF-8"], "UTF-32"),
    ((HEAD + "é.jpg,x,ok,0.5,0.5\n").encode("latin-1"), ["not in UTF-8"], "Latin-1"),
    (HEAD.encode() + b"a\0.jpg,x,ok,0.5,0.5\n", ["NUL"], "a NUL"),
    (b"PK\x03\x04 and so on", ["Excel workbook"], "a workbook"),
    (b"", ["x.csv"], "nothing"),
    (b'"a\r\nb",no\r\ng,x\r\n', ["“photo”", r"a\r\nb"], "a heading of two lines is shown in one"),
]  # fmt: skip
READERS: list[Callable[[Path], object]] = [
    read_manifest,
    read_truth,
    read_predictions,
    lambda path: list(read_table(path)),
    lambda path: list(expand([str(path)])),
    lambda path: read_source(path, ["photo"]),
    read_answers_table,
]


@pytest.mark.parametrize(("content", "words", "why"), BROKEN, ids=[row[2] for row in BROKEN])
def test_broken_tables_are_named_by_every_reader(
    content: str | bytes, words: list[str], why: str, tmp_path: Path
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    for reader in READERS:
        # Only the answers' headings are questions; whatever else is wrong comes before.
        with pytest.raises(RedDotsError) as caught:
            reader(path)
        if reader is read_answers_table and "no question" in str(caught.value):
            continue
        for word in ("x.csv", *words):
            assert word in str(caught.value), f"{why}: {caught.value}"


# content of x.jsonl, words, why
BROKEN_LINES = [
    (b'{"photo": "a", "label": "x", "label": "y"}\n', ["line 1", "“label” twice"], "a key twice"),
    (b'{"photo": "a", "label": {"b": 1, "b": 2}}\n', ["line 1", "“b” twice"], "a key twice, deeper"),
    (b'\n\n{"photo": "a"\n', ["line 3", "no JSON"], "half a line"),
    (b"[]\n", ["line 1", "no JSON object"], "no object"),
    (b'{"photo": "\\ud800"}\n', ["line 1"], "half a character"),
    ('{"photo": "a"}\n'.encode("utf-16"), ["UTF-16"], "UTF-16"),
    ('{"photo": "é"}\n'.encode("latin-1"), ["line 1", "UTF-8"], "Latin-1"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "words", "why"), BROKEN_LINES, ids=[r[2] for r in BROKEN_LINES])  # fmt: skip
def test_broken_lines_of_json_are_named(
    content: bytes, words: list[str], why: str, tmp_path: Path
) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(content)
    for reader in READERS:
        with pytest.raises(RedDotsError) as caught:
            reader(path)
        for word in ("x.jsonl", *words):
            assert word in str(caught.value), why


def in_all_formats(folder: Path, rows: list[dict[str, object]]) -> list[Path]:
    """The same rows as CSV with commas and semicolons, JSON Lines with a mark, and Parquet."""
    names = list(rows[0])
    paths = [folder / name for name in ("x.csv", "y.csv", "x.tsv", "x.jsonl", "x.parquet")]
    for path, sign in zip(paths, ",;\t", strict=False):
        cells = [names, *([("" if v is None else str(v)) for v in row.values()] for row in rows)]
        path.write_text("".join(sign.join(row) + "\n" for row in cells), "utf-8-sig")
    paths[3].write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8-sig")
    pq.write_table(pa.table({n: [row[n] for row in rows] for n in names}), paths[4])
    return paths


def test_manifests_of_all_formats_agree(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"photo": "nan", "label": "acne", "group": 3.0, "fitzpatrick": 3.0, "age": 7},
        {"photo": "b.jpg", "label": None, "group": 4.0, "fitzpatrick": None, "age": 9},
    ]
    paths = in_all_formats(tmp_path, rows)
    found = [read_manifest(path).rows for path in paths]
    assert found == [found[0]] * len(paths)
    assert [(r.photo, r.label, r.group, r.fitzpatrick) for r in found[0]] == [
        ("nan", "acne", "3.0", 3),
        ("b.jpg", "", "4.0", None),
    ]
    truths = [read_truth(path) for path in paths]
    for truth in truths:
        assert truth.photo.to_pylist() == ["nan", "b.jpg"], truth.path
        assert list(truth.group) == ["3.0", "4.0"], truth.path
        assert list(truth.columns.texts("fitzpatrick")) == ["3", ""], truth.path
    named = [[photo.name for photo in expand([str(path)])] for path in paths]
    assert named == [["nan", "b.jpg"]] * len(paths)


def test_answers_of_all_formats_agree(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"photo": "a.jpg", "fever": "yes", "age_years": 6.0},
        {"photo": "b.jpg", "fever": None, "age_years": None},
    ]
    for path in in_all_formats(tmp_path, rows):
        found = {photo: own.as_dict() for photo, own in read_answers_table(path).items()}
        assert found == {"a.jpg": {"age_years": 6, "fever": "yes"}, "b.jpg": {}}, path


def test_a_key_twice_but_for_spaces_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('{"photo": "a", " photo": "b"}\n')
    with pytest.raises(ManifestError, match="line 1 has a key twice"):
        read_manifest(tmp_path / "x.jsonl")


def test_not_a_number_in_json_is_a_missing_value(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"photo": "a", "p_a": NaN, "p_b": 1}\n{"photo": "b", "p_a": 1, "p_b": 0}\n')
    assert read_predictions(path).missing.tolist() == [True, False]


def test_a_photo_twice_among_the_answers_is_named_with_both_lines(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("photo,fever,very_unwell\na.jpg,yes,yes\n\na.jpg,no,no\n")
    with pytest.raises(RedDotsError, match=r"line 4, column “photo”.*a\.jpg.*line 2"):
        read_answers_table(path)


# headings, what is meant, why
NEARLY = [
    ("photo,label,Group", "group", "a capital"),
    ("photo,label,FITZPATRICK", "fitzpatrick", "all capitals"),
    ("photo,label,body site", "body_site", "a space"),
    ("photo,label,Split", "split", "photos of a test would be learnt from"),
]


@pytest.mark.parametrize(("heading", "meant", "why"), NEARLY)
def test_a_heading_that_would_be_ignored_is_refused(
    heading: str, meant: str, why: str, tmp_path: Path
) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f"{heading}\na.jpg,x,\n")
    for reader in (read_manifest, read_truth):
        with pytest.raises(ManifestError) as caught:
            reader(path)
        assert f"Did you mean “{meant}”" in str(caught.value), why


def test_a_decimal_comma_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("photo;p_a;p_b\na.jpg;0,5;0,5\n")
    with pytest.raises(RedDotsError, match=r"line 2 .*“0,5” is no number.*point"):
        read_predictions(path)


# what is on standard input, names or words of the error, why
LISTS = [
    (b"\xef\xbb\xbfa.jpg\nb.jpg\n", ["a.jpg", "b.jpg"], "a byte-order mark"),
    ("a.jpg\nb.jpg\n".encode("utf-16"), "UTF-16", "UTF-16 with its mark"),
    ("a.jpg\r\nb.jpg\r\n".encode("utf-16-le"), "UTF-16", "UTF-16 without"),
    (b"a\0b\0c\0", ["a", "b", "c"], "short names ended by NUL are not UTF-16"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected", "why"), LISTS, ids=[row[2] for row in LISTS])
def test_lists_on_standard_input(
    content: bytes, expected: list[str] | str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    if isinstance(expected, str):
        with pytest.raises(ManifestError, match=expected):
            list(expand(["-"]))
    else:
        assert [photo.name for photo in expand(["-"])] == expected, why


CASE = '{"id": "1", "urgency": "routine"}\n'
# reader, ending, content, what is meant, why
CAPITALS: list[tuple[Callable[[Path], object], str, str, str, str]] = [
    (read_manifest, "csv", "Photo,label\na,x\n", "Photo", "a manifest"),
    (read_manifest, "jsonl", '{"Photo": "a", "label": "x"}\n', "Photo", "a manifest in JSON"),
    (read_answers_table, "csv", "Photo,fever\na,yes\n", "Photo", "answers"),
    (read_answers_table, "csv", "photo,Fever\na,yes\n", "fever", "a question"),
    (lambda path: list(expand([str(path)])), "csv", "PHOTO\na\n", "PHOTO", "a list of photos"),
    (lambda path: read_source(path, ["photo"]), "csv", "Photo\na\n", "Photo", "a set's table"),
    (lambda path: read_source(path, ["dx"], own=True), "csv", "DX\na\n", "DX", "one's own"),
    (lambda path: list(read_table(path)), "csv", "Photo,status\na,ok\n", "Photo", "rows"),
    (read_truth, "csv", "Photo,Label,Group\na,x,1\n", "group", "a group is never ignored"),
    (read_predictions, "csv", "photo,P_a,p_b\na,0,1\n", "p_a", "a class is never ignored"),
    (read_predictions, "csv", "photo,p_a,p_b,See_doctor\na,0,1,1\n", "see_doctor", "a referral"),
    (read_cases, "jsonl", CASE.replace("urgency", "Urgency"), "Urgency", "a vignette"),
    (read_cases, "jsonl", CASE.replace("}", ', "Accept": ["emergency"]}'), "accept", "its range"),
    (read_advice, "csv", "ID,urgency\n1,routine\n", "ID", "the results of a system"),
    (read_advice, "csv", "id,urgency,System\n1,routine,x\n", "system", "of several systems"),
    (read_people, "csv", "photo,Reader,decision\na,r,x\n", "Reader", "readers"),
    (read_people, "csv", "photo,reader,decision,Aided\na,r,x,yes\n", "aided", "their help"),
]


@pytest.mark.parametrize(
    ("reader", "ending", "content", "meant", "why"), CAPITALS, ids=[row[4] for row in CAPITALS]
)
def test_a_heading_with_a_capital_is_suggested_never_ignored(
    reader: Callable[[Path], object],
    ending: str,
    content: str,
    meant: str,
    why: str,
    tmp_path: Path,
) -> None:
    path = tmp_path / f"x.{ending}"
    path.write_text(content)
    with pytest.raises(RedDotsError) as caught:
        reader(path)
    assert f"Did you mean “{meant}”" in str(caught.value), why


def test_evaluation_takes_a_photo_and_a_label_with_a_capital(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Photo,Label,p_a,p_b\na,x,0,1\n")
    assert read_truth(path).label.tolist() == ["x"]
    assert read_predictions(path).photo.to_pylist() == ["a"]


# lines of vignettes, words, why
BROKEN_CASES = [
    (b"\xef\xbb\xbf" + CASE.encode(), "", "a byte-order mark"),
    (CASE.replace("}", ', "urgency": "emergency"}').encode(), "“urgency” twice", "a key twice"),
    (CASE.encode("utf-16"), "UTF-16", "UTF-16"),
    (b"\n7\n", "line 2 is no JSON object", "no object"),
]


@pytest.mark.parametrize(
    ("content", "words", "why"), BROKEN_CASES, ids=[r[2] for r in BROKEN_CASES]
)
def test_vignettes_are_read_as_any_lines_of_json(
    content: bytes, words: str, why: str, tmp_path: Path
) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(content)
    if not words:
        assert len(read_vignettes([path], Scale())) == 1, why
        return
    with pytest.raises(RedDotsError, match=words):
        read_vignettes([path], Scale())


@pytest.mark.parametrize("cell", ["0_5", "\uff10.5", "1e", "half", "0x1"])
def test_a_cell_that_is_no_number_is_shown(cell: str, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f"photo,p_a,p_b\na.jpg,0.5,0.5\nb.jpg,{cell},0.5\n")
    with pytest.raises(RedDotsError, match=f"line 3 .*“{cell}” is no number"):
        read_predictions(path)
