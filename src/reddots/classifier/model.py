"""Inference: an exported network classifies photos; needs ONNX Runtime only."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from reddots._side_car import require_untouched
from reddots.classifier.cam import Map, contrast, on_photo
from reddots.classifier.checkpoint import (
    SideCar,
    newest_checkpoint,
    read_side_car,
)
from reddots.classifier.onnx_runtime import open_session
from reddots.classifier.preprocessing import prepare
from reddots.classifier.selective import abstains, prediction_sets
from reddots.classifier.softmax import softmax
from reddots.errors import CheckpointError
from reddots.photo.loader import Photo
from reddots.photo.result import GATE, PhotoResult

_LARGEST = 50.0  # logarithm, above which a ratio is far beyond any cap


class Classifier:
    """An opened checkpoint. One session, one thread: many photos go to many processes."""

    def __init__(self, side_car: SideCar, session: Any) -> None:
        """Use :meth:`load`."""
        self.side_car = side_car
        self._session = session

    @classmethod
    def load(cls, path: Path | None = None) -> "Classifier":
        """Open the checkpoint whose side-car is ``path``, or the newest shipped one.

        Raises:
            CheckpointError: it is missing, not in order, or tampered with.
        """
        path = path or newest_checkpoint()
        side_car = read_side_car(path)
        model = require_untouched(path.with_suffix(".onnx"), side_car.sha256["onnx"])
        session = open_session(model, path.stem)
        found = session.get_outputs()[0].shape[-1]
        if found != len(side_car.outputs):
            raise CheckpointError(
                f"The network of {path.stem} has {found} outputs, "
                f"its side-car {len(side_car.outputs)}."
            )
        heads = [o.shape[-1] for o in session.get_outputs() if o.name == "simulated"]
        if heads != ([len(side_car.simulated)] if side_car.simulated else []):
            raise CheckpointError(
                f"The network of {path.stem} and its side-car do not agree on what simulation "
                "alone has taught."
            )
        return cls(side_car, session)

    @property
    def outputs(self) -> tuple[str, ...]:
        """The outputs, in the order of the logits."""
        return self.side_car.outputs

    @property
    def model_name(self) -> str:
        """The checkpoint's name, as in the prediction table."""
        return f"reddots-{self.side_car.version}"

    def logits(self, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Return the logits (K, float32) of one upright sRGB photo (H × W × 3, uint8)."""
        return self._run(pixels)[0]

    def predict(self, photo: Photo) -> PhotoResult:
        """Return what one photo says, calibrated."""
        logits, log_ratios = self._run(photo.pixels)
        probabilities = softmax(logits, self.side_car.temperature)
        categories = dict(zip(self.outputs, probabilities.tolist(), strict=True))
        thresholds = self.side_car.thresholds
        no_skin = GATE in categories and categories[GATE] >= thresholds.not_skin
        possible = prediction_sets(self.side_car, probabilities)
        return PhotoResult(
            status="rejected" if no_skin else "ok",
            problems=(GATE,) if no_skin else (),
            categories=categories,
            abstained=bool(abstains(self.side_car, logits, probabilities)),
            prediction_set=tuple(np.array(self.outputs)[possible].tolist()),
            not_skin=no_skin,
            training_priors=dict(self.side_car.priors.training),
            deployment_priors=dict(self.side_car.priors.deployment),
            simulated_ratios=self._believed(log_ratios),
        )

    def simulated(self, pixels: npt.NDArray[np.uint8]) -> dict[str, float]:
        """Return the natural logarithm of each simulated output's likelihood ratio, uncapped."""
        return self._run(pixels)[1]

    def activation(self, pixels: npt.NDArray[np.uint8], output: str) -> Map | None:
        """Return how much each place of a photo speaks for an output rather than the others.

        It is the exact class activation map, laid on the photo (H × W, in units of the logit); 0
        outside of what the network sees. None where the graph has no such output, as its last
        layer is not linear.
        """
        if all(o.name != "cam" for o in self._session.get_outputs()):
            return None
        image = prepare(pixels, self.side_car.input)
        maps = self._session.run(["cam"], {"image": image})[0][0]
        map_ = contrast(maps, self.outputs.index(output))
        height, width = pixels.shape[:2]
        return on_photo(map_, height, width, self.side_car.input)

    def _run(
        self, pixels: npt.NDArray[np.uint8]
    ) -> tuple[npt.NDArray[np.float32], dict[str, float]]:
        simulated = self.side_car.simulated
        names = ["logits", "simulated"] if simulated else ["logits"]
        found = self._session.run(names, {"image": prepare(pixels, self.side_car.input)})
        ratios = [float(value) for value in found[1][0]] if simulated else []
        return found[0][0], dict(zip(simulated, ratios, strict=True))

    def _believed(self, log_ratios: Mapping[str, float]) -> dict[str, float]:
        # Simulation never speaks against: what it does not know of may still be there.
        return {
            output: min(max(math.exp(min(log_ratios[output], _LARGEST)), 1.0), cap)
            for output, cap in self.side_car.simulated.items()
        }
