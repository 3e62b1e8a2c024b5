"""Synthetic data set of the spot detector: scenes rendered in parallel, stored in shards."""

import logging
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import numpy as np

from reddots._atomic import atomic_file
from reddots.datasets.catalogue import read_catalogue
from reddots.datasets.loading import load_trimmed
from reddots.datasets.manifest import Manifest, Row
from reddots.photo.loader import expect_photos
from reddots.simulation.rendering.shapes import ShapeStyle
from reddots.simulation.spots.photos import LoadRow, object_loader, skin_loader
from reddots.simulation.spots.scene import Scene, SceneRenderer

_log = logging.getLogger(__name__)
SHARD: Final = 100  # scenes a file
SIDE: Final = 320  # pixels of a scene
SHORT_SIDE: Final = 384  # of the photos that are rendered on


@dataclass(frozen=True)
class SceneOrder:
    """Which scenes are to be rendered.

    Attributes:
        folder: where the shards go.
        name: of the shards, such as ``train``; it is part of the seed.
        photos: what the rows' paths start from.
        rows: the photos that are rendered on.
        scenes: how many, in whole shards.
        style: edges and outlines.
    """

    folder: Path
    name: str
    photos: Path
    rows: tuple[Row, ...]
    scenes: int
    seed: int
    style: ShapeStyle


def render_scenes(order: SceneOrder, workers: int) -> list[Scene]:
    """Render the scenes that are not there yet, the same for any ``workers``; return all."""
    order.folder.mkdir(parents=True, exist_ok=True)
    numbers = range(-(-order.scenes // SHARD))
    todo = [n for n in numbers if not _path(order, n).exists()]
    if workers < 2 or len(todo) < 2:
        for number in todo:
            _render_shard(order, number)
    else:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            for number, _ in zip(todo, pool.map(_render_shard, [order] * len(todo), todo),
                                 strict=True):  # fmt: skip
                _log.info("%s: shard %d of %d", order.name, number + 1, len(numbers))
    return [scene for number in numbers for scene in read_shard(_path(order, number))]


def row_loader(photos: Path, rows: Sequence[Row]) -> LoadRow:
    """Return what loads a row's photo without the marks that its source put at the bottom."""
    manifest, catalogue = Manifest(photos, tuple(rows)), read_catalogue()
    return lambda row: load_trimmed(manifest, row, catalogue, SHORT_SIDE)


def write_shard(scenes: Sequence[Scene], path: Path) -> None:
    """Write scenes into one ``.npz``, whole or not at all."""
    with atomic_file(path) as partial, partial.open("wb") as file:
        np.savez(
            file,
            pixels=np.stack([s.pixels for s in scenes]),
            spots=np.concatenate([s.spots for s in scenes]),
            spot_counts=np.array([len(s.spots) for s in scenes]),
            unsaid=np.concatenate([s.unsaid for s in scenes]),
            unsaid_counts=np.array([len(s.unsaid) for s in scenes]),
            kind=np.array([s.kind for s in scenes]),
            tone=np.array([s.tone or 0 for s in scenes]),
        )


def read_shard(path: Path) -> list[Scene]:
    """Return the scenes of a shard."""
    with np.load(path) as file:
        stored = {name: file[name] for name in file.files}
    spots = np.split(stored["spots"], np.cumsum(stored["spot_counts"])[:-1])
    unsaid = np.split(stored["unsaid"], np.cumsum(stored["unsaid_counts"])[:-1])
    return [
        Scene(pixels, spots[n], unsaid[n], str(stored["kind"][n]), int(stored["tone"][n]) or None)
        for n, pixels in enumerate(stored["pixels"])
    ]


def _path(order: SceneOrder, number: int) -> Path:
    return order.folder / f"{order.name}-{number:04d}.npz"


def _render_shard(order: SceneOrder, number: int) -> None:
    expect_photos(of_one_owner=True)
    load = row_loader(order.photos, order.rows)
    renderer = SceneRenderer(
        skin_loader(order.rows, load), object_loader(order.rows, load), style=order.style
    )
    seeds = np.random.SeedSequence([order.seed, number, *order.name.encode()]).spawn(SHARD)
    scenes = [renderer.render(SIDE, np.random.default_rng(seed)) for seed in seeds]
    write_shard([replace(s, pixels=np.ascontiguousarray(s.pixels)) for s in scenes],
                _path(order, number))  # fmt: skip
