"""The laws of the contract, as properties over any answers and any photo result."""

from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import answers_objects, photo_findings
from reddots.knowledge import Urgency, load
from reddots.photo.finding import PhotoFinding
from reddots.triage.answers import Answers, parse_answers
from reddots.triage.assessment import assess

EXAMPLES = 400


def urgency(answers: Answers, photo: PhotoFinding | None = None) -> Urgency:
    return assess(answers, photo).urgency


@settings(max_examples=EXAMPLES)
@given(answers_objects(), photo_findings())
def test_a_photo_never_lowers_the_urgency(answers: Answers, photo: PhotoFinding) -> None:
    assert urgency(answers, photo) >= urgency(answers)


@settings(max_examples=EXAMPLES)
@given(answers_objects(), st.data())
def test_a_raised_red_flag_never_lowers_the_urgency(answers: Answers, data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(load().red_flags))
    worse = Answers({**answers.given, question.id: str(question.red_flag)})
    assert urgency(worse) >= urgency(answers)


@settings(max_examples=EXAMPLES)
@given(answers_objects(), st.data())
def test_an_unsure_red_flag_is_never_reassurance(answers: Answers, data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(load().red_flags))
    if answers.get(question.id) == question.red_flag:
        return
    unsure = Answers({**answers.given, question.id: "not_sure"})
    assert urgency(unsure) >= urgency(answers)


@given(photo_findings())
def test_nothing_known_is_never_self_care(photo: PhotoFinding) -> None:
    assert urgency(Answers()) > Urgency.SELF_CARE
    assert urgency(Answers(), photo) > Urgency.SELF_CARE


@settings(max_examples=EXAMPLES)
@given(answers_objects(), st.none() | photo_findings())
def test_every_level_names_a_sourced_rule(answers: Answers, photo: PhotoFinding | None) -> None:
    result = assess(answers, photo)
    assert result.reasons, "there is always a reason"
    assert result.reasons[0].urgency == result.urgency, "the most urgent reason sets the level"
    assert all(reason.rule and reason.source for reason in result.reasons)


@settings(max_examples=EXAMPLES)
@given(answers_objects(), st.none() | photo_findings())
def test_candidates_are_probabilities(answers: Answers, photo: PhotoFinding | None) -> None:
    candidates = assess(answers, photo).candidates
    assert {c.category for c in candidates} == {c.id for c in load().candidates}
    assert abs(sum(c.probability for c in candidates) - 1) < 1e-9
    assert all(0 <= c.probability <= 1 for c in candidates)


@settings(max_examples=EXAMPLES)
@given(answers_objects(), photo_findings())
def test_a_photo_never_moves_what_it_says_nothing_about(
    answers: Answers, photo: PhotoFinding
) -> None:
    neutral = [c.id for c in load().candidates if c.photo == "neutral"]
    before = {c.category: c.probability for c in assess(answers).candidates}
    after = {c.category: c.probability for c in assess(answers, photo).candidates}
    for category in neutral:
        assert abs(before[category] - after[category]) < 1e-9


@settings(max_examples=EXAMPLES)
@given(answers_objects(), st.randoms())
def test_the_order_of_answers_does_not_matter(answers: Answers, random: object) -> None:
    shuffled = list(answers.as_dict().items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    again = parse_answers(dict(shuffled))
    assert again == answers, "answers read back from their own JSON are the same"
    assert assess(again, case_id="x").to_json() == assess(answers, case_id="x").to_json()
