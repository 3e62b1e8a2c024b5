"""Labels: from a manifest's label to the outputs that it trains and scores."""

from collections.abc import Mapping, Sequence

from reddots.knowledge.categories import Category


def label_outputs(label: str, categories: Mapping[str, Category]) -> frozenset[str]:
    """Return the outputs that ``label`` may mean; empty when it says nothing about any.

    A label is an output's id, or a category's, which stands for the category's output. A coarse
    label is ids joined by ``|``, or an output that several categories share, and means the sum of
    its parts.
    """
    outputs = {c.output for c in categories.values() if c.output}
    found = set()
    for part in label.split("|"):
        if part in outputs:
            found.add(part)
        elif part in categories and (output := categories[part].output):
            found.add(output)
    return frozenset(found)


def outputs_in_order(categories: Mapping[str, Category]) -> tuple[str, ...]:
    """Return every output there can be, in the order of ``categories.toml``, each once."""
    return tuple(dict.fromkeys(c.output for c in categories.values() if c.output))


def truth_mask(
    labels: Sequence[str], outputs: Sequence[str], categories: Mapping[str, Category]
) -> list[list[bool]]:
    """Return, for each label, which outputs it may mean: rows of ``len(outputs)``.

    A row without any True is a photo that nobody labelled in these terms.
    """
    meaning = {label: label_outputs(label, categories) for label in set(labels)}
    return [[output in meaning[label] for output in outputs] for label in labels]
