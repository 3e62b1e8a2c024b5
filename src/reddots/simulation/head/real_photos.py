"""Teaching the head by real photos too: cross-validated ridge beside what rendered pictures taught.

Of an output that was rendered because hardly any photo of it exists, a handful of real ones may
still teach. A second linear classifier learns from them, and its score is added to that of the
rendered pictures' head. Everything is chosen, and measured, with whole groups left out
(leave-one-group-out, as a group is a person): the depths, the penalty, and how much the real photos
count, which may be not at all. The choice itself is made inside each fold (nested cross-validation,
Varma and Simon 2006), so that the held-out scores are honest.
"""

from dataclasses import asdict, dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve

from reddots.errors import TrainingError
from reddots.evaluation.metrics.scores import auroc
from reddots.simulation.head.ridge import Flags, Floats, Standard, linear_head
from reddots.training.networks.simulated_head import SimulatedHead

Doubles = npt.NDArray[np.float64]
PENALTIES = (0.01, 0.03, 0.1)
WEIGHTS = (0.0, 0.5, 1.0, 2.0)
_FEWEST = 3  # groups of real photos: fewer cannot be left out in turn
_FEWEST_OTHERS = 5  # photos of a kind, or its AUROC says nothing


@dataclass(frozen=True)
class Setting:
    """What is chosen by cross-validation.

    Attributes:
        last_depth: whether the last depth counts, which says most about what was trained for.
        penalty: as in :func:`~reddots.simulation.head.ridge.ridge`.
        weight: spread of the real photos' score over that of the rendered pictures' one.
    """

    last_depth: bool
    penalty: float
    weight: float


@dataclass(frozen=True, eq=False)
class RealPhotos:
    """Photos of the output, and others that the network did not learn from.

    Attributes:
        pooled: N × D depths.
        shows: N, whether a photo shows the output.
        group: N names; a group is left out as a whole.
        kind: N names of what the photos show, such as a label and a set: those of others weigh
            alike, however many photos each has, so that a rare look-alike is not drowned.
        last: how many of the D are of the last depth.
    """

    pooled: Floats
    shows: Flags
    group: npt.NDArray[np.str_]
    kind: npt.NDArray[np.str_]
    last: int


@dataclass(frozen=True, eq=False)
class Taught:
    """The joined head, and what it says of photos whose group it has not seen.

    Attributes:
        head: linear.
        photos: what taught it.
        held_out: N scores, each by a head that was chosen and taught without the photo's group.
        setting: of ``head``.
        figures: what was measured, for the side-car.
    """

    head: SimulatedHead
    photos: RealPhotos
    held_out: Doubles
    setting: Setting
    figures: dict[str, Any]


def teach_by_photos(rendered: SimulatedHead, photos: RealPhotos, seed: int = 0) -> Taught:
    """Join a linear ``rendered`` head with what real photos teach.

    Raises:
        TrainingError: the photos that show the output are of fewer than three groups.
    """
    standard = Standard(rendered.centre.numpy(), rendered.scale.numpy())
    own = rendered.first.weight.detach().numpy()[0]
    inputs = standard(photos.pooled)
    search = _Search(inputs, inputs @ own, photos)
    folds = _folds(photos, np.random.default_rng(seed))
    held_out = np.zeros(len(inputs))
    for fold in range(int(folds.max()) + 1):
        inside = folds != fold
        setting, real = search.choose(folds, inside)
        scores = search.fitted(np.flatnonzero(inside), setting)
        held_out[~inside] = search.joined(scores, real, inside, setting)[~inside]
    every = np.ones(len(inputs), dtype=bool)
    setting, real = search.choose(folds, every)
    slope, middle = 1 / search.rendered.std(), search.rendered.mean()
    weights, bias = own * slope, -middle * slope
    if setting.weight:
        taught, centre = search.weights(np.arange(len(inputs)), setting)
        share = setting.weight / real.std()
        weights = weights + taught * share
        bias -= share * (float(centre @ taught) + real.mean())
    head = linear_head(
        standard, weights[None].astype(np.float32), np.array([bias], dtype=np.float32)
    )
    figures = {
        "photos": int(photos.shows.sum()),
        "groups": len(np.unique(photos.group[photos.shows])),
        "others": int((~photos.shows).sum()),
        "chosen": asdict(setting),
        "auroc_rendered_alone": auroc(search.rendered, photos.shows),
        "auroc_groups_left_out": auroc(held_out, photos.shows),
        "against_rendered_alone": against_each(search.rendered, photos),
        "against_groups_left_out": against_each(held_out, photos),
    }
    return Taught(head, photos, held_out, setting, figures)


