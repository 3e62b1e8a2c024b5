"""One person's way through the questions."""

import pytest

from reddots.knowledge import Urgency, load
from reddots.photo.finding import PhotoFinding
from reddots_app.interview import Interview
from reddots_app.session import LookedAt, Session

TALK = Interview(load())
START = Session("en")


def answered(session: Session, **answers: object) -> Session:
    """Answer whatever is asked, with ``answers`` where given, else as reassuringly as can be."""
    while session.step == "question":
        question = TALK.question(session)
        assert question is not None
        calm = {
            "number": 40,
            "choices": list(question.values[:1]),
            "choice": (*question.values, "")[0],
            "tristate": "yes" if question.red_flag == "no" else "no",
        }[question.kind]
        session = TALK.answer(session, answers.get(question.id, calm))
    return session


def asked_until(session: Session, question: str) -> Session:
    """Skip to one question."""
    while session.current != question:
        assert session.step == "question"
        session = TALK.skip(session)
    return session


def test_the_order_is_that_of_the_triage() -> None:
    session = TALK.begin(START)
    assert session.current == TALK.assess(session).next_questions[0]


def test_every_question_can_be_reached() -> None:
    seen: set[str] = set()
    session = TALK.begin(START)
    for _ in range(2):
        while session.step == "question":
            assert session.current is not None
            seen.add(session.current)
            session = TALK.skip(session)
        session = TALK.more(session)
    while session.step == "question":
        assert session.current is not None
        seen.add(session.current)
        session = TALK.skip(session)
    assert seen == set(load().questions)


def test_calm_answers_end_in_a_result_that_is_no_emergency() -> None:
    session = answered(TALK.begin(START))
    assert session.step == "result"
    assert not session.interrupted
    assert TALK.assess(session).urgency < Urgency.EMERGENCY


def test_an_emergency_interrupts_at_once_and_can_be_corrected() -> None:
    session = TALK.answer(asked_until(TALK.begin(START), "drowsy_or_confused"), "yes")
    assert (session.step, session.interrupted, session.alarmed) == ("result", True, True)
    corrected = TALK.back(session)
    assert corrected.current == "drowsy_or_confused"
    assert corrected.answers.get("drowsy_or_confused") == "yes"
    calm = TALK.answer(corrected, "no")
    assert (calm.step, calm.alarmed) == ("question", False)
    again = TALK.answer(TALK.back(calm), "yes")
    assert again.interrupted, "a second emergency interrupts again"


def test_an_emergency_that_is_known_does_not_interrupt_again() -> None:
    session = TALK.answer(asked_until(TALK.begin(START), "drowsy_or_confused"), "yes")
    session = TALK.more(session)
    assert (session.step, session.alarmed) == ("question", True)
    session = TALK.answer(session, 5)
    assert (session.step, session.alarmed) == ("question", True)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (6, 6.0),  # a whole number
        (0.08, 0.08),  # a baby's age
        (400, None),  # more than anybody's age
        (-1, None),  # less
        (None, None),  # an empty field
        ("six", None),  # a word
        (float("nan"), None),  # no number
    ],
)
def test_a_number_is_taken_or_the_question_stays(value: object, kept: float | None) -> None:
    session = TALK.answer(TALK.begin(START), value, note="Please.")
    assert session.answers.get("age_years") == kept
    assert (session.note == "Please.") == (kept is None)
    assert (session.current == "age_years") == (kept is None)


def test_no_choice_is_no_answer() -> None:
    session = asked_until(TALK.begin(START), "sites")
    assert TALK.answer(session, [], note="Please.").current == "sites"
    assert TALK.answer(session, ["face"]).answers.get("sites") == ("face",)


def test_back_goes_the_way_that_was_come_and_keeps_the_answer() -> None:
    first = TALK.begin(START)
    second = TALK.answer(first, 30)
    third = TALK.skip(second)
    back = TALK.back(TALK.back(third))
    assert back.current == first.current
    assert back.answers.get("age_years") == 30
    assert TALK.back(back).step == "photo"


def test_skipping_an_answered_question_takes_the_answer_back() -> None:
    session = TALK.back(TALK.answer(TALK.begin(START), 30))
    assert TALK.skip(session).answers.given == {}


def test_from_an_early_result_back_leads_to_the_open_question() -> None:
    session = TALK.answer(TALK.begin(START), 30)
    assert TALK.back(TALK.finish(session)).current == session.current


def test_progress_grows_with_every_answer() -> None:
    session = TALK.begin(START)
    shares = []
    while session.step == "question":
        shares.append(TALK.progress(session, TALK.assess(session)).share)
        session = TALK.skip(session)
    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert shares[-1] < 1.0


def test_a_rejected_photo_never_stops_the_questions() -> None:
    finding = PhotoFinding(status="rejected", problems=("unreadable",))
    session = START.with_photos((LookedAt(finding),), ())
    assert TALK.begin(session).step == "question"


def test_start_again_keeps_the_language_only() -> None:
    session = TALK.answer(TALK.begin(Session("es")), 30)
    assert session.cleared() == Session("es")
