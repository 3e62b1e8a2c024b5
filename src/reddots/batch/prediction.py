"""Prediction of one photo, and its row of the table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from reddots.assessor import Assessor
from reddots.batch.inputs import PhotoInput, printable, require_sound
from reddots.errors import PhotoError
from reddots.photo.result import PhotoResult
from reddots.triage.answers import Answers
from reddots.triage.assessment import assess

Cell = str | float | int | bool | None
Priors = Literal["deployment", "training"]
_UNREADABLE = PhotoResult("rejected", ("unreadable",))


@dataclass(frozen=True)
class Prediction:
    """The result of one photo, with what a table says besides.

    Attributes:
        photo: the path, as given.
        result: what the photo says; rejected where it cannot be read.
        sha256: of the file; empty unless it was read.
        error: why it cannot be read, in words; empty when it can.
        urgency: from the answers and the photo; empty without answers.
        see_doctor: whether a doctor should see it; None without answers.
        settled: whether the answers were enough to settle it; None without answers.
        model: name of the checkpoint.
    """

    photo: str
    result: PhotoResult = _UNREADABLE
    sha256: str = ""
    error: str = ""
    urgency: str = ""
    see_doctor: bool | None = None
    settled: bool | None = None
    model: str = ""

    @property
    def status(self) -> str:
        """Return ``ok``; ``rejected`` when it shows no skin; ``error`` when it cannot be read."""
        return "error" if self.error else self.result.status

    def row(
        self, outputs: Sequence[str], simulated: Sequence[str] = (), priors: Priors = "deployment"
    ) -> dict[str, Cell]:
        """Return the cells by column, in the contract's order; None is an empty cell.

        ``priors``: by which of them ``category`` and ``confidence`` are.
        """
        result, spots = self.result, self.result.spots
        p: Mapping[str, float] = result.categories
        as_trained = result.category_training
        category, confidence = result.category, result.in_use.get(result.category)
        if priors == "training":
            category, confidence = as_trained, p.get(as_trained)
        return {
            "photo": self.photo,
            "sha256": self.sha256,
            "status": self.status,
            "error": self.error,
            "quality": ";".join(result.problems),
            "category": category if p else "",
            "confidence": confidence,
            "abstained": result.abstained if p else None,
            "prediction_set": ";".join(result.prediction_set),
            **{f"p_{output}": p.get(output) for output in outputs},
            "urgency": self.urgency,
            "see_doctor": self.see_doctor,
            "model": self.model,
            "category_training": as_trained,
            "settled": self.settled,
            "n_spots": spots.count if spots else None,
            "spot_diameter": spots.diameter if spots and spots.count else None,
            "spot_pattern": spots.pattern if spots else "",
            **{f"ratio_{output}": result.simulated_ratios.get(output) for output in simulated},
        }


def columns(outputs: Sequence[str], simulated: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the table's columns, for a checkpoint's outputs and those taught by simulation."""
    return tuple(Prediction("").row(outputs, simulated))


def predict(assessor: Assessor, photo: PhotoInput, answers: Answers | None) -> Prediction:
    """Analyse one photo and, with answers, assess it; whatever is wrong with it is in its row."""
    try:
        require_sound(photo)
        sha256, result = assessor.analyze_file(photo.path)
    except PhotoError as problem:
        return with_answers(assessor, rejected(photo, problem), answers)
    return with_answers(assessor, Prediction(photo.name, result, sha256), answers)


def rejected(photo: PhotoInput, problem: PhotoError) -> Prediction:
    """Return the prediction of a photo that cannot be read."""
    result = PhotoResult.unreadable(problem)
    return Prediction(photo.name, result, error=printable(str(problem)))


def with_answers(assessor: Assessor, prediction: Prediction, answers: Answers | None) -> Prediction:
    """Return the prediction with the checkpoint's name and, with answers, the urgency."""
    named = replace(prediction, model=assessor.classifier.model_name)
    if answers is None:
        return named
    found = assess(answers, prediction.result)
    return replace(
        named, urgency=found.urgency.id, see_doctor=found.see_doctor, settled=found.settled
    )
