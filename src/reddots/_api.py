"""Public API: functions that ``import reddots`` offers and that live in no package of their own.

They take plain Python values (paths, dictionaries) and return the library's frozen ones.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reddots.assessor import Assessor, PhotoSource
    from reddots.classifier.checkpoint import SideCar
    from reddots.knowledge.questions import Question
    from reddots.triage.assessment import Assessment


def load_model(checkpoint: str | Path | None = None) -> "Assessor":
    """Model: open a checkpoint, to classify photos one by one.

    Args:
        checkpoint: a side-car's path (``reddots-<version>.json``); the newest shipped one if None.

    Raises:
        CheckpointError: it is missing, incomplete, or not the one its side-car describes.

    Example:
        >>> model = load_model()
        >>> "cherry_angioma" in model.outputs
        True
    """
    from reddots.assessor import Assessor

    model = Assessor(Path(checkpoint) if checkpoint else None)
    model.outputs  # noqa: B018 - opens it now, so that a bad checkpoint is reported here
    return model


def assess(
    answers: Mapping[str, object] | None = None,
    photos: "Sequence[PhotoSource]" = (),
    *,
    checkpoint: str | Path | None = None,
) -> "Assessment":
    """Triage: what one person's answers and photos mean, and what to do next.

    Args:
        answers: by question id; see ``reddots.questions``. A missing one is unknown.
        photos: paths or bytes of photos of the same spots; one that cannot be read is rejected in
            the result and lowers nothing.
        checkpoint: a side-car's path, or the newest shipped one.

    Raises:
        AnswersError: an answer has an unknown key or value, or two cannot both be true.

    Example:
        >>> result = assess({"age_years": 6, "fever": "yes", "blanches": "no"})
        >>> result.urgency.id, result.see_doctor
        ('emergency', True)
    """
    from reddots.assessor import Assessor
    from reddots.triage.answers import parse_answers

    assessor = Assessor(Path(checkpoint) if checkpoint else None)
    return assessor.assess(parse_answers(dict(answers or {})), photos)


def questions(language: str = "en") -> "tuple[Question, ...]":
    """Questionnaire: every question that can be answered, in asking order, with its legal answers.

    Args:
        language: the code of a file under ``data/locale``.

    Raises:
        KnowledgeError: there is no such language.

    Example:
        >>> fever = next(question for question in questions() if question.id == "fever")
        >>> fever.values
        ('yes', 'no', 'not_sure')
    """
    from reddots.knowledge.translation import load_in

    return tuple(load_in(language).questions.values())


def checkpoints() -> "Mapping[Path, SideCar]":
    """Model zoo: the checkpoints that are installed, by side-car path, the newest last.

    Raises:
        CheckpointError: a side-car cannot be read.

    Example:
        >>> [side_car.version for side_car in checkpoints().values()][-1:] != []
        True
    """
    from reddots.classifier.checkpoint import installed_checkpoints, read_side_car

    return {path: read_side_car(path) for path in installed_checkpoints()}
