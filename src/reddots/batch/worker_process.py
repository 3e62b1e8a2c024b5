"""Worker process: opens the network once, then answers task after task.

Tasks and predictions are pickled, for both ends are our own; a photo's bytes never are, and are
decoded in yet another process.
"""

import os
import pickle
import signal
import sys
from pathlib import Path
from typing import BinaryIO

from reddots.assessor import Assessor
from reddots.batch.prediction import predict
from reddots.batch.spot_finding import SpotTask, find_spots
from reddots.errors import RedDotsError


def serve(checkpoint: str) -> None:
    """Say None once the network is open, or else the error; then answer until the pipe closes.

    Args:
        checkpoint: a side-car's path; empty for the newest shipped one.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the run ends its workers
    tasks, replies = _pipes()
    try:
        assessor = Assessor(Path(checkpoint) if checkpoint else None)
        _open(assessor)
    except RedDotsError as error:
        _say(error, replies)
        return
    try:
        _say(None, replies)
        while True:
            task = pickle.load(tasks)  # of the process that started this one
            is_spots = isinstance(task, SpotTask)
            _say(find_spots(assessor, task) if is_spots else predict(assessor, *task), replies)
    except (EOFError, BrokenPipeError):  # the run is over, or was killed
        return


def _open(assessor: Assessor) -> None:
    from reddots.photo.loader import expect_photos

    expect_photos(of_one_owner=True)
    _ = assessor.classifier, assessor.detector


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Take the standard streams, so that a stray word on them cannot pass for a prediction."""
    tasks, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (sys.stdin, sys.stdout):
        os.dup2(nothing, stream.fileno())
    os.close(nothing)
    return tasks, replies


def _say(word: object, replies: BinaryIO) -> None:
    pickle.dump(word, replies)
    replies.flush()
