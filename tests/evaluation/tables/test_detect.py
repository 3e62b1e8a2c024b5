"""Tables of other people are read in one command: columns, formats and names are detected."""

import gzip
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("statsmodels", reason="of the extra “evaluate”")
pytest.importorskip("sklearn", reason="of the extra “evaluate”")

from evaluation.tables import write
from reddots.errors import ManifestError, TableError
from reddots.evaluation.tables.column_map import ColumnMap
from reddots.evaluation.tables.ground_truth import TruthMap, read_truth
from reddots.evaluation.tables.predictions import read_predictions
from reddots.evaluation.tables.presets import preset_named
from reddots.evaluation.tables.reader import Reading

# heading and row of a prediction table, map, outputs, why
TABLES = [
    ("image,MEL,NV\na,0.3,0.7", {}, ("MEL", "NV"), "numbers from 0 to 1 are probabilities"),
    ("image,MEL,NV,width\na,0.3,0.7,600", {}, ("MEL", "NV"), "and others are not"),
    ("image,p_a,p_b,x\na,0.3,0.7,0.5", {}, ("a", "b"), "p_ columns come before others"),
    ("image,nv_1,nv_2,mel\na,0.3,0.2,0.5", {"nv_*": "nv", "mel": "mel"}, ("nv", "mel"), "a wildcard sums up"),
    ("isic_id,melanoma\na,0.3", {}, ("melanoma", "not melanoma"), "one column is a binary task"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "maps", "outputs", "why"), TABLES, ids=[r[3] for r in TABLES])
def test_columns_are_detected(
    text: str, maps: dict[str, str], outputs: tuple[str, ...], why: str, tmp_path: Path
) -> None:
    found = read_predictions(write(tmp_path / "x.csv", text), ColumnMap(maps))
    assert found.outputs == outputs, why
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1)


def test_sigmoids_of_several_classes_are_not_rescaled(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", "photo,p_a,p_b\na,0.9,0.8")
    found = read_predictions(path, ColumnMap(task="multilabel"))
    assert found.probabilities.tolist() == [[0.9, 0.8]]


# a truth, its labels, its group column, why
TRUTHS = [
    ("image,MEL,NV\na,1,0\nb,0,1", ["MEL", "NV"], "", "one-hot, as ISIC has it"),
    ("image,MEL,NV\na,1,1\nb,0,0", ["MEL;NV", "none"], "", "several or none at once"),
    ("image_id,dx,lesion_id\na,nv,l1\nb,mel,l1", ["nv", "mel"], "lesion_id", "HAM10000"),
    ("image_name,target,patient_id\na,0,p\nb,1,p", ["0", "1"], "patient_id", "one column of ones and zeros"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "labels", "group", "why"), TRUTHS, ids=[r[3] for r in TRUTHS])
def test_truths_are_detected(
    text: str, labels: list[str], group: str, why: str, tmp_path: Path
) -> None:
    found = read_truth(write(tmp_path / "m.csv", text))
    assert list(found.label) == labels, why
    assert found.group_column == group


def test_a_group_column_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "m.csv", "photo,label\na,x")
    with pytest.raises(ManifestError, match="--group-column"):
        read_truth(path, TruthMap(group="patient"))


# weights of two photos, words of the message, why
WEIGHTS = [
    (("1", "0"), "above 0", "nothing"),
    (("1", ""), "above 0", "missing"),
    (("1", "x"), "no number", "a word"),
]


@pytest.mark.parametrize(("weights", "word", "why"), WEIGHTS, ids=[r[2] for r in WEIGHTS])
def test_bad_weights_are_named(
    weights: tuple[str, str], word: str, why: str, tmp_path: Path
) -> None:
    path = write(tmp_path / "m.csv", f"photo,label,w\na,x,{weights[0]}\nb,x,{weights[1]}")
    with pytest.raises(ManifestError) as caught:
        read_truth(path, TruthMap(weight="w"))
    assert word in str(caught.value), why


def test_weights_count(tmp_path: Path) -> None:
    table = write(tmp_path / "p.csv", "photo,p_a,p_b\n1,0.9,0.1\n2,0.9,0.1")
    truth = write(tmp_path / "m.csv", "photo,label,w\n1,a,3\n2,b,1")
    reading = Reading(truth=TruthMap(weight="w"))
    sample = reading.sample(table, reading.manifest(truth))
    assert sample.scored.weight.tolist() == [3, 1]


def test_packed_and_numpy_tables_are_read(tmp_path: Path) -> None:
    packed = tmp_path / "x.csv.gz"
    packed.write_bytes(gzip.compress(b"photo,p_a,p_b\n1.jpg,0.25,0.75\n"))
    arrays = tmp_path / "x.npz"
    np.savez(arrays, photo=["1.jpg"], scores=np.array([[0.25, 0.75]]), classes=["a", "b"])
    for path in (packed, arrays):
        found = read_predictions(path)
        assert found.outputs == ("a", "b")
        assert found.photo.to_pylist() == ["1.jpg"]
        np.testing.assert_allclose(found.probabilities, [[0.25, 0.75]])
    (tmp_path / "bad.npz").write_bytes(b"no")
    with pytest.raises(TableError, match=r"bad\.npz"):
        read_predictions(tmp_path / "bad.npz")


# photos of the predictions and of the truth, way, how many match, why
MATCHES = [
    ("in/1.jpg", "out/1.jpg", "auto", 1, "by name, where no path fits"),
    ("in/1.jpg", "1", "auto", 1, "by stem, where no name fits"),
    ("in/1.jpg", "1", "stem", 1, "by stem"),
]


@pytest.mark.parametrize(
    ("own", "listed", "way", "count", "why"), MATCHES, ids=[r[4] for r in MATCHES]
)
def test_photos_are_matched(
    own: str, listed: str, way: str, count: int, why: str, tmp_path: Path
) -> None:
    table = write(tmp_path / "p.csv", f"photo,p_a,p_b\n{own},0.9,0.1")
    truth = write(tmp_path / "m.csv", f"photo,label\n{listed},a")
    reading = Reading(match=way)
    assert len(reading.sample(table, reading.manifest(truth)).scored) == count, why


def test_a_name_that_two_photos_share_does_not_match(tmp_path: Path) -> None:
    table = write(tmp_path / "p.csv", "photo,p_a,p_b\nx/1.jpg,0.9,0.1")
    truth = write(tmp_path / "m.csv", "photo,label\ny/1.jpg,a\nz/1.jpg,b")
    reading = Reading()
    with pytest.raises(TableError, match=r"1\.jpg"):
        reading.sample(table, reading.manifest(truth))


def test_presets_name_columns_and_their_source() -> None:
    preset = preset_named("ham10000")
    assert preset is not None
    assert preset.label == ("dx",)
    assert preset.source
    assert preset_named("") is None
