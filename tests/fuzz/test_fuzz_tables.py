"""Whatever a table of answers, photos or predictions holds, it is read or the error says why."""

import io
import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fuzzing import damaged, fuzz
from pyarrow import csv

from reddots.batch.answers_table import read_answers_table
from reddots.batch.inputs import expand, read_list
from reddots.batch.table_reader import read_table
from reddots.classifier.checkpoint import read_side_car
from reddots.datasets.manifest import read_manifest
from reddots.datasets.sources.csv_table import read_source
from reddots.errors import RedDotsError
from reddots.evaluation.robustness.measure import read_baseline
from reddots.evaluation.tables.ground_truth import read_truth
from reddots.evaluation.tables.predictions import read_predictions
from tiny_checkpoint import side_car

ANSWERS = [
    b"photo,age_years,fever,sites\na.jpg,6,yes,lower_legs;buttocks\nb.jpg,,no,\n",
    b'\xef\xbb\xbfphoto,blanches\r\n"a, b.jpg",no\r\n',
]
MANIFESTS = [
    b"photo,label,dataset,group,fitzpatrick,split\na.jpg,acne,x,g1,3,train\nb.jpg,petechiae,x,,,test\n",
    b"photo,label\na.jpg,\n",
]
PREDICTIONS = [
    (
        b"photo,sha256,status,error,quality,category,confidence,abstained,prediction_set,"
        b"p_other_rash,p_normal_skin,urgency,see_doctor,model\n"
        b"a.jpg,00,ok,,blurred,other_rash,0.700000,false,other_rash;normal_skin,0.7,0.3,,,m\n"
        b"b.jpg,,error,it is damaged,unreadable,,,,,,,,,m\n"
    ),
    b"photo,p_a,p_b\na.jpg,0.5,0.5\nb.jpg,1,0\n",
]
LINES = [
    (
        b'{"photo": "a.jpg", "status": "ok", "p_a": 0.7, "p_b": 0.3, "abstained": false}\n'
        b'{"photo": "b.jpg", "status": "error", "p_a": null, "p_b": null}\n'
    ),
]


def parquet(table: pa.Table | None = None) -> bytes:
    """A table, or the predictions, in Parquet."""
    table = table or csv.read_csv(io.BytesIO(PREDICTIONS[1]))
    file = io.BytesIO()
    pq.write_table(table, file)
    return file.getvalue()


def odd(name: str, values: pa.Array) -> bytes:
    """Predictions for one photo in Parquet, with a column that Arrow itself lets through."""
    table = {"photo": ["a.jpg"], "p_a": [0.5], "p_b": [0.5], name: values}
    return parquet(pa.table(table))


def no_utf8(name: str) -> bytes:
    """The same, with text in a column that is none."""
    raw = pa.array([b"\x80.jpg"]).buffers()
    return odd(name, pa.Array.from_buffers(pa.string(), 1, raw))


SEMICOLONS = [
    '\ufeffphoto;label;fitzpatrick\r\n"a;b.jpg";acne;III\r\n;;\r\n\'=c.jpg;;3.0\r\n'.encode(),
    b"sep=;\nphoto;label\na.jpg;acne\n",
    b"photo\tlabel\na.jpg\tacne, mild\n",
]
ROWS_OF_JSON = [
    b'{"photo": "a.jpg", "label": "acne", "fever": "yes", "fitzpatrick": 3.0, "group": null}\n',
    b'\xef\xbb\xbf{"photo": "a.jpg", "label": ["acne"]}\n\n{"photo": "b.jpg"}\n',
]
LISTS = [b"a.jpg\nb.jpg\n", b"a\n1.jpg\0b.jpg\0", "ä.jpg\r\n".encode("utf-16"), b"\xef\xbb\xbfa\n"]


def read_stdin(path: Path) -> object:
    with path.open("rb") as file:
        return list(read_list(file))


