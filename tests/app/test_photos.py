"""Uploaded photos are looked at and deleted, whatever they are."""

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skin_pictures import picture

from reddots.assessor import Assessor
from reddots.errors import CheckpointError
from reddots_app.crop import WHOLE, Cut
from reddots_app.photos import MOST_PHOTOS, Darkroom
from reddots_app.session import LookedAt


def saved(path: Path, **options: object) -> Path:
    picture().save(path, **options)
    return path


@pytest.fixture(scope="module")
def darkroom(checkpoint: Path) -> Darkroom:
    return Darkroom(Assessor(checkpoint))


def test_a_good_photo_is_used_and_its_file_deleted(darkroom: Darkroom, tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jpg")
    (seen,) = darkroom.look([path])
    assert seen.finding.status == "ok"
    assert not path.exists()


def test_the_small_copy_has_no_metadata_and_stands_upright(
    darkroom: Darkroom, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[274] = 6  # turned by a quarter
    exif.get_ifd(0x8825)[1] = "N"  # a place
    wide = picture().crop((0, 0, 400, 200))
    wide.save(tmp_path / "a.jpg", exif=exif)
    (seen,) = darkroom.look([tmp_path / "a.jpg"])
    with Image.open(io.BytesIO(base64.b64decode(seen.thumbnail))) as small:
        assert small.height > small.width
        assert not small.getexif()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "empty"),  # an empty file
        (b"\xff\xd8\xff\xe0 no more", "unreadable"),  # a JPEG that breaks off
        (b"%PDF-1.4", "unsupported_format"),  # no photo at all
        (b"<html><script>alert(1)</script>", "unsupported_format"),  # a page
    ],
)
def test_a_bad_photo_is_rejected_with_its_reason_and_deleted(
    darkroom: Darkroom, tmp_path: Path, content: bytes, problem: str
) -> None:
    path = tmp_path / "bad"
    path.write_bytes(content)
    (seen,) = darkroom.look([path])
    assert seen.finding.status == "rejected"
    assert problem in seen.finding.problems
    assert seen.thumbnail == ""
    assert not path.exists()


def test_no_more_photos_are_looked_at_than_allowed_and_all_are_deleted(
    darkroom: Darkroom, tmp_path: Path
) -> None:
    paths = [saved(tmp_path / f"{i}.jpg") for i in range(MOST_PHOTOS + 2)]
    assert len(darkroom.look(paths)) == MOST_PHOTOS
    assert list(tmp_path.iterdir()) == []


def test_the_page_sees_what_the_command_line_sees(
    darkroom: Darkroom, checkpoint: Path, tmp_path: Path
) -> None:
    data = saved(tmp_path / "a.jpg").read_bytes()
    (seen,) = darkroom.look([tmp_path / "a.jpg"])
    assert seen.finding == Assessor(checkpoint).analyze_or_reject(data)


def half_blue(path: Path, side: int = 400) -> Path:
    """Save what is no skin on the left, and skin on the right."""
    image = picture(side)
    image.paste(picture(side, blue=True).crop((0, 0, side // 2, side)), (0, 0))
    image.save(path)
    return path


def test_a_part_is_looked_at_alone_and_the_whole_can_be_again(
    darkroom: Darkroom, tmp_path: Path
) -> None:
    (whole,) = darkroom.look([half_blue(tmp_path / "a.png")])
    left, right = (darkroom.look_closer(whole, Cut(x, 0.25, 0.5, 0.5)) for x in (0, 0.5))
    assert left.finding.not_skin
    assert not right.finding.not_skin
    assert (left.cut.left, right.cut.left, whole.cut) == (0, 0.5, WHOLE)
    assert darkroom.look_closer(right, WHOLE).finding.status == whole.finding.status


def test_a_part_of_a_large_photo_still_has_pixels_enough(
    darkroom: Darkroom, tmp_path: Path
) -> None:
    picture(2000).save(tmp_path / "a.png")
    (whole,) = darkroom.look([tmp_path / "a.png"])
    part = darkroom.look_closer(whole, Cut(0.4, 0.4, 0.15, 0.15))
    assert "too_small" not in part.finding.problems


def test_the_picture_to_cut_from_is_whole_whatever_was_cut_before(
    darkroom: Darkroom, tmp_path: Path
) -> None:
    picture().crop((0, 0, 400, 200)).save(tmp_path / "a.png")
    (whole,) = darkroom.look([tmp_path / "a.png"])
    part = darkroom.look_closer(whole, Cut(0, 0, 0.5, 1))
    with Image.open(io.BytesIO(base64.b64decode(darkroom.preview(part)))) as shown:
        assert shown.width == 2 * shown.height
    assert darkroom.preview(LookedAt(whole.finding)) == "", "without a copy"


def test_a_kept_copy_is_never_large(darkroom: Darkroom, tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (1600, 1600, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "a.png")
    (seen,) = darkroom.look([tmp_path / "a.png"])
    assert 100_000 < len(seen.copy) <= 800_000


def test_what_mattered_is_the_part_that_decides(darkroom: Darkroom, tmp_path: Path) -> None:
    (seen,) = darkroom.look([half_blue(tmp_path / "a.png")])
    found = darkroom.what_mattered(seen)
    assert found is not None
    with Image.open(io.BytesIO(base64.b64decode(found[1]))) as shown:
        assert shown.size[0] >= 300
    assert darkroom.what_mattered(LookedAt(seen.finding)) is None, "without a copy"


def test_a_file_that_is_gone_is_a_rejected_photo(darkroom: Darkroom, tmp_path: Path) -> None:
    (seen,) = darkroom.look([tmp_path / "gone.jpg"])
    assert seen.finding.problems == ("missing",)


def test_without_a_checkpoint_the_file_is_deleted_all_the_same(tmp_path: Path) -> None:
    darkroom = Darkroom(Assessor(tmp_path / "none.json"))
    darkroom.warm_up()
    assert darkroom.model is None
    path = saved(tmp_path / "a.jpg")
    with pytest.raises(CheckpointError):
        darkroom.look([path])
    assert not path.exists()
