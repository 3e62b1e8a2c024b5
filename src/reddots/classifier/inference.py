"""Looks at photos with an exported network; needs ONNX Runtime only."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from reddots.classifier.checkpoint import (
    SideCar,
    newest_checkpoint,
    read_side_car,
    require_untouched,
)
from reddots.classifier.onnx_file import objection
from reddots.classifier.preprocessing import prepare
from reddots.classifier.runtime import onnx_runtime
from reddots.errors import CheckpointError
from reddots.photo.finding import GATE, PhotoFinding
from reddots.photo.loader import Photo

_FATAL_ONLY = 4


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
        image = prepare(pixels, self.side_car.input)
        result: npt.NDArray[np.float32] = self._session.run(["logits"], {"image": image})[0][0]
        return result

    def look(self, photo: Photo) -> PhotoFinding:
        """Return what one photo says, calibrated."""
        probabilities = _softmax(self.logits(photo.pixels), self.side_car.temperature)
        categories = dict(zip(self.outputs, probabilities, strict=True))
        thresholds = self.side_car.thresholds
        no_skin = GATE in categories and categories[GATE] >= thresholds.not_skin
        top = max(categories, key=lambda output: categories[output])
        possible = {o for o, p in categories.items() if p >= 1 - thresholds.conformal[o]} | {top}
        return PhotoFinding(
            status="rejected" if no_skin else "ok",
            problems=(GATE,) if no_skin else (),
            categories=categories,
            abstained=categories[top] < thresholds.abstention,
            prediction_set=tuple(o for o in self.outputs if o in possible),
            not_skin=no_skin,
            training_priors=dict(self.side_car.priors.training),
        )


def _softmax(logits: npt.NDArray[np.float32], temperature: float) -> list[float]:
    scaled = logits.astype(np.float64) / temperature
    weights = np.exp(scaled - scaled.max())
    return [float(p) for p in weights / weights.sum()]