def against_each(
    scores: Doubles, photos: RealPhotos, inside: Flags | None = None
) -> dict[str, float]:
    """Return the AUROC against each kind of other photos that has at least five."""
    chosen = np.ones(len(scores), dtype=bool) if inside is None else inside
    found = {}
    for kind in np.unique(photos.kind[~photos.shows]):
        own = chosen & (photos.shows | (photos.kind == kind))
        if (own & ~photos.shows).sum() >= _FEWEST_OTHERS:
            area = auroc(scores[own], photos.shows[own])
            if area is not None:
                found[str(kind)] = area
    return found


class _Search:
    """Ridge by kernels, so that a fold costs as many numbers as there are photos, not depths."""

    def __init__(self, inputs: Floats, rendered: Floats, photos: RealPhotos) -> None:
        self.rendered = rendered.astype(np.float64)
        self._inputs, self._shows, self._photos = inputs, photos.shows, photos
        width = inputs.shape[1]
        self._columns = {True: width, False: width - photos.last}
        self._kernels = {
            last: (part @ part.T).astype(np.float64)
            for last, columns in self._columns.items()
            if (part := inputs[:, :columns]).size
        }

    def choose(self, folds: npt.NDArray[np.intp], inside: Flags) -> tuple[Setting, Doubles]:
        """Return the best setting on the photos ``inside``, and their real scores left out."""
        best = (-1.0, Setting(True, PENALTIES[0], 0.0), self.rendered[inside])
        for last, penalty in product(self._kernels, PENALTIES):
            real = np.zeros(len(folds))
            for fold in np.unique(folds[inside]):
                fit = np.flatnonzero(inside & (folds != fold))
                held = inside & (folds == fold)
                real[held] = self.fitted(fit, Setting(last, penalty, 1.0))[held]
            for weight in WEIGHTS:
                setting = Setting(last, penalty, weight)
                found = self.joined(real, real[inside], inside, setting)
                area = float(
                    np.mean([*against_each(found, self._photos, inside).values()] or [0.0])
                )
                if area > best[0]:
                    best = (area, setting, real[inside])
        return best[1], best[2]

    def joined(self, real: Doubles, reference: Doubles, inside: Flags, setting: Setting) -> Doubles:
        """Return both scores as one, each by its mean and spread on the photos ``inside``."""
        own = self.rendered[inside]
        found: Doubles = (self.rendered - own.mean()) / own.std()
        if setting.weight:
            found = found + setting.weight * (real - reference.mean()) / reference.std()
        return found

    def fitted(self, fit: npt.NDArray[np.intp], setting: Setting) -> Doubles:
        """Return the scores (N) of what the photos ``fit`` teach."""
        kernel, dual, means = self._dual(fit, setting)
        found: Doubles = (
            kernel[:, fit] - kernel[:, fit].mean(axis=1, keepdims=True) - means
        ) @ dual
        return found

    def weights(self, fit: npt.NDArray[np.intp], setting: Setting) -> tuple[Floats, Floats]:
        """Return weights (D), 0 for a depth left out, and the centre (D) they start from."""
        _, dual, _ = self._dual(fit, setting)
        centre = self._inputs[fit].mean(axis=0)
        found = ((self._inputs[fit] - centre).T @ dual).astype(np.float32)
        found[self._columns[setting.last_depth] :] = 0.0
        return found, centre

    def _dual(
        self, fit: npt.NDArray[np.intp], setting: Setting
    ) -> tuple[Doubles, Doubles, Doubles]:
        """Return the kernel, a coefficient of each photo, and what centres its column."""
        kernel = self._kernels[setting.last_depth]
        own = kernel[np.ix_(fit, fit)]
        means = own.mean(axis=0)
        centred = own - means - means[:, None] + own.mean()
        shows = self._shows[fit]
        _, kind, count = np.unique(
            np.where(shows, "", self._photos.kind[fit]), return_inverse=True, return_counts=True
        )
        kinds = len(count) - 1
        balance = (np.where(shows, 1, 1 / kinds) / count[kind]) ** 0.5
        balance /= balance.mean()
        system = centred * balance[:, None] * balance
        system[np.diag_indices_from(system)] += (
            setting.penalty * len(fit) * self._columns[setting.last_depth]
        )
        targets = np.where(shows, 1.0, -1.0)
        dual = cho_solve(cho_factor(system, overwrite_a=True), targets * balance) * balance
        return kernel, dual, means - own.mean()


def _folds(photos: RealPhotos, rng: np.random.Generator) -> npt.NDArray[np.intp]:
    """Return each photo's fold: a group that shows the output each, and as many others in each."""
    showing = np.unique(photos.group[photos.shows])
    if len(showing) < _FEWEST:
        raise TrainingError(
            f"Real photos of only {len(showing)} people or groups cannot teach: each is left out "
            f"in turn, for which there must be at least {_FEWEST}."
        )
    others = np.setdiff1d(np.unique(photos.group), showing)
    fold = dict(zip(showing, range(len(showing)), strict=True))
    fold |= dict(zip(others, rng.permutation(len(others)) % len(showing), strict=True))
    return np.array([fold[name] for name in photos.group], dtype=np.intp)
