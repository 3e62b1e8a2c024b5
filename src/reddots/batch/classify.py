"""Classification of many photos, one by one: what the command and other programs call."""

import os
from collections.abc import Generator, Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Literal

from reddots.batch.inputs import PhotoInput, expand
from reddots.batch.prediction import Prediction
from reddots.batch.process_pool import predict_all
from reddots.batch.ray_engine import predict_on_ray
from reddots.classifier.checkpoint import newest_checkpoint, read_side_car
from reddots.triage.answers import Answers

Engine = Literal["processes", "ray"]


def classify(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str] | PhotoInput],
    *,
    answers: Mapping[str, Answers] | None = None,
    workers: int | None = None,
    checkpoint: Path | None = None,
    engine: Engine = "processes",
) -> Generator[Prediction, None, None]:
    """Classify photos; whatever is wrong with one of them is in its prediction.

    They are analysed in processes of their own, a few photos ahead of what is asked for, so that
    any number of photos needs the same memory. Closing the iterator ends those processes.

    Example:
        for found in reddots.classify("photos"):
            ...  # found.photo, found.status, found.result.categories

    Args:
        paths: photos, folders, globs or manifests, as for the command; a ``PhotoInput`` is one
            photo, taken as it is.
        answers: by the photo's name as given, for an urgency in its prediction.
        workers: processes; as many as processors by default.
        checkpoint: a side-car's path, or the newest shipped one.
        engine: ``processes`` on this machine, or ``ray`` for those of a cluster.

    Returns:
        One prediction for each photo, in their order.

    Raises:
        CheckpointError: there is no sound checkpoint.
        ManifestError: a manifest cannot be read.
        ValueError: ``workers`` is less than 1.
    """
    if workers is not None and workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}")
    path = checkpoint or newest_checkpoint()
    model = f"reddots-{read_side_car(path).version}"
    given = [paths] if isinstance(paths, str | os.PathLike) else paths
    photos = chain.from_iterable(map(_photos, given))
    tasks = ((photo, (answers or {}).get(photo.name)) for photo in photos)
    run = predict_on_ray if engine == "ray" else predict_all
    return _named(run(tasks, workers=workers or os.cpu_count() or 1, checkpoint=path), model)


def _photos(given: str | os.PathLike[str] | PhotoInput) -> Iterable[PhotoInput]:
    return (given,) if isinstance(given, PhotoInput) else expand([os.fspath(given)])


def _named(
    predictions: Generator[Prediction, None, None], model: str
) -> Generator[Prediction, None, None]:
    with closing(predictions):
        for prediction in predictions:
            yield prediction if prediction.model else replace(prediction, model=model)
