"""Backbone × resolution × what helped, each row measured the same way.

Finished runs of ``reddots train``, in the order given; “changed” is against the first:

    python benchmarks/ablation.py runs RUN RUN … --photos FOLDER --elsewhere MANIFEST -o runs.json

Features of ImageNet weights under logistic regression, in minutes instead of hours, over five seeds
of the split:

    python benchmarks/ablation.py probe MANIFEST --elsewhere MANIFEST --cache FOLDER -o probe.json

Both write JSON and, beside it, the same as a Markdown table. Photos from elsewhere are only
measured on: choose by the columns of the own photos.
"""

import argparse
import json
import logging
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import torch
from probe import LITE, Setting, probe

from reddots.classifier.preprocessing import InputSpec
from reddots.classifier.softmax import softmax
from reddots.datasets.manifest import Manifest, read_manifest
from reddots.evaluation.metrics.summary import measure_predictions
from reddots.training.calibrate_run import load
from reddots.training.cards.datasheet import table
from reddots.training.networks.onnx_export import load_network
from reddots.training.predict import predict_photos
from reddots.training.recipe import Recipe, read_recipe
from reddots.training.run_folder import RunFolder

_log = logging.getLogger("ablation")
_PASSED_OVER = {"run.manifest", "run.output", "network.weights"}


def measure_run(folder: Path, photos: Path, elsewhere: Sequence[Path]) -> dict[str, Any]:
    """Return one run's row: its settings, and its figures on each set of photos, uncalibrated."""
    run = RunFolder(folder)
    facts, recipe = run.read_facts(), read_recipe(run.recipe)
    outputs = tuple(facts["outputs"])
    spec = msgspec.convert(facts["input"], InputSpec)
    network = load_network(run.best, facts["backbone"], len(outputs))
    manifest = read_manifest(run.manifest)
    sets = {s: Manifest(photos, manifest.only(s).rows) for s in ("validation", "test")}
    sets |= {path.parent.name: read_manifest(path) for path in elsewhere}
    row: dict[str, Any] = {
        "run": folder.name,
        "backbone": facts["backbone"],
        "parameters": sum(p.numel() for p in network.parameters()),
        "size": spec.size,
        "seed": facts.get("seed", recipe.data.seed),
        "recipe": dict(flatten(recipe)),
        "measured": {},
    }
    for name, rows in sets.items():
        labelled = load(rows, outputs, spec.resize)
        logits = predict_photos(network, labelled, spec, exact=True).logits
        groups = [r.group for r in labelled.rows]
        found = measure_predictions(softmax(logits), labelled.truth, outputs, groups)
        areas = [own["auroc"] for own in found["per_output"].values() if own["auroc"] is not None]
        row["measured"][name] = {**found, "mean_auroc": float(np.mean(areas))}
        _log.info("%s on %s: balanced accuracy %.3f", folder.name, name, found["balanced_accuracy"])
    return row


def flatten(recipe: Recipe) -> Iterator[tuple[str, Any]]:
    """Yield the settings that can differ, by dotted name."""
    for part, values in msgspec.to_builtins(recipe).items():
        for name, value in (values or {}).items():
            if f"{part}.{name}" not in _PASSED_OVER:
                yield f"{part}.{name}", value


def changed(row: Mapping[str, Any], first: Mapping[str, Any]) -> str:
    """Return what the row's recipe has that the first one's has not, in words."""
    if row is first:
        return "–"
    own, base = row["recipe"], first["recipe"]
    told = [f"{k.split('.')[-1]} {_told(v)}" for k, v in own.items() if base.get(k) != v]
    return "; ".join(told) or "nothing"


def _told(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{k} {v}" for k, v in value.items())
    return " to ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def runs_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the Markdown of measured runs: one table over all, one of AUROC by output."""
    names = list(rows[0]["measured"])
    outputs = list(dict.fromkeys(o for r in rows for o in r["measured"][names[0]]["per_output"]))
    head = ["run", "backbone", "million weights", "pixels", "seed", "changed"]
    lines, areas = [], []
    for row in rows:
        own = [row["run"], row["backbone"], f"{row['parameters'] / 1e6:.1f}", str(row["size"])]
        cells = [_interval(row["measured"][n], "balanced_accuracy") for n in names]
        cells += [f"{row['measured'][n]['mean_auroc']:.3f}" for n in names]
        lines.append([*own, str(row["seed"]), changed(row, rows[0]), *cells])
        for name in names:
            each = row["measured"][name]["per_output"]
            cells = [_interval(each[o], "auroc") if o in each else "" for o in outputs]
            areas.append([row["run"], name, *cells])
    head += [f"balanced accuracy, {n}" for n in names] + [f"mean AUROC, {n}" for n in names]
    return "\n\n".join(
        (
            table(head, lines, "l" * len(head)),
            table(["run", "AUROC on", *outputs], areas, "l" * (2 + len(outputs))),
        )
    )


def probe_table(found: Mapping[str, Any]) -> str:
    """Return the Markdown of a probe: mean and standard deviation over seeds of the split."""
    sets = found["sets"]
    head = ["backbone", "pixels", *(f"balanced accuracy, {n}" for n in sets)]
    head += [f"mean AUROC, {n}" for n in sets]
    lines = []
    for row in found["rows"]:
        cells = [
            f"{row[name][figure]['mean']:.3f} ± {row[name][figure]['sd']:.3f}"
            for figure in ("balanced_accuracy", "mean_auroc")
            for name in sets
        ]
        lines.append([row["backbone"], str(row["size"]), *cells])
    return table(head, lines, "lr" + "l" * (len(head) - 2))


def _interval(figures: Mapping[str, Any], name: str) -> str:
    value, ends = figures[name], figures[f"{name}_ci"]
    if value is None:
        return "–"
    return f"{value:.3f} ({ends[0]:.3f} to {ends[1]:.3f})" if ends else f"{value:.3f}"


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    kinds = parser.add_subparsers(dest="kind", required=True)
    runs = kinds.add_parser("runs", help="finished training runs")
    runs.add_argument("runs", nargs="+", type=Path)
    runs.add_argument(
        "--photos", nargs="+", required=True, type=Path,
        help="what the runs' manifests start from: one folder, or one for each run",
    )  # fmt: skip
    quick = kinds.add_parser("probe", help="features of ImageNet weights")
    quick.add_argument("manifest", type=Path)
    quick.add_argument("--cache", required=True, type=Path, help="folder for features")
    quick.add_argument("--backbones", nargs="+", default=list(LITE))
    quick.add_argument("--sizes", nargs="+", type=int, default=[224, 288, 320, 384])
    quick.add_argument("--seeds", type=int, default=5)
    quick.add_argument("--most", type=int, default=200, help="photos of each label and data set")
    for own in (runs, quick):
        own.add_argument("--elsewhere", nargs="*", default=[], type=Path, help="only measured on")
        own.add_argument("-o", "--output", required=True, type=Path, help="JSON to write")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    if given.kind == "runs":
        folders = given.photos * len(given.runs) if len(given.photos) == 1 else given.photos
        places = zip(given.runs, folders, strict=True)
        rows = [measure_run(run, photos, given.elsewhere) for run, photos in places]
        found, text = {"rows": rows}, runs_table(rows)
    else:
        settings = [Setting(b, s) for b in given.backbones for s in given.sizes]
        found = probe(
            given.manifest,
            given.elsewhere,
            settings,
            given.cache,
            seeds=given.seeds,
            most=given.most,
        )
        text = probe_table(found)
    given.output.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    given.output.with_suffix(".md").write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
