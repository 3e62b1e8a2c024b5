"""One person's way through the questions."""

from dataclasses import replace

import pytest

from reddots.knowledge import Urgency, load
from reddots.knowledge.questions import Question
from reddots.photo.result import PhotoResult
from reddots.triage.answers import parse_answers
from reddots.triage.evaluation import evaluate
from reddots.triage.next_questions import not_concerned
from reddots_app.session import PhotoEntry, Session
from reddots_app.settings import page_settings
from reddots_app.ui.interview import Interview
from reddots_app.ui.stops import MOST_ROWS

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
    assert on_screen(session) == TALK.assess(START).asks[0].questions[:1]


def test_every_question_can_be_reached() -> None:
    seen: set[str] = set()
    session = TALK.begin(START)
    for _ in range(2):
        while session.step == "question":
            seen |= set(on_screen(session))
            session = TALK.skip(session)
        session = TALK.more(session)
    unasked = not_concerned(evaluate({}, load()), load())
    assert seen == set(load().questions) - unasked, "all that can concern somebody unknown"


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
    fine = TALK.answer(corrected, dict.fromkeys(on_screen(corrected), "no"))
    assert (fine.step, fine.alarmed) == ("question", False)
    again = TALK.tick(TALK.back(fine), {DANGER: "yes"})
    assert again.interrupted, "a second emergency interrupts again"


def test_an_emergency_that_is_known_does_not_interrupt_again() -> None:
    session = TALK.tick(asked_until(TALK.begin(START), DANGER), {DANGER: "yes"})
    session = TALK.more(session)
    assert (session.step, session.alarmed) == ("question", True)
    session = TALK.answer(session, {q.id: calm(q) for q in TALK.questions(session)})
    assert (session.step, session.alarmed) == ("question", True)


def test_a_checklist_stays_until_every_row_has_an_answer() -> None:
    asked = asked_until(TALK.begin(START), "sore_throat")
    ticked = TALK.tick(asked, {"sore_throat": "not_sure"})
    assert ticked.current == asked.current, "a tick alone does not leave the screen"
    stayed = TALK.answer(ticked, {"sore_throat": "yes"}, rest="A row is open.")
    assert (stayed.current, stayed.note) == (asked.current, "A row is open.")
    rows = dict.fromkeys(on_screen(asked), "no")
    assert TALK.answer(stayed, rows).current != asked.current


def test_long_checklists_come_in_parts() -> None:
    session, seen = TALK.begin(START), []
    while session.step == "question":
        seen.append(on_screen(session))
        session = TALK.skip(session)
    assert all(len(questions) <= MOST_ROWS for questions in seen)
    assert len({q for questions in seen for q in questions}) == sum(map(len, seen)), "none twice"


def test_skipping_a_checklist_keeps_what_was_ticked_and_asks_the_rest_no_more() -> None:
    asked = asked_until(TALK.begin(START), "sore_throat")
    session = TALK.skip(TALK.tick(asked, {"sore_throat": "no"}))
    assert session.answers.given == {"sore_throat": "no"}
    assert set(on_screen(asked)) - {"sore_throat"} <= session.skipped


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
    session = TALK.answer(asked_until(TALK.begin(START), "count"), {"count": "one"})
    session = TALK.answer(asked_until(session, "pattern"), {"pattern": "scattered"})
    assert on_screen(session) == ("count",)
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


def test_the_parts_end_done_and_the_one_in_front_is_marked() -> None:
    session = TALK.begin(START)
    before: list[str] = []
    while session.step == "question":
        parts = TALK.parts(session, TALK.assess(session))
        assert [p.state for p in parts].count("current") == 1
        before = [p.id for p in parts]
        session = TALK.skip(session)
    assert len(before) == len(set(before)) >= 3


def test_changing_an_answer_asks_it_alone_and_goes_on() -> None:
    session = TALK.answer(TALK.begin(START), {"age_years": 30})
    changed = TALK.change(TALK.review(session), "age_years")
    assert on_screen(changed) == ("age_years",)
    after = TALK.answer(changed, {"age_years": 31})
    assert after.answers.get("age_years") == 31
    assert on_screen(after) == on_screen(session), "it goes on where it was"
    assert TALK.change(session, "no such question") == session


@pytest.mark.parametrize(
    ("finished", "step"),
    [
        (False, "question"),  # opened from a question
        (True, "result"),  # opened from a result that was asked for early
    ],
)
def test_the_review_goes_back_to_where_it_was_opened(finished: bool, step: str) -> None:
    session = TALK.answer(TALK.begin(START), {"age_years": 30})
    session = TALK.finish(session) if finished else session
    after = TALK.close_review(TALK.review(TALK.review(session)))
    assert (after.step, after.current) == (step, session.current)


FLAGS = [
    ("no", "yes", "no", "it faded later: the first counts"),
    ("yes", "no", "no", "it no longer fades: worse counts"),
    ("yes", "not_sure", "not_sure", "unsure is worse than fine"),
    ("not_sure", "yes", "not_sure", "fine does not calm"),
    ("yes", "yes", "yes", "fine both times"),
]


@pytest.mark.parametrize(("then", "now", "counts", "why"), FLAGS)
def test_looking_again_the_worse_of_both_answers_counts(
    then: str, now: str, counts: str, why: str
) -> None:
    kept = Session("en", answers=parse_answers({"age_years": 30, "blanches": then}))
    again = TALK.begin(TALK.look_again(kept))
    assert on_screen(again) == ("blanches",), "it is asked again first"
    after = TALK.answer(again, {"blanches": now})
    assert TALK.assess(after).answers.get("blanches") == counts, why
    assert TALK.assess(again).answers.get("blanches") == then, "and until it is answered"


def test_looking_again_never_lowers_the_urgency() -> None:
    kept = answered(TALK.begin(START))
    for question in page_settings().again.questions:
        flag = load().questions[question].red_flag
        worse = replace(kept, answers=parse_answers({**kept.answers.given, question: flag}))
        again = TALK.look_again(worse)
        calmer = replace(again, answers=parse_answers({**again.answers.given, **calm_again()}))
        assert TALK.assess(calmer).urgency >= TALK.assess(worse).urgency, question


def calm_again() -> dict[str, object]:
    return {q: calm(load().questions[q]) for q in page_settings().again.questions}


def test_a_rejected_photo_never_stops_the_questions() -> None:
    finding = PhotoResult(status="rejected", problems=("unreadable",))
    session = replace(START, photos=(PhotoEntry("a", finding),))
    assert TALK.begin(session).step == "question"