READERS: dict[str, tuple[Callable[[Path], object], str, list[bytes]]] = {
    "answers": (read_answers_table, ".csv", ANSWERS),
    "photos": (lambda path: list(expand([str(path)])), ".csv", MANIFESTS),
    "manifest": (read_manifest, ".csv", MANIFESTS),
    "manifest with semicolons": (read_manifest, ".csv", SEMICOLONS),
    "manifest in JSON": (read_manifest, ".jsonl", ROWS_OF_JSON),
    "manifest in Parquet": (
        read_manifest,
        ".parquet",
        [parquet(pa.table({"photo": ["a"], "label": ["x"]}))],
    ),
    "truth": (read_truth, ".csv", MANIFESTS + SEMICOLONS),
    "answers in JSON": (read_answers_table, ".jsonl", ROWS_OF_JSON),
    "own table": (
        lambda path: read_source(path, ["photo"], own=True),
        ".csv",
        MANIFESTS + SEMICOLONS,
    ),
    "list": (read_stdin, ".txt", LISTS),
    "predictions": (read_predictions, ".csv", PREDICTIONS),
    "prediction lines": (read_predictions, ".jsonl", LINES),
    "prediction Parquet": (read_predictions, ".parquet", [parquet()]),
    "rows": (lambda path: list(read_table(path)), ".csv", PREDICTIONS),
    "lines of rows": (lambda path: list(read_table(path)), ".jsonl", LINES),
    "rows in Parquet": (
        lambda path: list(read_table(path)),
        ".parquet",
        [parquet(csv.read_csv(io.BytesIO(PREDICTIONS[0])))],
    ),
    "side-car": (read_side_car, ".json", [json.dumps(side_car()).encode()]),
    "stress": (read_baseline, ".json", [b'{"schema": "reddots.stress/1", "corruptions": {}}']),
}
DEEP = b"[" * 100_000
# reader, bytes, why
FINDINGS = [
    ("prediction lines", DEEP, "nested deeper than Python goes"),
    ("prediction lines", b'{"photo": ' + DEEP, "the same in a cell"),
    ("lines of rows", DEEP, "the same in another reader"),
    ("side-car", b'{"metrics": ' + DEEP, "the same in a checkpoint's side-car"),
    ("stress", DEEP, "the same in figures of another model"),
    ("side-car", b'"\xff"', "no text"),
    (
        "prediction lines",
        b'{"photo": "a\xed\xa0\x80", "p_a": 1, "p_b": 0}\n',
        "half a character as UTF-8",
    ),
    (
        "prediction lines",
        b'{"photo": "\\ud800", "p_a": 1, "p_b": 0}\n',
        "half a character as an escape",
    ),
    ("answers", b'",no\r\ng",no\r\n', "a heading of two lines"),
    ("lines of rows", b"7\n", "a line that is no object"),
    ("rows", b"photo,status\na.jpg,ok,more\n", "a row of more cells than names"),
    ("rows", b"photo,p_a\na.jpg\n", "a row of fewer"),
    ("prediction Parquet", no_utf8("photo"), "a name that is no UTF-8"),
    ("prediction Parquet", no_utf8("p_a"), "the same where a number should be"),
    ("prediction Parquet", no_utf8("other"), "the same in a column that nobody reads"),
    ("prediction Parquet", odd("photo", pa.array([b"\x80"])), "bytes for a name"),
    ("prediction Parquet", odd("photo", pa.array([["a"]])), "a list for a name"),
    (
        "prediction Parquet",
        odd("p_a", pa.array([2**62], pa.timestamp("us"))),
        "a time after all times",
    ),
    ("rows in Parquet", no_utf8("photo"), "the same in another reader"),
    ("rows", b"photo,abstained\na.jpg,perhaps\n", "a truth that is none"),
]


def read(name: str, data: bytes, *, raises: bool = False) -> None:
    reader, ending, _ = READERS[name]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"table{ending}"
        path.write_bytes(data)
        try:
            reader(path)
        except RedDotsError as error:
            assert str(error)  # either way is right
            if raises:
                raise


@pytest.mark.parametrize("name", READERS)
@pytest.mark.slow
def test_damaged_tables(name: str) -> None:
    def table(data: bytes) -> None:
        read(name, data)

    table.__name__ = name
    fuzz(damaged(READERS[name][2]), table)


@pytest.mark.parametrize(("name", "data", "why"), FINDINGS, ids=[row[2] for row in FINDINGS])
def test_known_crashes(name: str, data: bytes, why: str) -> None:
    with pytest.raises(RedDotsError) as caught:
        read(name, data, raises=True)
    assert str(caught.value), why
