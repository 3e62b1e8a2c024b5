"""Aligned models: predictions of several models over the photos and classes that they share."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reddots.errors import TableError
from reddots.evaluation.core.sample import Sample
from reddots.evaluation.core.scored import Scored, Whole


@dataclass(frozen=True, eq=False)
class Rival:
    """One model's predictions.

    Attributes:
        name: of the model.
        scored: N photos.
        rows: N, each photo's row in the manifest; None where all models have the same photos.
    """

    name: str
    scored: Scored
    rows: Whole | None = None


def rivals_of(names: Sequence[str], samples: Sequence[Sample]) -> list[Rival]:
    """Return the models that are compared, with their classes in one order.

    Raises:
        TableError: the models' classes differ.
    """
    outputs = samples[0].scored.outputs
    rivals = []
    for name, sample in zip(names, samples, strict=True):
        own = sample.scored
        other = set(own.outputs) ^ set(outputs)
        if other:
            raise TableError(
                f"{names[0]} and {name} do not have the same classes: only one of them has "
                f"{', '.join(sorted(other))}. Columns can be mapped: --map COLUMN=OUTPUT."
            )
        rivals.append(Rival(name, own.ordered(outputs), sample.rows))
    return rivals


def shared_photos(first: Rival, second: Rival) -> tuple[Scored, Scored]:
    """Return both models' predictions of the photos that both have, in one order.

    Raises:
        TableError: there is no such photo.
    """
    if first.rows is None or second.rows is None:
        return first.scored, second.scored
    common = np.intersect1d(first.rows, second.rows)
    if not len(common):
        raise TableError(
            f"No photo is predicted by both {first.name} and {second.name}, so nothing can be "
            "compared."
        )
    return _in_order(first, common), _in_order(second, common)


def common_photos(samples: Sequence[Sample], names: Sequence[str]) -> list[Scored]:
    """Return several models' predictions of the photos that all of them have, in one order.

    Raises:
        TableError: their classes differ, or no photo is common to all.
    """
    rivals = rivals_of(names, samples)
    common = np.asarray(rivals[0].rows)
    for rival in rivals[1:]:
        common = np.intersect1d(common, np.asarray(rival.rows))
    if not len(common):
        raise TableError("No photo is predicted by all of the tables.")
    return [_in_order(rival, common) for rival in rivals]


def _in_order(rival: Rival, rows: Whole) -> Scored:
    own = np.asarray(rival.rows)
    order = np.argsort(own)
    return rival.scored.take(order[np.searchsorted(own[order], rows)])
