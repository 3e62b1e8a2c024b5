"""Naming a kind (subtype) inside each category, from the answers."""

from collections.abc import Mapping

from reddots.knowledge import Knowledge, Urgency
from reddots.knowledge.kinds import Kind
from reddots.triage.evaluation import Evaluation


def kinds_of(evaluation: Evaluation, urgency: Urgency, knowledge: Knowledge) -> Mapping[str, Kind]:
    """Return the first kind that holds for certain in each category.

    Kinds whose advice is care at home are left out where a doctor should be seen within days.
    """
    found: dict[str, Kind] = {}
    for kind in knowledge.kinds:
        if kind.category in found or (kind.home and urgency > Urgency.ROUTINE):
            continue
        if evaluation.is_certain(kind.when):
            found[kind.category] = kind
    return found
