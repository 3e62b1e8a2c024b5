"""Fine-tuning of a shipped checkpoint's simulated head by real photos; its network stays."""

from pathlib import Path
from typing import Any

import msgspec
from safetensors import SafetensorError

from reddots._atomic import atomic_files
from reddots.classifier.checkpoint import read_side_car
from reddots.datasets.catalogue import licence_that_follows, read_catalogue
from reddots.datasets.manifest import read_manifest, write_manifest
from reddots.errors import TrainingError
from reddots.knowledge import load
from reddots.simulation.head.feature_dataset import photo_features
from reddots.simulation.head.features import FeatureExtractor, deep_model
from reddots.simulation.head.likelihood import learn_likelihood
from reddots.simulation.head.real_dataset import (
    OUTPUT,
    held_out_scores,
    photos_beside,
    real_rows,
    skin_rows,
)
from reddots.simulation.head.real_photos import teach_by_photos
from reddots.simulation.head.ridge import rescaled
from reddots.training.measurement import write_side_car
from reddots.training.networks.onnx_export import export_network, load_network
from reddots.training.networks.simulated_head import load_head
from reddots.training.provenance import command_line, git_revision


def teach_checkpoint(
    side_car: Path, photos_folder: Path, real: Path, *, version: str, output: Path, seed: int = 0
) -> Path:
    """Write the checkpoint ``version``, whose head real photos taught too; return its side-car.

    It has no metrics yet: ``reddots export`` measures it.

    Args:
        side_car: of a checkpoint with a simulated head that is linear; its manifest and weights
            lie beside it.
        photos_folder: what that manifest's paths start from; its photos of the validation and
            calibration splits are what bleeding is told from.
        real: the manifest of real photos of bleeding, and of others from the same sets.
        version: of the new checkpoint.
        output: the folder of checkpoints.
        seed: of the folds.

    Raises:
        CheckpointError: the checkpoint's files are missing or do not fit.
        ManifestError: the terms of a real photo's set forbid training.
        TrainingError: it has no such head, or the real photos are too few.
    """
    described = read_side_car(side_car)
    head = load_head(weights := side_car.with_suffix(".safetensors"))
    if head is None or head.last is not None or OUTPUT not in described.simulated:
        raise TrainingError(f"{side_car} has no linear head that simulation taught {OUTPUT}.")
    network = load_network(weights, described.code["recipe"], len(described.outputs))
    extractor = FeatureExtractor(deep_model(network, described.input), described.input)
    rows = read_manifest(side_car.parent / described.data["manifest"]).rows
    added, folder = real_rows(real)
    shown, validation, calibration = (
        photo_features(extractor, place, chosen, described.input.resize)
        for place, chosen in (
            (folder, added),
            (photos_folder, skin_rows(rows, "validation")),
            (photos_folder, skin_rows(rows, "calibration")),
        )
    )
    taught = teach_by_photos(head, photos_beside(shown, validation, calibration, network), seed)
    likelihood = learn_likelihood(*held_out_scores(taught), load().evidence.limits.photo, seed)
    figures: dict[str, Any] = {
        "output": OUTPUT,
        "cap": likelihood.cap,
        "seed": seed,
        "likelihood": msgspec.to_builtins(likelihood),
        "real": taught.figures,
        "rendered": described.data["simulation"],
    }
    name = f"reddots-{version}"
    try:
        with atomic_files(output, f"{name}.json") as partial:
            hashes = export_network(
                network,
                described.input.size,
                partial / name,
                rescaled(taught.head, likelihood.slope, likelihood.intercept),
            )
            manifest_hash = write_manifest(rows, partial / f"{name}.manifest.csv", extra=False)
            catalogue = read_catalogue()
            learnt = [row for row in rows if row.split == "train"]
            data = {
                **described.data,
                "manifest": f"{name}.manifest.csv",
                "manifest_sha256": manifest_hash,
                "licences": described.data["licences"]
                | {row.dataset: catalogue[row.dataset].licence for row in added},
                "simulation": figures,
            }
            code = {
                **described.code,
                "head": command_line(),
                "released_from": git_revision(),
                "derived_from": f"reddots-{described.version}: the same network, a head that "
                "real photos taught too",
            }
            found = msgspec.structs.replace(
                described,
                version=version,
                simulated={OUTPUT: likelihood.cap},
                data=data,
                metrics={},
                code=code,
                licence=licence_that_follows([*learnt, *added], catalogue),
                sha256=hashes,
            )
            write_side_car(partial / f"{name}.json", found)
    except (OSError, SafetensorError) as error:
        raise TrainingError(f"The checkpoint in {output} cannot be written: {error}.") from error
    return output / f"{name}.json"
