"""Robustness test: predictions of photos that were corrupted on purpose."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import repeat
from pathlib import Path

import numpy as np

from reddots.assessor import Assessor
from reddots.batch.inputs import PhotoInput
from reddots.batch.prediction import Prediction, columns, rejected, with_answers
from reddots.batch.table_writer import Row, write_table
from reddots.datasets.manifest import Manifest
from reddots.errors import PhotoError
from reddots.evaluation.robustness.corruptions import SEVERITIES, Corruption
from reddots.triage.answers import Answers

CLEAN = "clean"
SHORT_SIDE = 512  # pixels: finer than the network's input, coarse enough to be quick

_assessor: Assessor | None = None


def copy_names(corruptions: Sequence[Corruption]) -> tuple[str, ...]:
    """Return the names of the copies of each photo: ``clean``, then ``blur.1`` to ``chain.5``."""
    return (CLEAN, *(f"{c.id}.{s}" for c in corruptions for s in range(1, SEVERITIES + 1)))


def stress_tables(
    manifest: Manifest,
    output: Path,
    corruptions: Sequence[Corruption],
    answers: Answers,
    *,
    limit: int | None = None,
    workers: int = 1,
    seed: int = 0,
    on_photo: Callable[[], None] | None = None,
) -> dict[str, Path]:
    """Write one prediction table for each copy into ``output``; return their paths by name.

    Args:
        manifest: the photos.
        output: a folder, which is made.
        corruptions: what is done to them.
        answers: of the person whose photos they are; with the photo they give the urgency.
        limit: at most so many photos, sampled by ``seed``.
        workers: processes.
        seed: of everything random.
        on_photo: called after each photo.

    Raises:
        CheckpointError: there is no sound checkpoint.
        TableError: a table cannot be written.
    """
    assessor = Assessor()
    names = columns(assessor.classifier.outputs)
    rows = drawn_rows(len(manifest.rows), limit, seed)
    photos = [PhotoInput(manifest.rows[i].photo, manifest.path(manifest.rows[i])) for i in rows]
    copies: dict[str, list[Row]] = {name: [] for name in copy_names(corruptions)}
    for found in _all_copies(photos, _Task(tuple(corruptions), answers, seed), workers):
        for name, prediction in zip(copies, found, strict=True):
            copies[name].append(prediction.row(assessor.classifier.outputs))
        if on_photo:
            on_photo()
    output.mkdir(parents=True, exist_ok=True)
    paths = {name: output / f"{name}.csv" for name in copies}
    for name, path in paths.items():
        write_table(copies[name], names, path)
    return paths


def drawn_rows(count: int, limit: int | None, seed: int) -> list[int]:
    """Return which rows are used, in order."""
    if limit is None or limit >= count:
        return list(range(count))
    drawn = np.random.default_rng(seed).choice(count, size=limit, replace=False)
    return sorted(int(i) for i in drawn)


@dataclass(frozen=True)
class _Task:
    """What is done to every photo."""

    corruptions: tuple[Corruption, ...]
    answers: Answers
    seed: int


def _copies_of(assessor: Assessor, photo: PhotoInput, task: _Task) -> list[Prediction]:
    """Return the predictions of a photo's copies, in the order of :func:`copy_names`."""
    from reddots.photo.loader import load_photo

    try:
        loaded = load_photo(photo.path, short_side=SHORT_SIDE)
    except PhotoError as error:
        return [rejected(photo, error)] * len(copy_names(task.corruptions))
    copies = [loaded]
    for corruption in task.corruptions:
        for severity in range(1, SEVERITIES + 1):
            pixels = corruption.apply(loaded.pixels, severity, loaded.sha256, task.seed)
            height, width = pixels.shape[:2]
            copies.append(replace(loaded, pixels=pixels, width=width, height=height))
    classify = assessor.classify_pixels
    found = [Prediction(photo.name, classify(copy), loaded.sha256) for copy in copies]
    return [with_answers(assessor, prediction, task.answers) for prediction in found]


def _all_copies(
    photos: Sequence[PhotoInput], task: _Task, workers: int
) -> Iterator[list[Prediction]]:
    if workers == 1:
        assessor = Assessor()
        for photo in photos:
            yield _copies_of(assessor, photo, task)
        return
    # Spawned, not forked: a fork would share ONNX Runtime's and Pillow's state with its parent.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_open) as pool:
        yield from pool.map(_copies, photos, repeat(task))


def _open() -> None:
    global _assessor  # noqa: PLW0603 - a worker's one network
    _assessor = Assessor()


def _copies(photo: PhotoInput, task: _Task) -> list[Prediction]:
    if _assessor is None:
        raise RuntimeError("the worker was not opened")
    return _copies_of(_assessor, photo, task)
