"""A manifest says what is wrong with it, and survives being written and read."""

import errno
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reddots.datasets.manifest import Manifest, Row, read_manifest, with_splits, write_manifest
from reddots.errors import ManifestError

HEADER = b"photo,label,group,fitzpatrick,split\n"

# the file, words that the message must have, why
BAD = [
    (b"", ["no column", "photo"], "an empty file"),
    (b"photo,split\na.jpg,train\n", ["no column", "label"], "no column for the label"),
    (b"label,split\nx,train\n", ["no column", "photo"], "no column for the photo"),
    (HEADER, ["lists no photo"], "a header alone"),
    (HEADER + b"a.jpg,x,,,train\n,x,,,train\n", ["line 3", "no photo"], "a row without a photo"),
    (HEADER + b"  ,x,,,train\n", ["line 2", "no photo"], "a photo of spaces"),
    (HEADER + b"a.jpg,x,,,training\n", ["line 2", "training", "calibration"], "an unknown split"),
    (HEADER + b"a.jpg,x,,7,\n", ["line 2", "1 to 6", "7"], "no such skin type"),
    (HEADER + b"a.jpg,x,,dark,\n", ["line 2", "1 to 6", "dark"], "a word for a skin type"),
    (b"photo,label\n\xff\xfe,x\n", ["cannot be read"], "not UTF-8"),
]


@pytest.mark.parametrize(("content", "words", "why"), BAD, ids=[row[2] for row in BAD])
def test_bad_manifests_are_named(
    tmp_path: Path, content: bytes, words: list[str], why: str
) -> None:
    path = tmp_path / "manifest.csv"
    path.write_bytes(content)
    with pytest.raises(ManifestError) as caught:
        read_manifest(path)
    for word in words:
        assert word in str(caught.value), why


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_a_manifest_that_is_no_file_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(ManifestError, match="cannot be read"):
        read_manifest(tmp_path / name)


# the file, its first row, why
GOOD = [
    (b"photo,label\na.jpg,x\n", Row("a.jpg", "x", group="a.jpg"), "a photo is its own group"),
    (b"photo,label\na.jpg,\n", Row("a.jpg", "", group="a.jpg"), "nobody said what it shows"),
    (b"label,photo\nx,a.jpg\n", Row("a.jpg", "x", group="a.jpg"), "columns in any order"),
    (
        b"photo,label,age\na,x,7\n",
        Row("a", "x", group="a", extra=(("age", "7"),)),
        "other columns are kept",
    ),
    (HEADER + b"a.jpg,x,,IV,\n", Row("a.jpg", "x", group="a.jpg", fitzpatrick=4), "Roman"),
    (HEADER + b"a.jpg,x,,1.0,\n", Row("a.jpg", "x", group="a.jpg", fitzpatrick=1), "a point"),
    (
        b'photo,label\n"' + b"a" * 200_000 + b'",x\n',
        Row("a" * 200_000, "x", group="a" * 200_000),
        "a long cell",
    ),
    (b"photo,label\n\n a , x \n\n", Row("a", "x", group="a"), "blank lines and spaces"),
    (b"photo,label\r\na,x\r\n", Row("a", "x", group="a"), "line ends of Windows"),
    (b"\xef\xbb\xbfphoto,label\na,x\n", Row("a", "x", group="a"), "the mark that Excel puts first"),
    (b'photo,label\n"a,1.jpg",x|y\n', Row("a,1.jpg", "x|y", group="a,1.jpg"), "a quoted comma"),
    (
        HEADER + b"a.jpg,x,patient 7,4,test\n",
        Row("a.jpg", "x", group="patient 7", fitzpatrick=4, split="test"),
        "all that it says is kept",
    ),
]


@pytest.mark.parametrize(("content", "row", "why"), GOOD, ids=[row[2] for row in GOOD])
def test_rows_are_read(tmp_path: Path, content: bytes, row: Row, why: str) -> None:
    path = tmp_path / "manifest.csv"
    path.write_bytes(content)
    assert read_manifest(path).rows == (row,), why


texts = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=12)
names = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12)
rows = st.builds(
    Row,
    photo=names,
    label=texts,
    label_raw=texts,
    dataset=texts,
    group=names,
    licence=texts,
    source_url=texts,
    fitzpatrick=st.none() | st.integers(1, 6),
    body_site=texts,
    split=st.sampled_from(["", "train", "validation", "calibration", "test"]),
    sha256=texts,
    condition=texts,
)


@given(st.lists(rows, min_size=1, max_size=5))
@pytest.mark.slow
def test_a_manifest_survives_being_written_and_read(
    tmp_path_factory: pytest.TempPathFactory, given_rows: list[Row]
) -> None:
    path = tmp_path_factory.mktemp("manifest") / "manifest.csv"
    digest = write_manifest(given_rows, path)
    assert read_manifest(path).rows == tuple(given_rows)
    assert digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert [p.name for p in path.parent.iterdir()] == ["manifest.csv"], "no partial file is left"


def test_a_manifest_that_cannot_be_written_whole_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "manifest.csv"
    write_manifest([Row("old.jpg", "x", group="old.jpg")], path)

    def broken() -> Iterator[Row]:
        yield Row("new.jpg", "x")
        raise OSError(errno.ENOSPC, "the disk is full")

    with pytest.raises(OSError, match="full"):
        write_manifest(broken(), path)
    assert [row.photo for row in read_manifest(path).rows] == ["old.jpg"]


def test_paths_start_from_the_manifest() -> None:
    row = Row("a/b.jpg", "x")
    assert Manifest(Path("photos"), (row,)).path(row) == Path("photos/a/b.jpg")


def test_only_some_splits() -> None:
    manifest = Manifest(
        Path(), tuple(Row(name, "x", split=name) for name in ("train", "test", "calibration"))
    )
    assert [row.photo for row in manifest.only("train", "test").rows] == ["train", "test"]
    assert manifest.only("validation").rows == ()


def test_splits_are_set_row_by_row() -> None:
    given_rows = [Row("a", "x"), Row("b", "y", split="train")]
    assert with_splits(given_rows, ["test", ""]) == (Row("a", "x", split="test"), Row("b", "y"))
    with pytest.raises(ValueError, match="shorter"):
        with_splits(given_rows, ["test"])
