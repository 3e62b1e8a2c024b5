"""Nobody is calmed before danger signs, illness and the glass test are answered."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from any_case import CALM, answers_objects, photo_results
from reddots.knowledge import Urgency, load
from reddots.photo.result import PhotoResult
from reddots.triage.answers import Answers, parse_settings
from reddots.triage.assessment import Assessment, assess

# words that calm; none may be read while a gate is open
CALMING = ("harmless", "nothing you told us", "care for at home", "normal visit", "needs no treat")
ROUGH = "age_years=15 surface=rough sites=upper_arms onset=years worse_in_winter=yes"


def of(answers: str) -> Assessment:
    return assess(parse_settings(answers.split()))


def said(assessment: Assessment) -> str:
    told = assessment.guidance
    reasons = [r.text for r in assessment.reasons]
    about = [a.text for a in told.about]
    lines = (told.summary, *reasons, *told.do_now, *told.watch_for, *about)
    return " ".join(lines).casefold()


def without(question: str) -> str:
    return " ".join(pair for pair in CALM.split() if not pair.startswith(f"{question}="))


# answers, open gates, urgency, why
ROWS = [
    ("", 10, "routine", "nothing is answered"),
    (ROUGH, 10, "routine", "a harmless picture, with no question on danger answered"),
    (f"{ROUGH} {CALM}", 0, "self_care", "the same with all of them answered calmly"),
    (f"{ROUGH} {without('blanches')}", 1, "routine", "the glass test was skipped"),
    (f"{ROUGH} {without('fever')}", 1, "routine", "nobody knows of a fever"),
    (f"{ROUGH} {without('severe_headache')}", 1, "routine", "one danger sign is open"),
    (f"{ROUGH} {without('blanches')} blanches=not_sure", 0, "within_days", "unsure is an answer"),
    ("age_years=6 fever=yes blanches=no", 8, "emergency", "what is known is enough"),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "count", "urgency", "why"), ROWS, ids=[r[3] for r in ROWS])
def test_settled(answers: str, count: int, urgency: str, why: str) -> None:
    found = of(answers)
    assert len(found.open_gates) == count, why
    assert found.settled is (count == 0)
    if urgency != "within_days":
        assert found.urgency.id == urgency, why
    else:
        assert found.urgency > Urgency.SELF_CARE, why
    json = found.to_json()
    assert (json["settled"], json["open_gates"]) == (found.settled, list(found.open_gates))


@pytest.mark.parametrize("gate", load().gates, ids=lambda gate: gate.id)
def test_the_summary_names_the_gate_that_is_open(gate: object) -> None:
    for question in gate.questions:  # type: ignore[attr-defined]
        found = of(f"{ROUGH} {without(question)}")
        assert found.open_gates == (question,)
        assert gate.name in found.guidance.summary, question  # type: ignore[attr-defined]


@settings(max_examples=1000)
@given(answers_objects(), st.none() | photo_results())
def test_unsettled_is_never_self_care_and_never_calms(
    answers: Answers, photo: PhotoResult | None
) -> None:
    """Law 5 of the contract."""
    found = assess(answers, photo)
    if found.settled or found.urgency is Urgency.EMERGENCY:
        return
    assert found.urgency > Urgency.SELF_CARE
    text = said(found)
    assert [words for words in CALMING if words in text] == []
    assert set(found.open_gates) <= {q for g in load().gates for q in g.questions}


@settings(max_examples=300)
@given(answers_objects())
@pytest.mark.slow
def test_open_gates_are_asked_until_they_are_answered_or_skipped(answers: Answers) -> None:
    found = assess(answers)
    if found.urgency is not Urgency.EMERGENCY:
        assert set(found.open_gates) <= set(found.next_questions)
        again = assess(answers, skipped=found.open_gates)
        assert set(found.open_gates).isdisjoint(again.next_questions)
        assert again.open_gates == found.open_gates, "skipping is no answer"
