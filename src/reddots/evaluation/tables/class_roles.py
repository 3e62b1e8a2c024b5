"""Class roles: which classes are ours, which are dangerous, which is the gate, shares in use.

The knowledge speaks of our own classes only. In a table of other classes nothing is dangerous
unless it was named, but the positive class of a binary table.
"""

from collections.abc import Mapping, Sequence

from reddots.evaluation.tables.ground_truth import meaning
from reddots.evaluation.tables.predictions import REST
from reddots.knowledge import Knowledge
from reddots.knowledge.categories import Category


def are_ours(outputs: Sequence[str], knowledge: Knowledge) -> bool:
    """Return whether at least one class of a table is an output or a category of ours."""
    names = {c.id for c in knowledge.categories.values()}
    names |= {c.output for c in knowledge.categories.values() if c.output}
    return bool(names & set(outputs))


def categories_for(outputs: Sequence[str], knowledge: Knowledge) -> Mapping[str, Category]:
    """Return the categories by which labels are understood: none where no class is ours."""
    return knowledge.categories if are_ours(outputs, knowledge) else {}


def dangerous_classes(
    outputs: Sequence[str], labels: Sequence[str], knowledge: Knowledge
) -> tuple[str, ...]:
    """Return the classes and labels that a photo rule sends to a doctor.

    A label that no class covers is dangerous all the same. Of a binary table of other classes it is
    the positive one.
    """
    if not are_ours(outputs, knowledge):
        rest = [o for o in outputs if o.startswith(REST)]
        return tuple(o for o in outputs if rest and o not in rest)
    raised = {rule.output for rule in knowledge.rules.photo_rules}
    found: set[str] = set()
    for output in raised:
        found |= meaning(output, outputs, knowledge.categories).possible
    below = {c.id for c in knowledge.categories.values() if c.output in raised}
    named = [label for label in sorted(set(labels)) if label in raised | below]
    return tuple(dict.fromkeys([*(o for o in outputs if o in found), *named]))


def gate_output(outputs: Sequence[str], knowledge: Knowledge) -> str | None:
    """Return the class for photos without skin, where the table has it."""
    gates = [c.output for c in knowledge.categories.values() if not c.is_candidate]
    return next((o for o in outputs if o in gates), None)


def expected_shares(outputs: Sequence[str], knowledge: Knowledge) -> dict[str, float]:
    """Return each class's share among people who look up tiny red dots, where that is known."""
    shares: dict[str, float] = {}
    for category in knowledge.categories.values():
        name = category.id if category.id in outputs else category.output
        if category.is_candidate and name in outputs and name is not None:
            shares[name] = shares.get(name, 0.0) + category.prior
    return shares
