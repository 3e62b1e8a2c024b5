"""A worker that some photos bring down, told by their names; it opens no network."""

import os

from reddots.assessor import Assessor
from reddots.batch import worker_process
from reddots.batch.inputs import PhotoInput
from reddots.batch.prediction import Prediction
from reddots.errors import CheckpointError
from reddots.photo.result import PhotoResult
from reddots.triage.answers import Answers


def deadly(_: object, photo: PhotoInput, answers: Answers | None) -> Prediction:
    """Stand in for a decoder that a photo brings down."""
    if "deadly" in photo.name:
        os.kill(os.getpid(), 9)
    if "sulky" in photo.name and not photo.path.exists():
        photo.path.touch()  # dies the first time only
        os._exit(13)
    if "talkative" in photo.name:
        os.write(1, b"a stray word")
    return Prediction(photo.name, PhotoResult("ok"), urgency="" if answers is None else "routine")


def opened(assessor: Assessor) -> None:
    """Stand in for a network that is opened, or not."""
    name = str(assessor._checkpoint)
    if "broken" in name:
        raise CheckpointError("It is broken.")
    if "dead at once" in name:
        os._exit(9)


worker_process.predict = deadly
worker_process._open = opened
serve = worker_process.serve
