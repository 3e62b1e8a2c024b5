"""Which photos a command line means, in a steady order, and the answers that belong to them."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from reddots.batch.answers_table import read_answers_table
from reddots.batch.inputs import expand
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


OWN = [
    "t.csv.journal", "t.csv.partial", "t.jsonl.part", "t.parquet.part.partial", "T.CSV.journal",
]  # fmt: skip


def test_what_runs_leave_behind_is_no_photo(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = photos / "photos" / "sub"
    for name in (*OWN, "t.csv", "T.CSV", "other.csv", "t.txt.journal", "t.journal"):
        (folder / name).touch()
    # Not the tables that have a journal beside them.
    files = [f"photos/sub/{n}" for n in ("c.jpg", "other.csv", "t.journal", "t.txt.journal")]
    for argument in ("photos/sub", "photos/sub/*.*", "photos/s*/*.*"):
        found = [photo.name for photo in expand([argument])]
        assert [name for name in found if "deep" not in name] == files, argument
    named = [f"photos/sub/{name}" for name in (*OWN, "t.csv", "c.jpg")]
    content = "\0".join(named).encode() + b"\0"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert [photo.name for photo in expand(["-"])] == named[-2:], "as “find” lists them"
    assert [photo.name for photo in expand([*named[:-2], named[-1]])] == named[-1:]


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
    (["**/c.jpg"], ["photos/sub/c.jpg"], "a deep pattern does not follow links in circles"),
    (["**/sub/**/*.jpg"], ["photos/sub/c.jpg", "photos/sub/deep/d.jpg"], "two of them, each once"),
    (["photos/sub/**"], ["photos/sub/c.jpg", "photos/sub/deep/d.jpg"], "all below"),
    (["photos/l*/b.jpg"], ["photos/loop/b.jpg"], "a link that the pattern names"),
    (["./photos/*.png"], ["./photos/a.png"], "names begin as given"),
    (["photos/.h*"], ["photos/.hidden.jpg"], "a hidden file that the pattern names"),
    (["gone/**/*.jpg"], ["gone/**/*.jpg"], "a deep pattern in a folder that is not there"),
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


def test_a_pattern_may_be_absolute(photos: Path) -> None:
    found = [photo.name for photo in expand([f"{photos}/**/[cd].jpg"])]
    assert found == [f"{photos}/photos/sub/c.jpg", f"{photos}/photos/sub/deep/d.jpg"]


@pytest.mark.parametrize("argument", ["photos", "photos/**/*.jpg"])
def test_a_folder_that_cannot_be_opened_is_an_input_that_says_so(
    photos: Path, monkeypatch: pytest.MonkeyPatch, argument: str
) -> None:
    scandir = os.scandir

    def guarded(place: str) -> object:
        if place.endswith("deep"):
            raise PermissionError(13, "Permission denied")
        return scandir(place)

    monkeypatch.setattr(os, "scandir", guarded)
    found = {photo.name: photo.fault for photo in expand([argument])}
    assert found["photos/sub/deep"] == (
        "The folder “photos/sub/deep” cannot be opened: permission denied."
    )
    assert found["photos/sub/c.jpg"] == ""
    assert (photos / "photos").is_dir()


def test_links_are_never_a_circle(photos: Path) -> None:
    (photos / "links").mkdir()
    for name, target in [
        ("itself", "itself"),
        ("gone", "nowhere"),
        ("up", ".."),
        ("f", "../list.csv"),
    ]:
        (photos / "links" / name).symlink_to(target)
    assert [photo.name for photo in expand(["links"])] == ["links/f", "links/gone", "links/itself"]


def test_folders_may_be_deeper_than_the_stack(photos: Path) -> None:
    deep, here = "d/" * 1200, Path.cwd()
    try:
        for _ in range(1200):
            Path("d").mkdir()
            os.chdir("d")
        Path("x.jpg").touch()
        os.chdir(here)
        assert [photo.name for photo in expand(["d"])] == [f"{deep}x.jpg"]
        assert photos.is_dir()
    finally:
        os.chdir(here)
        # pytest cleans up by recursion and would itself run out of stack.
        subprocess.run(["rm", "-rf", "d"], check=True)


def test_folders_that_are_not_entered_are_told(photos: Path) -> None:
    thumbnails = photos / "photos" / "sub" / "@eaDir"
    thumbnails.mkdir()
    (thumbnails / "c.jpg").touch()
    left_out: list[str] = []
    names = [photo.name for photo in expand(["photos"], left_out.append)]
    assert left_out == ["photos/loop", "photos/sub/@eaDir"]
    assert not [name for name in names if "@eaDir" in name or "loop" in name]


# what is on standard input, names, why
LISTS = [
    (b"a.jpg\nb.jpg\n", ["a.jpg", "b.jpg"], "lines"),
    (b"a.jpg\nb.jpg", ["a.jpg", "b.jpg"], "a last line without an end"),
    (b"a.jpg\r\n\r\nb.jpg\r\n", ["a.jpg", "b.jpg"], "lines from Windows, and an empty one"),
    (b"a\n1.jpg\0b.jpg\0", ["a\n1.jpg", "b.jpg"], "ended by NUL: names may have lines"),
    (b"a.jpg\r\0", ["a.jpg\r"], "ended by NUL: a name is left as it is"),
    (b"sp\xff.jpg\n", ["sp\\udcff.jpg"], "no UTF-8"),
    (b"*.jpg\nphotos\n", ["*.jpg", "photos"], "each a name, never a pattern or a folder"),
    (b"a.jpg\na.jpg\n", ["a.jpg", "a.jpg"], "twice"),
    (b"", [], "nothing"),
    (b"".join(b"%06d\n" % i for i in range(30000)),
     [f"{i:06d}" for i in range(30000)], "more than is read at a time"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "names", "why"), LISTS, ids=[row[2] for row in LISTS])
def test_a_list_on_standard_input(
    monkeypatch: pytest.MonkeyPatch, content: bytes, names: list[str], why: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert [photo.name for photo in expand(["-"])] == names, why


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
        expand(["photos", "list.csv"])  # told at once, before the first photo
    for word in words:
        assert word in str(caught.value), why


def test_a_row_without_a_photo_is_an_input_too(photos: Path) -> None:
    (photos / "list.csv").write_bytes(b"\xef\xbb\xbflabel,photo\nx,\ny,photos/b.jpg\n")
    assert [photo.name for photo in expand(["list.csv"])] == ["", "photos/b.jpg"]


# the answers file, what it says of each photo, why
ANSWERS = [
    (b"photo,fever\na.jpg,yes\n", {"a.jpg": {"fever": "yes"}}, "one answer"),
    (b"fever,photo\nyes,a.jpg\n", {"a.jpg": {"fever": "yes"}}, "columns in any order"),
    (b"photo,fever,cough\na.jpg,yes,\n", {"a.jpg": {"fever": "yes"}}, "an empty cell is unknown"),
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
    (
        b"photo,fever\na.jpg,yes,no\n",
        TableError,
        ["line 2", "3 cells", "2 columns", "no", "fever"],
        "too many cells",
    ),
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
    with pytest.raises(
        TableError, match=r"answers\.csv cannot be read: No such file or directory\.$"
    ):
        read_answers_table(tmp_path / "answers.csv")
