"""Worker processes over photos, one network each; a worker that dies costs at most one photo."""

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from reddots.batch.inputs import PhotoInput
from reddots.batch.prediction import Prediction, predict
from reddots.pipeline import Examiner
from reddots.triage.answers import Answers

Task = tuple[PhotoInput, Answers | None]
_AHEAD = 8  # photos in flight for each worker: enough to keep it busy, few enough to stay small
_DIED = "The photo {name} made the reader stop, twice. It may be damaged on purpose."

_examiner: Examiner | None = None


def predict_all(
    tasks: Iterable[Task], *, workers: int, checkpoint: Path | None = None
) -> Iterator[Prediction]:
    """Yield a prediction for each task, in order; memory does not grow with their number.

    A photo whose worker dies is tried once more, alone, and then recorded as an error.
    """
    source = iter(tasks)
    window: deque[tuple[Task, Future[Prediction]]] = deque()
    pool = _pool(workers, checkpoint)
    try:
        while True:
            while len(window) < workers * _AHEAD and (task := next(source, None)) is not None:
                window.append((task, pool.submit(_predict, task)))
            if not window:
                return
            task, future = window[0]
            try:
                prediction = future.result()
            except BrokenProcessPool:
                pool.shutdown(wait=False, cancel_futures=True)
                pool = _pool(workers, checkpoint)
                waiting = [waiting_task for waiting_task, _ in window]
                window.clear()
                # Any of them may be the culprit, so each is tried alone.
                for waiting_task in waiting:
                    yield _alone(waiting_task, checkpoint)
                continue
            window.popleft()
            yield prediction
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _pool(workers: int, checkpoint: Path | None) -> ProcessPoolExecutor:
    # Spawned, not forked: a fork would share ONNX Runtime's and Pillow's state with its parent.
    return ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_open,
        initargs=(checkpoint,),
    )


def _open(checkpoint: Path | None) -> None:
    global _examiner  # noqa: PLW0603 - a worker's one network
    _examiner = Examiner(checkpoint)
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    # A worker would wait for photos for ever if the run that it works for is killed.
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _predict(task: Task) -> Prediction:
    if _examiner is None:
        raise RuntimeError("the worker was not opened")
    return predict(_examiner, *task)


def _alone(task: Task, checkpoint: Path | None) -> Prediction:
    with _pool(1, checkpoint) as pool:
        try:
            return pool.submit(_predict, task).result()
        except BrokenProcessPool:
            name = task[0].name
            return Prediction(name, status="error", error=_DIED.format(name=f"“{name}”"))
