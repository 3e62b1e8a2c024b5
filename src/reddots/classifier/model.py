"""Inference: an exported network classifies photos; needs ONNX Runtime only."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from reddots.classifier.cam import Map, contrast, on_photo
from reddots.classifier.checkpoint import (
    SideCar,
    newest_checkpoint,
    read_side_car,
    require_untouched,
)
from reddots.classifier.onnx_check import objection
from reddots.classifier.onnx_runtime import onnx_runtime
from reddots.classifier.ood import ood_score
from reddots.classifier.preprocessing import prepare
from reddots.classifier.softmax import softmax
from reddots.errors import CheckpointError
from reddots.photo.loader import Photo
from reddots.photo.result import GATE, PhotoResult

_FATAL_ONLY = 4
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
        reason = objection(model)
        if reason:
            raise CheckpointError(
                f"The network of {path.stem} is not opened: its file {reason}. Red Dots takes only "
                "networks that are whole in themselves."
            )
        ort = onnx_runtime()
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = _FATAL_ONLY
        try:
            session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # ONNX Runtime's exceptions share no base but this
            raise CheckpointError(
                f"The network of {path.stem} cannot be opened; it needs something that ONNX "
                "Runtime does not offer here."
            ) from error
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
        top = max(categories, key=lambda output: categories[output])
        possible = {o for o, p in categories.items() if p >= 1 - thresholds.conformal[o]} | {top}
        return PhotoResult(
            status="rejected" if no_skin else "ok",
            problems=(GATE,) if no_skin else (),
            categories=categories,
            abstained=categories[top] < thresholds.abstention or self._is_strange(logits),
            prediction_set=tuple(o for o in self.outputs if o in possible),
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

    def _is_strange(self, logits: npt.NDArray[np.float32]) -> bool:
        limit = self.side_car.thresholds.ood_score
        own = ood_score(logits, self.outputs, self.side_car.temperature)
        return limit is not None and float(own) > limit

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
