"""Synthetic datasets: pictures of lesions or of healthy skin, with their manifest rows."""

from pathlib import Path

import numpy as np
from PIL import Image

from reddots.datasets.catalogue import known_set, read_catalogue, require_trainable
from reddots.datasets.healthy_skin.dataset import LABEL, save_piece
from reddots.datasets.loading import load_trimmed
from reddots.datasets.manifest import Manifest, Row, read_manifest, write_manifest
from reddots.photo.loader import expect_photos
from reddots.photo.result import GATE
from reddots.simulation.rendering.pairs import PairRenderer
from reddots.simulation.rendering.synthetic_skin import TONES, generated_skin

_SHORT_SIDE = 384  # pixels of the photos that are rendered on
_SYNTHETIC = "synthetic_skin"  # the set's id
_SIDE = 352  # pixels, as the photos that train


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
    pair_renderer = PairRenderer(
        painted_on.rows, lambda row: load_trimmed(painted_on, row, catalogue, _SHORT_SIDE)
    )
    output.mkdir(parents=True, exist_ok=True)
    written = []
    for number, pair in enumerate(pair_renderer.pairs(pairs, side, np.random.default_rng(seed))):
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


def write_healthy_skin(folder: Path, photos: int, seed: int = 0) -> tuple[Row, ...]:
    """Write synthetic healthy skin of every tone into ``folder``; return its manifest rows.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    about = known_set(_SYNTHETIC)
    rows = []
    for number in range(photos):
        tone = TONES[number % len(TONES)]
        skin = generated_skin(tone, _SIDE, np.random.default_rng((seed, number)))
        name, digest = save_piece(skin.pixels, folder)
        rows.append(
            Row(
                photo=name,
                label=LABEL,
                label_raw="synthetic",
                dataset=_SYNTHETIC,
                group=f"{_SYNTHETIC}-{digest[:20]}",
                licence=about.licence,
                source_url=about.url,
                fitzpatrick=tone,
                sha256=digest,
                condition="healthy_skin",
            )
        )
    return tuple(rows)
