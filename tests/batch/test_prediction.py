"""One photo's prediction, looked at in this very process."""

import os
from pathlib import Path

import pytest
from PIL import Image

from reddots.assessor import Assessor
from reddots.batch.inputs import PhotoInput
from reddots.batch.prediction import Prediction, predict
from reddots.triage.answers import Answers, parse_settings
from tiny_checkpoint import BLUE, OUTPUTS, SKIN


@pytest.fixture
def assessor(tiny_checkpoint: Path) -> Assessor:
    return Assessor(tiny_checkpoint)


def of(folder: Path, assessor: Assessor, name: str, answers: Answers | None = None) -> Prediction:
    return predict(assessor, PhotoInput(name, folder / name), answers)


def test_a_photo_of_skin(tmp_path: Path, assessor: Assessor) -> None:
    Image.new("RGB", (160, 160), SKIN).save(tmp_path / "a.png")
    found = of(tmp_path, assessor, "a.png")
    assert (found.status, found.error, found.urgency, found.see_doctor) == ("ok", "", "", None)
    assert tuple(found.result.categories) == OUTPUTS
    assert "normal_skin" in found.result.prediction_set
    assert found.result.problems == ("blurred", "no_spots"), (
        "an even picture is out of focus and bare"
    )
    assert len(found.sha256) == 64


def test_a_photo_without_skin(tmp_path: Path, assessor: Assessor) -> None:
    Image.new("RGB", (160, 160), BLUE).save(tmp_path / "b.png")
    found = of(tmp_path, assessor, "b.png", parse_settings(["fever=yes", "blanches=no"]))
    assert (found.status, found.error) == ("rejected", "")
    assert found.result.problems[0] == "not_skin"
    assert (found.urgency, found.see_doctor) == ("emergency", True), (
        "the answers count all the same"
    )


# name, content, words of the error, quality, why
BROKEN = [
    ("gone.png", None, "not there", ("missing",), "a missing photo"),
    ("empty.png", b"", "empty", ("empty",), "an empty file"),
    ("notes.txt", b"no photo", "not a kind of photo", ("unsupported_format",), "no photo at all"),
    ("huge.jpg", 101_000_000, "too large", ("too_large",), "a huge file"),
    ("two\nlines.png", None, "two\nlines.png", ("missing",), "a name of two lines"),
    ("sp\udcffts.png", None, "sp\\udcffts.png", ("missing",), "a name that is no UTF-8"),
]


@pytest.mark.parametrize(("name", "content", "words", "quality", "why"), BROKEN)
def test_a_photo_that_cannot_be_read(  # by name
    tmp_path: Path,
    assessor: Assessor,
    name: str,
    content: bytes | int | None,
    words: str,
    quality: tuple[str, ...],
    why: str,
) -> None:
    if isinstance(content, bytes):
        (tmp_path / name).write_bytes(content)
    elif content is not None:
        (tmp_path / name).touch()
        os.truncate(tmp_path / name, content)
    found = of(tmp_path, assessor, name, Answers())
    assert found.status == "error", why
    assert words in found.error
    found.error.encode("utf-8")  # fits into every table
    assert found.result.problems == quality
    assert found.row(OUTPUTS)["abstained"] is None
    assert not found.result.categories
    assert found.urgency == "routine", "nothing is known, which is never self-care"


def test_a_locked_photo_is_an_error_of_its_own(
    tmp_path: Path, assessor: Assessor, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.new("RGB", (160, 160), SKIN).save(tmp_path / "locked.png")
    opened = os.open

    def guarded(name: str, *more: int) -> int:
        if str(name).endswith("locked.png"):
            raise PermissionError(13, "Permission denied", name)
        return opened(name, *more)

    monkeypatch.setattr(os, "open", guarded)
    found = of(tmp_path, assessor, "locked.png")
    assert (found.status, found.result.problems) == ("error", ("unreadable",))
    assert "cannot be opened" in found.error


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with a name here")
def test_folders_and_pipes_are_errors(tmp_path: Path, assessor: Assessor) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe.jpg")
    for name in ("folder", "pipe.jpg"):
        found = of(tmp_path, assessor, name)
        assert (found.status, found.result.problems) == ("error", ("not_a_file",)), name
