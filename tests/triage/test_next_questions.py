"""What is asked next: dangers first, nothing twice, in an emergency what could undo it, an end."""

import pytest
from hypothesis import given, settings

from any_case import answers_objects
from reddots.knowledge import Urgency, load
from reddots.knowledge.questions import Answer
from reddots.triage.answers import Answers, parse_settings
from reddots.triage.assessment import Assessment, assess
from reddots.triage.information import information
from reddots.triage.interview import walk


def of(answers: str) -> Assessment:
    return assess(parse_settings(answers.split()))


def test_with_nothing_known_age_and_dangers_come_first() -> None:
    asked = of("").next_questions
    assert asked[0] == "age_years"
    first = next(q for q in asked if load().questions[q].group != "person")
    dangers = {"drowsy_or_confused", "blanches", "fever", "chest_pain_or_breathless"}
    assert dangers <= set(asked[:25])
    assert load().questions[first].red_flag, (
        "the first question about the spots or the body is on a danger"
    )


@settings(max_examples=200)
@given(answers_objects())
@pytest.mark.slow
def test_what_is_asked_is_open_and_asked_once(answers: Answers) -> None:
    assessment = assess(answers)
    asked = assessment.next_questions
    assert len(set(asked)) == len(asked)
    assert set(asked) <= set(load().questions)
    doubted = bool(assessment.doubts)
    assert doubted or not set(asked) & set(answers.given), "only doubtful answers are asked again"
    if assessment.urgency is Urgency.EMERGENCY:
        assert len(asked) <= 12, "the next step is to call"


# answers, what is still asked
EMERGENCIES = [
    ("age_years=40 chest_pain_or_breathless=yes", ()),
    ("age_years=6 fever=yes stiff_neck_or_light_hurts=yes", ()),
    ("age_years=40 fever=yes very_unwell=yes onset=hours", ("blanches",)),
    ("age_years=40 fever=yes very_unwell=yes onset=hours limb_pain=yes", ()),
    ("age_years=0.02 count=many onset=days", ("blanches",)),
    ("age_years=0.02 count=many onset=days fever=yes", ()),
    ("age_years=40 fever=yes travel_or_tick=yes vomiting=yes blanches=yes", ("travelled_to",)),
    ("age_years=40 fever=yes blanches=no onset=hours", ()),
]


@pytest.mark.parametrize(("answers", "asked"), EMERGENCIES)
def test_in_an_emergency_only_what_could_undo_it_is_asked(
    answers: str, asked: tuple[str, ...]
) -> None:
    """Where it rests on a question that has not come yet, such as the glass test (law 9)."""
    found = of(answers)
    assert found.urgency is Urgency.EMERGENCY
    assert found.next_questions == asked


@pytest.mark.parametrize(
    "calm",
    [
        "age_years=0.02 person=my_baby count=many onset=days fever=no very_unwell=no blanches=yes",
        "age_years=40 fever=yes very_unwell=yes onset=hours blanches=yes",
        "age_years=40 fever=yes travel_or_tick=yes vomiting=yes blanches=yes travelled_to=europe",
    ],
)
def test_the_interview_does_not_stop_at_what_a_later_answer_undoes(calm: str) -> None:
    answers = parse_settings(calm.split())
    walked = walk(answers, load()).assessment.urgency
    assert walked == assess(answers).urgency < Urgency.EMERGENCY


@settings(max_examples=100)
@given(answers_objects())
def test_a_skipped_question_is_not_asked_again(answers: Answers) -> None:
    asked = assess(answers).next_questions
    left = assess(answers, skipped=asked[:3]).next_questions
    if not assess(answers).doubts:
        assert not set(asked[:3]) & set(left)


HARMLESS: dict[str, Answer] = {"age_years": 40.0, "blanches": "yes", "onset": "years"}


@pytest.mark.parametrize("age", [0.5, 8.0, 40.0])
def test_asking_comes_to_an_end(age: float) -> None:
    """Somebody who has nothing is asked, screen by screen, until nothing more would change."""
    given_answers: dict[str, Answer] = {}
    screens = 0
    while asks := assess(Answers(given_answers)).asks:
        screens += 1
        assert screens < 30, "it never ends"
        for question_id in asks[0].questions:
            question = load().questions[question_id]
            answer: Answer = age if question.kind == "number" else "no"
            if question.kind in {"choice", "choices"}:
                first = question.values[-1]
                answer = (first,) if question.kind == "choices" else first
            given_answers[question_id] = HARMLESS.get(question_id, answer)
            given_answers["age_years"] = age
    assert screens <= (12 if age > 2 else 13), "a dozen in the ordinary case; a baby has one more"


@settings(max_examples=100)
@given(answers_objects())
def test_information_is_a_number_of_bits(answers: Answers) -> None:
    probabilities = {c.category: c.probability for c in assess(answers).candidates}
    for question, bits in information(probabilities, load()).items():
        assert 0 <= bits <= 3.5, question  # log2 of nine categories is 3.17


def test_a_certain_candidate_leaves_nothing_to_learn() -> None:
    certain = {c.id: 1.0 if c.id == "petechiae" else 0.0 for c in load().candidates}
    assert max(information(certain, load()).values()) == pytest.approx(0, abs=1e-9)


def test_what_tells_candidates_apart_tells_more() -> None:
    between = {c.id: 0.0 for c in load().candidates}
    between |= {"keratosis_pilaris": 0.5, "cherry_angioma": 0.5}
    gains = information(between, load())
    assert gains["surface"] > gains["fever"], "rough or smooth decides, a fever does not"
    assert gains["worse_in_winter"] > gains["aspirin"]


def test_each_screen_says_why_it_is_asked() -> None:
    for ask in of("").asks:
        assert ask.why(load())
        assert ask.questions
