"""Gating: no calm answer before the mandatory safety questions are answered.

While a gate is open the urgency is only a floor: self-care is withheld, and so are the reasons for
a normal visit, as their words calm.
"""

from reddots.knowledge import Knowledge, Urgency
from reddots.triage.answers import Answers
from reddots.triage.urgency import Reason


def open_gates(
    answers: Answers, unconcerned: frozenset[str], knowledge: Knowledge
) -> tuple[str, ...]:
    """Return the ids of the gates' questions that have no answer, in asking order.

    Questions that cannot concern the person (``unconcerned``) are not open.
    """
    closed = answers.given.keys() | unconcerned
    return tuple(q for gate in knowledge.gates for q in gate.questions if q not in closed)


def names_of(open_questions: tuple[str, ...], knowledge: Knowledge) -> tuple[str, ...]:
    """Return the names of the gates that these open questions belong to."""
    left = set(open_questions)
    return tuple(g.name for g in knowledge.gates if not left.isdisjoint(g.questions))


def withhold_calm(reasons: tuple[Reason, ...], knowledge: Knowledge) -> tuple[Reason, ...]:
    """Return the reasons that may be given while a gate is open; never empty."""
    kept = tuple(r for r in reasons if r.urgency > Urgency.ROUTINE)
    if kept:
        return kept
    unsettled = knowledge.rules.unsettled
    return (Reason(unsettled.id, unsettled.urgency, unsettled.text, unsettled.source),)
