"""Why a photo is refused is told as exactly as it is known, in every language."""

from collections.abc import Callable

import pytest

from photo.tiff_bytes import Directory, tiff
from reddots.assessor import Assessor, merge
from reddots.knowledge.translation import languages, load_in
from reddots.photo.problems import CAUSES, PROBLEMS, photo_error
from reddots.photo.result import UNREADABLE, PhotoResult


@pytest.mark.parametrize("language", languages())
def test_each_cause_has_a_text_that_fits_its_problem(language: str) -> None:
    guidance = load_in(language).guidance
    for cause in CAUSES:
        result = PhotoResult.unreadable(photo_error(cause, "“x”"))
        (told,) = guidance.told_of(result.problems, result.causes)
        assert told.id in {*PROBLEMS, *result.causes}, cause
        assert (told.finer_than or told.id,) == result.problems, cause
        assert told.text
        assert told.retake


# what is sent, the id of what is told, why
REFUSED: list[tuple[Callable[[], bytes], str, str]] = [
    (
        lambda: tiff(Directory((8, 8), bytes(64), {262: [32803], 277: [1]})),
        "camera_raw",
        "raw data",
    ),
    (lambda: b"no photo", "unsupported_format", "no photo at all"),
    (lambda: b"", "empty", "nothing"),
]


@pytest.mark.parametrize(("make", "told", "why"), REFUSED, ids=[row[2] for row in REFUSED])
def test_the_finest_cause_is_told(make: Callable[[], bytes], told: str, why: str) -> None:
    result = Assessor().analyze_or_reject(make())
    assert result.status == "rejected"
    guidance = load_in("en").guidance
    assert [problem.id for problem in guidance.told_of(result.problems, result.causes)] == [told], (
        why
    )


def test_the_causes_of_several_photos_are_all_told() -> None:
    refused = [PhotoResult.unreadable(photo_error(c, "x")) for c in ("camera_raw", "jpeg_kind")]
    for findings in (refused, [*refused, PhotoResult("ok", categories={"a": 1.0})]):
        found = merge(findings)
        assert found is not None
        guidance = load_in("en").guidance
        told = [problem.id for problem in guidance.told_of(found.problems, found.causes)]
        assert told == ["camera_raw", "rare_kind"]
        assert set(found.problems) <= UNREADABLE
