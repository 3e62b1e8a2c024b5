"""Packaging a finished run as a checkpoint: calibrated, exported, measured, described."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import onnx
from safetensors import SafetensorError

from reddots._atomic import atomic_files
from reddots.classifier.checkpoint import Priors, SideCar, Thresholds
from reddots.classifier.preprocessing import InputSpec
from reddots.datasets.catalogue import PhotoSet, licence_that_follows, read_catalogue
from reddots.datasets.manifest import Manifest, Row, read_manifest, write_manifest
from reddots.errors import TrainingError
from reddots.knowledge import load
from reddots.training.history import read_log
from reddots.training.measurement import measure_checkpoint, write_side_car
from reddots.training.networks.onnx_export import export_network, load_network
from reddots.training.networks.simulated_head import SimulatedHead, load_head
from reddots.training.provenance import command_line, git_revision
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
    facts = run.read_facts()
    spec = msgspec.convert(facts["input"], InputSpec)
    outputs = tuple(facts["outputs"])
    calibration = _calibration(run)
    stem = output / f"reddots-{version}"
    network = load_network(run.best, facts["backbone"], len(outputs))
    head, taught = _simulated(run)
    hashes = export_network(network, spec.size, stem, head)
    manifest = read_manifest(run.manifest)
    manifest_hash = write_manifest(manifest.rows, Path(f"{stem}.manifest.csv"), extra=False)
    catalogue = read_catalogue()
    used = [r for r in manifest.rows if r.split]
    learnt = [r for r in used if r.split == "train"]
    base: dict[str, str] = facts.get("licences", {})  # of the checkpoint that this one comes from
    side_car = SideCar(
        version=version,
        outputs=outputs,
        simulated={taught["output"]: taught["cap"]} if taught else {},
        input=spec,
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
            "licences": base | {s.id: s.licence for s in _sets(used, catalogue)},
            "calibration": calibration["counts"],
            **({"simulation": taught} if taught else {}),
            **({"last_layer": facts["last_layer"]} if "last_layer" in facts else {}),
        },
        metrics={},
        code={
            "git": facts["git"],
            "command": facts["command"],
            "released_from": git_revision(),
            "recipe": facts["backbone"],
            "torch": facts["torch"],
            "onnx": onnx.__version__,
            "export": command_line(),
            "log": read_log(run.log),
            **({"derived_from": facts["derived_from"]} if "derived_from" in facts else {}),
        },
        licence=licence_that_follows([*learnt, *(Row("", "", dataset=s) for s in base)], catalogue),
        sha256=hashes,
    )
    path = Path(f"{stem}.json")
    write_side_car(path, side_car)
    own = Manifest(photos_folder, manifest.rows)
    metrics = measure_checkpoint(path, own, elsewhere)
    write_side_car(path, msgspec.structs.replace(side_car, metrics=metrics))


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
