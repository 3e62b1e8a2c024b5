"""Three-valued logic: how far terms, conditions and rules hold."""

from collections.abc import Iterable
from itertools import product

import pytest
from hypothesis import given, settings

from any_case import answers_objects
from reddots.knowledge import Urgency, load
from reddots.knowledge.conditions import Term, holds, parse_term
from reddots.knowledge.questions import Answer
from reddots.triage.answers import Answers, parse_settings
from reddots.triage.evaluation import evaluate
from reddots.triage.logic import Requirement, Truth, truth_of_term
from reddots.triage.urgency import raised_flags, reasons_from_answers, unsure_flags

NO, OPEN, UNSURE, YES = Truth

# term, answer, how far it holds, why
TERMS: list[tuple[str, Answer | None, Truth, str]] = [
    ("fever", "yes", YES, "it is so"),
    ("fever", "no", NO, "it is not"),
    ("fever", "not_sure", UNSURE, "it may be"),
    ("fever", None, OPEN, "nobody has answered"),
    ("blanches=no", "no", YES, "a no may be what is asked for"),
    ("blanches=no", "not_sure", UNSURE, "and then the doubt is about the no"),
    ("blanches=not_sure", "not_sure", YES, "the doubt itself is asked for"),
    ("blanches=yes|not_sure", "no", NO, "neither of the two"),
    ("blanches=unknown", None, YES, "no answer is what is asked for"),
    ("blanches=unknown", "not_sure", NO, "a doubt is an answer"),
    ("onset=hours|days", "days", YES, "one of two options"),
    ("onset=hours|days", "weeks", NO, "neither"),
    ("onset=hours|days", None, OPEN, "not answered"),
    ("age_years<18", 17.999, YES, "just below"),
    ("age_years<18", 18.0, NO, "the limit itself is not below it"),
    ("age_years>=18", 18.0, YES, "but at it"),
    ("age_years>=18", 0.0, NO, "a newborn"),
    ("age_years>=18", None, OPEN, "an unknown age"),
    ("sites=face|neck", ("face", "chest"), YES, "one of the places is there"),
    ("sites=face|neck", ("chest",), NO, "none is"),
    ("sites=only:face|neck", ("face", "neck"), YES, "nothing else is there"),
    ("sites=only:face|neck", ("face", "chest"), NO, "something else is"),
    ("sites=only:face|neck", None, OPEN, "not answered"),
]


@pytest.mark.parametrize(("term", "answer", "truth", "why"), TERMS)
def test_truth_of_a_term(term: str, answer: Answer | None, truth: Truth, why: str) -> None:
    assert truth_of_term(parse_term(term, load().questions), answer) is truth, why


TRUTHS = {"no": NO, "open": OPEN, "unsure": UNSURE, "yes": YES}

# what is asked for, how far it holds, why
REQUIREMENTS = [
    (Requirement(), YES, "nothing is asked for"),
    (Requirement(all=("yes", "yes")), YES, "all are true"),
    (Requirement(all=("yes", "unsure")), UNSURE, "“all” is as true as its least true part"),
    (Requirement(all=("unsure", "open")), OPEN, "an open question is less than a doubt"),
    (Requirement(all=("open", "no", "yes")), NO, "one is false"),
    (Requirement(any=("no", "yes")), YES, "“any” is as true as its truest part"),
    (Requirement(any=("no", "unsure", "open")), UNSURE, "a doubt is more than an open question"),
    (Requirement(any=("no", "no")), NO, "none is true"),
    (Requirement(any=("yes", "unsure", "no"), at_least=2), UNSURE, "the second truest counts"),
    (Requirement(any=("yes", "open", "yes"), at_least=2), YES, "two are true"),
    (Requirement(all=("unsure",), any=("yes",)), UNSURE, "both parts must hold"),
    (Requirement(all=("yes",), any=("open",)), OPEN, "whichever is less true"),
    (Requirement(all=("yes",), unless=("yes",)), NO, "switched off"),
    (Requirement(all=("yes",), unless=("unsure",)), YES, "a doubt switches nothing off"),
    (Requirement(all=("yes",), unless=("open", "no")), YES, "nor does an open question"),
]


@pytest.mark.parametrize(("requirement", "truth", "why"), REQUIREMENTS)
def test_truth_of_a_requirement(requirement: Requirement, truth: Truth, why: str) -> None:
    assert requirement.truth(TRUTHS) is truth, why


@settings(max_examples=300)
@given(answers_objects())
def test_certain_is_what_plain_reading_says(answers: Answers) -> None:
    known = load()
    conditions = known.rules.conditions

    def count(terms: Iterable[Term]) -> int:
        return sum(holds(term, answers.given, conditions) for term in terms)

    for rule, truth in evaluate(answers.given, known).rules:
        fulfilled = (
            count(rule.all) == len(rule.all)
            and count(rule.any) >= min(rule.at_least, len(rule.any))
            and not count(rule.unless)
        )
        assert fulfilled == (truth is YES), rule.id


