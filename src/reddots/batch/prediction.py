"""Prediction of one photo, and its row of the table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from reddots.assessor import Assessor
from reddots.batch.inputs import PhotoInput, printable, require_sound
from reddots.errors import PhotoError
from reddots.photo.result import PhotoResult
from reddots.triage.answers import Answers
from reddots.triage.assessment import assess

Cell = str | float | int | bool | None
Priors = Literal["deployment", "training"]


@dataclass(frozen=True)
class Prediction:
    """What was found in one photo.

    Attributes:
        status: ``ok``; ``rejected`` when it shows no skin; ``error`` when it cannot be read.
        error: why, in words; empty unless ``error``.
        quality: ids of the photo's problems.
        probabilities: by output, in the side-car's order, under the priors of training; empty
            unless the network saw it.
        urgency: from the answers and the photo; empty without answers.
        n_spots: how many spots were found; None where the detector did not run.
        spot_diameter: their median, as a share of the photo's shorter side.
        spot_pattern: how they are arranged.
        ratios: likelihood ratio, capped, of each output taught by simulation alone.
        category, confidence: the output that is named by the deployment priors, and its
            probability under them; without them those of ``probabilities``.
    """

    photo: str
    sha256: str = ""
    status: str = "error"
    error: str = ""
    quality: Sequence[str] = ()
    abstained: bool | None = None
    prediction_set: Sequence[str] = ()
    probabilities: Mapping[str, float] = field(default_factory=dict)
    urgency: str = ""
    see_doctor: bool | None = None
    model: str = ""
    settled: bool | None = None
    n_spots: int | None = None
    spot_diameter: float | None = None
    spot_pattern: str = ""
    ratios: Mapping[str, float] = field(default_factory=dict)
    category: str = ""
    confidence: float | None = None

    def row(
        self, outputs: Sequence[str], simulated: Sequence[str] = (), priors: Priors = "deployment"
    ) -> dict[str, Cell]:
        """Return the cells by column, in the contract's order; None is an empty cell.

        ``priors``: by which of them ``category`` and ``confidence`` are.
        """
        p = self.probabilities
        as_trained = max(p, key=lambda output: p[output], default="")
        category, confidence = self.category, self.confidence
        if priors == "training" or not category:
            category, confidence = as_trained, p.get(as_trained)
        return {
            "photo": self.photo,
            "sha256": self.sha256,
            "status": self.status,
            "error": self.error,
            "quality": ";".join(self.quality),
            "category": category,
            "confidence": confidence,
            "abstained": self.abstained,
            "prediction_set": ";".join(self.prediction_set),
            **{f"p_{output}": p.get(output) for output in outputs},
            "urgency": self.urgency,
            "see_doctor": self.see_doctor,
            "model": self.model,
            "category_training": as_trained,
            "settled": self.settled,
            "n_spots": self.n_spots,
            "spot_diameter": self.spot_diameter,
            "spot_pattern": self.spot_pattern,
            **{f"ratio_{output}": self.ratios.get(output) for output in simulated},
        }


def columns(outputs: Sequence[str], simulated: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the table's columns, for a checkpoint's outputs and those taught by simulation."""
    return tuple(Prediction("").row(outputs, simulated))


def predict(assessor: Assessor, photo: PhotoInput, answers: Answers | None) -> Prediction:
    """Analyse one photo and, with answers, assess it; whatever is wrong with it is in its row."""
    sha256, error = "", ""
    try:
        require_sound(photo)
        sha256, found = assessor.analyze_file(photo.path)
    except PhotoError as problem:
        error = printable(str(problem))
        found = PhotoResult(status="rejected", problems=(problem.problem,))
    result = assess(answers, found) if answers is not None else None
    return Prediction(
        photo=photo.name,
        sha256=sha256,
        status="error" if error else found.status,
        error=error,
        quality=found.problems,
        abstained=None if error else found.abstained,
        prediction_set=found.prediction_set,
        probabilities=found.categories,
        urgency=result.urgency.id if result else "",
        see_doctor=result.see_doctor if result else None,
        model=assessor.classifier.model_name,
        settled=result.settled if result else None,
        n_spots=found.spots.count if found.spots else None,
        spot_diameter=found.spots.diameter if found.spots and found.spots.count else None,
        spot_pattern=found.spots.pattern if found.spots else "",
        ratios=found.simulated_ratios,
        category=found.category,
        confidence=found.in_use.get(found.category),
    )
