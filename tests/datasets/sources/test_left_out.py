"""What an import leaves out is counted, listed and the exit code 1, whatever it is."""

from pathlib import Path

import pytest
from PIL import Image

from reddots.datasets.sources.photo_files import photos_by_name
from reddots.datasets.sources.registry import import_set
from reddots.errors import ManifestError


def photo(path: Path, shade: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (64, 64), (shade, 90, 80)).save(path)


def test_a_folder_a_label(tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    photo(photos / "acne" / "a.png", 1)
    photo(photos / "acne" / "@eaDir" / "a.png", 2)
    photo(photos / "beside.png", 3)
    (photos / "Descriptions").mkdir()
    (photos / "Descriptions" / "a").write_text("{}")
    (photos / "notes.txt").write_text("no photo")
    (photos / ".hidden").write_text("no photo")
    photo(tmp_path / "elsewhere" / "c.png", 5)
    (photos / "linked").symlink_to(tmp_path / "elsewhere")
    found = import_set(photos, "own", tmp_path)
    assert [Path(row.photo).name for row in found.rows] == ["a.png"]
    assert found.failures == 4
    assert dict(found.reasons) == {
        "it lies beside the label folders": 1,
        "a linked folder is not entered": 1,
        "it holds a disk's thumbnails": 1,
        "the photo is in a format we do not read": 1,
    }
    for name in ("beside.png", "linked", "@eaDir", "Descriptions"):
        assert any(name in sentence for sentence in found.dropped), name


def test_a_table_of_ones_own(tmp_path: Path) -> None:
    for number, name in enumerate(("nan", "b.png", "c.png")):
        photo(tmp_path / "photos" / f"{number}.png", number)
        (tmp_path / "photos" / f"{number}.png").rename(tmp_path / "photos" / name)
    table = tmp_path / "t.csv"
    table.write_text("photo;label;type\nnan;acne;III\nb.png;acne;dark\ngone.png;acne;\n")
    columns = {"photo": "photo", "label": "label", "fitzpatrick": "type"}
    found = import_set(tmp_path / "photos", "own", tmp_path, table, columns)
    assert [(row.photo, row.fitzpatrick) for row in found.rows] == [
        ("photos/nan", 3),
        ("photos/b.png", None),
    ]
    assert dict(found.unread) == {"dark": 1}
    assert (found.failures, found.unlisted) == (1, 1)


def test_descriptions_do_not_stand_for_the_images(tmp_path: Path) -> None:
    photo(tmp_path / "Images" / "ISIC_1.png", 1)
    (tmp_path / "Descriptions").mkdir()
    (tmp_path / "Descriptions" / "ISIC_1").write_text("{}")
    assert photos_by_name(tmp_path)["ISIC_1"] == tmp_path / "Images" / "ISIC_1.png"


def test_a_table_in_utf16_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("photo,label\n", "utf-16")
    with pytest.raises(ManifestError, match="UTF-16"):
        import_set(tmp_path, "own", tmp_path, tmp_path / "t.csv")
