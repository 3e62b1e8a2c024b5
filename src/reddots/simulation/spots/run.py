"""From a manifest to a spot detector: split, render, train, choose a threshold, measure, export."""

import json
import logging
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from reddots._atomic import atomic_write
from reddots.datasets.catalogue import read_catalogue, require_trainable
from reddots.datasets.manifest import Row, read_manifest, with_splits
from reddots.datasets.splits import assign_splits
from reddots.photo.loader import expect_photos
from reddots.simulation.rendering.shapes import OTHER_STYLE, ShapeStyle
from reddots.simulation.spots.crops import CropSampler
from reddots.simulation.spots.dataset import SceneOrder, render_scenes, row_loader
from reddots.simulation.spots.evaluate import (
    choose_threshold,
    detect_photos,
    detect_scenes,
    metrics,
)
from reddots.simulation.spots.export import export_detector
from reddots.simulation.spots.photos import load_negatives, read_choice
from reddots.simulation.spots.train import load_weights, train_detector
from reddots.spots.detector import SpotDetector

_log = logging.getLogger(__name__)
_HELD_OUT = 200  # photos without spots, at most, in each of the other splits


@dataclass(frozen=True)
class DetectorRecipe:
    """How a spot detector is made.

    Attributes:
        scenes: to learn from; a sixth as many each to choose and to measure on.
        minutes: of training.
        without: photos, by the manifest's path, that are never used: those measured on.
    """

    scenes: int = 2400
    minutes: float = 30.0
    seed: int = 0
    workers: int = 1
    version: str = "0.1.0"
    without: frozenset[str] = frozenset()


def make_detector(manifest: Path, output: Path, recipe: DetectorRecipe) -> Path:
    """Make a detector in ``output``, going on with what was cut; return its side-car.

    The threshold is chosen on scenes by another style and on photos without spots, of the
    validation split; what is reported is measured on those of the test split.

    Raises:
        ManifestError: the manifest cannot be read, or its terms forbid training.
        TrainingError: it has no photo without red spots.
    """
    found = read_manifest(manifest)
    require_trainable(found.rows, read_catalogue())
    expect_photos(of_one_owner=True)
    rows = _without(found.rows, recipe.without)
    if not any(row.split for row in rows):
        rows = with_splits(rows, assign_splits(rows, recipe.seed))
    split = {n: tuple(r for r in rows if r.split == n) for n in ("train", "validation", "test")}
    order = SceneOrder(output / "scenes", "train", found.folder, split["train"], recipe.scenes,
                       recipe.seed, ShapeStyle())  # fmt: skip
    scenes = render_scenes(order, recipe.workers)
    load = row_loader(found.folder, found.rows)
    negatives = load_negatives(split["train"], load, np.random.default_rng(recipe.seed))
    _log.info("%d scenes, %d photos without spots", len(scenes), len(negatives))
    state = train_detector(
        CropSampler(scenes, negatives), output / "state.pt", recipe.minutes, recipe.seed
    )
    network = load_weights(state)
    lowest = SpotDetector.load(export_detector(network, output / "lowest", recipe.version))
    held = {}
    for name in ("validation", "test"):
        other = replace(order, name=name, rows=split[name], scenes=max(recipe.scenes // 6, 1),
                        style=OTHER_STYLE)  # fmt: skip
        plain = [
            n.pixels
            for n in load_negatives(split[name], load, np.random.default_rng(recipe.seed))
            if n.said is None
        ][:_HELD_OUT]
        held[name] = (
            detect_scenes(lowest.detect, render_scenes(other, recipe.workers)),
            detect_photos(lowest.detect, plain),
        )
    threshold = choose_threshold(*held["validation"])
    measured = {name: metrics(*held[name], threshold) for name in held}
    atomic_write(output / "metrics.json", (json.dumps(measured, indent=1) + "\n").encode())
    return export_detector(
        network,
        output / f"spots-{recipe.version}",
        recipe.version,
        threshold=threshold,
        data=_data(split["train"], len(scenes), len(negatives)),
        metrics={"test": measured["test"]},
        code={"command": " ".join(["reddots", *sys.argv[1:]]), "minutes": recipe.minutes},
    )


def _without(rows: tuple[Row, ...], photos: frozenset[str]) -> tuple[Row, ...]:
    """Leave out photos, and all of their groups."""
    groups = {(r.dataset, r.group) for r in rows if r.photo in photos}
    return tuple(r for r in rows if (r.dataset, r.group) not in groups)


def _data(rows: tuple[Row, ...], scenes: int, negatives: int) -> dict[str, Any]:
    choice = read_choice()
    used = [r for r in rows if choice.skin.takes(r) or choice.plain.takes(r)]
    return {
        "scenes": scenes,
        "photos_without_spots": negatives,
        "licences": sorted({r.licence for r in used if r.licence}),
    }
