"""Triage rules: what raises the urgency, and what permits self-care."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from reddots.knowledge.conditions import Condition, Term
from reddots.knowledge.photo_rules import PhotoRule
from reddots.knowledge.sources import Citations
from reddots.knowledge.urgency import Urgency


@dataclass(frozen=True, slots=True)
class Rule:
    """Raises the urgency to ``urgency``, or for ``self_care`` permits it, when its terms hold.

    Attributes:
        all: every one must hold.
        any: at least ``at_least`` of them must hold, where there are any.
        unless: none may hold for certain.
        despite: red-flag questions that do not stop a self-care rule, raised or unsure.
        not_sure_counts: whether an unsure red flag may fulfil a term.
        candidates: categories that must together be at least ``likely``; of a self-care rule, the
            category that must also come first.
        likely: a probability, 0 to 1.
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
    candidates: tuple[str, ...] = ()
    likely: float = 0.5

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

    conditions: Mapping[str, Condition]
    rules: tuple[Rule, ...]
    photo_rules: tuple[PhotoRule, ...]
    default: Rule
    unsettled: Rule
    unsure_full: str
    unsure_lowered: str

    @cached_property
    def most_urgent_first(self) -> tuple[Rule, ...]:
        """The rules by falling urgency; of one level, in file order."""
        return tuple(sorted(self.rules, key=lambda rule: -rule.urgency))
