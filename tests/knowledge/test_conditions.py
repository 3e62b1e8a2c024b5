"""The small language of conditions: what it understands, and what it refuses."""

import pytest

from reddots.errors import KnowledgeError
from reddots.knowledge import load
from reddots.knowledge.conditions import Condition, parse_term, parse_terms, questions_of

CONDITIONS = ("child", "non_fading")

# text, subject, operator, values or limit
TERMS = [
    ("fever", "fever", "any", {"yes"}),
    ("fever=not_sure", "fever", "any", {"not_sure"}),
    ("onset=hours|days", "onset", "any", {"hours", "days"}),
    ("sites=only:face|neck", "sites", "only", {"face", "neck"}),
    ("age_years<16", "age_years", "below", 16.0),
    ("age_years<0.077", "age_years", "below", 0.077),
    ("age_years>=30", "age_years", "at_least", 30.0),
    ("onset=unknown", "onset", "unknown", set()),
    ("@child", "child", "condition", set()),
]


@pytest.mark.parametrize(("text", "subject", "operator", "meaning"), TERMS)
def test_terms_are_understood(
    text: str, subject: str, operator: str, meaning: set[str] | float
) -> None:
    term = parse_term(text, load().questions, CONDITIONS)
    assert (term.text, term.subject, term.operator) == (text, subject, operator)
    assert (term.limit if isinstance(meaning, float) else set(term.values)) == meaning


# text, words that the message must have, why
BAD = [
    ("", ["not one that"], "nothing"),
    ("fever yes", ["not one that"], "no sign between"),
    ("fever==yes", ["not one that"], "two signs"),
    ("fever!=yes", ["not one that"], "a sign that is not in the language"),
    ("age_years<=16", ["not one that"], "nor is this one"),
    ("age_years<", ["not one that"], "no number"),
    ("fevr", ["fevr", "question that does not exist"], "an unknown question"),
    ("fever=maybe", ["maybe", "yes, no, not_sure"], "an unknown answer"),
    ("onset=hours|ages", ["ages", "weeks"], "one unknown answer of two"),
    ("sites", ["yes", "lower_legs"], "a list is never just yes"),
    ("fever<3", ["no number"], "an answer that cannot be compared"),
    ("age_years=30", ["30", "0 to 120"], "a number is compared, not matched"),
    ("@measles", ["condition that does not exist"], "an unknown condition"),
]


@pytest.mark.parametrize(("text", "words", "why"), BAD, ids=[row[2] for row in BAD])
def test_bad_terms_are_named(text: str, words: list[str], why: str) -> None:
    with pytest.raises(KnowledgeError) as caught:
        parse_term(text, load().questions, CONDITIONS)
    for word in [f"“{text}”", *words]:
        assert word in str(caught.value), why


def test_questions_are_found_through_named_conditions() -> None:
    questions = load().questions
    ill = Condition("ill", parse_terms(["fever", "cough"], questions), ())
    worse = Condition(
        "worse", parse_terms(["@ill"], questions, ["ill"]), parse_terms(["numbness"], questions)
    )
    terms = parse_terms(["@worse", "age_years<5"], questions, ["ill", "worse"])
    assert questions_of(terms, {"ill": ill, "worse": worse}) == {
        "fever", "cough", "numbness", "age_years",
    }  # fmt: skip
