"""What the knowledge says of a table's outputs: which are dangerous, which is the gate, shares."""

from collections.abc import Sequence

from reddots.evaluation.tables.ground_truth import meaning
from reddots.knowledge import Knowledge


def dangerous_outputs(outputs: Sequence[str], knowledge: Knowledge) -> tuple[str, ...]:
    """Return the outputs that a photo rule sends to a doctor, or categories of such an output."""
    raised = {rule.output for rule in knowledge.rules.photo_rules}
    found: set[str] = set()
    for output in raised:
        found |= meaning(output, outputs, knowledge.categories).may
    return tuple(o for o in outputs if o in found)


def gate_output(outputs: Sequence[str], knowledge: Knowledge) -> str | None:
    """Return the output for photos without skin, where the table has it."""
    gates = [c.output for c in knowledge.categories.values() if not c.is_candidate]
    return next((o for o in outputs if o in gates), None)


def expected_shares(outputs: Sequence[str], knowledge: Knowledge) -> dict[str, float]:
    """Return each output's share among people who look up tiny red dots, where that is known."""
    shares: dict[str, float] = {}
    for category in knowledge.categories.values():
        name = category.id if category.id in outputs else category.output
        if category.is_candidate and name in outputs and name is not None:
            shares[name] = shares.get(name, 0.0) + category.prior
    return shares
