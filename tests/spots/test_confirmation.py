"""What was found, as a question in each language, and what a yes fills in."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reddots.errors import AnswersError
from reddots.knowledge import load
from reddots.knowledge.translation import languages
from reddots.photo.result import PhotoResult, PhotoSpots
from reddots.spots.confirmation import confirmation, rounded, sentence
from reddots.spots.words import read_phrases
from reddots.triage.answers import Answers, parse_answers
from reddots.triage.assessment import assess
from reddots.triage.confirmed import with_confirmed

PATTERNS = ("scattered", "clustered", "rings", "line", "even")
SIZES = ("pinpoint", "small", "large")
COLOURS = ("red", "purple", "brown")


def found(count=40, size="small", pattern="even", colours=("red",)):
    return PhotoSpots(count, 0.02, "single" if count == 1 else pattern, colours, (), size)


@pytest.mark.parametrize(
    ("count", "said"), [(1, 1), (7, 7), (19, 19), (23, 20), (47, 50), (230, 200), (270, 300)]
)
def test_a_count_is_said_roughly(count, said):
    assert rounded(count) == said


@pytest.mark.parametrize(
    ("language", "of", "said"),
    [
        ("en", found(), "We see about 40 small red dots, spread evenly. Is that right?"),
        ("en", found(1), "We see one small red dot. Is that right?"),
        ("es", found(), "Vemos unos 40 puntos rojos pequeños, repartidos por igual. ¿Es correcto?"),
        ("es", found(1), "Vemos un punto rojo pequeño. ¿Es correcto?"),
        ("fr", found(1, "pinpoint"), "Nous voyons un point rouge minuscule. Est-ce exact\u202f?"),
        ("pt", found(7, pattern="clustered"),
         "Vemos cerca de 7 pontos vermelhos pequenos, em grupos. Está certo?"),
        ("xx", found(1), "We see one small red dot. Is that right?"),
    ],
)  # fmt: skip
def test_the_question_in_words(language, of, said):
    assert confirmation(of, language).question == said


@pytest.mark.parametrize("language", languages())
def test_every_finding_has_its_words_and_legal_answers(language):
    for count, size, pattern, colour in product((1, 5, 40), SIZES, PATTERNS, COLOURS):
        asked = confirmation(found(count, size, pattern, (colour, "red")), language)
        assert asked.question.endswith("?")
        assert "{" not in asked.question
        assert parse_answers(asked.answers).given.keys() == asked.answers.keys()
        assert ("pattern" in asked.answers) == (count > 1)


@pytest.mark.parametrize(
    ("of", "why"),
    [
        (PhotoSpots(0), "nothing was found"),
        (found(size="vast"), "a size that is not ours, as in a session that someone changed"),
        (found(pattern="stars"), "a pattern that is not ours"),
        (found(colours=("green",)), "a colour that is not ours"),
        (found(colours=()), "no colour"),
    ],
)
def test_where_nothing_is_to_confirm_nothing_is_asked(of, why):
    assert confirmation(of) is None, why


@pytest.mark.parametrize("language", languages())
def test_no_spots_is_an_answer_of_its_own_that_rules_nothing_out(language):
    said = sentence(PhotoSpots(0), language)
    assert said == read_phrases(language)["none"].text
    assert "?" not in said
    assert len(said.split(". ")) == 2, "the second sentence says that it rules nothing out"


def test_before_the_yes_nothing_is_filled_in():
    sure = {"other_rash": 1.0}
    seen = PhotoResult("ok", categories=sure, training_priors=sure, spots=found())
    assert assess(Answers(), seen).answers == Answers()


@pytest.mark.parametrize(
    ("said", "why"),
    [({"size": "large"}, "the person's own word stays"), ({}, "all is filled in")],
)
def test_a_yes_fills_in_what_was_not_answered(said, why):
    filled = with_confirmed(parse_answers(said), confirmation(found()).answers).as_dict()
    expected = {"count": "many", "size": "small", "pattern": "scattered", "colour": ["red"]}
    assert filled == expected | said, why


def test_what_cannot_be_is_left_out():
    assert with_confirmed(Answers(), {"count": "dozens", "size": "small"}).as_dict() == {
        "size": "small"
    }


CALMED_BY_A_COUNT = {
    "age_years": 9, "fever": "no", "very_unwell": "no", "drowsy_or_confused": "no",
    "spreading_fast": "no", "easy_bruising": "no", "onset": "hours", "sites": ["face"],
    "size": "pinpoint", "colour": ["red"], "injury_or_pressure": "yes",
}  # fmt: skip


def test_law_1_a_finding_that_would_calm_is_left_for_the_person_to_answer():
    answers = parse_answers(CALMED_BY_A_COUNT)
    few = parse_answers({**CALMED_BY_A_COUNT, "count": "few"})
    assert assess(few).urgency < assess(answers).urgency, "the case must be one that calms"
    assert with_confirmed(answers, {"count": "few"}) == answers


ANSWERED = {q.id: q.values for q in load().questions.values() if q.kind in {"tristate", "choice"}}
SAID = st.lists(st.sampled_from(sorted(ANSWERED)), max_size=7, unique=True).flatmap(
    lambda ids: st.fixed_dictionaries({i: st.sampled_from(ANSWERED[i]) for i in ids})
)


@settings(deadline=None, max_examples=25)
@given(SAID, st.sampled_from((1, 4, 60)), st.sampled_from(SIZES), st.sampled_from(PATTERNS),
       st.sets(st.sampled_from(COLOURS), min_size=1))  # fmt: skip
def test_law_1_a_yes_never_lowers_the_urgency(said, count, size, pattern, colours):
    try:
        answers = parse_answers(said)
    except AnswersError:  # they cannot all be true
        return
    asked = confirmation(found(count, size, pattern, tuple(sorted(colours))))
    assert assess(with_confirmed(answers, asked.answers)).urgency >= assess(answers).urgency
