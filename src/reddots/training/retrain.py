"""Last-layer re-training of a shipped checkpoint: a run folder with one output taught anew.

Photos that the checkpoint's manifest lists keep their splits; those of its split ``train`` teach
nothing here, as the network has learnt them by heart. New ones keep the split that they name, or
are split by group.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import torch
from safetensors.torch import save

from reddots._atomic import atomic_write
from reddots.classifier.checkpoint import SideCar, read_side_car
from reddots.datasets.catalogue import read_catalogue, require_trainable
from reddots.datasets.manifest import Manifest, Row, read_manifest, with_splits, write_manifest
from reddots.datasets.splits import assign_splits
from reddots.errors import TrainingError
from reddots.training.calibrate_run import load
from reddots.training.dataset import LabelledPhotos, draw_weights
from reddots.training.history import write_log
from reddots.training.last_layer import Floats, Layer, fit_output, greatest_constant
from reddots.training.networks.network import SpotNetwork
from reddots.training.networks.onnx_export import load_network
from reddots.training.networks.simulated_head import SimulatedHead, load_head
from reddots.training.predict import NetworkOutput, predict_photos
from reddots.training.provenance import command_line, git_revision
from reddots.training.run_folder import RunFolder

PENALTY = 0.03  # least log loss by folds of groups, of 0.03, 0.1, 0.3 and 1
WRONG = 0.05  # share of other outputs' photos that may be named as the output


def retrain_output(
    side_car: Path,
    manifest: Path,
    output: str,
    run: RunFolder,
    *,
    wrong: float = WRONG,
    penalty: float = PENALTY,
    seed: int = 0,
) -> dict[str, Any]:
    """Teach one output of a checkpoint anew and write a run that can be calibrated and exported.

    Args:
        side_car: of the checkpoint; its manifest and weights lie beside it.
        manifest: all photos, old and new.
        output: the output's name.
        run: the folder to write.
        wrong: share of other outputs' calibration photos that may be named as this output.
        penalty: see :func:`fit_output`.
        seed: of the new photos' splits.

    Returns:
        What was done: photos, penalty, constant, and the share of photos named as the output.

    Raises:
        CheckpointError: the checkpoint's files are missing or do not fit.
        ManifestError: the manifest cannot be used, or its terms forbid training.
        TrainingError: there is no such output, no photo to teach it or to set its constant, or a
            run in that folder already.
    """
    run.require_free(way_on="Name another folder.")
    described = read_side_car(side_car)
    if output not in described.outputs:
        raise TrainingError(
            f"{side_car} has no output “{output}”; it has {', '.join(described.outputs)}."
        )
    place = described.outputs.index(output)
    network = load_network(
        side_car.with_suffix(".safetensors"), described.code["recipe"], len(described.outputs)
    )
    learnt = read_manifest(side_car.parent / described.data["manifest"]).rows
    listed = read_manifest(manifest)
    require_trainable(listed.rows, read_catalogue())
    rows, teaching = split_rows(listed.rows, learnt, seed)
    taught = _photos(listed.folder, teaching, described)
    held = _photos(listed.folder, [r for r in rows if r.split == "calibration"], described)
    if not taught.truth[:, place].any():
        raise TrainingError(f"No photo that the network did not learn from shows “{output}”.")
    seen, kept = (predict_photos(network, p, described.input, exact=True) for p in (taught, held))
    weights, _ = draw_weights(taught, described.priors.training)
    layer = fit_output(
        seen.features,
        seen.logits,
        taught.truth[:, place],
        output=place,
        weights=weights,
        penalty=penalty,
    )
    layer, named = _with_constant(layer, kept, held, described, place=place, wrong=wrong)
    _apply(network, layer, place)
    facts = {
        "output": output,
        "photos": dict(Counter(described.outputs[int(t.argmax())] for t in taught.truth)),
        "penalty": penalty,
        "wrong": wrong,
        "named_in_calibration": named,
        "seed": seed,
    }
    head = load_head(side_car.with_suffix(".safetensors"))
    _write(run, described, network, head, rows=rows, facts=facts)
    return facts


def split_rows(
    rows: tuple[Row, ...], learnt: tuple[Row, ...], seed: int
) -> tuple[tuple[Row, ...], list[Row]]:
    """Return all rows with their splits, and those that teach: new ones and of validation."""
    known = {r.sha256 or r.photo: r.split for r in learnt}
    own = [known.get(r.sha256 or r.photo) or "" for r in rows]
    # Groups may have grown together since: those of then, and those of now.
    pairs = [*((r, r.split) for r in learnt), *zip(rows, own, strict=True)]
    groups = {(r.dataset, r.group): split for r, split in pairs if r.group and split}
    kept = [
        split or groups.get((r.dataset, r.group)) or r.split
        for r, split in zip(rows, own, strict=True)
    ]
    fresh = [r for r, split in zip(rows, kept, strict=True) if not split]
    drawn = iter(assign_splits(fresh, seed) if fresh else ())
    found = with_splits(rows, [split or next(drawn) for split in kept])
    teaching = [
        r
        for r in found
        if r.split == "validation"
        or (r.split == "train" and known.get(r.sha256 or r.photo) != "train")
    ]
    return found, teaching


def prior_shift(side_car: SideCar) -> Floats:
    """Return what turns logits under the training priors into those under the priors in use (K)."""
    priors = side_car.priors
    return np.log([priors.deployment[o] / priors.training[o] for o in side_car.outputs])


def _photos(folder: Path, rows: list[Row], described: SideCar) -> LabelledPhotos:
    return load(Manifest(folder, tuple(rows)), described.outputs, described.input.resize)


def _with_constant(
    layer: Layer,
    kept: NetworkOutput,
    held: LabelledPhotos,
    described: SideCar,
    *,
    place: int,
    wrong: float,
) -> tuple[Layer, dict[str, float]]:
    """Return the layer with its constant, and the share of each output's photos named as it."""
    logits = kept.logits + prior_shift(described)
    logits[:, place] += layer.shift(kept.features)
    truth = held.truth.argmax(axis=1)
    if (truth == place).all():
        raise TrainingError("No calibration photo shows another output: the constant needs some.")
    constant = greatest_constant(logits, truth, place, wrong)
    logits[:, place] += constant
    named = logits.argmax(axis=1) == place
    shares = {o: float(named[truth == k].mean()) for k, o in enumerate(described.outputs)
              if (truth == k).any()}  # fmt: skip
    return Layer(layer.weights, layer.bias + constant), shares


