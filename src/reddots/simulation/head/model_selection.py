"""Chooses the penalty by rendered pictures, and by real photos of the other kinds.

No permitted photo shows bleeding, but many show what the other kinds stand for: whether heads for
those find them in real photos says how well a penalty carries over from renderings to skin.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reddots.datasets.manifest import Row
from reddots.evaluation.metrics.scores import auroc
from reddots.simulation.head.feature_dataset import FeatureDataset
from reddots.simulation.head.ridge import Standard, ridge
from reddots.simulation.rendering.lesions import read_kinds

PENALTIES = (0.001, 0.003, 0.01, 0.03, 0.1)
_FEWEST = 5  # real photos


@dataclass(frozen=True)
class Carried:
    """How a penalty did.

    Attributes:
        painted: AUROC of bleeding by another style on other skin patches.
        real: by kind, AUROC of a head for it, taught among rendered pictures, on real photos.
    """

    penalty: float
    painted: float
    real: dict[str, float]

    @property
    def merit(self) -> float:
        """Mean of the rendered AUROC and of the real ones' mean."""
        return (self.painted + float(np.mean([*self.real.values()] or [0.5]))) / 2


def try_penalties(
    taught: FeatureDataset,
    held_out: FeatureDataset,
    rows: Sequence[Row],
    photos: npt.NDArray[np.float32],
) -> list[Carried]:
    """Return how each penalty did, in the order of :data:`PENALTIES`.

    Args:
        taught: pictures to learn from.
        held_out: by another style, on other skin patches.
        rows: real photos, with nothing rendered on them.
        photos: their pooled depths, rows × D.
    """
    shown = _shown(rows)
    names = list(shown)
    standard = Standard.of(taught.pooled)
    truths = np.stack([np.isin(taught.kind, kinds) for kinds, _ in shown.values()], axis=1) \
        if names else np.zeros((len(taught.kind), 0), bool)  # fmt: skip
    truths = np.concatenate([taught.bleeding[:, None], truths], axis=1)
    inputs, rendered, real = (standard(p) for p in (taught.pooled, held_out.pooled, photos))
    found = []
    for penalty in PENALTIES:
        weights, _ = ridge(inputs, truths, penalty)
        area = auroc((rendered @ weights[0]).astype(np.float64), held_out.bleeding)
        scores = (real @ weights[1:].T).astype(np.float64)
        areas = {}
        for column, name in enumerate(names):
            own = auroc(scores[:, column], shown[name][1])
            if own is not None:
                areas[name] = own
        found.append(Carried(penalty, area or 0.5, areas))
    return found


def _shown(rows: Sequence[Row]) -> dict[str, tuple[list[str], npt.NDArray[np.bool_]]]:
    """Return, by what real photos show, the kinds rendered like it and which photos show it."""
    kinds: dict[str, list[str]] = {}
    for kind in read_kinds():
        for name in kind.real:
            kinds.setdefault(name, []).append(kind.id)
    found = {}
    for name, own in kinds.items():
        shows = np.array([name in {row.label, row.label_raw} for row in rows])
        if shows.sum() >= _FEWEST:
            found[name] = (own, shows)
    return found
