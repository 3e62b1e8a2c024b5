"""Ray Data engine: the same worker processes on many machines (the extra ``ray``).

All machines need the photos at the same paths and the same checkpoint; the table is written where
the command runs.
"""

import logging
import os
import pickle
from collections.abc import Generator, Iterable
from itertools import islice
from pathlib import Path
from typing import Any, Final

from reddots._extras import missing_extra
from reddots.batch.prediction import Prediction
from reddots.batch.process_pool import Task, Worker
from reddots.batch.ray_address import require_cluster, require_health
from reddots.errors import RedDotsError

_CHUNK: Final = 16384  # photos of which Ray knows at a time, so that memory does not grow
_BLOCKS: Final = 16  # for each worker: what is analysed again when a machine is lost
_SETTINGS: Final = {
    "RAY_USAGE_STATS_ENABLED": "0",  # no usage statistics
    "RAY_BACKEND_LOG_LEVEL": "fatal",  # progress and what went wrong are ours to tell
    "RAY_worker_niceness": "0",  # or whatever else runs on this machine would go first
}


class PhotoActor:
    """One of Ray's actors: keeps a worker process, which is replaced as without Ray."""

    def __init__(self, checkpoint: Path | None) -> None:
        """Use ``checkpoint``, or the newest shipped one."""
        self._worker = Worker(checkpoint)

    def __call__(self, row: dict[str, bytes]) -> dict[str, bytes]:
        """Analyse one photo: a pickled task in, a pickled prediction out."""
        task = pickle.loads(row["task"])  # of the process that sent it out
        return {"prediction": pickle.dumps(self._worker.predict(task))}


def predict_on_ray(
    tasks: Iterable[Task], *, workers: int, checkpoint: Path | None = None
) -> Generator[Prediction, None, None]:
    """Do as ``predict_all``, on the cluster of ``$RAY_ADDRESS`` or on one started here.

    Raises:
        RedDotsError: Ray is not installed, or cannot start.
    """
    data = _ray_data(workers)
    source = iter(tasks)
    while chunk := [{"task": pickle.dumps(task)} for task in islice(source, _CHUNK)]:
        blocks = min(len(chunk), workers * _BLOCKS)
        results = data.from_items(chunk, override_num_blocks=blocks).map(
            PhotoActor,
            fn_constructor_args=(checkpoint,),
            compute=data.ActorPoolStrategy(size=min(workers, len(chunk))),
            num_cpus=1,
        )
        for row in results.iter_rows():
            prediction: Prediction = pickle.loads(row["prediction"])  # our actor's
            yield prediction


def _ray_data(workers: int) -> Any:
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    try:
        import ray
        import ray.data
    except ModuleNotFoundError as error:
        raise missing_extra("ray", "ray") from error
    if not ray.is_initialized():
        address = os.environ.get("RAY_ADDRESS", "")
        require_cluster(address)
        require_health(address)
        here = None if address else workers
        try:
            ray.init(
                num_cpus=here,
                include_dashboard=False,
                log_to_driver=False,
                logging_level=logging.ERROR,
            )
        except Exception as error:  # whatever its many parts raise
            raise RedDotsError(f"Ray cannot be started or reached: {error}") from error
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    context = ray.data.DataContext.get_current()
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False
    return ray.data