def _apply(network: SpotNetwork, layer: Layer, place: int) -> None:
    head = network.head
    with torch.no_grad():
        head.get_parameter("weight")[place] += torch.from_numpy(layer.weights).float()
        head.get_parameter("bias")[place] += layer.bias


def _write(
    run: RunFolder,
    described: SideCar,
    network: SpotNetwork,
    head: SimulatedHead | None,
    *,
    rows: tuple[Row, ...],
    facts: dict[str, Any],
) -> None:
    run.path.mkdir(parents=True, exist_ok=True)
    write_manifest(rows, run.manifest)
    state = {k: v.detach().contiguous() for k, v in network.state_dict().items()}
    atomic_write(run.best, save(state))
    write_log(run.log, described.code.get("log", []))
    if head is not None:
        atomic_write(run.simulated_head, save(head.state_dict()))
        simulated = described.data["simulation"]
        atomic_write(run.simulated_facts, json.dumps(simulated, indent=1).encode())
    told = {
        "outputs": described.outputs,
        "training_shares": described.priors.training,
        "input": msgspec.to_builtins(described.input),
        "backbone": described.code["recipe"],
        "seed": facts["seed"],
        "git": described.code["git"],
        "command": described.code["command"],
        "torch": described.code["torch"],
        "derived_from": f"reddots-{described.version}: the same network, “{facts['output']}” "
        f"taught anew ({command_line()}, at {git_revision()})",
        "licences": described.data["licences"],
        "last_layer": facts,
    }
    atomic_write(run.facts, json.dumps(told, indent=1).encode())
