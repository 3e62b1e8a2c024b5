"""From a finished run to a checkpoint: calibrated, exported, measured, described."""

import json
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import onnx

from reddots.classifier.checkpoint import Priors, SideCar, Thresholds
from reddots.classifier.export import export_network, load_network
from reddots.classifier.inference import Classifier
from reddots.classifier.simulated_head import SimulatedHead, load_head
from reddots.datasets.catalogue import PhotoSet, licence_that_follows, read_catalogue
from reddots.datasets.labels import label_outputs
from reddots.datasets.manifest import Manifest, Row, read_manifest, write_manifest
from reddots.errors import TrainingError
from reddots.evaluation.card_figures import measure_predictions
from reddots.knowledge.categories import Category, read_categories
from reddots.photo.finding import GATE
from reddots.photo.loader import load_photo
from reddots.shipped import folder as shipped_folder
from reddots.training.calibration import Calibration, calibrate
from reddots.training.looking import input_spec, network_logits
from reddots.training.measure import softmax
from reddots.training.photos import LabelledPhotos, load_labelled
from reddots.training.provenance import command_line, git_revision
from reddots.training.recipe import Recipe, read_recipe
from reddots.training.run_folder import RunFolder
from reddots.whole import write_whole

_log = logging.getLogger(__name__)
_GATE_PRIOR = 0.02  # share of photos without skin that people send; judgement


def calibrate_run(run: RunFolder, photos_folder: Path) -> Calibration:
    """Calibrate a run's best epoch on its calibration split; write and return the result."""
    facts, recipe = _facts(run), read_recipe(run.recipe)
    outputs = tuple(facts["outputs"])
    photos = _photos(run, photos_folder, outputs, recipe, "calibration")
    network = load_network(run.best, facts["backbone"], len(outputs))
    logits = network_logits(network, photos, input_spec(recipe), exact=True)
    found = calibrate(logits, photos.truth, outputs, facts["training_shares"], GATE)
    write_whole(run.path / "calibration.json", json.dumps(asdict(found), indent=1).encode())
    return found


def release(
    run: RunFolder, photos_folder: Path, version: str, output: Path, elsewhere: Sequence[Path] = ()
) -> Path:
    """Write the checkpoint ``version`` into ``output``; return its side-car's path.

    Args:
        run: a calibrated run.
        photos_folder: what the manifest's paths start from.
        version: such as ``0.1.0``.
        output: the folder of checkpoints.
        elsewhere: manifests of photos from other sources, only measured on.

    Raises:
        TrainingError: the run is not calibrated.
    """
    facts, recipe = _facts(run), read_recipe(run.recipe)
    outputs = tuple(facts["outputs"])
    calibration = _calibration(run)
    output.mkdir(parents=True, exist_ok=True)
    stem = output / f"reddots-{version}"
    network = load_network(run.best, facts["backbone"], len(outputs))
    head, taught = _simulated(run)
    hashes = export_network(network, recipe.network.size, stem, head)
    manifest = read_manifest(run.manifest)
    manifest_hash = write_manifest(manifest.rows, Path(f"{stem}.manifest.csv"))
    catalogue = read_catalogue()
    used = [r for r in manifest.rows if r.split]
    side_car = SideCar(
        version=version,
        outputs=outputs,
        simulated={taught["output"]: taught["cap"]} if taught else {},
        input=input_spec(recipe),
        temperature=calibration["temperature"],
        thresholds=Thresholds(
            calibration["abstention"], calibration["not_skin"], calibration["conformal"]
        ),
        priors=Priors(facts["training_shares"], _deployment(outputs)),
        data={
            "manifest": f"{stem.name}.manifest.csv",
            "manifest_sha256": manifest_hash,
            "counts": _counts(used),
            "fitzpatrick": _skin_types(used),
            "licences": {s.id: s.licence for s in _sets(used, catalogue)},
            "calibration": calibration["counts"],
            **({"simulation": taught} if taught else {}),
        },
        metrics={},
        code={
            "git": facts["git"],
            "command": facts["command"],
            "released_from": git_revision(),
            "recipe": recipe.network.backbone,
            "torch": facts["torch"],
            "onnx": onnx.__version__,
            "export": command_line(),
        },
        licence=licence_that_follows([r for r in used if r.split == "train"], catalogue),
        sha256=hashes,
    )
    path = Path(f"{stem}.json")
    _write(path, side_car)
    metrics = _measure(path, run, photos_folder, recipe, elsewhere)
    _write(path, msgspec.structs.replace(side_car, metrics=metrics))
    return path


def _measure(
    side_car: Path, run: RunFolder, photos_folder: Path, recipe: Recipe, elsewhere: Sequence[Path]
) -> dict[str, Any]:
    """Measure the exported network itself, as it will be used, on photos it never learnt from."""
    classifier = Classifier.load(side_car)
    metrics = {}
    for split in ("validation", "test"):
        photos = _photos(run, photos_folder, classifier.outputs, recipe, split)
        metrics[split] = _figures(classifier, photos)
    for path in elsewhere:
        manifest = read_manifest(path)
        photos = load_labelled(
            manifest, classifier.outputs, _categories(), read_catalogue(), recipe.network.resize
        )
        uncovered = _called(classifier, manifest)
        metrics[path.parent.name] = {
            **_figures(classifier, photos),
            "left_out": sum(sum(called.values()) for called in uncovered.values()),
            "uncovered": uncovered,
        }
    return metrics


