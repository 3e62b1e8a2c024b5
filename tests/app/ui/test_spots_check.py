"""What was found in the photo becomes an answer by the person's yes alone."""

import pytest

from reddots.knowledge import load
from reddots.photo.result import PhotoResult, PhotoSpots
from reddots.triage.answers import parse_answers
from reddots_app.i18n import page_texts
from reddots_app.session import PhotoEntry, Session, decode_session, encode_session
from reddots_app.ui.spots_check import judge_spots, spots_check

KNOWLEDGE = load()
FOUND = PhotoSpots(42, 0.01, "even", ("red",), ((0.5, 0.5, 0.01),) * 42, "pinpoint")
AS_FOUND = {"count": "many", "size": "pinpoint", "pattern": "scattered", "colour": ("red",)}


def with_photo(*spots: PhotoSpots | None, **more: object) -> Session:
    photos = tuple(
        PhotoEntry(f"p{n}", PhotoResult("ok", spots=found)) for n, found in enumerate(spots)
    )
    return Session("en", photos=photos, **more)


# what is said, corrections, the answers after it, the state, why
SAID = [
    ("yes", {}, AS_FOUND, "agreed", "a yes fills in what was found"),
    ("yes", {"count": "few"}, {**AS_FOUND, "count": "few"}, "agreed", "the person corrects it"),
    ("yes", {"fever": "yes"}, AS_FOUND, "agreed", "nothing else comes in by this way"),
    ("no", {}, {}, "denied", "a no fills in nothing"),
]


@pytest.mark.parametrize(
    ("said", "values", "answers", "state", "why"), SAID, ids=[row[4] for row in SAID]
)
def test_what_is_said_of_the_spots(
    said: str, values: dict[str, str], answers: dict[str, object], state: str, why: str
) -> None:
    session = judge_spots(with_photo(FOUND), KNOWLEDGE, said, values)
    assert dict(session.answers.given) == answers, why
    check = spots_check(session, page_texts()["en"], KNOWLEDGE)
    assert check is not None
    assert check.state == state
    back = decode_session(encode_session(session), KNOWLEDGE)
    assert (back.judged, back.agreed) == (session.judged, session.agreed)


def test_until_something_is_said_nothing_is_filled_in_and_all_is_shown() -> None:
    session = with_photo(PhotoSpots(1, 0.1, "single", ("red",), ((0.5, 0.5, 0.1),), "small"), FOUND)
    check = spots_check(session, page_texts()["en"], KNOWLEDGE)
    assert check is not None
    assert check.state == "open"
    assert "40" in check.sentence, "of the photo in which most is seen, rounded"
    assert {row["id"] for row in check.rows} == AS_FOUND.keys()
    assert not session.answers.given


@pytest.mark.parametrize("spots", [None, PhotoSpots(0)])
def test_where_no_spots_were_found_nothing_is_asked(spots: PhotoSpots | None) -> None:
    session = with_photo(spots)
    assert spots_check(session, page_texts()["en"], KNOWLEDGE) is None
    assert judge_spots(session, KNOWLEDGE, "yes", {}) == session


def test_an_agreement_that_is_taken_back_takes_its_answers_along_and_no_others() -> None:
    answers = parse_answers({"fever": "no", "size": "large"}, KNOWLEDGE)
    agreed = judge_spots(with_photo(FOUND, answers=answers), KNOWLEDGE, "yes", {})
    again = judge_spots(agreed, KNOWLEDGE, "", {})
    assert agreed.answers.get("size") == "large", "what the person answered stays"
    assert dict(again.answers.given) == {"fever": "no", "size": "large"}
    assert again.judged == ""


@pytest.mark.parametrize("code", sorted(page_texts()))
def test_it_is_asked_in_every_language(code: str) -> None:
    check = spots_check(with_photo(FOUND), page_texts()[code], KNOWLEDGE)
    assert check is not None
    assert "40" in check.sentence
