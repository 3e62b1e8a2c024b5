"""Packaging a finished run as a checkpoint: calibrated, exported, measured, described."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import onnx
from safetensors import SafetensorError

from reddots._atomic import atomic_files, atomic_write
from reddots.classifier.checkpoint import Priors, SideCar, Thresholds
from reddots.classifier.model import Classifier
from reddots.classifier.ood import ood_score
from reddots.classifier.preprocessing import InputSpec
from reddots.datasets.catalogue import PhotoSet, licence_that_follows, read_catalogue
from reddots.datasets.labels import label_outputs
from reddots.datasets.manifest import Manifest, Row, read_manifest, write_manifest
from reddots.errors import TrainingError
from reddots.evaluation.metrics.uncertainty.ood import separation
from reddots.knowledge import load
from reddots.photo.loader import load_photo
from reddots.training.dataset import load_labelled
from reddots.training.evaluate_checkpoint import CheckpointOutput, evaluate_checkpoint
from reddots.training.history import read_log
from reddots.training.networks.onnx_export import export_network, load_network
from reddots.training.networks.simulated_head import SimulatedHead, load_head
from reddots.training.provenance import command_line, git_revision
from reddots.training.recipe import read_recipe
from reddots.training.run_folder import RunFolder

_GATE_PRIOR = 0.02  # share of photos without skin that people send; judgement


def release(
    run: RunFolder, photos_folder: Path, version: str, output: Path, elsewhere: Sequence[Path] = ()
) -> Path:
    """Write the checkpoint ``version`` into ``output``; return its side-car's path.

    All of it is written and measured before any of it takes the place of an earlier one.

    Args:
        run: a calibrated run.
        photos_folder: what the manifest's paths start from.
        version: such as ``0.1.0``.
        output: the folder of checkpoints.
        elsewhere: manifests of photos from other sources, only measured on.

    Raises:
        TrainingError: the run is not calibrated, or the checkpoint cannot be written.
    """
    name = f"reddots-{version}.json"
    try:
        with atomic_files(output, name) as folder:
            _release(run, photos_folder, version, folder, elsewhere)
    except (OSError, SafetensorError) as error:
        raise TrainingError(f"The checkpoint in {output} cannot be written: {error}.") from error
    return output / name


def _release(
    run: RunFolder, photos_folder: Path, version: str, output: Path, elsewhere: Sequence[Path]
) -> None:
    facts, recipe = run.read_facts(), read_recipe(run.recipe)
    outputs = tuple(facts["outputs"])
    calibration = _calibration(run)
    stem = output / f"reddots-{version}"
    network = load_network(run.best, facts["backbone"], len(outputs))
    head, taught = _simulated(run)
    hashes = export_network(network, recipe.network.size, stem, head)
    manifest = read_manifest(run.manifest)
    manifest_hash = write_manifest(manifest.rows, Path(f"{stem}.manifest.csv"), extra=False)
    catalogue = read_catalogue()
    used = [r for r in manifest.rows if r.split]
    side_car = SideCar(
        version=version,
        outputs=outputs,
        simulated={taught["output"]: taught["cap"]} if taught else {},
        input=msgspec.convert(facts["input"], InputSpec),
        temperature=calibration["temperature"],
        thresholds=Thresholds(
            calibration["abstention"],
            calibration["not_skin"],
            calibration["conformal"],
            calibration.get("ood_score"),
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
            "log": read_log(run.log),
        },
        licence=licence_that_follows([r for r in used if r.split == "train"], catalogue),
        sha256=hashes,
    )
    path = Path(f"{stem}.json")
    _write(path, side_car)
    metrics = _measure(path, run, photos_folder, elsewhere)
    _write(path, msgspec.structs.replace(side_car, metrics=metrics))


def _measure(
    side_car: Path, run: RunFolder, photos_folder: Path, elsewhere: Sequence[Path]
) -> dict[str, Any]:
    """Measure the exported network itself, as it will be used, on photos it never learnt from."""
    classifier = Classifier.load(side_car)
    rows = read_manifest(run.manifest)
    output = {
        split: _predict(classifier, Manifest(photos_folder, rows.only(split).rows))
        for split in ("validation", "test")
    }
    own = output["test"].logits[output["test"].skin(classifier.outputs)]
    metrics = {
        name: evaluate_checkpoint(classifier.side_car, predicted)
        for name, predicted in output.items()
    }
    for path in elsewhere:
        predicted = _predict(classifier, read_manifest(path))
        found = evaluate_checkpoint(classifier.side_car, predicted)
        skin = predicted.logits[predicted.skin(classifier.outputs)]
        # Whether photos of another source can be told from photos like those that were learnt.
        temperature = classifier.side_car.temperature
        scores = [ood_score(x, classifier.outputs, temperature) for x in (skin, own)]
        source = {"n": len(skin), "energy": separation(*scores)}
        found["ood_score"]["source"] = source
        metrics[path.parent.name] = found
    return metrics


def _predict(classifier: Classifier, manifest: Manifest) -> CheckpointOutput:
    """Look at every labelled photo of a manifest, marks cut off; unlabelled ones are left out."""
    outputs, short_side = classifier.outputs, classifier.side_car.input.resize
    categories, catalogue = load().categories, read_catalogue()
    photos = load_labelled(manifest, outputs, categories, catalogue, short_side)
    strange = [
        row
        for row in manifest.rows
        if row.label and label_outputs(row.label, categories).isdisjoint(outputs)
    ]
    said = [
        classifier.logits(load_photo(manifest.path(row), short_side=short_side).pixels)
        for row in strange
    ]
    return CheckpointOutput(
        photos.rows,
        np.stack([classifier.logits(pixels) for pixels in photos.pixels]),
        photos.truth,
        strange,
        np.array(said, dtype=np.float32).reshape(len(strange), len(outputs)),
    )


def _deployment(outputs: Sequence[str]) -> dict[str, float]:
    """Return each output's share in use: its categories' priors, the gate's being a judgement."""
    shares = dict.fromkeys(outputs, 0.0)
    for category in load().categories.values():
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


def _calibration(run: RunFolder) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(run.calibration.read_bytes())
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
    atomic_write(path, msgspec.json.format(msgspec.json.encode(side_car), indent=1) + b"\n")
