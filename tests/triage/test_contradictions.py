"""Answers that cannot all be true are refused; those that hardly can are asked again."""

from pathlib import Path
from typing import Any

import pytest

from reddots.errors import AnswersError
from reddots.knowledge import load
from reddots.triage.answers import (
    Answers,
    join_answers,
    parse_answers,
    parse_settings,
    read_answers,
)
from reddots.triage.assessment import assess

# answers, words of the message
IMPOSSIBLE = [
    ("age_years=5 pregnant=yes", "pregnant"),
    ("age_years=0.5 onset=years", "under one year"),
    ("age_years=0.02 onset=months", "under four weeks"),
]
# answers, a near miss that is fine
POSSIBLE = ["age_years=15 pregnant=yes", "age_years=1 onset=years", "age_years=0.08 onset=months"]


@pytest.mark.parametrize(("answers", "words"), IMPOSSIBLE)
def test_the_impossible_is_refused(answers: str, words: str) -> None:
    with pytest.raises(AnswersError, match=words):
        parse_settings(answers.split())


@pytest.mark.parametrize("answers", POSSIBLE)
def test_a_near_miss_is_not(answers: str) -> None:
    assert parse_settings(answers.split()).given


# answers, a question that is asked again first
DOUBTFUL = [
    ("age_years=70 pregnant=yes", "age_years"),
    ("age_years=11 pregnant=yes", "age_years"),
    ("age_years=40 onset=years sudden_crop=yes", "onset"),
    ("age_years=40 onset=years spreading_fast=yes blanches=yes", "onset"),
    ("age_years=40 count=one pattern=clustered", "count"),
    ("age_years=40 count=one sudden_crop=yes", "count"),
]


@pytest.mark.parametrize(("answers", "asked"), DOUBTFUL)
def test_the_doubtful_is_asked_again_first(answers: str, asked: str) -> None:
    result = assess(parse_settings(answers.split()))
    assert result.doubts, "the person is told what to check"
    first = [q for ask in result.asks[:2] for q in ask.questions]
    assert asked in first, "before anything that was not asked yet"


def test_a_doubt_lowers_nothing() -> None:
    sure = assess(parse_settings(["age_years=40", "spreading_fast=yes"]))
    doubtful = assess(parse_settings(["age_years=40", "spreading_fast=yes", "onset=years"]))
    assert doubtful.urgency >= sure.urgency


def test_every_contradiction_has_a_row() -> None:
    known = load()
    rows = [parse for parse, _ in (*IMPOSSIBLE, *DOUBTFUL)]
    met = set()
    for row in rows:
        given: dict[str, Any] = {}
        for setting in row.split():
            given.update(parse_settings([setting]).given)
        met |= {c.id for c in known.contradicted(given, known.contradictions)}
    # An emergency interrupts before anything could be asked again.
    assert {c.id for c in known.contradictions} - met == {"confused_but_well"}


# one answers file, another setting, words of the message
TWICE = [
    ('{"age_years": 0.02, "age_years": 40}', "", "“age_years” stands twice"),
    ('{"blanches": "yes"}', "blanches=no", "“blanches” is answered twice, as yes and as no"),
    ('{"age_years": 0.02}', "age_years=40", "“age_years” is answered twice, as 0.02 and as 40"),
    ('{"sites": ["face"]}', "sites=neck", "“sites” is answered twice, as face and as neck"),
    ('{"age_years": 0.5}', "onset=years", "under one year"),
]


@pytest.mark.parametrize(("file", "setting", "words"), TWICE)
def test_two_answers_to_one_question_are_never_guessed_between(
    tmp_path: Path, file: str, setting: str, words: str
) -> None:
    path = tmp_path / "answers.json"
    path.write_text(file)
    with pytest.raises(AnswersError, match=words):
        join_answers(read_answers(path), parse_settings(setting.split()))


def test_the_same_answer_twice_is_one() -> None:
    one = parse_answers({"fever": "yes"})
    assert join_answers(one, one) == one
    assert join_answers(Answers(), one) == one
