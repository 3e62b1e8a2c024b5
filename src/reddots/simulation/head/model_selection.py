"""Chooses the penalty by painted pictures, and by real photos of what is painted besides bleeding.

No permitted photo shows bleeding, but many show what the other kinds paint: whether heads for those
find them in real photos says how well a penalty carries over from paint to skin.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reddots.datasets.manifest import Row
from reddots.evaluation.metrics.scores import auroc
from reddots.simulation.head.feature_dataset import Looked
from reddots.simulation.head.ridge import Standard, ridge
from reddots.simulation.rendering.lesions import read_kinds

PENALTIES = (0.001, 0.003, 0.01, 0.03, 0.1)
_FEWEST = 5  # real photos


@dataclass(frozen=True)
class Carried:
    """How a penalty did.

    Attributes:
        painted: AUROC of bleeding by another brush on other canvases.
        real: by kind, AUROC of a head for it, taught among painted pictures, on real photos.
    """

    penalty: float
    painted: float
    real: dict[str, float]

    @property
    def merit(self) -> float:
        """Mean of the painted AUROC and of the real ones' mean."""
        return (self.painted + float(np.mean([*self.real.values()] or [0.5]))) / 2


def try_penalties(
    taught: Looked, held_out: Looked, rows: Sequence[Row], photos: npt.NDArray[np.float32]
) -> list[Carried]:
    """Return how each penalty did, in the order of :data:`PENALTIES`.

    Args:
        taught: pictures to learn from.
        held_out: by another brush, on other canvases.
        rows: real photos that nobody painted on.
        photos: their pooled depths, rows × D.
    """
    shown = _shown(rows)
    names = list(shown)
    standard = Standard.of(taught.pooled)
    truths = np.stack([np.isin(taught.kind, kinds) for kinds, _ in shown.values()], axis=1) \
        if names else np.zeros((len(taught.kind), 0), bool)  # fmt: skip
    truths = np.concatenate([taught.bleeding[:, None], truths], axis=1)
    inputs, painted, real = (standard(p) for p in (taught.pooled, held_out.pooled, photos))
    found = []
    for penalty in PENALTIES:
        weights, _ = ridge(inputs, truths, penalty)
        area = auroc((painted @ weights[0]).astype(np.float64), held_out.bleeding)
        scores = (real @ weights[1:].T).astype(np.float64)
        areas = {}
        for column, name in enumerate(names):
            own = auroc(scores[:, column], shown[name][1])
            if own is not None:
                areas[name] = own
        found.append(Carried(penalty, area or 0.5, areas))
    return found


def _shown(rows: Sequence[Row]) -> dict[str, tuple[list[str], npt.NDArray[np.bool_]]]:
    """Return, by what real photos show, the kinds that paint it and which photos show it."""
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
