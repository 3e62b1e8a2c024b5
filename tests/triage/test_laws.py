"""The laws of the contract, as properties over any answers and any photo result.

Random answers seldom come near a rule, so each law is also tried on every rule's own picture: the
answers that fulfil it and its near miss.
"""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from any_case import answers_objects, photo_results
from reddots.knowledge import Urgency, load
from reddots.knowledge.questions import Answer, Question
from reddots.photo.result import PhotoResult
from reddots.triage.answers import Answers, parse_answers, parse_settings
from reddots.triage.assessment import assess
from reddots.triage.urgency import reasons_from_answers, with_photo
from triage.test_rules import LEVELS, TABLE

PICTURES = [text for _, picture, near_miss in TABLE for text in (picture, near_miss)]
PICTURES += [text for text, _, _ in LEVELS]


def red_flags() -> list[Question]:
    return [q for q in load().questions.values() if q.red_flag]


# A row may answer a gate otherwise than the calm answers before it: the last answer counts.
PICTURES = [
    " ".join({part.partition("=")[0]: part for part in text.split()}.values()) for text in PICTURES
]


def urgency(answers: Answers, photo: PhotoResult | None = None) -> Urgency:
    return assess(answers, photo).urgency


def level(given: Mapping[str, Answer]) -> Urgency:
    """The urgency of the answers alone, without the rest of an assessment."""
    return reasons_from_answers(Answers(given), load())[0].urgency


@given(answers_objects(), photo_results())
def test_a_photo_never_lowers_the_urgency(answers: Answers, photo: PhotoResult) -> None:
    assert urgency(answers, photo) >= urgency(answers)


@given(answers_objects(), st.data())
def test_a_raised_red_flag_never_lowers_the_urgency(answers: Answers, data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(red_flags()))
    worse = Answers({**answers.given, question.id: str(question.red_flag)})
    assert urgency(worse) >= urgency(answers)


@given(answers_objects(), st.data())
def test_an_unsure_red_flag_is_never_reassurance(answers: Answers, data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(red_flags()))
    if answers.get(question.id) == question.red_flag:
        return
    unsure = Answers({**answers.given, question.id: "not_sure"})
    assert urgency(unsure) >= urgency(answers)


@pytest.mark.parametrize(
    "picture",
    [pytest.param(p, marks=[pytest.mark.slow] * (n % 8 > 0)) for n, p in enumerate(PICTURES)],
)
def test_no_red_flag_lowers_the_urgency_of_a_rules_picture(picture: str) -> None:
    """Raised or unsure, one flag or two of a kind: never lower than without."""
    before = dict(parse_settings(picture.split()).given)
    flags = {q.id: str(q.red_flag) for q in red_flags()}
    for question, warning in flags.items():
        if before.get(question) == warning:
            continue
        unsure, raised = ({**before, question: answer} for answer in ("not_sure", warning))
        assert level(unsure) >= level(before), f"{question}: not sure"
        assert level(raised) >= level(before), f"{question}: raised"
        assert level(raised) >= level(unsure), f"{question}: certain is no calmer than unsure"


@given(st.sampled_from(PICTURES), st.data())
def test_red_flags_on_top_of_a_rules_picture_never_lower_its_urgency(
    picture: str, data: st.DataObject
) -> None:
    before = dict(parse_settings(picture.split()).given)
    extra = data.draw(answers_objects()).given
    before = {**extra, **before}
    chosen = data.draw(st.lists(st.sampled_from(red_flags()), min_size=1, max_size=4))
    after = dict(before)
    for question in chosen:
        raised = data.draw(st.booleans())
        if raised or before.get(question.id) != question.red_flag:
            after[question.id] = str(question.red_flag) if raised else "not_sure"
    assert level(after) >= level(before)


@given(st.sampled_from(PICTURES), photo_results())
def test_no_photo_lowers_the_urgency_of_a_rules_picture(picture: str, photo: PhotoResult) -> None:
    reasons = reasons_from_answers(parse_settings(picture.split()), load())
    joined = with_photo(reasons, photo, load())
    assert joined[0].urgency >= reasons[0].urgency
    assert set(reasons) <= set(joined), "no reason is lost either"


