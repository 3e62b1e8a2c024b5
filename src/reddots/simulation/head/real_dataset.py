"""Real photos that teach the head: bleeding, and skin that the network did not learn from."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from reddots.datasets.catalogue import read_catalogue, require_trainable
from reddots.datasets.manifest import Row, read_manifest
from reddots.errors import TrainingError
from reddots.photo.result import GATE
from reddots.simulation.head.likelihood import Scores
from reddots.simulation.head.real_photos import RealPhotos, Taught
from reddots.training.networks.network import SpotNetwork

PhotoFeatures = tuple[tuple[Row, ...], npt.NDArray[np.float32]]  # rows, and their pooled depths
OUTPUT = "purpura"
# Dermoscopy is another scale, and these hands are 100 pixels wide.
_NO_PATCHES = frozenset({"ham10000", "sign_digits_hands"})


def skin_rows(rows: Sequence[Row], split: str) -> tuple[Row, ...]:
    """Return a split's photos of skin, at the scale that is sent."""
    return tuple(
        r for r in rows if r.split == split and r.label and r.label != GATE
        and r.dataset not in _NO_PATCHES
    )  # fmt: skip


def real_rows(manifest: Path) -> tuple[tuple[Row, ...], Path]:
    """Return the photos of the output, and what else of skin the manifest lists, and its folder.

    Others of the same sets belong there: or what tells is where a picture comes from.

    Raises:
        ManifestError: the terms of a set forbid training.
        TrainingError: no photo is labelled as the output.
    """
    found = read_manifest(manifest)
    rows = tuple(
        r for r in found.rows if r.label not in {"", GATE} and r.dataset not in _NO_PATCHES
    )
    require_trainable(rows, read_catalogue())
    if not any(row.label == OUTPUT for row in rows):
        raise TrainingError(f"{manifest} has no photo labelled {OUTPUT}.")
    return rows, found.folder


def photos_beside(
    real: PhotoFeatures,
    validation: PhotoFeatures,
    calibration: PhotoFeatures,
    network: SpotNetwork,
) -> RealPhotos:
    """Return the real photos beside what the network did not learn from."""
    parts = (real, validation, calibration)
    kind = np.array([_kind(row) for rows, _ in parts for row in rows])
    return RealPhotos(
        pooled=np.concatenate([pooled for _, pooled in parts]),
        shows=kind == OUTPUT,
        group=np.concatenate([group_names(rows) for rows, _ in parts]),
        kind=kind,
        # Of each channel the mean, maximum and deviation.
        last=3 * network.head.get_parameter("weight").shape[1],
    )


def held_out_scores(taught: Taught) -> tuple[Scores, dict[str, Scores]]:
    """Return the scores of bleeding, and of others, whose groups were left out."""
    shows, groups = taught.photos.shows, taught.photos.group
    return (
        Scores(taught.held_out[shows], groups[shows]),
        {"photos": Scores(taught.held_out[~shows], groups[~shows])},
    )


def group_names(rows: Sequence[Row]) -> npt.NDArray[np.str_]:
    """Return the names (N) of what is left out as a whole."""
    return np.array([f"{row.dataset}/{row.group}" for row in rows])


def _kind(row: Row) -> str:
    """Return what a photo shows, and from which set: or a large set would hide a small one."""
    return OUTPUT if row.label == OUTPUT else f"{row.label}/{row.dataset}"
