"""Feature dataset: pictures are rendered and their deep features pooled, in several processes."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import numpy.typing as npt

from reddots.classifier.preprocessing import InputSpec
from reddots.datasets.catalogue import read_catalogue
from reddots.datasets.loading import load_trimmed, readable_photos
from reddots.datasets.manifest import Manifest, Row
from reddots.errors import TrainingError
from reddots.photo.loader import expect_photos
from reddots.simulation.head.features import FeatureExtractor
from reddots.simulation.rendering.pairs import PairRenderer
from reddots.simulation.rendering.shapes import ShapeStyle

_PIECE = 50  # pairs that one process renders before it takes the next


@dataclass(frozen=True, eq=False)
class FeatureDataset:
    """Pooled depths of pictures, and what was rendered on them.

    Attributes:
        pooled: N × D, float32.
        bleeding: N.
        kind: N ids.
        tone: N Fitzpatrick types, 0 where unknown.
        generated: N, whether the skin is nobody's.
        group: N names of the skin patches' groups.
    """

    pooled: npt.NDArray[np.float32]
    bleeding: npt.NDArray[np.bool_]
    kind: npt.NDArray[np.str_]
    tone: npt.NDArray[np.int64]
    generated: npt.NDArray[np.bool_]
    group: npt.NDArray[np.str_]


@dataclass(frozen=True)
class Order:
    """What one process is to render and to extract features of.

    Attributes:
        folder: what the rows' paths start from.
        short_side: of the photos once decoded, pixels.
        pairs: how many skin patches, each of which gives two pictures.
        without: ids of kinds that are left out.
    """

    model: bytes
    spec: InputSpec
    folder: Path
    rows: tuple[Row, ...]
    short_side: int
    pairs: int
    seed: int
    style: ShapeStyle
    without: tuple[str, ...] = ()


def render_features(order: Order, workers: int) -> FeatureDataset:
    """Carry out an order, in pieces with seeds of their own: the same for any ``workers``."""
    count = -(-order.pairs // _PIECE)
    pieces = [
        replace(order, pairs=min(_PIECE, order.pairs - i * _PIECE), seed=order.seed * 1000 + i)
        for i in range(count)
    ]
    if workers < 2:  # a second process
        return join([_piece(piece) for piece in pieces])
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as processes:
        return join(list(processes.map(_piece, pieces)))


def photo_features(
    extractor: FeatureExtractor, folder: Path, rows: Sequence[Row], short_side: int
) -> tuple[tuple[Row, ...], npt.NDArray[np.float32]]:
    """Return the rows whose photos can be read, and the pooled depths (N × D) of those.

    Raises:
        TrainingError: none can be read.
    """
    expect_photos(of_one_owner=True)
    kept, pooled = [], []
    for place, pixels in readable_photos(
        Manifest(folder, tuple(rows)), read_catalogue(), short_side
    ):
        kept.append(rows[place])
        pooled.append(extractor.pooled([pixels])[0])
    if not kept:
        raise TrainingError("There is no photo that can be read.")
    return tuple(kept), np.stack(pooled)


def _piece(order: Order) -> FeatureDataset:
    expect_photos(of_one_owner=True)
    manifest, catalogue = Manifest(order.folder, order.rows), read_catalogue()
    pair_renderer = PairRenderer(
        order.rows,
        lambda row: load_trimmed(manifest, row, catalogue, order.short_side),
        style=order.style,
        without=order.without,
    )
    rng = np.random.default_rng(order.seed)
    pairs = pair_renderer.pairs(order.pairs, order.spec.resize, rng)
    extractor = FeatureExtractor(order.model, order.spec)
    pooled, rendered = [], []
    for pair in pairs:
        pooled.append(extractor.pooled(picture.pixels for picture in pair))
        rendered += [replace(picture, pixels=np.empty((0, 0, 3), np.uint8)) for picture in pair]
    groups = [
        f"{order.seed}-{p.group}" if p.group.startswith("generated/") else p.group for p in rendered
    ]
    return FeatureDataset(
        np.concatenate(pooled),
        np.array([p.bleeding for p in rendered]),
        np.array([p.kind for p in rendered]),
        np.array([p.tone or 0 for p in rendered]),
        np.array([p.group.startswith("generated/") for p in rendered]),
        np.array(groups),
    )


def join(pieces: Sequence[FeatureDataset]) -> FeatureDataset:
    """Return several sets of pictures as one."""
    names = ("pooled", "bleeding", "kind", "tone", "generated", "group")
    return FeatureDataset(
        *(np.concatenate([getattr(piece, name) for piece in pieces]) for name in names)
    )