@given(answers_objects())
def test_an_unreadable_photo_changes_nothing(answers: Answers) -> None:
    alone, rejected = assess(answers), assess(answers, PhotoResult("rejected", ("unreadable",)))
    assert rejected.urgency == alone.urgency
    assert rejected.reasons == alone.reasons
    assert rejected.candidates == alone.candidates


def test_being_unsure_of_everything_is_never_self_care() -> None:
    questions = [q for q in load().questions.values() if q.kind == "tristate"]
    assert level(dict.fromkeys((q.id for q in questions), "not_sure")) > Urgency.SELF_CARE


@pytest.mark.parametrize("question", sorted(load().questions))
def test_one_answer_alone_is_never_self_care(question: str) -> None:
    known = load().questions[question]
    values: list[Answer] = [0.0, 30.0, 120.0] if known.kind == "number" else list(known.values)
    for value in values:
        answer = (value,) if known.kind == "choices" and isinstance(value, str) else value
        assert level({question: answer}) > Urgency.SELF_CARE, value


@given(answers_objects())
def test_self_care_needs_a_sourced_rule_and_no_red_flag(answers: Answers) -> None:
    reasons = reasons_from_answers(answers, load())
    if reasons[0].urgency is not Urgency.SELF_CARE:
        return
    calm = {r.id: r for r in load().rules.rules if r.urgency is Urgency.SELF_CARE}
    assert {r.rule for r in reasons} <= set(calm)
    flags = {q.id for q in red_flags() if answers.get(q.id) in {q.red_flag, "not_sure"}}
    assert all(flags <= calm[r.rule].despite for r in reasons)


@given(photo_results())
def test_nothing_known_is_never_self_care(photo: PhotoResult) -> None:
    assert urgency(Answers()) > Urgency.SELF_CARE
    assert urgency(Answers(), photo) > Urgency.SELF_CARE


@given(answers_objects(), st.none() | photo_results())
def test_every_level_names_a_sourced_rule(answers: Answers, photo: PhotoResult | None) -> None:
    result = assess(answers, photo)
    assert result.reasons, "there is always a reason"
    assert result.reasons[0].urgency == result.urgency, "the most urgent reason sets the level"
    assert all(reason.rule and reason.source for reason in result.reasons)


@given(answers_objects(), st.none() | photo_results())
def test_candidates_are_probabilities(answers: Answers, photo: PhotoResult | None) -> None:
    candidates = assess(answers, photo).candidates
    assert {c.category for c in candidates} == {c.id for c in load().candidates}
    assert abs(sum(c.probability for c in candidates) - 1) < 1e-9
    assert all(0 <= c.probability <= 1 for c in candidates)


@given(answers_objects(), photo_results())
def test_a_photo_never_moves_what_it_says_nothing_about(
    answers: Answers, photo: PhotoResult
) -> None:
    neutral = [c.id for c in load().candidates if c.photo == "neutral"]
    before = {c.category: c.probability for c in assess(answers).candidates}
    after = {c.category: c.probability for c in assess(answers, photo).candidates}
    for category in neutral:
        assert abs(before[category] - after[category]) < 1e-9


@given(answers_objects(), st.randoms())
def test_the_order_of_answers_does_not_matter(answers: Answers, random: object) -> None:
    shuffled = list(answers.as_dict().items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    again = parse_answers(dict(shuffled))
    assert again == answers, "answers read back from their own JSON are the same"
    assert assess(again, case_id="x").to_json() == assess(answers, case_id="x").to_json()


@given(answers_objects(), st.none() | photo_results())
def test_assessing_an_assessments_own_answers_gives_it_again(
    answers: Answers, photo: PhotoResult | None
) -> None:
    once = assess(answers, photo, case_id="x").to_json()
    assert assess(parse_answers(once["answers"]), photo, case_id="x").to_json() == once
