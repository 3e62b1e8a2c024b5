"""Triage level (urgency): rules over the answers, which a photo can only add to.

The urgency is the greatest of every rule that holds. Without any, it is the default rule's, unless
a self-care rule holds and no red flag is raised or unsure. Photo rules are added after that and can
therefore never lower it.
"""

from functools import cached_property
from operator import attrgetter

import msgspec

from reddots.knowledge import Knowledge, Urgency
from reddots.knowledge.questions import UNSURE as NOT_SURE
from reddots.knowledge.rules import Rule
from reddots.photo.result import PhotoResult
from reddots.triage.answers import Answers
from reddots.triage.differential import Fusion, fuse
from reddots.triage.evaluation import Evaluation, evaluate
from reddots.triage.logic import UNSURE, YES
from reddots.triage.probability_bounds import ProbabilityBounds, probability_bounds

_LEVEL = attrgetter("urgency")


class Reason(msgspec.Struct, frozen=True):
    """One rule that holds, the level it gives here, and why, in words for the reader."""

    rule: str
    urgency: Urgency
    text: str
    source: str


def reasons_from_answers(
    answers: Answers,
    knowledge: Knowledge,
    evaluation: Evaluation | None = None,
    fusion: Fusion | None = None,
) -> tuple[Reason, ...]:
    """Return the rules that hold for ``answers``, most urgent first; never empty.

    ``evaluation`` and ``fusion`` may be given where they are already computed. A rule about
    candidates holds whether a photo makes them likely or the answers alone do, and a self-care rule
    only where both do; so the photo never lowers the urgency.
    """
    likelihood = _Likelihood(answers, fusion, knowledge)
    raised: list[Reason] = []
    doubtful, calming = [], []
    for rule, truth in (evaluation or evaluate(answers.given, knowledge)).rules:
        if truth < UNSURE:
            continue
        if rule.urgency is Urgency.SELF_CARE:
            if truth is YES:
                calming.append(rule)
        elif rule.candidates and (
            (raised and raised[0].urgency >= rule.urgency) or not likelihood.may_be(rule)
        ):
            continue  # it could add nothing, or does not hold
        elif truth is YES:
            raised.append(Reason(rule.id, rule.urgency, rule.text, rule.source))
        elif rule.not_sure_counts:
            doubtful.append(rule)
    if raised and not doubtful:
        return tuple(raised)
    unsure = unsure_flags(answers, knowledge)
    certain = raised_flags(answers, knowledge)
    raised += [
        _unsure_reason(rule, in_doubt, certain, knowledge)
        for rule in doubtful
        if (in_doubt := unsure & knowledge.questions_of(rule))
    ]
    if not raised:
        raised = [
            Reason(rule.id, rule.urgency, rule.text, rule.source)
            for rule in calming
            if not (certain | unsure) - rule.despite and likelihood.is_first(rule)
        ]
    if not raised:
        default = knowledge.rules.default
        raised = [Reason(default.id, default.urgency, default.text, default.source)]
    return tuple(sorted(raised, key=_LEVEL, reverse=True))


class _Likelihood:
    """Whether rules about candidates hold; computed only where one asks."""

    def __init__(self, answers: Answers, fusion: Fusion | None, knowledge: Knowledge) -> None:
        self._answers, self._knowledge = answers, knowledge
        self._given = fusion

    @cached_property
    def _fusion(self) -> Fusion:
        return self._given or fuse(self._answers, None, self._knowledge)

    @cached_property
    def _bounds(self) -> ProbabilityBounds:
        known = self._knowledge
        signs = raised_flags(self._answers, known) | unsure_flags(self._answers, known)
        return probability_bounds(self._answers, signs, known)

    def may_be(self, rule: Rule) -> bool:
        """Whether it is likely enough to be one of its candidates, by any way of counting."""
        after = sum(self._fusion.probabilities[c] for c in rule.candidates)
        return max(after, self._bounds.greatest(rule.candidates)) >= rule.likely

    def is_first(self, rule: Rule) -> bool:
        """Whether the rule's candidate comes first and is likely, by all ways of counting."""
        (own,) = rule.candidates
        after = self._fusion.probabilities
        return (
            next(iter(after)) == own
            and after[own] >= rule.likely
            and self._bounds.least(own) >= rule.likely
        )


def with_photo(
    reasons: tuple[Reason, ...], photo: PhotoResult | None, knowledge: Knowledge
) -> tuple[Reason, ...]:
    """Add what the photo raises; a rejected photo raises nothing."""
    if photo is None or photo.status == "rejected":
        return reasons
    held = {reason.rule for reason in reasons}
    seen = {**photo.categories, **photo.simulated_ratios}
    added = [
        Reason(rule.id, Urgency.named(rule.urgency), rule.text, rule.source)
        for rule in knowledge.rules.photo_rules
        if seen.get(rule.output, 0.0) >= rule.limit(held)
    ]
    return tuple(sorted((*reasons, *added), key=_LEVEL, reverse=True))


def raised_flags(answers: Answers, knowledge: Knowledge) -> frozenset[str]:
    """Return the red-flag questions whose answer is the warning one."""
    flags = knowledge.flags
    return frozenset(q for q, answer in answers.given.items() if flags.get(q) == answer)


def unsure_flags(answers: Answers, knowledge: Knowledge) -> frozenset[str]:
    """Return the red-flag questions that were answered “not sure”."""
    flags = knowledge.flags
    return frozenset(q for q, answer in answers.given.items() if answer == NOT_SURE and q in flags)


def _unsure_reason(
    rule: Rule, unsure: frozenset[str], certain: frozenset[str], knowledge: Knowledge
) -> Reason:
    """Return the reason of a rule that holds if the ``unsure`` flags are counted as the warning.

    It has the rule's level when a certain flag points the same way as the rule's flags, unsure or
    certain, else the level below. A flag that turns from unsure to certain so never calms.
    """
    concerned = unsure | (certain & knowledge.questions_of(rule))
    ways = {way for q in concerned for way in knowledge.questions[q].points_to}
    supported = any(ways.intersection(knowledge.questions[q].points_to) for q in certain)
    sentence = knowledge.rules.unsure_full if supported else knowledge.rules.unsure_lowered
    asked = " ".join(knowledge.questions[q].text for q in knowledge.questions if q in unsure)
    return Reason(
        rule.id,
        rule.urgency if supported else rule.urgency.lowered(),
        f"{rule.text} {sentence.format(questions=asked)}",
        rule.source,
    )
