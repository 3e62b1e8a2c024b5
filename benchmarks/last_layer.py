"""Last-layer re-training over seeds: what one output taught anew does on another source.

    python benchmarks/last_layer.py CHECKPOINT.json MANIFEST ELSEWHERE --output-name NAME -o OUT.json

Each seed draws 85% of the groups of photos that the network did not learn from, fits the output on
them and sets its constant on the calibration split. ELSEWHERE is only measured on; in its column
``visible``, photos of the others that say yes, or have no mark, count. ``--features FILE.npz`` keeps
what the network makes of the photos, for the next time.
"""

import argparse
import json
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

import numpy as np
import numpy.typing as npt

from reddots.classifier.checkpoint import SideCar, read_side_car
from reddots.classifier.softmax import softmax
from reddots.datasets.manifest import Manifest, read_manifest
from reddots.evaluation.metrics.scores import auroc
from reddots.training.calibrate_run import load
from reddots.training.dataset import LabelledPhotos, draw_weights
from reddots.training.last_layer import fit_output, greatest_constant
from reddots.training.networks.onnx_export import load_network
from reddots.training.predict import predict_photos
from reddots.training.retrain import PENALTY, WRONG, prior_shift, split_rows

SEEDS = 5
KEPT = 0.85  # of the groups, in each draw
LEAST = 20  # photos of a source, to leave it out
Floats = npt.NDArray[np.float64]


class Set:
    """Photos with what the network makes of them."""

    def __init__(self, photos: LabelledPhotos, features: Any, logits: Any) -> None:
        self.photos, self.features, self.logits = photos, features, logits
        self.truth = photos.truth.argmax(axis=1)
        self.source = np.array([r.dataset for r in photos.rows])
        self.group = np.array([f"{r.dataset}/{r.group or r.photo}" for r in photos.rows])
        seen = [dict(r.extra).get("visible", "") in {"", "yes"} for r in photos.rows]
        self.visible = np.array(seen)


def fitted(taught: Set, held: Set, chosen: Any, place: int, side_car: SideCar) -> Any:
    """Return the layer learnt from the chosen photos, and its constant."""
    weights, _ = draw_weights(taught.photos, side_car.priors.training)
    layer = fit_output(
        taught.features[chosen], taught.logits[chosen], taught.truth[chosen] == place,
        output=place, weights=weights[chosen], penalty=PENALTY,
    )  # fmt: skip
    logits = held.logits + prior_shift(side_car)
    logits[:, place] += layer.shift(held.features)
    return layer, greatest_constant(logits, held.truth, place, WRONG)


def figures(logits: Floats, found: Set, place: int, use: Floats, outputs: Any) -> dict[str, float]:
    """Return AUROC by output, and what photos of the taught output, and others, are named."""
    shares = softmax(logits)
    named = (logits + use).argmax(axis=1)
    result: dict[str, float] = {}
    for k, output in enumerate(outputs):
        own = found.truth == k
        for word, kept in (("all", np.full(len(own), fill_value=True)), ("visible", found.visible)):
            result[f"AUROC {output}, {word}"] = auroc(shares[kept, k], own[kept])
        of_it = named[own & found.visible]
        result[f"named right {output}, visible"] = float((of_it == k).mean())
        if k != place:
            result[f"named {outputs[place]}: {output}, visible"] = float((of_it == place).mean())
            name = f"{outputs[place]} named {output}"
            result[name] = float((named[found.truth == place] == k).mean())
    right = [v for name, v in result.items() if name.startswith("named right")]
    return {**result, "balanced accuracy, visible": fmean(right)}


def main() -> None:
    """Measure, and write mean and spread."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("checkpoint", "manifest", "elsewhere"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--output-name", required=True)
    parser.add_argument("--features", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    given = parser.parse_args()
    side_car = read_side_car(given.checkpoint)
    outputs, place = side_car.outputs, side_car.outputs.index(given.output_name)
    use = prior_shift(side_car)
    listed = read_manifest(given.manifest)
    learnt = read_manifest(given.checkpoint.parent / side_car.data["manifest"]).rows
    rows, teaching = split_rows(listed.rows, learnt, 0)
    held_rows = tuple(r for r in rows if r.split == "calibration")
    manifests = [Manifest(listed.folder, tuple(teaching)), Manifest(listed.folder, held_rows)]
    manifests.append(read_manifest(given.elsewhere))
    kept = np.load(given.features) if given.features and given.features.exists() else {}
    store, sets = {}, []
    network = load_network(
        given.checkpoint.with_suffix(".safetensors"), side_car.code["recipe"], len(outputs)
    )
    for number, manifest in enumerate(manifests):
        photos = load(manifest, outputs, side_car.input.resize)
        if f"features{number}" not in kept:
            seen = predict_photos(network, photos, side_car.input, exact=True)
            kept = {**kept, f"features{number}": seen.features, f"logits{number}": seen.logits}
        sets.append(Set(photos, kept[f"features{number}"], kept[f"logits{number}"]))
        store |= {name: kept[name] for name in (f"features{number}", f"logits{number}")}
    if given.features:
        np.savez(given.features, **store)
    taught, held, other = sets
    runs = []
    for seed in range(SEEDS):
        groups = np.unique(taught.group)
        drawn = np.random.default_rng(seed).choice(groups, round(KEPT * len(groups)), replace=False)
        layer, constant = fitted(taught, held, np.isin(taught.group, drawn), place, side_car)
        logits = other.logits.astype(np.float64)
        logits[:, place] += layer.shift(other.features) + constant
        runs.append(figures(logits, other, place, use, outputs))
    without = {}
    for source in np.unique(taught.source[taught.truth == place]):
        own = (taught.source == source) & (taught.truth == place)
        if own.sum() < LEAST:
            continue
        layer, _ = fitted(taught, held, ~own, place, side_car)
        rest = held.truth != place
        before, after = (
            np.concatenate([s.logits[w, place] - np.delete(s.logits, place, 1).max(1)[w] + d[w]
                            for s, w, d in ((taught, own, t), (held, rest, h))])
            for t, h in ((np.zeros(len(own)), np.zeros(len(rest))),
                         (layer.shift(taught.features), layer.shift(held.features)))
        )  # fmt: skip
        truth = np.arange(len(before)) < own.sum()
        without[str(source)] = {"photos": int(own.sum()), "before": auroc(before, truth),
                                "after": auroc(after, truth)}  # fmt: skip
    shipped = figures(other.logits.astype(np.float64), other, place, use, outputs)
    found = {
        "checkpoint": side_car.version, "output": given.output_name, "seeds": SEEDS,
        "penalty": PENALTY, "wrong": WRONG, "photos": len(other.truth), "before": shipped,
        "mean": {name: fmean(run[name] for run in runs) for name in shipped},
        "spread": {name: stdev(run[name] for run in runs) for name in shipped},
        "without_its_source": without,
    }  # fmt: skip
    given.output.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
