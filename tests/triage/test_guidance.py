"""Each reader gets the advice that is for them, and nobody gets what would harm."""

import pytest
from hypothesis import given, settings

from any_case import CALM, answers_objects, photo_results
from reddots.knowledge import Urgency, load
from reddots.photo.result import PhotoResult
from reddots.triage.answers import Answers, parse_settings
from reddots.triage.assessment import assess
from reddots.triage.guidance import Guidance


def guidance(answers: str) -> Guidance:
    return assess(parse_settings(answers.split())).guidance


def said(answers: str) -> str:
    """All that this reader is told, in lower case."""
    told = guidance(answers)
    lists = (told.do_now, told.watch_for, told.tell_the_doctor, [a.text for a in told.about])
    return " ".join([told.summary, *(line for lines in lists for line in lines)]).casefold()


SICK_CHILD = "age_years=6 fever=yes blanches=no"

# answers, words that are said, why
TOLD = [
    (SICK_CHILD, ["112", "999", "911"], "the number differs by country"),
    (SICK_CHILD, ["aspirin", "child", "reye"], "a child with fever gets no aspirin"),
    ("age_years=6 sore_throat=yes", ["aspirin", "reye"], "nor does a child with a sore throat"),
    ("fever=yes", ["aspirin", "child"], "nor somebody who may be a child"),
    ("age_years=60 aspirin=yes blanches=no onset=months", ["do not stop", "aspirin"], "a prescribed aspirin is not stopped"),
    ("age_years=60 heparin_or_anticoagulant=yes", ["do not stop", "blood thinner"], "nor a blood thinner"),
    ("age_years=60 new_medicine=yes", ["never stop", "prescribed"], "nor any prescribed medicine"),
    ("age_years=9 sore_throat=yes", ["strep", "heart"], "strep can harm the heart for life"),
    ("age_years=9 sore_throat=yes joint_pain=yes", ["culture", "rapid test", "more accurate"], "the two throat tests"),
    ("age_years=40", ["glass test"], "the glass test is asked for"),
    ("age_years=40 blanches=not_sure", ["glass test", "as if the spots do not fade"], "and doubt counts"),
    ("age_years=40 blanches=yes", ["check the spots again", "fade at first"], "a rash is checked again"),
    ("age_years=40 fever=yes blanches=yes", ["no rash does not rule out"], "no rash rules nothing out"),
    ("age_years=0.1", ["in a baby"], "signs in a baby"),
    (f"age_years=15 surface=rough sites=upper_arms onset=years {CALM}", ["moistur", "no treatment cures"], "keratosis pilaris"),
    ("age_years=30 blanches=yes injury_or_pressure=yes count=few fever=no very_unwell=no spreading_fast=no", ["cold compress"], "a knock is cooled"),
    ("age_years=40 chemotherapy_or_radiotherapy=yes fever=yes", ["cancer treatment card"], "the card's own number"),
    ("age_years=30 breathing_difficulty_or_face_swelling=yes", ["adrenaline"], "an allergic reaction"),
    ("age_years=30 pregnant=yes", ["pregnant"], "the doctor must know"),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "words", "why"), TOLD, ids=[row[2] for row in TOLD])
def test_what_is_said(answers: str, words: list[str], why: str) -> None:
    text = said(answers)
    assert [word for word in words if word not in text] == [], why


# answers, words that are not said, why
UNTOLD = [
    (SICK_CHILD, ["moistur", "cold compress", "normal visit"], "no care at home in an emergency"),
    ("age_years=40 blanches=no onset=days", ["that the spots faded"], "the doctor is told the truth about the test"),
    ("age_years=40 fever=no", ["reye"], "an adult may take aspirin"),
    ("age_years=15 surface=rough sites=upper_arms onset=years", ["get emergency help now"], "no alarm where there is none"),
    ("age_years=40 fever=no", ["in a baby"], "signs in a baby are not for adults"),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "words", "why"), UNTOLD, ids=[row[2] for row in UNTOLD])
def test_what_is_not_said(answers: str, words: list[str], why: str) -> None:
    text = said(answers)
    assert [word for word in words if word in text] == [], why


@settings(max_examples=200)
@given(answers_objects(), photo_results())
def test_there_is_always_a_next_step(answers: Answers, photo: PhotoResult) -> None:
    assessment = assess(answers, photo)
    told = assessment.guidance
    (summary,) = [
        a.text.partition("{")[0]
        for a in load().guidance.advice
        if a.section == "summary"
        and assessment.urgency in a.levels
        and a.settled in {None, assessment.settled}
    ]
    assert told.summary.startswith(summary), "one summary, that of the level"
    assert told.do_now
    assert told.watch_for
    assert told.tell_the_doctor
    for lines in (told.do_now, told.watch_for, told.tell_the_doctor):
        assert len(set(lines)) == len(lines), "nothing is said twice"
    assert all(a.text and a.source for a in told.about)


@settings(max_examples=200)
@given(answers_objects())
def test_in_an_emergency_the_first_thing_is_to_call(answers: Answers) -> None:
    assessment = assess(answers)
    if assessment.urgency is Urgency.EMERGENCY:
        assert "Call" in assessment.guidance.do_now[0]
        assert all(n in assessment.guidance.summary for n in ("112", "999", "911"))


def test_with_nothing_known_no_category_is_explained() -> None:
    assert all(a.category == "" for a in guidance("").about)
    assert guidance("age_years=40").about[0].category != ""


def test_at_most_three_likely_categories_are_explained() -> None:
    told = assess(parse_settings(f"age_years=40 {CALM}".split()))
    explained = {a.category for a in told.guidance.about if a.category}
    assert 0 < len(explained) <= 3
    assert all(c.probability >= 0.05 for c in told.candidates if c.category in explained)


def test_every_piece_of_advice_is_for_somebody() -> None:
    """No text is written that a filter keeps from every reader."""
    categories = {c.id for c in load().candidates}
    for advice in load().guidance.advice:
        assert set(advice.categories) <= categories, advice.id
        if Urgency.EMERGENCY in advice.levels and len(advice.levels) == 1:
            assert not advice.categories, f"{advice.id}: an emergency is not about a name"
