"""The rules of urgency and the findings they are made of, from ``data/knowledge/rules.toml``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from reddots._toml import Entry, read_toml, require_unique
from reddots.errors import KnowledgeError
from reddots.knowledge.conditions import Finding, Term, parse_terms
from reddots.knowledge.questions import Question
from reddots.knowledge.sources import Bibliography, Citations, CitedEntry
from reddots.knowledge.urgency import Urgency

LevelName = Literal["self_care", "routine", "within_days", "same_day", "emergency"]


class _Finding(Entry, frozen=True):
    id: str
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()


class _Rule(CitedEntry, frozen=True):
    id: str
    urgency: LevelName
    text: str
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    at_least: int = 1
    unless: tuple[str, ...] = ()
    despite: tuple[str, ...] = ()
    not_sure: Literal["counts", "ignored"] | None = None


class PhotoRule(CitedEntry, frozen=True):
    """A photo output that raises the urgency when it is at least that probable.

    ``at_least`` is the calibrated probability, 0 to 1; for an output that was taught by simulation
    alone it is the capped likelihood ratio, 1 or more.
    """

    id: str
    urgency: LevelName
    output: str
    at_least: float
    text: str


class _Default(CitedEntry, frozen=True):
    id: str
    urgency: LevelName
    text: str


class _Unsure(Entry, frozen=True):
    full: str
    lowered: str


class _File(Entry, frozen=True):
    default: _Default
    unsettled: _Default
    unsure: _Unsure
    finding: tuple[_Finding, ...]
    rule: tuple[_Rule, ...]
    photo_rule: tuple[PhotoRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """Raises the urgency to ``urgency``, or for ``self_care`` permits it, when its terms hold.

    Attributes:
        all: every one must hold.
        any: at least ``at_least`` of them must hold, where there are any.
        unless: none may hold for certain.
        despite: red-flag questions that do not stop a self-care rule, raised or unsure.
        not_sure_counts: whether an unsure red flag may fulfil a term.
    """

    id: str
    urgency: Urgency
    text: str
    sources: Citations
    all: tuple[Term, ...]
    any: tuple[Term, ...] = ()
    at_least: int = 1
    unless: tuple[Term, ...] = ()
    despite: frozenset[str] = frozenset()
    not_sure_counts: bool = False

    @property
    def source(self) -> str:
        """Its sources as a reader sees them."""
        return self.sources.text


@dataclass(frozen=True)
class RuleBook:
    """Every rule there is.

    Attributes:
        default: applies when no other rule does.
        unsettled: applies instead of anything calmer while a gate is open.
        unsure_full, unsure_lowered: sentences added to a reason that rests on an unsure answer;
            ``{questions}`` stands for what the person was unsure of.
    """

    findings: Mapping[str, Finding]
    rules: tuple[Rule, ...]
    photo_rules: tuple[PhotoRule, ...]
    default: Rule
    unsettled: Rule
    unsure_full: str
    unsure_lowered: str


def read_rules(path: Path, questions: Mapping[str, Question], sources: Bibliography) -> RuleBook:
    """Read and validate the rules.

    Raises:
        KnowledgeError: the file does not fit; a term names what does not exist; a rule has no
            condition, or could lower the urgency on a red flag; findings go round in a
            circle.
    """
    raw = read_toml(path, _File, sources.decode)
    require_unique(path.name, [f.id for f in raw.finding])
    ids = [*(r.id for r in raw.rule), *(r.id for r in raw.photo_rule)]
    ids += [raw.default.id, raw.unsettled.id]
    require_unique(path.name, ids)
    try:
        findings = _findings(raw.finding, questions)
        rules = tuple(_rule(r, questions, findings) for r in raw.rule)
        for rule in rules:
            _check(rule, questions, findings)
    except KnowledgeError as error:
        raise KnowledgeError(f"{path.name}: {error}") from error
    return RuleBook(
        findings,
        rules,
        raw.photo_rule,
        _unconditional(raw.default),
        _unconditional(raw.unsettled),
        raw.unsure.full,
        raw.unsure.lowered,
    )


def _unconditional(raw: _Default) -> Rule:
    return Rule(raw.id, Urgency.named(raw.urgency), raw.text, raw.sources, all=())


def _findings(raw: tuple[_Finding, ...], questions: Mapping[str, Question]) -> dict[str, Finding]:
    # A finding may only use those above it, so that they cannot go round in a circle.
    findings: dict[str, Finding] = {}
    for entry in raw:
        if not entry.all and not entry.any:
            raise KnowledgeError(f"the finding “{entry.id}” has no condition.")
        findings[entry.id] = Finding(
            entry.id,
            parse_terms(entry.all, questions, findings),
            parse_terms(entry.any, questions, findings),
        )
    return findings


def _rule(raw: _Rule, questions: Mapping[str, Question], findings: Mapping[str, Finding]) -> Rule:
    urgency = Urgency.named(raw.urgency)
    counts = raw.not_sure == "counts" if raw.not_sure else urgency >= Urgency.SAME_DAY
    return Rule(
        id=raw.id,
        urgency=urgency,
        text=raw.text,
        sources=raw.sources,
        all=parse_terms(raw.all, questions, findings),
        any=parse_terms(raw.any, questions, findings),
        at_least=raw.at_least,
        unless=parse_terms(raw.unless, questions, findings),
        despite=frozenset(raw.despite),
        not_sure_counts=counts,
    )


def _check(rule: Rule, questions: Mapping[str, Question], findings: Mapping[str, Finding]) -> None:
    if not rule.all and not rule.any:
        raise KnowledgeError(f"the rule “{rule.id}” has no condition.")
    if rule.any and not 1 <= rule.at_least <= len(rule.any):
        raise KnowledgeError(f"the rule “{rule.id}” asks for more findings than it lists.")
    if rule.despite - set(questions):
        raise KnowledgeError(f"the rule “{rule.id}” overlooks a question that does not exist.")
    if rule.urgency is Urgency.SELF_CARE:
        _forbid(rule, (*rule.all, *rule.any), questions, findings, "rests its reassurance on")
    else:
        _forbid(rule, rule.unless, questions, findings, "is switched off by")


def _forbid(
    rule: Rule,
    terms: Iterable[Term],
    questions: Mapping[str, Question],
    findings: Mapping[str, Finding],
    how: str,
) -> None:
    """Refuse terms that a red-flag answer fulfils where that would lower the urgency."""
    for term in terms:
        if term.operator == "finding":
            inner = findings[term.subject]
            _forbid(rule, (*inner.all, *inner.any), questions, findings, how)
            continue
        flag = questions[term.subject].red_flag
        reassuring = flag is None or (
            term.operator == "any" and term.values <= {"yes", "no"} - {flag}
        )
        if not reassuring:
            raise KnowledgeError(f"the rule “{rule.id}” {how} a red flag (“{term.text}”).")
