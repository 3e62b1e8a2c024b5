"""Which photos a command line means, in a steady order, and the answers that belong to them."""

import os
import sys
from pathlib import Path

import pytest

from reddots.batch.inputs import expand, read_answers_table
from reddots.errors import AnswersError, ManifestError, TableError

FILES = [
    "b.jpg",
    "a.png",
    "notes.txt",
    ".hidden.jpg",
    "sub/c.jpg",
    "sub/deep/d.jpg",
    ".cache/e.jpg",
]


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in FILES:
        path = tmp_path / "photos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "photos" / "loop").symlink_to(tmp_path / "photos")
    (tmp_path / "list.csv").write_text("photo,label\nphotos/b.jpg,x\nphotos/gone.jpg,\n")
    (tmp_path / "photos" / "inner.csv").write_text("photo\nb.jpg\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


# arguments, names of the inputs, why
EXPANDED = [
    (["photos/b.jpg"], ["photos/b.jpg"], "a photo"),
    (["photos/b.jpg", "photos/a.png"], ["photos/b.jpg", "photos/a.png"], "in the order given"),
    (["photos/b.jpg"] * 2, ["photos/b.jpg"] * 2, "each time it is named"),
    (["gone.jpg"], ["gone.jpg"], "what is not there gets its row"),
    (
        ["photos/sub"],
        ["photos/sub/c.jpg", "photos/sub/deep/d.jpg"],
        "a folder, and those in it",
    ),
    (
        ["photos"],
        ["photos/a.png", "photos/b.jpg", "photos/inner.csv", "photos/notes.txt", "photos/sub/c.jpg",
         "photos/sub/deep/d.jpg"],
        "sorted, without hidden files, hidden folders and links in circles",
    ),
    (["photos/*.jpg"], ["photos/b.jpg"], "a pattern"),
    (["photos/s*/**/*.jpg"], ["photos/sub/c.jpg", "photos/sub/deep/d.jpg"], "a deep pattern"),
    (["photos/s*"], ["photos/s*"], "a pattern that only a folder fits, which is no photo"),
    (["*.heic"], ["*.heic"], "a pattern that nothing fits gets its row"),
    (["list.csv"], ["photos/b.jpg", "photos/gone.jpg"], "a manifest"),
    (["photos/inner.csv"], ["b.jpg"], "a manifest's names are as it gives them"),
    ([], [], "nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "names", "why"), EXPANDED, ids=[r[2] for r in EXPANDED])
@pytest.mark.usefixtures("photos")
def test_inputs_in_order(arguments: list[str], names: list[str], why: str) -> None:
    assert [photo.name for photo in expand(arguments)] == names, why


def test_a_manifests_photos_are_looked_for_beside_it(photos: Path) -> None:
    (only,) = expand([str(photos / "photos" / "inner.csv")])
    assert (only.name, only.path) == ("b.jpg", photos / "photos" / "b.jpg")


def test_a_file_whose_name_is_a_pattern_is_that_file(photos: Path) -> None:
    (photos / "spots[1].jpg").touch()
    assert [photo.name for photo in expand(["spots[1].jpg"])] == ["spots[1].jpg"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_name_that_is_no_utf8_can_still_be_written(photos: Path) -> None:
    raw = os.fsencode(photos / "photos") + b"/sp\xffts.jpg"
    Path(os.fsdecode(raw)).touch()
    found = [photo for photo in expand(["photos"]) if "sp" in photo.name]
    assert [photo.name for photo in found] == ["photos/sp\\udcffts.jpg"]
    assert found[0].path.exists(), "its path still leads to it"


# the manifest, words that the message must have, why
BAD_MANIFESTS = [
    (b"file\na.jpg\n", ["list.csv", "no column", "photo"], "no column for the photo"),
    (b"", ["list.csv", "no column"], "an empty file"),
    (b"photo\n\xff\xfe\n", ["list.csv", "cannot be read"], "not UTF-8"),
]


@pytest.mark.parametrize(("content", "words", "why"), BAD_MANIFESTS)
def test_bad_manifests_are_named(photos: Path, content: bytes, words: list[str], why: str) -> None:
    (photos / "list.csv").write_bytes(content)
    with pytest.raises(ManifestError) as caught:
        list(expand(["list.csv"]))
    for word in words:
        assert word in str(caught.value), why


def test_a_row_without_a_photo_is_an_input_too(photos: Path) -> None:
    (photos / "list.csv").write_bytes(b"\xef\xbb\xbflabel,photo\nx\ny,photos/b.jpg\n")
    assert [photo.name for photo in expand(["list.csv"])] == ["", "photos/b.jpg"]


# the answers file, what it says of each photo, why
ANSWERS = [
    (b"photo,fever\na.jpg,yes\n", {"a.jpg": {"fever": "yes"}}, "one answer"),
    (b"fever,photo\nyes,a.jpg\n", {"a.jpg": {"fever": "yes"}}, "columns in any order"),
    (b"photo,fever,cough\na.jpg,yes,\n", {"a.jpg": {"fever": "yes"}}, "an empty cell is unknown"),
    (b"photo,fever,cough\na.jpg,yes\n", {"a.jpg": {"fever": "yes"}}, "a row that ends early"),
    (b"photo,sites\na.jpg,feet;face\n", {"a.jpg": {"sites": ["face", "feet"]}}, "several choices"),
    (b"photo,age_years\na.jpg,6\n", {"a.jpg": {"age_years": 6}}, "a number"),
    (b"\xef\xbb\xbfphoto,fever\na.jpg,no\n", {"a.jpg": {"fever": "no"}}, "Excel's first mark"),
    (
        b"photo,fever\na.jpg,yes\nb.jpg,no\n",
        {"a.jpg": {"fever": "yes"}, "b.jpg": {"fever": "no"}},
        "two photos",
    ),
    (b"photo\na.jpg\n", {"a.jpg": {}}, "nobody answered"),
    (b"photo\n", {}, "no row"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected", "why"), ANSWERS, ids=[r[2] for r in ANSWERS])
def test_answers_are_read_by_photo(
    tmp_path: Path, content: bytes, expected: dict[str, object], why: str
) -> None:
    path = tmp_path / "answers.csv"
    path.write_bytes(content)
    found = {photo: answers.as_dict() for photo, answers in read_answers_table(path).items()}
    assert found == expected, why


# the answers file, error, words that the message must have, why
BAD_ANSWERS = [
    (b"file,fever\na,yes\n", TableError, ["no column", "photo"], "no column for the photo"),
    (b"", TableError, ["no column"], "an empty file"),
    (b"photo,fever\na.jpg,maybe\n", AnswersError, ["line 2", "fever", "not_sure"], "illegal"),
    (b"photo,fevr\na.jpg,yes\n", AnswersError, ["line 2", "fevr", "Did you mean"], "unknown"),
    (b"photo,fever\na.jpg,yes,no\n", TableError, ["line 2", "more cells"], "too many cells"),
    (b"photo,fever\n\xff,yes\n", TableError, ["cannot be read"], "not UTF-8"),
]


@pytest.mark.parametrize(("content", "error", "words", "why"), BAD_ANSWERS)
def test_bad_answers_files_are_named(
    tmp_path: Path, content: bytes, error: type[Exception], words: list[str], why: str
) -> None:
    path = tmp_path / "answers.csv"
    path.write_bytes(content)
    with pytest.raises(error) as caught:
        read_answers_table(path)
    for word in ["answers.csv", *words]:
        assert word in str(caught.value), why


def test_a_missing_answers_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="cannot be read"):
        read_answers_table(tmp_path / "answers.csv")
