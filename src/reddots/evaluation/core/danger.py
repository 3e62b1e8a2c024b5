"""Dangerous truths: which photos a doctor should see, whether or not any class covers them.

A photo whose dangerous label no class of the table covers is an event all the same, one that the
model can only name wrongly.
"""

from collections.abc import Sequence

import numpy as np

from reddots.evaluation.core.sample import Sample
from reddots.evaluation.core.scored import Flags

EITHER, ALSO = "|", ";"


def dangerous_events(sample: Sample, dangerous: Sequence[str]) -> tuple[Flags, Flags]:
    """Return which photos are dangerous, and of which that is known (N + M each).

    Args:
        sample: the N photos with a covered label, and M whose label no class covers.
        dangerous: classes of the table and labels of the truth.
    """
    scored = sample.scored
    inside = np.array([o in dangerous for o in scored.outputs])
    event = (scored.possible & inside).any(axis=1)
    certain = ~(scored.possible & ~inside).any(axis=1) | (scored.certain & inside).any(axis=1)
    words = {w: label_is_dangerous(str(w), dangerous) for w in set(sample.uncovered.label)}
    others = [words[w] for w in sample.uncovered.label]
    events = np.append(event, np.array([w is True for w in others], dtype=bool))
    known = np.append(certain | ~event, np.array([w is not None for w in others], dtype=bool))
    return events, known


def label_is_dangerous(label: str, dangerous: Sequence[str]) -> bool | None:
    """Return whether a label is dangerous; None where it may or may not be.

    Example:
        >>> label_is_dangerous("purpura|eczema", ["purpura"]) is None
        True
        >>> label_is_dangerous("purpura;eczema", ["purpura"])
        True
    """
    if ALSO in label:
        parts = [label_is_dangerous(part, dangerous) for part in label.split(ALSO)]
        return True if True in parts else None if None in parts else False
    inside = {part.strip() in dangerous for part in label.split(EITHER)}
    return inside.pop() if len(inside) == 1 else None
