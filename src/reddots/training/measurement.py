"""Measurement of an exported checkpoint, as it will be used, on photos that taught it nothing."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from reddots._atomic import atomic_write
from reddots.classifier.checkpoint import SideCar, read_side_car
from reddots.classifier.model import Classifier
from reddots.classifier.ood import ood_score
from reddots.datasets.catalogue import read_catalogue
from reddots.datasets.labels import label_outputs
from reddots.datasets.loading import readable_photos
from reddots.datasets.manifest import Manifest, Row, read_manifest
from reddots.errors import TrainingError
from reddots.evaluation.metrics.uncertainty.ood import separation
from reddots.knowledge import load
from reddots.training.dataset import load_labelled
from reddots.training.evaluate_checkpoint import CheckpointOutput, evaluate_checkpoint

_OWN = ("validation", "test")
_MOST_MISSING = 0.05  # of a split's photos; beyond, the folder is the wrong one


def measure_checkpoint(
    side_car: Path, own: Manifest, elsewhere: Sequence[Path] = ()
) -> dict[str, Any]:
    """Return the metrics of an exported checkpoint, by set of photos.

    Args:
        side_car: the checkpoint's.
        own: its photos, of which the splits validation and test are measured on.
        elsewhere: manifests of photos from other sources; a set is named after its folder. Where
            one has a column ``visible``, the photos marked ``yes``, and those without a mark, are
            measured apart as well.
    """
    classifier = Classifier.load(side_car)
    predicted = {
        split: predict_manifest(classifier, Manifest(own.folder, own.only(split).rows))
        for split in _OWN
    }
    metrics = {
        name: evaluate_checkpoint(classifier.side_car, found) for name, found in predicted.items()
    }
    usual = predicted["test"].logits[predicted["test"].skin(classifier.outputs)]
    for path in elsewhere:
        output = predict_manifest(classifier, read_manifest(path))
        found = evaluate_checkpoint(classifier.side_car, output)
        skin = output.logits[output.skin(classifier.outputs)]
        # Whether photos of another source can be told from photos like those that were learnt.
        temperature = classifier.side_car.temperature
        scores = [ood_score(x, classifier.outputs, temperature) for x in (skin, usual)]
        found["ood_score"]["source"] = {"n": len(skin), "energy": separation(*scores)}
        clear = output.where(_may_be_seen)
        if len(clear.rows) + len(clear.strange) < len(output.rows) + len(output.strange):
            found["visible"] = evaluate_checkpoint(classifier.side_car, clear)
        metrics[path.parent.name] = found
    return metrics


def measure_again(side_car: Path, photos_folder: Path, elsewhere: Sequence[Path] = ()) -> SideCar:
    """Measure a shipped checkpoint anew and write its metrics; its weights stay as they are.

    Photos of its manifest that are gone or cannot be read are left out and counted as ``missing``.

    Args:
        side_car: the checkpoint's; its manifest lies beside it.
        photos_folder: what the manifest's paths start from.
        elsewhere: manifests of photos from other sources.

    Raises:
        TrainingError: more than one photo in twenty of a split is missing.
    """
    described = read_side_car(side_car)
    listed = read_manifest(side_car.parent / described.data["manifest"]).rows
    counts = {}
    for split in _OWN:
        rows = [row for row in listed if row.split == split and row.label]
        gone = [row for row in rows if not (photos_folder / row.photo).is_file()]
        if len(gone) > _MOST_MISSING * len(rows):
            raise TrainingError(
                f"{len(gone)} of the {len(rows)} photos of the split “{split}” are not in "
                f"{photos_folder}: give the folder that the manifest's paths start from."
            )
        counts[split] = len(rows)
    there = tuple(row for row in listed if (photos_folder / row.photo).is_file())
    metrics = measure_checkpoint(side_car, Manifest(photos_folder, there), elsewhere)
    for split, count in counts.items():
        metrics[split]["missing"] = count - metrics[split]["n"] - metrics[split]["left_out"]
    found = msgspec.structs.replace(described, metrics=metrics)
    write_side_car(side_car, found)
    return found


def predict_manifest(classifier: Classifier, manifest: Manifest) -> CheckpointOutput:
    """Predict every labelled photo of a manifest, marks cut off; unlabelled ones are left out."""
    outputs, short_side = classifier.outputs, classifier.side_car.input.resize
    categories, catalogue = load().categories, read_catalogue()
    photos = load_labelled(manifest, outputs, categories, catalogue, short_side)
    strange = tuple(
        row
        for row in manifest.rows
        if row.label and label_outputs(row.label, categories).isdisjoint(outputs)
    )
    listed = Manifest(manifest.folder, strange)
    read = list(readable_photos(listed, catalogue, short_side))
    rows = [*photos.rows, *(strange[place] for place, _ in read)]
    pixels = [*photos.pixels, *(own for _, own in read)]
    logits = np.stack([classifier.logits(own) for own in pixels])
    simulated = {}
    if classifier.side_car.simulated:
        ratios = [classifier.simulated(own) for own in pixels]
        for output in classifier.side_car.simulated:
            shows = [output in label_outputs(row.label, categories) for row in rows]
            simulated[output] = (np.array([r[output] for r in ratios]), np.array(shows))
    first = len(photos.rows)
    return CheckpointOutput(
        photos.rows, logits[:first], photos.truth, rows[first:], logits[first:], simulated
    )


def write_side_car(path: Path, side_car: SideCar) -> None:
    """Write a side-car as JSON that people can read."""
    atomic_write(path, msgspec.json.format(msgspec.json.encode(side_car), indent=1) + b"\n")


def _may_be_seen(row: Row) -> bool:
    """Return whether nobody said that the lesion cannot be seen, or only partly."""
    return dict(row.extra).get("visible", "") in {"", "yes"}
