"""Which score tells strange photos from usual ones best, on own photos only.

    python benchmarks/strangeness.py CHECKPOINT.json MANIFEST --photos FOLDER --cache FILE.npz -o OUT.json

A category or a whole data set is left out; a new last layer and the scores' statistics are learnt
from the other training and calibration photos; the photos left out must stand out from skin of the
validation and test splits. The features are the checkpoint's, which has seen what is left out: the
comparison is fair among scores, not a promise.
"""

import argparse
import json
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.covariance import LedoitWolf
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression

from reddots.classifier.model import Classifier
from reddots.classifier.ood import energy
from reddots.classifier.preprocessing import prepare
from reddots.classifier.softmax import softmax
from reddots.datasets.manifest import Manifest, read_manifest
from reddots.evaluation.metrics.uncertainty.ood import separation
from reddots.photo.result import GATE
from reddots.training.calibrate_run import load
from reddots.training.cards.datasheet import table

_log = logging.getLogger("strangeness")
_KEPT, _MOST, _NEIGHBOURS = 256, 800, 10  # directions of the features, photos a side, neighbours
_SIZES = (32, 64, 128, 256)
LEFT_OUT = (
    ("label", "other_vascular"),
    ("label", "other_rash"),
    ("label", "mole_or_growth"),
    ("dataset", "sd198"),
    ("dataset", "fitzpatrick17k"),
    ("dataset", "pad_ufes_20"),
    ("label", GATE),
)
Floats = npt.NDArray[np.floating]
Score = Callable[[Floats], Floats]


def features(checkpoint: Path, manifest: Manifest, cache: Path) -> dict[str, Any]:
    """Return pooled features and what is known of each photo; from the cache if it is there."""
    if not cache.exists():
        classifier = Classifier.load(checkpoint)
        spec = classifier.side_car.input
        photos = load(manifest, classifier.outputs, spec.resize)
        pooled = []
        for pixels in photos.pixels:
            found = classifier._session.run(["features"], {"image": prepare(pixels, spec)})
            pooled.append(found[0][0].mean((1, 2)))
        names = {
            n: np.array([getattr(r, n) for r in photos.rows]) for n in ("label", "dataset", "split")
        }
        np.savez(cache, features=np.array(pooled, dtype=np.float16), **names)
    return dict(np.load(cache))


def scores(known: Floats, truth: npt.NDArray[np.intp]) -> dict[str, Score]:
    """Return every score, learnt from known photos (M × D); higher is stranger."""
    scale = float(known[:, 0].std())
    head = LogisticRegression(C=1e-2, max_iter=100, class_weight="balanced")
    head.fit(known / scale, truth)

    def logits(given: Floats) -> Floats:
        return np.asarray(head.decision_function(given / scale))

    found: dict[str, Score] = {
        "1 − top probability": lambda x: 1 - softmax(logits(x)).max(axis=1),
        "energy": lambda x: energy(logits(x)),
        "− top logit": lambda x: -logits(x).max(axis=1),
    }
    centres = np.array([known[truth == k].mean(axis=0) for k in np.unique(truth)])
    for size in _SIZES:
        within = LedoitWolf().fit((known - centres[truth])[:, :size])
        whole = LedoitWolf().fit(known[:, :size])

        def nearest(x: Floats, size: int = size, inverse: Floats = within.precision_) -> Floats:
            gaps = [x[:, :size] - c[:size] for c in centres]
            return np.min([np.einsum("nd,nd->n", g @ inverse, g) for g in gaps], axis=0)

        def relative(x: Floats, own: Score = nearest, size: int = size, fit: Any = whole) -> Floats:
            return own(x) - fit.mahalanobis(x[:, :size])

        found[f"Mahalanobis, {size}"], found[f"relative Mahalanobis, {size}"] = nearest, relative
    directions = known / np.linalg.norm(known, axis=1, keepdims=True)

    def far(x: Floats) -> Floats:
        own = x / np.linalg.norm(x, axis=1, keepdims=True)
        return -np.partition(own @ directions.T, -_NEIGHBOURS, axis=1)[:, -_NEIGHBOURS]

    return {**found, f"{_NEIGHBOURS}th neighbour, cosine": far}


def compare(given: dict[str, Any], seed: int = 0) -> dict[str, dict[str, Any]]:
    """Return AUROC and false alarms of each score for each thing left out."""
    rng = np.random.default_rng(seed)
    learnt = np.isin(given["split"], ["train", "calibration"])
    kept_back = np.isin(given["split"], ["validation", "test"]) & (given["label"] != GATE)
    found: dict[str, dict[str, Any]] = {}
    for kind, name in LEFT_OUT:
        out = given[kind] == name
        names, truth = np.unique(given["label"][learnt & ~out], return_inverse=True)
        _log.info("without %s, %d outputs", name, len(names))
        pooled = given["features"].astype(np.float32)
        turn = PCA(_KEPT, svd_solver="covariance_eigh").fit(pooled[learnt & ~out])
        turned = turn.transform(pooled)
        sides = [np.flatnonzero(s) for s in (out, kept_back & ~out)]
        strange, usual = (turned[rng.permutation(s)[:_MOST]] for s in sides)
        for score, own in scores(turned[learnt & ~out], truth).items():
            found.setdefault(score, {})[name] = separation(own(strange), own(usual))
    return found


def main() -> None:
    """Compare as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--photos", required=True, type=Path)
    parser.add_argument("--cache", required=True, type=Path)
    parser.add_argument("-o", "--output", required=True, type=Path)
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    rows = Manifest(given.photos, read_manifest(given.manifest).rows)
    found = compare(features(given.checkpoint, rows, given.cache))
    report = {"checkpoint": given.checkpoint.stem, "left_out": LEFT_OUT, "scores": found}
    given.output.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    lines = [
        [score, *(f"{own['auroc']:.3f} ({own['fpr_at_95']:.2f})" for own in each.values())]
        for score, each in found.items()
    ]
    head = ["score", *(name for _, name in LEFT_OUT)]
    sys.stdout.write(table(head, lines, "l" * len(head)) + "\n")


if __name__ == "__main__":
    main()
