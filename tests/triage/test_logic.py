"""Conditions weighed as bits mean what they mean when each is read by itself."""

from collections.abc import Iterable
from itertools import product

import pytest
from hypothesis import given, settings

from any_case import answers_objects
from reddots.errors import KnowledgeError
from reddots.knowledge import Urgency, load
from reddots.knowledge.conditions import Term, parse_terms
from reddots.knowledge.logic import ConditionIndex
from reddots.knowledge.rules import Rule
from reddots.triage.answers import Answers, parse_settings
from reddots.triage.urgency import raised_flags, reasons_from_answers, unsure_flags

NO, UNSURE, YES = range(3)


def truth(term: Term, answers: Answers) -> int:  # noqa: PLR0911 - one for each kind of term
    """How far one term holds, by the plain definition."""
    if term.operator == "finding":
        finding = load().rules.findings[term.subject]
        return min(truth_of_all(finding.all, answers), truth_of_some(1, finding.any, answers))
    answer = answers.get(term.subject)
    if term.operator == "unknown":
        return YES if answer is None else NO
    if answer is None:
        return NO
    if isinstance(answer, float):
        holds = answer < term.limit if term.operator == "below" else answer >= term.limit
        return YES if holds else NO
    if isinstance(answer, tuple):
        chosen = set(answer)
        holds = chosen <= term.values if term.operator == "only" else bool(chosen & term.values)
        return YES if holds else NO
    if answer in term.values:
        return YES
    return UNSURE if answer == "not_sure" else NO


def truth_of_all(terms: Iterable[Term], answers: Answers) -> int:
    return min((truth(t, answers) for t in terms), default=YES)


def truth_of_some(count: int, terms: Iterable[Term], answers: Answers) -> int:
    truths = sorted((truth(t, answers) for t in terms), reverse=True)
    return truths[count - 1] if truths else YES


def truth_of_rule(rule: Rule, answers: Answers) -> int:
    if rule.unless and truth_of_some(1, rule.unless, answers) == YES:
        return NO
    return min(truth_of_all(rule.all, answers), truth_of_some(rule.at_least, rule.any, answers))


@settings(max_examples=300)
@given(answers_objects())
def test_every_rule_holds_as_far_as_its_terms_say(answers: Answers) -> None:
    known = load()
    holding = known.index.weigh(answers.given)
    for rule, condition in (*known.raising, *known.reassuring):
        expected = truth_of_rule(rule, answers)
        assert condition.holds(holding) == (expected == YES), rule.id
        assert condition.may_hold(holding) == (expected >= UNSURE), rule.id


@settings(max_examples=300)
@given(answers_objects())
def test_every_reason_is_a_rule_that_holds(answers: Answers) -> None:
    known = load()
    flags = raised_flags(answers, known) | unsure_flags(answers, known)
    expected: dict[str, Urgency] = {}
    for rule in known.rules.rules:
        how_far = truth_of_rule(rule, answers)
        if rule.urgency > Urgency.SELF_CARE and how_far == YES:
            expected[rule.id] = rule.urgency
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
        if rule.urgency is Urgency.SELF_CARE:
            assert truth_of_rule(rule, answers) == YES
            assert not certain
            assert not flags - rule.despite, "a red flag voids it"
        else:
            assert truth_of_rule(rule, answers) == UNSURE
            assert rule.not_sure_counts
            assert urgency in {rule.urgency, rule.urgency.lowered()}


@settings(max_examples=200)
@given(answers_objects())
def test_what_is_not_open_cannot_be_reached(answers: Answers) -> None:
    """Each mask contains the one before: certain, in doubt, still open."""
    known = load()
    holding = known.index.weigh(answers.given)
    assert holding.yes & ~holding.maybe == 0
    assert holding.maybe & ~holding.open == 0
    fewer = dict(list(answers.given.items())[:-1])
    before = known.index.weigh(fewer)
    for rule, condition in known.raising:
        if condition.holds(holding) and not rule.unless:
            assert condition.is_open(before), f"{rule.id} came about by one more answer"


# limit, age, whether it is below, why
AGES = [
    (18, 17.999, True, "just below"),
    (18, 18.0, False, "the limit itself is not below it"),
    (18, 18.001, False, "just above"),
    (18, 0.0, True, "a newborn"),
    (18, 120.0, False, "the oldest"),
]


@pytest.mark.parametrize(("limit", "age", "below", "why"), AGES)
def test_limits_of_numbers(limit: float, age: float, below: bool, why: str) -> None:
    known = load()
    terms = parse_terms(
        [f"age_years<{limit}", f"age_years>={limit}", "age_years<5"], known.questions
    )
    index = ConditionIndex(known.questions, {}, terms)
    yes = index.weigh({"age_years": age}).yes
    assert [bool(yes & index.mask([t])) for t in terms] == [below, not below, age < 5], why


# sites, whether any of face or neck is there, whether nothing else is
LISTS = [
    (("face",), True, True),
    (("face", "neck"), True, True),
    (("face", "chest"), True, False),
    (("chest",), False, False),
]


@pytest.mark.parametrize(("sites", "some", "only"), LISTS)
def test_lists(sites: tuple[str, ...], some: bool, only: bool) -> None:
    known = load()
    terms = parse_terms(["sites=face|neck", "sites=only:face|neck"], known.questions)
    index = ConditionIndex(known.questions, {}, terms)
    yes = index.weigh({"sites": sites}).yes
    assert [bool(yes & index.mask([t])) for t in terms] == [some, only]


def test_a_condition_that_is_not_indexed_is_named() -> None:
    known = load()
    index = ConditionIndex(known.questions, {}, parse_terms(["fever"], known.questions))
    with pytest.raises(KnowledgeError, match="“cough” is not indexed"):
        index.mask(parse_terms(["cough"], known.questions))


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
