"""The spot detector's checkpoint: a side-car JSON beside its ONNX network."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from reddots._resources import folder
from reddots._side_car import Checks, read_record, require_untouched
from reddots.errors import CheckpointError

_VARIABLE = "REDDOTS_SPOT_DETECTOR"
_PATTERN = "spots-*.json"
_MULTIPLES = (16, 32, 64)
_LARGEST_SIDE = 2048


class SpotInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a photo becomes the network's input.

    Attributes:
        long_side: pixels that the longer side is brought to.
        enlarge: the most that a small photo is enlarged.
        multiple: the padded height and width are multiples of this, pixels.
        stride: pixels of the input to one cell of the maps.
    """

    long_side: int
    enlarge: float
    multiple: int
    stride: int


class SpotThresholds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a place counts as a spot.

    Attributes:
        strength: least strength, 0 to 1.
        apart: least distance of two centres, as a share of the larger diameter.
        redder: least difference of a* from the skin around, or darker by as much in L*.
    """

    strength: float
    apart: float
    redder: float


class SpotSideCar(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The side-car of one spot detector.

    Attributes:
        data: what it was trained on.
        metrics: values with counts, by set.
        code: git revision and command.
        sha256: of the file ``onnx``.
    """

    version: str
    input: SpotInput
    thresholds: SpotThresholds
    data: Mapping[str, Any]
    metrics: Mapping[str, Any]
    code: Mapping[str, Any]
    licence: str
    sha256: Mapping[str, str]


def installed_detector() -> Path | None:
    """Return the side-car to use: ``$REDDOTS_SPOT_DETECTOR``, the newest shipped one, or None."""
    wanted = os.environ.get(_VARIABLE)
    if wanted:
        return Path(wanted)
    found = sorted(folder("checkpoints").glob(_PATTERN), key=_version)
    return found[-1] if found else None


def newest_detector() -> Path:
    """Return the side-car to use, as ``installed_detector``.

    Raises:
        CheckpointError: there is none.
    """
    found = installed_detector()
    if found is None:
        raise CheckpointError(
            "No spot detector is installed, so spots cannot be found. Install Red Dots again."
        )
    return found


def open_side_car(path: Path) -> tuple[SpotSideCar, bytes]:
    """Read and check a side-car and its network.

    Raises:
        CheckpointError: it is missing, malformed, contradicts itself, or the network is another.
    """
    side_car = read_record(path, SpotSideCar, _checks, "spot detector")
    return side_car, require_untouched(path.with_suffix(".onnx"), side_car.sha256["onnx"])


def _version(path: Path) -> tuple[int, ...]:
    return tuple(int(p) for p in path.stem.removeprefix("spots-").split(".") if p.isdigit())


def _checks(side_car: SpotSideCar) -> Checks:
    spec, limits = side_car.input, side_car.thresholds
    return (
        ("its input's size is out of bounds", 64 <= spec.long_side <= _LARGEST_SIDE),
        ("it enlarges out of bounds", 1 <= spec.enlarge <= 4),
        ("its padding is unknown", spec.multiple in _MULTIPLES and spec.stride in {1, 2, 4}),
        ("its threshold is no share", 0 < limits.strength < 1 and 0 <= limits.apart <= 1),
        ("it lacks the hash of its network", "onnx" in side_car.sha256),
    )
