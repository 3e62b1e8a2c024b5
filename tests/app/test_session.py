"""What a browser sends as its state: read back whole, or refused."""

import pytest

from reddots.knowledge import load
from reddots.photo.result import PhotoResult
from reddots.triage.answers import parse_answers
from reddots_app.session import (
    PhotoEntry,
    Session,
    SessionError,
    Stop,
    decode_session,
    encode_session,
)

KNOWN = load()
SHARES = {"other_rash": 0.6, "normal_skin": 0.4}
PHOTO = PhotoResult("ok", categories=SHARES, training_priors=SHARES)
FULL = Session(
    "es",
    country="MX",
    step="question",
    answers=parse_answers({"age_years": 6, "sites": ["face"], "fever": "no"}),
    photos=(PhotoEntry("a-1", PHOTO, cropped=True),),
    current=Stop("glass", ("blanches",)),
    trail=(Stop("who", ("age_years",)),),
    skipped=frozenset({"itchy"}),
    earlier={"fever": "yes"},
    alarmed=True,
)


@pytest.mark.parametrize(
    "session",
    [
        Session("en"),  # nothing yet
        FULL,  # everything
    ],
)
def test_a_state_comes_back_as_it_went(session: Session) -> None:
    back = decode_session(encode_session(session), KNOWN)
    assert back.photos == session.photos or (
        [dict(p.result.categories) for p in back.photos]
        == [dict(p.result.categories) for p in session.photos]
    )
    for name in ("answers", "current", "trail", "skipped", "earlier", "step", "country", "alarmed"):
        assert getattr(back, name) == getattr(session, name), name


PHOTOS = [{"id": "a", "result": {"status": "ok"}}]
REFUSED = [
    (None, "nothing"),
    ([], "a list"),
    ({}, "without a version"),
    ({"version": 2, "language": "en"}, "from another version"),
    ({"version": 1, "language": 7}, "a number for a language"),
    ({"version": 1, "language": "en", "step": "elsewhere"}, "a step that is none"),
    ({"version": 1, "language": "en", "photos": PHOTOS * 6}, "too many photos"),
    (
        {"version": 1, "language": "en", "photos": [{"id": "<b>", "result": {"status": "ok"}}]},
        "markup",
    ),
    *(
        (
            {
                "version": 1,
                "language": "en",
                "photos": [{"id": "a", "result": {"status": "ok", **bad}}],
            },
            why,
        )
        for bad, why in (
            ({"categories": {"unheard_of": 1.0}}, "an output that is none"),
            ({"categories": {"other_rash": 7.0}, "training_priors": SHARES}, "more than all"),
            (
                {"categories": {"other_rash": float("nan")}, "training_priors": SHARES},
                "no number",
            ),
            ({"categories": {"other_rash": 1.0}}, "a probability without its training share"),
            ({"spots": {"count": -1}}, "fewer spots than none"),
            ({"spots": {"count": 1, "marks": [[0.5, 7.0, 0.1]]}}, "a spot outside of the photo"),
            ({"simulated_ratios": {"purpura": 0.1}}, "a ratio that would calm"),
            ({"simulated_ratios": {"purpura": float("inf")}}, "a ratio without an end"),
        )
    ),
]


@pytest.mark.parametrize(("raw", "why"), REFUSED, ids=[row[1] for row in REFUSED])
def test_what_is_no_state_is_refused(raw: object, why: str) -> None:
    with pytest.raises(SessionError):
        decode_session(raw, KNOWN)
    assert why


LEFT_OUT = [
    ({"answers": {"fever": "yes", "unheard_of": "yes"}}, "answers", {"fever": "yes"}),
    ({"answers": {"fever": "perhaps"}}, "answers", {}),
    ({"answers": {"age_years": 0.5, "onset": "years"}}, "answers", {"age_years": 0.5}),
    ({"country": "<b>"}, "country", ""),
    ({"skipped": ["itchy", "x"]}, "skipped", frozenset({"itchy"})),
    ({"step": "question", "current": {"screen": "x", "questions": ["y"]}}, "step", "photo"),
    (
        {"trail": [{"screen": "who", "questions": ["age_years", "fever"]}]},
        "trail",
        (Stop("who", ("age_years",)),),
    ),
    ({"unknown": 1}, "step", "photo"),
]


@pytest.mark.parametrize(("more", "name", "kept"), LEFT_OUT)
def test_what_is_not_known_is_left_out(more: dict[str, object], name: str, kept: object) -> None:
    found = getattr(decode_session({"version": 1, "language": "en", **more}, KNOWN), name)
    assert (dict(found.given) if name == "answers" else found) == kept


def test_start_again_keeps_the_language_and_the_country_only() -> None:
    assert FULL.cleared() == Session("es", "MX")
