"""The contract's laws 6 to 9 as properties: what a calm answer needs, and what may not lower one.

Law 5 (nobody is calmed while a gate is open) is in ``test_gates``, the first four in ``test_laws``.
"""

from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from any_case import CALM, answers_objects, impossible, photo_results
from reddots.knowledge import Urgency, load
from reddots.photo.result import PhotoResult
from reddots.triage.answers import Answers
from reddots.triage.assessment import assess
from reddots.triage.evaluation import evaluate
from reddots.triage.interview import walk
from reddots.triage.logic import Truth
from reddots.triage.next_questions import not_concerned
from triage.test_rules import TABLE, settings

BLEEDING = {"petechiae", "vasculitis"}
EXPLAINED = ("@straining_spots_on_face", "@few_spots_after_injury", "@pressed_grown_up",
             "@pressed_on_purpose", "@bite_with_a_blood_dot", "@well_newborn_with_few_spots")  # fmt: skip
HARMLESS = [
    "age_years=15 surface=rough sites=upper_arms onset=years size=pinpoint colour=red count=many",
    "age_years=50 surface=smooth_bump colour=red onset=years changed=no sites=chest count=few",
    "age_years=30 itchy=yes touched_by=insects look=puncture onset=days sites=forearms count=few",
    "age_years=25 look=pus_head touched_by=shaving_or_waxing sites=groin onset=days colour=red",
    "age_years=0.5 sites=nappy_area onset=days surface=rough colour=red count=many moves_about=no",
]


def joined(*parts: Answers | str) -> dict[str, Any]:
    """Answers of which the later win, in the questions' order."""
    given: dict[str, Any] = {}
    for part in parts:
        given |= (settings(part) if isinstance(part, str) else part).given
    return {q: given[q] for q in load().questions if q in given}


def of(given: dict[str, Any], photo: PhotoResult | None = None) -> Any:
    return assess(Answers(given), photo)


calm_people = st.builds(
    joined, answers_objects(), st.just(CALM), st.sampled_from(HARMLESS), answers_objects()
).filter(lambda given: not impossible(given))

near_a_rule = st.builds(
    joined,
    answers_objects(),
    st.sampled_from([row[1] for row in TABLE] + [row[2] for row in TABLE]),
).filter(lambda given: not impossible(given))


@pytest.mark.parametrize("picture", HARMLESS)
def test_the_harmless_pictures_are_cared_for_at_home(picture: str) -> None:
    """Or else the properties below would test nothing."""
    assert of(joined(CALM, picture)).urgency is Urgency.SELF_CARE


@given(calm_people, st.none() | photo_results())
def test_self_care_needs_its_own_candidate_first_and_a_fitting_picture(
    given: dict[str, Any], photo: PhotoResult | None
) -> None:
    """Law 6."""
    found = of(given, photo)
    if found.urgency is not Urgency.SELF_CARE:
        return
    assert found.settled
    first = found.candidates[0]
    assert first.probability >= 0.5
    rules = {r.id: r for r in load().rules.rules}
    assert all(rules[r.rule].candidates == (first.category,) for r in found.reasons)
    assert not {"palms", "soles", "lips", "genitals"} & set(given.get("sites", ()))
    assert "purple" not in given.get("colour", ())
    assert (given.get("size"), given.get("count")) != ("large", "one")


@given(st.one_of(answers_objects().map(lambda a: dict(a.given)), calm_people),
       st.sampled_from(["hours", "days", "weeks"]), st.sampled_from(["no", "not_sure", None]),
       st.none() | photo_results())  # fmt: skip
def test_new_spots_that_are_likely_bleeding_are_seen(
    given: dict[str, Any], onset: str, blanches: str | None, photo: PhotoResult | None
) -> None:
    """Law 7; what the clinical table explains in a well, mobile person has rules of its own."""
    given = {**given, "onset": onset, "blanches": blanches}
    given = {q: given[q] for q in load().questions if given.get(q) is not None}
    assume(not impossible(given))
    truths = evaluate(given, load()).truths
    assume(not any(truths[name] is Truth.YES for name in EXPLAINED))
    found = of(given, photo)
    if sum(c.probability for c in found.candidates if c.category in BLEEDING) >= 0.5:
        child = truths["@child"] is Truth.YES
        assert found.urgency >= (Urgency.SAME_DAY if child else Urgency.WITHIN_DAYS)


@given(answers_objects() | calm_people.map(Answers), st.sampled_from(["hours", "days"]),
       st.sampled_from(["months", "years"]))  # fmt: skip
def test_new_is_never_less_urgent_than_old(answers: Answers, new: str, old: str) -> None:
    """Law 8. A rash that goes by itself in days may be cared for at home, one that lasts is shown."""
    before, now = joined(answers, f"onset={old}"), joined(answers, f"onset={new}")
    assume(not impossible(before) and not impossible(now))
    least = of(before).urgency
    assert of(now).urgency >= (least if least > Urgency.ROUTINE else Urgency.SELF_CARE)


@given(answers_objects() | calm_people.map(Answers), st.sampled_from(["small", "large"]))
def test_larger_purple_is_never_less_urgent(answers: Answers, larger: str) -> None:
    """Law 8."""
    dots, patches = (joined(answers, f"colour=purple size={size}") for size in ("pinpoint", larger))
    assume(not impossible(dots))
    assert of(patches).urgency >= of(dots).urgency


@given(answers_objects() | calm_people.map(Answers), st.sampled_from([0.02, 0.1, 0.3, 0.5]),
       st.sampled_from(["injury_or_pressure=yes", "straining=yes", "touched_by=strap_or_massage"]))  # fmt: skip
@example(Answers({"painful": "yes", "one_sided_weakness": "no", "long_hot_walk": "yes",
                  "pain_under_ribs": "yes"}), 0.02, "injury_or_pressure=yes")  # fmt: skip
def test_an_explanation_never_lowers_a_baby(answers: Answers, age: float, why: str) -> None:
    """Law 8."""
    baby = joined(answers, f"age_years={age} moves_about=no")
    assume(not impossible(baby))
    key = why.partition("=")[0]
    without = {q: a for q, a in baby.items() if q != key}
    assert of(joined(Answers(without), why)).urgency >= of(without).urgency


@given(answers_objects() | calm_people.map(Answers) | near_a_rule.map(Answers))
def test_the_interview_ends_where_all_answers_at_once_do(answers: Answers) -> None:
    """Law 9: whoever answers what is asked gets the urgency that the same answers give at once.

    Answers to questions that cannot concern the person, such as pregnancy at four, are never asked.
    """
    walked = walk(answers, load())
    said = walked.assessment.answers.given
    unasked = not_concerned(evaluate(said, load()), load())
    at_once = {q: a for q, a in answers.given.items() if q in said or q not in unasked}
    assume(not impossible(at_once))
    assert walked.assessment.urgency == of(at_once).urgency
