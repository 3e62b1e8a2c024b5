"""Export of the spot detector: ONNX network, side-car, model card."""

import hashlib
import json
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import onnx
import torch

from reddots._atomic import atomic_write
from reddots.simulation.spots.card import card_text
from reddots.simulation.spots.network import MULTIPLE, STRIDE, DetectorNetwork
from reddots.spots.side_car import open_side_car

_OPSET = 17
_LONG_SIDE = 896  # pixels: with 960, a busy core took more than 60 ms a photo
_ENLARGE = 1.5
_APART = 0.5
_REDDER = 1.0
_LOWEST = 0.05  # strength, for choosing a threshold
_NO_SAY, _FULL_SAY = 2.5, 4.5  # log2 of a diameter in pixels


def export_detector(
    network: DetectorNetwork,
    stem: Path,
    version: str,
    *,
    threshold: float = _LOWEST,
    data: Mapping[str, Any] | None = None,
    metrics: Mapping[str, Any] | None = None,
    code: Mapping[str, Any] | None = None,
) -> Path:
    """Write ``stem``.onnx, ``stem``.json and ``stem``.md, its card; return the side-car.

    The graph takes ``photo`` (1 × 3 × H × W, float32, −1 to 1) and gives ``maps``
    (1 × 2 × H/2 × W/2): the logit of a spot's centre, and log2 of its diameter.
    """
    path = stem.with_name(stem.name + ".onnx")
    partial = stem.with_name(stem.name + ".partial")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            _Exported(network).eval(),
            (torch.zeros(1, 3, 2 * MULTIPLE, 2 * MULTIPLE),),
            str(partial),
            input_names=["photo"],
            output_names=["maps"],
            dynamic_axes={
                "photo": {2: "height", 3: "width"},
                "maps": {2: "rows", 3: "columns"},
            },
            opset_version=_OPSET,
            dynamo=False,
        )
    onnx.checker.check_model(onnx.load(partial), full_check=True)
    partial.replace(path)
    side_car = {
        "version": version,
        "input": {
            "long_side": _LONG_SIDE,
            "enlarge": _ENLARGE,
            "multiple": MULTIPLE,
            "stride": STRIDE,
        },
        "thresholds": {"strength": threshold, "apart": _APART, "redder": _REDDER},
        "data": dict(data or {}),
        "metrics": dict(metrics or {}),
        "code": dict(code or {}),
        "licence": "Non-commercial research and education: taught with photos under such terms.",
        "sha256": {"onnx": hashlib.sha256(path.read_bytes()).hexdigest()},
    }
    written = stem.with_name(stem.name + ".json")
    atomic_write(written, (json.dumps(side_car, indent=1) + "\n").encode())
    card = card_text(open_side_car(written)[0])
    atomic_write(stem.with_name(stem.name + ".md"), (card.rstrip() + "\n").encode())
    return written


class _Exported(torch.nn.Module):
    """The network with centre and cover joined into one map.

    The cover speaks the more, the larger a spot is: a large spot's centre is hard to place, a
    small one's is all there is of it. From no say at 6 pixels to an equal one at 23.
    """

    def __init__(self, network: DetectorNetwork) -> None:
        super().__init__()
        self._network = network

    def forward(self, photo: torch.Tensor) -> torch.Tensor:
        """Return the two maps."""
        centre, size, cover = self._network(photo).split(1, dim=1)
        say = ((size - _NO_SAY) / (_FULL_SAY - _NO_SAY)).clamp(0, 1)
        return torch.cat([centre + say * cover, size], dim=1)
