"""What a person is told about each photo."""

from html import unescape

import pytest

from reddots.knowledge import load
from reddots.photo.result import PhotoResult
from reddots_app.i18n import page_texts
from reddots_app.session import LookedAt, Session
from reddots_app.ui.photo_view import photo_screen, problems

KNOWN = load()
TEXTS = page_texts()["en"]
FAR = "spots_too_small"

# status, problems, told, why
PHOTOS = [
    ("ok", (), [], "a good photo"),
    ("ok", (FAR,), [FAR], "taken from too far"),
    ("ok", ("blurred", FAR), ["blurred", FAR], "two problems, worst first"),
    ("rejected", ("not_skin", FAR), ["not_skin"], "where no skin is, no spots are small"),
    ("ok", ("unheard_of",), [], "without words nothing is told"),
]


@pytest.mark.parametrize(("status", "found", "told", "why"), PHOTOS)
def test_problems_in_words(status: str, found: tuple[str, ...], told: list[str], why: str) -> None:
    photo = LookedAt(PhotoResult(status, found))  # type: ignore[arg-type]
    assert [problem.id for problem in problems(photo, KNOWN)] == told, why


def test_a_far_photo_offers_the_frame_first_and_never_blocks() -> None:
    photo = LookedAt(PhotoResult("ok", (FAR,)), thumbnail="eA==", copy=b"x")
    parts = photo_screen(Session("en", photos=(photo,)), TEXTS, KNOWN)
    report = unescape(parts["photo_report"])
    assert KNOWN.guidance.photo_problems[FAR].retake in report
    assert 'class="primary" data-act="open"' in report
    assert parts["go_on"]["visible"]
