"""Writes painted pictures and their manifest."""

from pathlib import Path

import numpy as np
from PIL import Image

from reddots.datasets.catalogue import read_catalogue, require_trainable
from reddots.datasets.loading import load_trimmed
from reddots.datasets.manifest import Manifest, Row, read_manifest, write_manifest
from reddots.photo.loader import expect_photos
from reddots.photo.result import GATE
from reddots.simulation.rendering.pairs import Easel

_SHORT_SIDE = 384  # pixels of the photos that are painted on


def write_set(output: Path, manifest: Path | None, pairs: int, side: int, seed: int) -> Path:
    """Write ``pairs`` pairs of pictures (PNG) and their manifest; return the manifest's path.

    Bleeding is labelled ``purpura``, anything else has no label; the kind is in ``label_raw``.

    Raises:
        ManifestError: the manifest cannot be read, or its terms forbid training.
        TrainingError: its photos show too little skin.
    """
    painted_on, catalogue = Manifest(Path(), ()), read_catalogue()
    if manifest is not None:
        found = read_manifest(manifest)
        require_trainable(found.rows, catalogue)
        painted_on = Manifest(found.folder, tuple(r for r in found.rows if r.label != GATE))
        expect_photos(of_one_owner=True)
    easel = Easel(
        painted_on.rows, lambda row: load_trimmed(painted_on, row, catalogue, _SHORT_SIDE)
    )
    output.mkdir(parents=True, exist_ok=True)
    written = []
    for number, pair in enumerate(easel.pairs(pairs, side, np.random.default_rng(seed))):
        for picture in pair:
            name = f"{number:05d}-{picture.kind}.png"
            Image.fromarray(picture.pixels).save(output / name)
            written.append(
                Row(
                    name,
                    "purpura" if picture.bleeding else "",
                    label_raw=picture.kind,
                    dataset="simulation",
                    group=picture.group,
                    fitzpatrick=picture.tone,
                )
            )
    path = output / "manifest.csv"
    write_manifest(written, path)
    return path
