"""What is wrong with a manifest's photos is found before anybody learns from them."""

from pathlib import Path

import pytest
from PIL import Image

from reddots.datasets.manifest import Manifest, Row
from reddots.datasets.quality.check import check
from reddots.photo.loader import load_photo


def photo(folder: Path, name: str, colour: tuple[int, int, int]) -> str:
    """Write a photo; return its hash."""
    Image.new("RGB", (40, 40), colour).save(folder / name)
    return load_photo(folder / name).sha256


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, colour in [("a.png", (9, 9, 9)), ("b.png", (90, 9, 9)), ("a again.png", (9, 9, 9))]:
        photo(tmp_path, name, colour)
    Image.new("RGB", (20, 25), (9, 9, 9)).save(tmp_path / "a small.png")
    (tmp_path / "damaged.jpg").write_bytes(b"\xff\xd8\xff\xe0 damaged")
    return tmp_path


# rows, what is found as kind and photo, words of the first finding, why
FOUND = [
    ([Row("a.png", "x", group="1"), Row("b.png", "y", group="2")], [], [], "nothing"),
    ([Row("gone.png", "x", group="1")], [("unreadable", "gone.png")], ["not there"], "a missing photo"),
    ([Row("damaged.jpg", "x", group="1")], [("unreadable", "damaged.jpg")], ["damaged"], "a damaged photo"),
    ([Row("a.png", "x", group="1", sha256="0" * 64)], [("changed", "a.png")], ["hash"], "another file than listed"),
    ([Row("a.png", "x", group="1"), Row("a again.png", "x", group="2")], [("duplicate", "a again.png")], ["a.png"], "one photo twice"),
    ([Row("a.png", "x", group="1"), Row("a again.png", "y", group="2")], [("label_conflict", "a again.png")], ["a.png", "called x and not y"], "one photo, two labels"),
    ([Row("a.png", "x", group="1", split="train"), Row("b.png", "y", group="1", split="test")], [("split_group", "a.png"), ("split_group", "b.png")], ["1", "test, train"], "one patient on two sides"),
    ([Row("a.png", "x", group="1", split="train", dataset="d"), Row("b.png", "y", group="1", split="test", dataset="e")], [], [], "patients of two sets may be called alike"),
    ([Row("a.png", "x", group="1"), Row("a.png", "x", group="1")], [("duplicate", "a.png")], ["listed twice"], "one row twice"),
    ([Row("a.png", "x", "mole", group="1"), Row("a small.png", "x", "cancer", group="1")], [("raw_label_conflict", "a small.png")], ["mole and not cancer"], "a copy that its source calls otherwise"),
    ([Row("a.png", "x", group="1"), Row("a small.png", "x", group="1")], [], [], "a copy of the same patient and label is as it should be"),
    ([Row("a.png", "x", group="1"), Row("a small.png", "x", group="2")], [("near_duplicate", "a small.png")], ["of another group"], "a copy under another patient's name"),
    ([Row("a.png", "x", group="1"), Row("a small.png", "y", group="1")], [("near_label_conflict", "a small.png")], ["called x and not y"], "a copy with another label"),
    ([Row("a.png", "x", group="1", split="train", dataset="d"), Row("a small.png", "x", group="2", split="test", dataset="e")], [("near_duplicate", "a small.png"), ("split_duplicate", "a small.png")], ["shows the same"], "a copy in another set and split"),
    ([Row("gone.png", "x", group="1", split="train"), Row("a.png", "y", group="1", split="test")], [("unreadable", "gone.png"), ("split_group", "gone.png"), ("split_group", "a.png")], ["not there"], "two things at once"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "found", "words", "why"), FOUND, ids=[row[3] for row in FOUND])
def test_what_is_wrong_is_found(
    folder: Path, rows: list[Row], found: list[tuple[str, str]], words: list[str], why: str
) -> None:
    issues = check(Manifest(folder, tuple(rows)))
    assert [(f.kind, f.photo) for f in issues] == found, why
    assert all(word in issues[0].text for word in words), why


def test_the_right_hash_is_no_finding(tmp_path: Path) -> None:
    digest = photo(tmp_path, "a.png", (1, 2, 3))
    assert check(Manifest(tmp_path, (Row("a.png", "x", group="1", sha256=digest),))) == []
