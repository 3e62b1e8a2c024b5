"""One person's way through the questions."""

import pytest

from reddots.knowledge import Urgency, load
from reddots.knowledge.questions import Question
from reddots.photo.result import PhotoResult
from reddots_app.session import LookedAt, Session
from reddots_app.ui.interview import Interview

TALK = Interview(load())
START = Session("en")
DANGER = "drowsy_or_confused"


def calm(question: Question) -> object:
    """The answer that worries least."""
    return {
        "number": 40,
        "choices": list(question.values[:1]),
        "choice": (*question.values, "")[0],
        "tristate": "yes" if question.red_flag == "no" else "no",
    }[question.kind]


def answered(session: Session) -> Session:
    """Answer whatever is asked as calmly as can be."""
    while session.step == "question":
        session = TALK.answer(session, {q.id: calm(q) for q in TALK.questions(session)})
    return session


def asked_until(session: Session, question: str) -> Session:
    """Skip to the screen that asks one question."""
    while question not in on_screen(session):
        assert session.step == "question"
        session = TALK.skip(session)
    return session


def on_screen(session: Session) -> tuple[str, ...]:
    return tuple(q.id for q in TALK.questions(session))


def test_the_order_is_that_of_the_triage() -> None:
    session = TALK.begin(START)
    assert on_screen(session) == TALK.assess(START).asks[0].questions


def test_every_question_can_be_reached() -> None:
    seen: set[str] = set()
    session = TALK.begin(START)
    for _ in range(2):
        while session.step == "question":
            seen |= set(on_screen(session))
            session = TALK.skip(session)
        session = TALK.more(session)
    assert seen == set(load().questions)


def test_calm_answers_end_in_a_result_that_is_no_emergency() -> None:
    session = answered(TALK.begin(START))
    assert session.step == "result"
    assert not session.interrupted
    assert TALK.assess(session).urgency < Urgency.EMERGENCY


def test_an_emergency_interrupts_at_once_and_can_be_corrected() -> None:
    asked = asked_until(TALK.begin(START), DANGER)
    session = TALK.tick(asked, {DANGER: "yes"})
    assert (session.step, session.interrupted, session.alarmed) == ("result", True, True)
    corrected = TALK.back(session)
    assert corrected.current == asked.current
    assert corrected.answers.get(DANGER) == "yes"
    fine = TALK.none_of_the_others(corrected, {DANGER: "no"})
    assert (fine.step, fine.alarmed) == ("question", False)
    again = TALK.tick(TALK.back(fine), {DANGER: "yes"})
    assert again.interrupted, "a second emergency interrupts again"


def test_an_emergency_that_is_known_does_not_interrupt_again() -> None:
    session = TALK.tick(asked_until(TALK.begin(START), DANGER), {DANGER: "yes"})
    session = TALK.more(session)
    assert (session.step, session.alarmed) == ("question", True)
    session = TALK.answer(session, {q.id: calm(q) for q in TALK.questions(session)})
    assert (session.step, session.alarmed) == ("question", True)


def test_none_of_the_others_answers_no_to_the_rest_only() -> None:
    asked = asked_until(TALK.begin(START), "sore_throat")
    ticked = TALK.tick(asked, {"sore_throat": "not_sure"})
    assert ticked.current == asked.current, "a tick alone does not leave the screen"
    session = TALK.none_of_the_others(ticked, {"weakness": "yes"})
    given = {q: session.answers.get(q) for q in on_screen(asked)}
    assert given.pop("sore_throat") == "not_sure"
    assert given.pop("weakness") == "yes"
    assert set(given.values()) == {"no"}


def test_skipping_a_checklist_keeps_what_was_ticked_and_asks_the_rest_no_more() -> None:
    asked = asked_until(TALK.begin(START), "sore_throat")
    session = TALK.skip(TALK.tick(asked, {"sore_throat": "no"}))
    assert session.answers.given == {"sore_throat": "no"}
    assert set(on_screen(asked)) - {"sore_throat"} <= session.passed


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
    session = TALK.answer(TALK.begin(START), {"age_years": value}, note="Please.")
    assert session.answers.get("age_years") == kept
    assert (session.note == "Please.") == (kept is None)
    assert (on_screen(session) == ("age_years",)) == (kept is None)


def test_no_choice_is_no_answer() -> None:
    session = asked_until(TALK.begin(START), "sites")
    assert on_screen(TALK.answer(session, {"sites": []}, note="Please.")) == ("sites",)
    assert TALK.answer(session, {"sites": ["face"]}).answers.get("sites") == ("face",)


def test_an_answer_to_a_question_that_is_not_on_the_screen_is_ignored() -> None:
    session = TALK.answer(TALK.begin(START), {"fever": "yes"}, note="Please.")
    assert session.answers.given == {}


def test_answers_that_cannot_both_be_true_are_said_so_and_the_screen_stays() -> None:
    session = TALK.answer(TALK.begin(START), {"age_years": 0.5})
    session = asked_until(session, "onset")
    refused = TALK.answer(session, {"onset": "years"})
    assert "age" in refused.note
    assert on_screen(refused) == ("onset",)
    assert TALK.skip(refused).step in {"question", "result"}, "there is a way on"


def test_a_doubt_is_asked_again_but_not_for_ever() -> None:
    session = TALK.answer(TALK.begin(START), {"age_years": 70})
    session = asked_until(session, "pregnant")
    session = TALK.answer(session, dict.fromkeys(on_screen(session), "no") | {"pregnant": "yes"})
    assert on_screen(session) == ("age_years",)
    visits = 0
    while session.step == "question":
        given = session.answers.given
        session = TALK.answer(session, {q: given[q] for q in on_screen(session) if q in given})
        session = TALK.skip(session) if visits % 2 else session
        visits += 1
        assert visits < 60
    assert TALK.assess(session).doubts


def test_back_goes_the_way_that_was_come_and_keeps_the_answer() -> None:
    first = TALK.begin(START)
    second = TALK.answer(first, {"age_years": 30})
    third = TALK.skip(second)
    back = TALK.back(TALK.back(third))
    assert back.current == first.current
    assert back.answers.get("age_years") == 30
    assert TALK.back(back).step == "photo"


def test_skipping_an_answered_question_takes_the_answer_back() -> None:
    session = TALK.back(TALK.answer(TALK.begin(START), {"age_years": 30}))
    assert TALK.skip(session).answers.given == {}


def test_from_an_early_result_back_leads_to_what_was_left_open() -> None:
    session = TALK.answer(TALK.begin(START), {"age_years": 30})
    assert TALK.back(TALK.finish(session)).current == session.current


def test_the_number_of_the_step_grows_and_the_share_ends_below_all() -> None:
    session = TALK.begin(START)
    seen = []
    while session.step == "question":
        seen.append(TALK.progress(session, TALK.assess(session)))
        session = TALK.skip(session)
    assert [p.number for p in seen] == list(range(1, len(seen) + 1))
    assert seen[0].share == 0.0
    assert all(p.share < 1.0 for p in seen)
    assert seen[-1].left == 1


def test_a_rejected_photo_never_stops_the_questions() -> None:
    finding = PhotoResult(status="rejected", problems=("unreadable",))
    session = START.with_photos((LookedAt(finding),), ())
    assert TALK.begin(session).step == "question"


def test_start_again_keeps_the_language_only() -> None:
    session = TALK.answer(TALK.begin(Session("es")), {"age_years": 30})
    assert session.cleared() == Session("es", greeted=True)
