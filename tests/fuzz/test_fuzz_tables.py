"""Whatever a table of answers, photos or predictions holds, it is read or the error says why."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from fuzzing import damaged, fuzz

from reddots.batch.answers import read_answers_table
from reddots.batch.inputs import expand
from reddots.datasets.manifest import read_manifest
from reddots.errors import RedDotsError
from reddots.evaluation.predictions import read_predictions

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
READERS: dict[str, tuple[Callable[[Path], object], str, list[bytes]]] = {
    "answers": (read_answers_table, ".csv", ANSWERS),
    "photos": (lambda path: list(expand([str(path)])), ".csv", MANIFESTS),
    "manifest": (read_manifest, ".csv", MANIFESTS),
    "predictions": (read_predictions, ".csv", PREDICTIONS),
    "prediction lines": (read_predictions, ".jsonl", LINES),
}


def read(name: str, data: bytes) -> None:
    reader, ending, _ = READERS[name]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"table{ending}"
        path.write_bytes(data)
        try:
            reader(path)
        except RedDotsError as error:
            assert str(error)  # noqa: PT017 - either way is right


@pytest.mark.parametrize("name", READERS)
def test_damaged_tables(name: str) -> None:
    def table(data: bytes) -> None:
        read(name, data)

    table.__name__ = name
    fuzz(damaged(READERS[name][2]), table)
