"""Rule evaluation: how far each term, condition and rule holds for some answers.

The tables are computed once, so that an answer costs only what rests on it.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache

import msgspec

from reddots.knowledge import Knowledge
from reddots.knowledge.conditions import Term, questions_of
from reddots.knowledge.questions import Answer
from reddots.knowledge.rules import Rule
from reddots.triage.logic import NO, OPEN, YES, Requirement, Truth, truth_of_term


class Evaluation(msgspec.Struct, frozen=True):
    """How far everything holds for some answers.

    Attributes:
        truths: by a term's text, such as ``fever``, ``age_years<16`` or ``@newborn``.
        rules: by rule, the most urgent first.
    """

    truths: Mapping[str, Truth]
    rules: Sequence[tuple[Rule, Truth]]

    def is_certain(self, terms: Iterable[Term]) -> bool:
        """Whether every one of ``terms`` holds for certain."""
        truths = self.truths
        missing = [term for term in terms if truths[term.text] is not YES]
        return not missing


def evaluate(given: Mapping[str, Answer], knowledge: Knowledge) -> Evaluation:
    """Return how far each term, condition and rule holds for the answers ``given``.

    Example:
        >>> from reddots.knowledge import load
        >>> result = evaluate({"age_years": 0.05, "fever": "not_sure"}, load())
        >>> result.truths["@newborn"].name, result.truths["fever"].name
        ('YES', 'UNSURE')
    """
    table = _table(knowledge)
    truths, rules = dict(table.unanswered), list(table.rules_unanswered)
    conditions_left, rules_left = set[int](), set[int]()
    decided_conditions, decided_rules = set[int](), set[int]()
    for question, answer in given.items():
        conditions_left |= table.conditions_of[question]
        rules_left |= table.rules_of[question]
        if isinstance(answer, str):
            own = table.answered[question, answer]
        else:
            own = tuple([YES if t.fulfilled_by(answer) else NO for t in table.terms[question]])
        effect = _effect(question, own, knowledge)
        truths.update(effect.truths)
        decided_conditions |= effect.conditions
        for place, pair in effect.rules:
            rules[place] = pair
        decided_rules |= effect.rule_places
    for place in sorted(conditions_left - decided_conditions):
        name, requirement = table.conditions[place]
        truths[name] = requirement.truth(truths)
    for place in rules_left - decided_rules:
        rule, requirement = table.rules[place]
        rules[place] = (rule, requirement.truth(truths))
    return Evaluation(truths, rules)


class _Effect(msgspec.Struct, frozen=True):
    """What one answer decides alone, whatever else is answered.

    In this logic what is true or false stays so when more becomes known. Only a term that asks for
    an unanswered question may turn, so that it counts as open here.

    Attributes:
        truths: of the question's terms, and of the conditions that are decided.
        conditions: the places of the decided conditions.
        rules: place, and rule with truth, of each decided rule; ``rule_places`` are their places.
    """

    truths: Mapping[str, Truth]
    conditions: frozenset[int]
    rules: tuple[tuple[int, tuple[Rule, Truth]], ...]
    rule_places: frozenset[int]


@lru_cache(maxsize=4096)
def _effect(question: str, answered: tuple[Truth, ...], knowledge: Knowledge) -> _Effect:
    table = _table(knowledge)
    own = {t.text: truth for t, truth in zip(table.terms[question], answered, strict=True)}
    truths = {**table.undecided, **own}
    conditions = []
    for place, (name, requirement) in enumerate(table.conditions):
        truths[name] = requirement.truth(truths)
        if place in table.conditions_of[question] and truths[name] in {NO, YES}:
            own[name] = truths[name]
            conditions.append(place)
    decided = []
    for place, (rule, requirement) in enumerate(table.rules):
        if place in table.rules_of[question]:
            truth = requirement.truth(truths)
            # What holds may still be switched off; what was switched off stays so.
            if truth is NO or (truth is YES and not requirement.unless):
                decided.append((place, (rule, truth)))
    return _Effect(
        own, frozenset(conditions), tuple(decided), frozenset(place for place, _ in decided)
    )


class _Table(msgspec.Struct, frozen=True):
    """All terms of the knowledge, and what each answer does to them, computed once.

    Attributes:
        unanswered: the truth of every term and condition when nothing is answered.
        undecided: the same of terms alone, with those that ask for an unanswered question open.
        answered: by question and one of its options, the truth of each of the question's terms.
        terms: the terms of each question.
        conditions: name and requirement of each condition, those that it is made of before it.
        rules: each rule with its requirement, the most urgent first.
        rules_unanswered: each rule with its truth when nothing is answered.
        conditions_of, rules_of: the places of those that rest on a question, so that only they
            are computed anew.
    """

    unanswered: Mapping[str, Truth]
    undecided: Mapping[str, Truth]
    answered: Mapping[tuple[str, str], tuple[Truth, ...]]
    terms: Mapping[str, tuple[Term, ...]]
    conditions: tuple[tuple[str, Requirement], ...]
    rules: tuple[tuple[Rule, Requirement], ...]
    rules_unanswered: tuple[tuple[Rule, Truth], ...]
    conditions_of: Mapping[str, frozenset[int]]
    rules_of: Mapping[str, frozenset[int]]


@cache
def _table(knowledge: Knowledge) -> _Table:
    plain = {t.text: t for t in knowledge.terms() if t.operator != "condition"}.values()
    terms = {q: tuple(t for t in plain if t.subject == q) for q in knowledge.questions}
    named = knowledge.rules.conditions
    conditions = tuple(
        (f"@{c.id}", Requirement(_names(c.all), _names(c.any))) for c in named.values()
    )
    rules = tuple((rule, _requirement(rule)) for rule in knowledge.rules.most_urgent_first)
    unanswered = {t.text: truth_of_term(t, None) for found in terms.values() for t in found}
    for name, requirement in conditions:
        unanswered[name] = requirement.truth(unanswered)
    return _Table(
        unanswered=unanswered,
        undecided=dict.fromkeys((t.text for found in terms.values() for t in found), OPEN),
        answered={
            (question.id, value): tuple(truth_of_term(t, value) for t in terms[question.id])
            for question in knowledge.questions.values()
            if question.kind != "choices"
            for value in question.values
        },
        terms=terms,
        conditions=conditions,
        rules=rules,
        rules_unanswered=tuple((rule, asked.truth(unanswered)) for rule, asked in rules),
        conditions_of=_places(
            [questions_of((*c.all, *c.any), named) for c in named.values()], knowledge
        ),
        rules_of=_places(
            [questions_of((*r.all, *r.any, *r.unless), named) for r, _ in rules], knowledge
        ),
    )


def _places(
    resting_on: Sequence[frozenset[str]], knowledge: Knowledge
) -> Mapping[str, frozenset[int]]:
    """Return, by question, the places of those that rest on it."""
    return {
        q: frozenset(place for place, found in enumerate(resting_on) if q in found)
        for q in knowledge.questions
    }


def _requirement(rule: Rule) -> Requirement:
    return Requirement(_names(rule.all), _names(rule.any), rule.at_least, _names(rule.unless))


def _names(terms: Iterable[Term]) -> tuple[str, ...]:
    return tuple(term.text for term in terms)
