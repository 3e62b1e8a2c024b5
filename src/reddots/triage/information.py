"""Information (mutual information): how much each question is expected to tell, in bits."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from reddots.knowledge import Knowledge


def information(probabilities: Mapping[str, float], knowledge: Knowledge) -> Mapping[str, float]:
    """Return how much each question's answer is expected to tell about the category, in bits.

    Mutual information of answer and category (Shannon 1948), with the chance of each answer given a
    category taken as proportional to its likelihood ratio in the evidence. A number tells nothing
    here, as it is always asked.
    """
    table = _chances(knowledge)
    p = np.array([probabilities[c] for c in table.categories])
    # I(A;C) = Σ_a [ Σ_c p(c) p(a|c) log p(a|c) ] − Σ_a p(a) log p(a)
    both = table.stacked @ p
    overall = both[: len(both) // 2]
    by_value = both[len(both) // 2 :] - overall * np.log2(overall)
    gains = np.zeros(len(knowledge.questions))
    gains[table.places] = np.add.reduceat(by_value, table.starts)
    return dict(zip(knowledge.questions, np.maximum(gains, 0.0).tolist(), strict=True))


@dataclass(frozen=True, eq=False, slots=True)
class _Chances:
    """Chance of each answer given each category, and below it p·log p of the same.

    Rows are answers, grouped by question; columns are categories. ``places`` are those of the
    groups' questions among all questions.
    """

    places: npt.NDArray[np.intp]
    starts: npt.NDArray[np.intp]
    categories: tuple[str, ...]
    stacked: npt.NDArray[np.float64]


@cache
def _chances(knowledge: Knowledge) -> _Chances:
    categories = tuple(c.id for c in knowledge.candidates)
    blocks: list[npt.NDArray[np.float64]] = []
    starts, places = [], []
    for place, question in enumerate(knowledge.questions.values()):
        if not question.values:
            continue
        ratios = np.ones((len(question.values), len(categories)))
        for row, value in enumerate(question.values):
            for entry in knowledge.evidence.matching(question.id, value):
                column = categories.index(entry.category)
                ratios[row, column] = knowledge.evidence.ratio(entry.word)
        starts.append(sum(len(b) for b in blocks))
        places.append(place)
        blocks.append(ratios / ratios.sum(axis=0))
    given = np.concatenate(blocks)
    stacked = np.concatenate([given, given * np.log2(given)])
    return _Chances(
        np.array(places, dtype=np.intp), np.array(starts, dtype=np.intp), categories, stacked
    )
