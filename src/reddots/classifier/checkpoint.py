"""Checkpoint side-car: what a network was trained for, on what, and how its output is read."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from reddots._resources import folder
from reddots._side_car import Checks, read_record
from reddots.classifier.preprocessing import INTERPOLATIONS, InputSpec
from reddots.errors import CheckpointError

_VARIABLE = "REDDOTS_CHECKPOINT"
_ROUNDING = 1e-3


class Thresholds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the output's meaning changes.

    Attributes:
        abstention: least top probability at which the first choice is worth naming, 0 to 1.
        not_skin: least probability of the gate's output at which a photo is turned away, 0 to 1.
        conformal: by output, the quantile q of 1 − p of its own calibration photos; it stays
            possible while its p is at least 1 − q (Vovk 2012, class-conditional conformal sets).
        ood_score: largest energy (``classifier.ood``) at which the first choice is worth
            naming; None where it does not count.
    """

    abstention: float
    not_skin: float
    conformal: Mapping[str, float]
    ood_score: float | None = None


class Priors(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Share of each output, summing to 1: as trained, and as expected in use."""

    training: Mapping[str, float]
    deployment: Mapping[str, float]


class SideCar(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The side-car of one checkpoint.

    Attributes:
        outputs: in the order of the network's logits; only those trained.
        simulated: outputs taught by simulation alone, each with the cap of its likelihood ratio,
            at least 1; in the order of the network's output ``simulated``.
        temperature: logits are divided by it before the softmax (Guo et al. 2017).
        data: manifest's hash, counts by output and set, licences.
        metrics: figures with counts and intervals, by split.
        code: git revision and command.
        sha256: of the files ``onnx`` and ``safetensors``.
    """

    version: str
    outputs: tuple[str, ...]
    simulated: Mapping[str, float]
    input: InputSpec
    temperature: float
    thresholds: Thresholds
    priors: Priors
    data: Mapping[str, Any]
    metrics: Mapping[str, Any]
    code: Mapping[str, Any]
    licence: str
    sha256: Mapping[str, str]


def newest_checkpoint() -> Path:
    """Return the side-car to use: ``$REDDOTS_CHECKPOINT``, or the newest shipped one.

    Raises:
        CheckpointError: there is none.
    """
    wanted = os.environ.get(_VARIABLE)
    if wanted:
        return Path(wanted)
    found = installed_checkpoints()
    if not found:
        raise CheckpointError(
            "No checkpoint is installed, so photos cannot be analysed. Install Red Dots again, "
            f"or name a checkpoint's JSON file in {_VARIABLE}."
        )
    return found[-1]


def installed_checkpoints() -> list[Path]:
    """Return the side-cars of the shipped checkpoints, the newest last."""
    return sorted(folder("checkpoints").glob("reddots-*.json"), key=_version)


def read_side_car(path: Path) -> SideCar:
    """Read and check a side-car.

    Raises:
        CheckpointError: it is missing, malformed, or contradicts itself.
    """
    return read_record(path, SideCar, _checks, "checkpoint")


def _version(path: Path) -> tuple[tuple[int, int | str], ...]:
    parts = path.stem.removeprefix("reddots-").replace("-", ".").split(".")
    # The end counts more than a word and less than a number: 0.1.0-rc1, 0.1.0, 0.1.0.1.
    return (*((1, int(p)) if p.isdigit() else (0, p) for p in parts), (1, -1))


def _checks(side_car: SideCar) -> Checks:
    outputs, spec = set(side_car.outputs), side_car.input
    return (
        ("it needs at least two outputs, each once", 1 < len(outputs) == len(side_car.outputs)),
        ("its training priors do not fit its outputs", _fits(side_car.priors.training, outputs)),
        ("its deployment priors do not fit", _fits(side_car.priors.deployment, outputs)),
        ("its conformal quantiles do not fit", set(side_car.thresholds.conformal) == outputs),
        ("it simulates what it was trained on", not outputs & set(side_car.simulated)),
        ("a cap is below 1", min(side_car.simulated.values(), default=1.0) >= 1),
        ("its temperature must be above 0", side_car.temperature > 0),
        ("it lacks the hashes of its files", {"onnx", "safetensors"} <= set(side_car.sha256)),
        ("its input is unknown", _is_known(spec)),
    )


def _is_known(spec: InputSpec) -> bool:
    sizes = 1 <= spec.size <= spec.resize
    return (
        sizes
        and spec.crop == "center"
        and min(spec.std) > 0
        and spec.interpolation in INTERPOLATIONS
    )


def _fits(prior: Mapping[str, float], outputs: set[str]) -> bool:
    total = sum(prior.values())
    return set(prior) == outputs and abs(total - 1) < _ROUNDING and min(prior.values()) > 0
