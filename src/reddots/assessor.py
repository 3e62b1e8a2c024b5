"""Façade: photos and answers of one person in, an assessment out.

It is the one place where photo, classifier and triage meet; none of them knows the others.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from reddots.errors import CheckpointError, PhotoError
from reddots.photo.result import NO_SPOTS, PhotoResult, PhotoSpots
from reddots.triage.answers import Answers
from reddots.triage.assessment import Assessment, ModelIdentity, assess

if TYPE_CHECKING:
    from reddots.classifier.model import Classifier
    from reddots.knowledge import Knowledge
    from reddots.photo.loader import Photo
    from reddots.spots.detector import SpotDetector

PhotoSource = Path | bytes
_LEAST_PROBABILITY = 1e-9


class Assessor:
    """Analyses photos and answers with one checkpoint, which is opened at the first photo."""

    def __init__(self, checkpoint: Path | None = None) -> None:
        """Use ``checkpoint`` (a side-car's path), or the newest shipped one."""
        self._checkpoint = checkpoint

    @cached_property
    def classifier(self) -> "Classifier":
        """The opened checkpoint.

        Raises:
            CheckpointError: it is missing, incomplete or not the one its side-car describes.
        """
        from reddots.classifier.model import Classifier

        return Classifier.load(self._checkpoint)

    @property
    def outputs(self) -> tuple[str, ...]:
        """The checkpoint's outputs, in the order of its probabilities.

        Raises:
            CheckpointError: as ``classifier``.
        """
        return self.classifier.outputs

    @cached_property
    def model(self) -> ModelIdentity:
        """Which checkpoint this is, read without opening the network."""
        from reddots.classifier.checkpoint import (
            newest_checkpoint,
            read_side_car,
        )

        side_car = read_side_car(self._checkpoint or newest_checkpoint())
        return ModelIdentity(side_car.version, side_car.sha256["onnx"])

    @cached_property
    def detector(self) -> "SpotDetector | None":
        """The opened spot detector; None where none is installed, and no spots are looked for.

        Raises:
            CheckpointError: it is incomplete or not the one its side-car describes.
        """
        from reddots.spots.detector import SpotDetector
        from reddots.spots.side_car import installed_detector

        path = installed_detector()
        return SpotDetector.load(path) if path else None

    def analyze_photo(self, source: PhotoSource) -> PhotoResult:
        """Analyse one photo: read, classified, its quality checked, its spots found.

        Raises:
            PhotoError: it cannot be read.
            CheckpointError: there is no sound checkpoint.
        """
        return self.analyze_file(source)[1]

    def analyze_file(self, source: PhotoSource) -> tuple[str, PhotoResult]:
        """Do as ``analyze_photo``; return the file's sha256 too."""
        from reddots.photo.loader import expect_photos, load_photo

        expect_photos()  # their reader starts while the checkpoint is opened
        photo = load_photo(source, short_side=self.classifier.side_car.input.resize)
        result = self.classify_pixels(photo)
        if result.status == "ok" and self.detector:
            # Spots need more pixels than the network, whose own must be decoded as in training.
            larger = load_photo(source, long_side=self.detector.long_side)
            result = result.with_spots(_measured(self.detector, larger))
        return photo.sha256, result

    def classify_pixels(self, photo: "Photo") -> PhotoResult:
        """Classify a photo that was decoded already and check its quality; spots are left out."""
        from reddots.photo.quality import assess_quality

        return self.classifier.predict(photo).with_problems(assess_quality(photo))

    def assess(
        self,
        answers: Answers,
        photos: Sequence[PhotoSource] = (),
        *,
        case_id: str | None = None,
        country: str | None = None,
        knowledge: "Knowledge | None" = None,
    ) -> Assessment:
        """Assess one person from answers and any number of photos of the same spots.

        A photo that cannot be read becomes a rejected one; the answers are assessed all the same.
        ``country``, an ISO 3166 code, chooses the numbers to call. ``knowledge`` is in the language
        of the texts; English where it is not given.
        """
        results = [self.analyze_or_reject(source) for source in photos]
        model = self._model_if_any()
        return assess(
            answers,
            merge(results),
            model=model,
            case_id=case_id,
            knowledge=knowledge,
            country=country,
        )

    def _model_if_any(self) -> ModelIdentity | None:
        # Without photos the answers must be assessed even where no checkpoint is.
        try:
            return self.model
        except (CheckpointError, ImportError):
            return None

    def analyze_or_reject(self, source: PhotoSource) -> PhotoResult:
        """Analyse one photo; one that cannot be read comes back as rejected."""
        try:
            return self.analyze_photo(source)
        except PhotoError as error:
            return PhotoResult.unreadable(error)


def _measured(detector: "SpotDetector", photo: "Photo") -> PhotoSpots:
    from reddots.spots.measure import photo_spots

    return photo_spots(detector.detect(photo.pixels))


def merge(results: Sequence[PhotoResult]) -> PhotoResult | None:
    """Join what several photos of the same spots say; None without any.

    Probabilities are joined by their geometric mean (the logarithmic opinion pool: Genest and
    Zidek 1986), over the photos that could be used. Only when none could is the result rejected.
    """
    if not results:
        return None
    usable = [r for r in results if r.status == "ok"]
    problems = tuple(dict.fromkeys(p for r in results for p in r.problems))
    causes = tuple(dict.fromkeys(c for r in results for c in r.causes))
    if any(r.spots and r.spots.count for r in usable):
        problems = tuple(p for p in problems if p != NO_SPOTS)  # another photo shows them
    if not usable:
        return replace(results[0].with_problems(problems), causes=causes)
    if len(usable) == 1:
        return replace(usable[0], problems=problems, causes=causes)
    first = usable[0]
    weights = {
        output: math.exp(
            math.fsum(math.log(max(r.categories[output], _LEAST_PROBABILITY)) for r in usable)
            / len(usable)
        )
        for output in first.categories
    }
    total = math.fsum(weights.values())
    return PhotoResult(
        status="ok",
        problems=problems,
        causes=causes,
        categories={output: weight / total for output, weight in weights.items()},
        abstained=all(r.abstained for r in usable),
        prediction_set=tuple(
            o for o in first.categories if any(o in r.prediction_set for r in usable)
        ),
        training_priors=first.training_priors,
        deployment_priors=first.deployment_priors,
        simulated_ratios={
            o: max(r.simulated_ratios[o] for r in usable) for o in first.simulated_ratios
        },
        # Of several photos, that in which most is seen: they show the same spots.
        spots=max((r.spots for r in usable if r.spots), key=lambda s: s.count, default=None),
    )
