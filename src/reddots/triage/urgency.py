"""How urgent it is: rules over the answers, which a photo can only add to.

The urgency is the greatest of every rule that holds. Without any, it is the default rule's, unless
a self-care rule holds and no red flag is raised or unsure. Photo rules are added after that and can
therefore never lower it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from reddots.knowledge import Knowledge, Urgency
from reddots.knowledge.rules import Rule, questions_of
from reddots.photo.finding import PhotoFinding
from reddots.triage.answers import Answers
from reddots.triage.conditions import Case, Truth


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that holds, the level it gives here, and why, in words for the reader."""

    rule: str
    urgency: Urgency
    text: str
    source: str


def reasons_from_answers(answers: Answers, knowledge: Knowledge) -> tuple[Reason, ...]:
    """Return the rules that hold for ``answers``, most urgent first; never empty."""
    case = Case(answers, knowledge.rules.findings)
    rules = knowledge.rules.rules
    raised = [
        reason
        for rule in rules
        if rule.urgency > Urgency.SELF_CARE
        if (reason := _reason(rule, case, knowledge)) is not None
    ]
    if not raised:
        raised = [
            Reason(rule.id, rule.urgency, rule.text, rule.source)
            for rule in rules
            if rule.urgency is Urgency.SELF_CARE and _reassures(rule, case, knowledge)
        ]
    if not raised:
        default = knowledge.rules.default
        raised = [Reason(default.id, default.urgency, default.text, default.source)]
    return tuple(sorted(raised, key=lambda r: -r.urgency))


def with_photo(
    reasons: tuple[Reason, ...], photo: PhotoFinding | None, knowledge: Knowledge
) -> tuple[Reason, ...]:
    """Add what the photo raises; a rejected photo raises nothing."""
    if photo is None or photo.status == "rejected":
        return reasons
    seen = {**photo.categories, **photo.simulated_ratios}
    added = [
        Reason(rule.id, Urgency.named(rule.urgency), rule.text, rule.source)
        for rule in knowledge.rules.photo_rules
        if seen.get(rule.output, 0.0) >= rule.at_least
    ]
    return tuple(sorted((*reasons, *added), key=lambda r: -r.urgency))


def raised_flags(answers: Answers, knowledge: Knowledge) -> frozenset[str]:
    """Return the red-flag questions whose answer is the warning one."""
    return frozenset(q.id for q in knowledge.red_flags if answers.get(q.id) == q.red_flag)


def unsure_flags(answers: Answers, knowledge: Knowledge) -> frozenset[str]:
    """Return the red-flag questions that were answered “not sure”."""
    return frozenset(q.id for q in knowledge.red_flags if answers.get(q.id) == "not_sure")


def _truth(rule: Rule, case: Case) -> Truth:
    if case.at_least(1, rule.unless) is Truth.YES and rule.unless:
        return Truth.NO
    return min(case.all(rule.all), case.at_least(rule.at_least, rule.any))


def _reason(rule: Rule, case: Case, knowledge: Knowledge) -> Reason | None:
    truth = _truth(rule, case)
    if truth is Truth.YES:
        return Reason(rule.id, rule.urgency, rule.text, rule.source)
    if truth is Truth.NO or not rule.not_sure_counts:
        return None
    involved = questions_of((*rule.all, *rule.any), knowledge.rules.findings)
    unsure = unsure_flags(case.answers, knowledge) & involved
    if not unsure:
        return None
    supported = _supported(unsure, case.answers, knowledge)
    book = knowledge.rules
    sentence = book.unsure_full if supported else book.unsure_lowered
    asked = " ".join(knowledge.questions[q].text for q in knowledge.questions if q in unsure)
    return Reason(
        rule.id,
        rule.urgency if supported else rule.urgency.lowered(),
        f"{rule.text} {sentence.format(questions=asked)}",
        rule.source,
    )


def _supported(unsure: Iterable[str], answers: Answers, knowledge: Knowledge) -> bool:
    """Whether another finding, a certain one, points the same way as those left unsure."""
    certain = raised_flags(answers, knowledge)
    ways = {way for q in unsure for way in knowledge.questions[q].points_to}
    return any(ways.intersection(knowledge.questions[q].points_to) for q in certain)


def _reassures(rule: Rule, case: Case, knowledge: Knowledge) -> bool:
    flags = raised_flags(case.answers, knowledge) | unsure_flags(case.answers, knowledge)
    return _truth(rule, case) is Truth.YES and not flags - rule.despite
