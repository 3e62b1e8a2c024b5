"""Rules file: triage rules and named conditions are read from ``rules.toml`` and checked."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Literal

from reddots._toml import Entry, Text, read_toml, require_unique
from reddots.errors import KnowledgeError
from reddots.knowledge.conditions import Condition, Term, parse_terms
from reddots.knowledge.photo_rules import LevelName, PhotoRule
from reddots.knowledge.questions import Question
from reddots.knowledge.rules import Rule, RuleBook
from reddots.knowledge.sources import Bibliography, CitedEntry
from reddots.knowledge.urgency import Urgency


class _Condition(Entry, frozen=True):
    id: Text
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()


class _Rule(CitedEntry, frozen=True):
    id: Text
    urgency: LevelName
    text: Text
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    at_least: int = 1
    unless: tuple[str, ...] = ()
    despite: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    likely: float = 0.5
    not_sure: Literal["counts", "ignored"] | None = None


class _Default(CitedEntry, frozen=True):
    id: Text
    urgency: LevelName
    text: Text


class _Unsure(Entry, frozen=True):
    full: Text
    lowered: Text


class _File(Entry, frozen=True):
    default: _Default
    unsettled: _Default
    unsure: _Unsure
    condition: tuple[_Condition, ...]
    rule: tuple[_Rule, ...]
    photo_rule: tuple[PhotoRule, ...] = ()


def read_rules(
    path: Path,
    questions: Mapping[str, Question],
    categories: Collection[str],
    sources: Bibliography,
) -> RuleBook:
    """Read and validate the rules.

    Raises:
        KnowledgeError: the file does not fit; a term names what does not exist; a rule has no
            condition, or could lower the urgency on a red flag; conditions go round in a
            circle.
    """
    raw = read_toml(path, _File, sources.decode)
    require_unique(path.name, [f.id for f in raw.condition])
    ids = [*(r.id for r in raw.rule), *(r.id for r in raw.photo_rule)]
    ids += [raw.default.id, raw.unsettled.id]
    require_unique(path.name, ids)
    try:
        conditions = _conditions(raw.condition, questions)
        rules = tuple(_rule(r, questions, conditions) for r in raw.rule)
        for rule in rules:
            _check(rule, questions, conditions)
            _check_candidates(rule, categories)
        _require_different(rules)
        calm = {rule.id for rule in rules if rule.urgency is Urgency.SELF_CARE}
        for photo_rule in raw.photo_rule:
            photo_rule.require_calm(calm)
    except KnowledgeError as error:
        raise KnowledgeError(f"{path.name}: {error}") from error
    return RuleBook(
        conditions,
        rules,
        raw.photo_rule,
        _unconditional(raw.default),
        _unconditional(raw.unsettled),
        raw.unsure.full,
        raw.unsure.lowered,
    )


def _unconditional(raw: _Default) -> Rule:
    return Rule(raw.id, Urgency.named(raw.urgency), raw.text, raw.sources, all=())


def _conditions(
    raw: tuple[_Condition, ...], questions: Mapping[str, Question]
) -> dict[str, Condition]:
    # A condition may only use those above it, so that they cannot go round in a circle.
    conditions: dict[str, Condition] = {}
    for entry in raw:
        if not entry.all and not entry.any:
            raise KnowledgeError(f"the condition “{entry.id}” has no condition.")
        conditions[entry.id] = Condition(
            entry.id,
            parse_terms(entry.all, questions, conditions),
            parse_terms(entry.any, questions, conditions),
        )
    return conditions


def _rule(
    raw: _Rule, questions: Mapping[str, Question], conditions: Mapping[str, Condition]
) -> Rule:
    urgency = Urgency.named(raw.urgency)
    counts = raw.not_sure == "counts" if raw.not_sure else urgency >= Urgency.SAME_DAY
    return Rule(
        id=raw.id,
        urgency=urgency,
        text=raw.text,
        sources=raw.sources,
        all=parse_terms(raw.all, questions, conditions),
        any=parse_terms(raw.any, questions, conditions),
        at_least=raw.at_least,
        unless=parse_terms(raw.unless, questions, conditions),
        despite=frozenset(raw.despite),
        not_sure_counts=counts,
        candidates=raw.candidates,
        likely=raw.likely,
    )


def _check_candidates(rule: Rule, categories: Collection[str]) -> None:
    if set(rule.candidates) - set(categories):
        raise KnowledgeError(f"the rule “{rule.id}” names a category that does not exist.")
    if not 0 < rule.likely <= 1:
        raise KnowledgeError(f"the rule “{rule.id}” needs a probability above 0, up to 1.")
    if rule.urgency is Urgency.SELF_CARE and len(rule.candidates) != 1:
        raise KnowledgeError(f"the self-care rule “{rule.id}” must name its one category.")


def _check(
    rule: Rule, questions: Mapping[str, Question], conditions: Mapping[str, Condition]
) -> None:
    if not rule.all and not rule.any:
        raise KnowledgeError(f"the rule “{rule.id}” has no condition.")
    if rule.any and not 1 <= rule.at_least <= len(rule.any):
        raise KnowledgeError(f"the rule “{rule.id}” asks for more conditions than it lists.")
    if rule.despite - set(questions):
        raise KnowledgeError(
            f"the rule “{rule.id}” names in “despite” a question that does not exist."
        )
    if rule.despite and rule.urgency is not Urgency.SELF_CARE:
        raise KnowledgeError(f"the rule “{rule.id}” has “despite”, which is for self-care.")
    if rule.urgency is Urgency.SELF_CARE:
        _forbid(rule, (*rule.all, *rule.any), questions, conditions, "rests its reassurance on")
    else:
        _forbid(rule, rule.unless, questions, conditions, "is switched off by")


def _require_different(rules: Iterable[Rule]) -> None:
    """Refuse two rules with the same condition: one of them is a mistake, whatever their levels."""
    seen: dict[object, Rule] = {}
    for rule in rules:
        same = (
            *(_meaning(t) for t in (rule.all, rule.any, rule.unless)),
            rule.at_least,
            rule.candidates,
        )
        other = seen.setdefault(same, rule)
        if other is not rule:
            raise KnowledgeError(f"the rules “{other.id}” and “{rule.id}” have the same condition.")


def _meaning(terms: Iterable[Term]) -> frozenset[tuple[object, ...]]:
    # A term may be written in two ways, such as “fever” and “fever=yes”.
    return frozenset((t.subject, t.operator, t.values, t.limit) for t in terms)


def _forbid(
    rule: Rule,
    terms: Iterable[Term],
    questions: Mapping[str, Question],
    conditions: Mapping[str, Condition],
    how: str,
) -> None:
    """Refuse terms that a red-flag answer fulfils where that would lower the urgency."""
    for term in terms:
        if term.operator == "condition":
            inner = conditions[term.subject]
            _forbid(rule, (*inner.all, *inner.any), questions, conditions, how)
            continue
        flag = questions[term.subject].red_flag
        reassuring = flag is None or (
            term.operator == "any" and term.values <= {"yes", "no"} - {flag}
        )
        if not reassuring:
            raise KnowledgeError(f"the rule “{rule.id}” {how} a red flag (“{term.text}”).")