def _called(classifier: Classifier, manifest: Manifest) -> dict[str, dict[str, int]]:
    """Return, for labels that no output covers, how often their photos are called what."""
    called: dict[str, Counter[str]] = {}
    for row in manifest.rows:
        if row.label and label_outputs(row.label, _categories()).isdisjoint(classifier.outputs):
            finding = classifier.look(
                load_photo(manifest.path(row), short_side=classifier.side_car.input.resize)
            )
            top = max(finding.categories, key=lambda output: finding.categories[output])
            called.setdefault(row.label, Counter())[top] += 1
    return {label: dict(counter.most_common()) for label, counter in called.items()}


def _figures(classifier: Classifier, photos: LabelledPhotos) -> dict[str, Any]:
    logits = np.stack([classifier.logits(pixels) for pixels in photos.pixels])
    probabilities = softmax(logits, classifier.side_car.temperature)
    groups = [row.group for row in photos.rows]
    figures = measure_predictions(probabilities, photos.truth, classifier.outputs, groups)
    named = probabilities.max(axis=1) >= classifier.side_car.thresholds.abstention
    right = photos.truth[np.arange(len(logits)), probabilities.argmax(axis=1)]
    figures["left_out"] = 0
    figures["named"] = int(named.sum())
    figures["named_right"] = int(right[named].sum())
    figures["confusion"] = _confusion(probabilities, photos.truth)
    return figures


def _confusion(
    probabilities: npt.NDArray[np.float64], truth: npt.NDArray[np.bool_]
) -> list[list[int]]:
    table = np.zeros((truth.shape[1], truth.shape[1]), dtype=int)
    np.add.at(table, (truth.argmax(axis=1), probabilities.argmax(axis=1)), 1)
    return [[int(n) for n in row] for row in table]


def _photos(
    run: RunFolder, folder: Path, outputs: Sequence[str], recipe: Recipe, split: str
) -> LabelledPhotos:
    rows = read_manifest(run.manifest).only(split).rows
    return load_labelled(
        Manifest(folder, rows), outputs, _categories(), read_catalogue(), recipe.network.resize
    )


def _categories() -> dict[str, Category]:
    return read_categories(shipped_folder("data") / "categories.toml")


def _deployment(outputs: Sequence[str]) -> dict[str, float]:
    """Return each output's share in use: its categories' priors, the gate's being a judgement."""
    shares = dict.fromkeys(outputs, 0.0)
    for category in _categories().values():
        if category.output in shares:
            shares[category.output] += category.prior if category.is_candidate else _GATE_PRIOR
    total = sum(shares.values())
    return {output: share / total for output, share in shares.items()}


def _counts(rows: Sequence[Row]) -> dict[str, dict[str, dict[str, int]]]:
    """Return photos by split, label and set."""
    counts: dict[str, dict[str, dict[str, int]]] = {}
    for (split, label, dataset), n in sorted(
        Counter((r.split, r.label, r.dataset) for r in rows).items()
    ):
        counts.setdefault(split, {}).setdefault(label, {})[dataset] = n
    return counts


def _skin_types(rows: Sequence[Row]) -> dict[str, int]:
    counts = Counter(str(r.fitzpatrick) if r.fitzpatrick else "unknown" for r in rows)
    return dict(sorted(counts.items()))


def _sets(rows: Sequence[Row], catalogue: Mapping[str, PhotoSet]) -> list[PhotoSet]:
    return [catalogue[name] for name in sorted({r.dataset for r in rows}) if name in catalogue]


def _facts(run: RunFolder) -> dict[str, Any]:
    try:
        facts: dict[str, Any] = json.loads(run.facts.read_bytes())
    except (OSError, ValueError) as error:
        raise TrainingError(f"{run.path} is no training run, or not a whole one.") from error
    return facts


def _calibration(run: RunFolder) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((run.path / "calibration.json").read_bytes())
    except (OSError, ValueError) as error:
        raise TrainingError(
            f"{run.path} is not calibrated yet: run “reddots calibrate” on it first."
        ) from error
    return found


def _simulated(run: RunFolder) -> tuple[SimulatedHead | None, dict[str, Any]]:
    """Return the head that ``reddots simulate head`` put into the run, and how it was taught."""
    if not run.simulated_head.exists():
        return None, {}
    head = load_head(run.simulated_head, prefix="")
    try:
        taught: dict[str, Any] = json.loads(run.simulated_facts.read_bytes())
    except (OSError, ValueError) as error:
        raise TrainingError(
            f"The simulated head in {run.path} lacks its figures: "
            "run “reddots simulate head” again."
        ) from error
    return head, taught


def _write(path: Path, side_car: SideCar) -> None:
    write_whole(path, msgspec.json.format(msgspec.json.encode(side_car), indent=1) + b"\n")