@settings(max_examples=300)
@given(answers_objects())
def test_one_more_answer_makes_true_only_what_was_open(answers: Answers) -> None:
    known = load()
    fewer = dict(list(answers.given.items())[:-1])
    before = {rule.id: truth for rule, truth in evaluate(fewer, known).rules}
    for rule, truth in evaluate(answers.given, known).rules:
        if truth is YES and not rule.unless:
            assert before[rule.id] is not NO, f"{rule.id} was false, and is true now"


@settings(max_examples=300)
@given(answers_objects())
def test_every_reason_is_a_rule_that_holds(answers: Answers) -> None:
    known = load()
    flags = raised_flags(answers, known) | unsure_flags(answers, known)
    truths = {rule.id: truth for rule, truth in evaluate(answers.given, known).rules}
    expected = {
        rule.id: rule.urgency
        for rule in known.rules.rules
        if rule.urgency > Urgency.SELF_CARE and truths[rule.id] is YES and not rule.candidates
    }
    certain = set(expected)
    given_reasons = {r.rule: r.urgency for r in reasons_from_answers(answers, known)}
    assert certain <= set(given_reasons)
    for rule_id, urgency in given_reasons.items():
        if rule_id in certain:
            assert urgency == expected[rule_id]
            continue
        if rule_id == known.rules.default.id:
            assert not certain
            continue
        rule = next(r for r in known.rules.rules if r.id == rule_id)
        if rule.candidates and rule.urgency > Urgency.SELF_CARE:
            continue  # rests on the candidates' probabilities too; see test_rules
        if rule.urgency is Urgency.SELF_CARE:
            assert truths[rule.id] is YES
            assert not certain
            assert not flags - rule.despite, "a red flag voids it"
        else:
            assert truths[rule.id] is UNSURE
            assert rule.not_sure_counts
            assert urgency in {rule.urgency, rule.urgency.lowered()}


# answers to two questions of one direction, the level of the emergency rule on both
UNSURE_ANSWERS = [
    ("fever=yes blanches=no", "emergency", "both for certain"),
    ("fever=yes blanches=not_sure", "emergency", "one supports the other"),
    ("fever=not_sure blanches=no", "emergency", "either way"),
    ("fever=not_sure blanches=not_sure", "same_day", "both unsure: one level lower"),
    ("fever=no blanches=not_sure", None, "one is ruled out"),
    ("fever=not_sure", None, "one is unknown"),
]


@pytest.mark.parametrize(("answers", "level", "why"), UNSURE_ANSWERS)
def test_unsure_answers(answers: str, level: str | None, why: str) -> None:
    reasons = reasons_from_answers(parse_settings(answers.split()), load())
    found = {r.rule: r for r in reasons}.get("fever_with_non_fading_spots")
    assert (found.urgency.id if found else None) == level, why
    if found and "not_sure" in answers:
        assert "You were not sure" in found.text, "the reader is told what it rests on"


def test_flags_by_answer() -> None:
    known = load()
    expected = {("fever", "yes"): "raised", ("fever", "not_sure"): "unsure", ("fever", "no"): None,
                ("blanches", "no"): "raised", ("blanches", "yes"): None}  # fmt: skip
    for (question, answer), kind in expected.items():
        answers = Answers({question: answer})
        assert raised_flags(answers, known) == ({question} if kind == "raised" else set())
        assert unsure_flags(answers, known) == ({question} if kind == "unsure" else set())


PAIRS = list(product(["yes", "no", "not_sure", None], repeat=2))


@pytest.mark.parametrize(("fever", "blanches"), PAIRS)
def test_reasons_are_sorted_and_of_distinct_rules(fever: str | None, blanches: str | None) -> None:
    given_answers = {k: v for k, v in [("fever", fever), ("blanches", blanches)] if v}
    reasons = reasons_from_answers(Answers(given_answers), load())
    levels = [r.urgency for r in reasons]
    assert levels == sorted(levels, reverse=True), "most urgent first"
    assert len({r.rule for r in reasons}) == len(reasons)
    assert all(r.text and r.source for r in reasons)


@given(answers_objects())
@pytest.mark.slow
def test_what_an_answer_decides_alone_is_what_all_of_them_say(answers: Answers) -> None:
    """Rules are not computed anew where one answer decides; the plain way is written out here."""
    known, given_ones = load(), answers.given
    plain = {t.text: t for t in known.terms() if t.operator != "condition"}
    truths = {text: truth_of_term(t, given_ones.get(t.subject)) for text, t in plain.items()}
    for condition in known.rules.conditions.values():
        all_of, any_of = (tuple(t.text for t in part) for part in (condition.all, condition.any))
        truths[f"@{condition.id}"] = Requirement(all_of, any_of).truth(truths)
    for rule, truth in evaluate(given_ones, known).rules:
        all_of, any_of, off = (
            tuple(t.text for t in part) for part in (rule.all, rule.any, rule.unless)
        )
        assert truth is Requirement(all_of, any_of, rule.at_least, off).truth(truths), rule.id
