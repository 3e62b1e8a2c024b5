"""Tables of other people are read in one command: columns, formats and names are detected."""

import gzip
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("statsmodels", reason="of the extra “evaluate”")
pytest.importorskip("sklearn", reason="of the extra “evaluate”")

from evaluation.tables import write
from reddots.cli.evaluation_options import Columns
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
    ("image,glaucoma_prob\na,0.3", {}, ("glaucoma", "not glaucoma"), "named without what it holds"),
    ("image_name,target\na,0.3", {}, ("target", "not target"), "scores under the label's name"),
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


ISIC = ["MEL", "NV", "BCC", "AK", "BKL", "DF", "VASC", "SCC", "UNK"]
DX = ["akiec", "bcc", "bkl", "df", "mel", "nv", "vasc"]
COUNT = 24
NAMES = [f"ISIC_{i:07d}" for i in range(COUNT)]


def table(path: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    sign = "\t" if path.suffix == ".tab" else ","
    lines = [*([sign.join(head)] if head else []), *(sign.join(map(str, row)) for row in rows)]
    path.write_text("\n".join(lines) + "\n")
    return path


def softmax(classes: int) -> list[list[float]]:
    """Every third photo is called wrong."""
    p = np.full((COUNT, classes), 0.2 / (classes - 1))
    called = [(i + (i % 3 == 0)) % classes for i in range(COUNT)]
    p[np.arange(COUNT), called] = 0.8
    return [list(row) for row in p]


def isic(folder: Path) -> tuple[Path, Path]:
    """ISIC Challenge 2019: both files have a column a class, the truth with 0.0 and 1.0."""
    hot = ([NAMES[i], *(float(i % 9 == k) for k in range(9))] for i in range(COUNT))
    truth = table(folder / "ISIC_2019_GroundTruth.csv", ["image", *ISIC], hot)
    own = ([NAMES[i], *row] for i, row in enumerate(softmax(9)))
    return table(folder / "submission.csv", ["image", *ISIC], own), truth


def ham10000(folder: Path) -> tuple[Path, Path]:
    """Dataverse's tab-separated metadata; predictions with the files' names."""
    head = ["lesion_id", "image_id", "dx", "dx_type", "age", "sex", "localization", "dataset"]
    rows = (
        [f"HAM_{i // 2:07d}", NAMES[i], DX[i % 7], "histo", "80.0", "male", "scalp", "vidir_modern"]
        for i in range(COUNT)
    )
    own = ([f"{NAMES[i]}.jpg", *row] for i, row in enumerate(softmax(7)))
    return table(folder / "p.csv", ["image", *DX], own), table(folder / "HAM.tab", head, rows)


def medmnist(folder: Path) -> tuple[Path, Path]:
    """The archive with its pictures, and the evaluator's file, which has no heading."""
    labels = (np.arange(COUNT) % 7)[:, None].astype(np.uint8)
    pictures = np.zeros((COUNT, 2, 2, 3), np.uint8)
    truth = folder / "dermamnist.npz"
    np.savez(truth, test_images=pictures, test_labels=labels, train_labels=labels[:3] * 0)
    own = ([i, *row] for i, row in enumerate(softmax(7)))
    return table(folder / "dermamnist_test_[AUC]0.9_[ACC]0.7@run.csv", [], own), truth


def kaggle(folder: Path) -> tuple[Path, Path]:
    """SIIM-ISIC 2020: the submission's scores stand under the truth's own name."""
    head = "image_name,patient_id,sex,age_approx,anatom_site_general_challenge,diagnosis,benign_malignant,target"
    rows = (
        [NAMES[i], f"IP_{i // 2}", "male", "45.0", "torso", "unknown", ("malignant", "benign")[i % 2], 1 - i % 2]
        for i in range(COUNT)
    )  # fmt: skip
    own = ([NAMES[i], row[0]] for i, row in enumerate(softmax(2)))
    truth = table(folder / "train.csv", head.split(","), rows)
    return table(folder / "submission.csv", ["image_name", "target"], own), truth


# preset, files, groups, classes
REAL = [("isic", isic, 24, 9), ("ham10000", ham10000, 12, 7), ("medmnist", medmnist, 24, 7), ("kaggle", kaggle, 12, 2)]  # fmt: skip


@pytest.mark.parametrize(("preset", "make", "groups", "classes"), REAL, ids=[r[0] for r in REAL])
def test_files_of_known_sets_are_read_with_a_preset_alone(
    preset: str,
    make: Callable[[Path], tuple[Path, Path]],
    groups: int,
    classes: int,
    tmp_path: Path,
) -> None:
    predictions, truth = make(tmp_path)
    reading = Columns(preset=preset).reading(predictions, truth)
    found = reading.sample(predictions, reading.manifest(truth)).scored
    assert (len(found), len(found.outputs)) == (COUNT, classes)
    assert len(np.unique(found.groups)) == groups
    assert found.correct.sum() == COUNT * 2 // 3


# task asked for, labels of two photos, scores, the task that is evaluated, why
SEVERAL = [
    ("auto", ("a;b", "none"), "0.9,0.8", "multilabel", "sigmoids of photos that show several or none"),
    ("multiclass", ("a;b", "none"), "0.9,0.8", "multiclass", "what is named is never overruled"),
    ("auto", ("a", "b"), "0.9,0.8", "multiclass", "one class a photo: rescaled, and told"),
    ("auto", ("a;b", "none"), "0.6,0.4", "multiclass", "probabilities that sum to 1"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "labels", "scores", "task", "why"), SEVERAL, ids=[r[4] for r in SEVERAL]
)
def test_several_classes_at_once_are_noticed(
    asked: str, labels: tuple[str, str], scores: str, task: str, why: str, tmp_path: Path
) -> None:
    predictions = write(tmp_path / "p.csv", f"photo,a,b\n1,{scores}\n2,{scores}")
    truth = write(tmp_path / "m.csv", f"photo,labels\n1,{labels[0]}\n2,{labels[1]}")
    reading = Reading(ColumnMap(task=asked))
    assert reading.sample(predictions, reading.manifest(truth)).task == task, why
