"""Uploaded photos are analysed and deleted, whatever they are."""

import base64
import io
from pathlib import Path

import pytest
from PIL import Image
from skin_pictures import picture

from reddots.assessor import Assessor
from reddots.errors import CheckpointError
from reddots_app.photos import SHORT_SIDE, PhotoAnalyzer


def saved(path: Path, side: int = 400, **options: object) -> Path:
    picture(side).save(path, **options)
    return path


@pytest.fixture(scope="module")
def analyzer(checkpoint: Path) -> PhotoAnalyzer:
    return PhotoAnalyzer(Assessor(checkpoint))


def test_a_good_photo_is_used_and_its_file_deleted(analyzer: PhotoAnalyzer, tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jpg")
    result, copy = analyzer.analyze(path)
    assert (result.status, copy) == ("ok", "")
    assert not path.exists()


@pytest.mark.slow
def test_a_copy_has_no_metadata_stands_upright_and_is_not_large(
    analyzer: PhotoAnalyzer, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[274] = 6  # turned by a quarter
    exif.get_ifd(0x8825)[1] = "N"  # a place
    picture(2400).crop((0, 0, 2400, 2000)).save(tmp_path / "a.jpg", exif=exif)
    _, copy = analyzer.analyze(tmp_path / "a.jpg", with_copy=True)
    with Image.open(io.BytesIO(base64.b64decode(copy))) as image:
        assert image.height > image.width
        assert min(image.size) <= 2 * SHORT_SIDE
        assert not image.getexif()


BAD = [
    (b"", "empty", "an empty file"),
    (b"\xff\xd8\xff\xe0 no more", "unreadable", "a JPEG that breaks off"),
    (b"%PDF-1.4", "unsupported_format", "no photo at all"),
    (b"<html><script>alert(1)</script>", "unsupported_format", "a page"),
]


@pytest.mark.parametrize(("content", "problem", "why"), BAD)
def test_a_bad_photo_is_rejected_with_its_reason_and_deleted(
    analyzer: PhotoAnalyzer, tmp_path: Path, content: bytes, problem: str, why: str
) -> None:
    path = tmp_path / "bad"
    path.write_bytes(content)
    result, copy = analyzer.analyze(path, with_copy=True)
    assert (result.status, copy) == ("rejected", ""), why
    assert problem in result.problems
    assert not path.exists()


def test_the_page_gets_what_the_command_line_gets(
    analyzer: PhotoAnalyzer, checkpoint: Path, tmp_path: Path
) -> None:
    data = saved(tmp_path / "a.jpg").read_bytes()
    assert analyzer.analyze(tmp_path / "a.jpg")[0] == Assessor(checkpoint).analyze_or_reject(data)


def test_a_file_that_is_gone_is_a_rejected_photo(analyzer: PhotoAnalyzer, tmp_path: Path) -> None:
    assert analyzer.analyze(tmp_path / "gone.jpg")[0].problems == ("missing",)


def test_without_a_checkpoint_the_file_is_deleted_all_the_same(tmp_path: Path) -> None:
    analyzer = PhotoAnalyzer(Assessor(tmp_path / "none.json"))
    analyzer.warm_up()
    assert analyzer.model is None
    path = saved(tmp_path / "a.jpg")
    with pytest.raises(CheckpointError):
        analyzer.analyze(path)
    assert not path.exists()
