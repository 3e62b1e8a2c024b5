"""A folder with one folder of photos for each label becomes a manifest."""

from pathlib import Path

import pytest
from PIL import Image

from reddots.datasets.manifest import read_manifest, write_manifest
from reddots.datasets.sources.registry import import_set
from reddots.errors import ManifestError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two labels, a label of the source's own, a doubled photo, a note and a damaged photo."""
    photos = tmp_path / "photos"
    for number, name in enumerate(
        ["cherry_angioma/a.png", "cherry_angioma/deep/b.png", "petechiae/c.png", "Lentigo/d.png"]
    ):
        path = photos / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (30, 20), (number * 40, 9, 9)).save(path)
    (photos / "petechiae" / "twice.png").write_bytes((photos / "petechiae/c.png").read_bytes())
    (photos / "petechiae" / "notes.txt").write_text("seen on Monday")
    (photos / "readme.md").write_text("not in a label's folder")
    return photos


def test_each_photo_has_a_row(folder: Path, tmp_path: Path) -> None:
    found = import_set(folder, "pad_ufes_20", tmp_path)
    rows, dropped = found.rows, found.dropped
    assert [(r.photo, r.label, r.label_raw) for r in rows] == [
        ("photos/Lentigo/d.png", "", "Lentigo"),
        ("photos/cherry_angioma/a.png", "cherry_angioma", "cherry_angioma"),
        ("photos/cherry_angioma/deep/b.png", "cherry_angioma", "cherry_angioma"),
        ("photos/petechiae/c.png", "petechiae", "petechiae"),
    ], "a label that we have no output for says nothing, but is kept as it was"
    assert all(r.licence == "CC BY 4.0" and r.dataset == "pad_ufes_20" for r in rows)
    assert all(r.source_url.startswith("https://") for r in rows)
    assert all(len(r.sha256) == 64 and r.group == r.sha256 for r in rows), "its own group"
    assert len(dropped) == 2
    assert any("notes.txt" in reason for reason in dropped)
    assert any("twice.png is the same file as" in reason for reason in dropped)


def test_paths_start_from_where_the_manifest_will_be(folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "elsewhere"
    place.mkdir()
    rows = import_set(folder, "pad_ufes_20", place).rows
    write_manifest(rows, place / "manifest.csv")
    manifest = read_manifest(place / "manifest.csv")
    assert all(manifest.path(row).is_file() for row in manifest.rows)


# data set, folder, words that the message must have, why
BAD = [
    ("rumour", ".", ["rumour", "data/datasets.toml"], "a set without terms"),
    ("pad_ufes_20", "gone", ["no folder", "gone"], "no such folder"),
]


@pytest.mark.parametrize(("dataset", "name", "words", "why"), BAD)
def test_what_cannot_be_brought_in_is_named(
    tmp_path: Path, dataset: str, name: str, words: list[str], why: str
) -> None:
    with pytest.raises(ManifestError) as caught:
        import_set(tmp_path / name, dataset, tmp_path)
    for word in words:
        assert word in str(caught.value), why
