"""Differential diagnosis: weighted conditions, and the one label of ours that they agree on."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from reddots.datasets.sources.label_map import Meanings

SURE: Final = 0.6  # weight from which a differential is one label; judgement
EITHER: Final = 0.8  # weight from which it is one of two; judgement


def agreed_label(weighted: Mapping[str, float], meanings: Meanings, sure: float = SURE) -> str:
    """Return the label that a differential gives; empty where it gives none.

    One label needs ``sure`` of the weight; either of two ``EITHER``, unless more than ``SURE`` is
    asked of one. Otherwise the dermatologists disagree. Names of one output count together.

    Args:
        weighted: the set's own names of conditions, with weights that sum to 1 or less.
        meanings: the set's table.
        sure: the least weight of one label, above 0 and up to 1.
    """
    weights: defaultdict[frozenset[str], float] = defaultdict(float)
    names: defaultdict[frozenset[str], set[str]] = defaultdict(set)
    for condition, weight in weighted.items():
        label = meanings.label(condition)
        if label:
            outputs = meanings.outputs(label)
            weights[outputs] += weight
            names[outputs].add(label)
    best = sorted(weights, key=lambda o: (-weights[o], sorted(o)))[:2]
    if best and weights[best[0]] >= sure:
        chosen = best[:1]
    elif len(best) > 1 and sure <= SURE and sum(weights[o] for o in best) >= EITHER:
        chosen = best
    else:
        chosen = []
    parts = [
        part
        for outputs in chosen
        for part in (names[outputs] if len(names[outputs]) == 1 else sorted(outputs))
    ]
    return "|".join(dict.fromkeys(p for part in parts for p in part.split("|")))
