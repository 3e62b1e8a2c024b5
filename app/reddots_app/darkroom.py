"""Where uploaded photos are looked at: read once, deleted at once, kept only as a small copy."""

import multiprocessing
import queue
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from reddots.errors import CheckpointError
from reddots.photo.finding import PhotoFinding
from reddots.pipeline import Examiner
from reddots.triage.assessment import ModelIdentity
from reddots_app.developer import develop, look_closer, open_worker, ready
from reddots_app.session import LookedAt

MOST_PHOTOS = 5
MOST_MEGABYTES = 25  # of one photo
WORKERS = 2  # photos looked at at once


class Darkroom:
    """Looks at uploaded photos in worker processes; one that dies costs the photo it had."""

    def __init__(
        self,
        checkpoint: Path | None = None,
        *,
        workers: int = WORKERS,
        develop: Callable[[bytes], LookedAt] = develop,
    ) -> None:
        """Use ``checkpoint`` (a side-car's path), or the newest shipped one."""
        self._checkpoint = checkpoint
        self._develop = develop
        # Each worker is a pool of its own, so that a photo that kills one takes no other with it.
        self._free: queue.Queue[ProcessPoolExecutor] = queue.Queue()
        for _ in range(workers):
            pool = self._worker()
            pool.submit(ready)  # so that the first person does not wait for it to open
            self._free.put(pool)

    @property
    def model(self) -> ModelIdentity | None:
        """Which checkpoint looks at the photos; None when there is no sound one."""
        try:
            return Examiner(self._checkpoint).model
        except CheckpointError:
            return None

    def look(self, paths: Iterable[Path], *, most: int = MOST_PHOTOS) -> tuple[LookedAt, ...]:
        """Look at up to ``most`` photos; every file is deleted, whatever happens.

        Raises:
            CheckpointError: there is no sound checkpoint.
        """
        files = list(dict.fromkeys(paths))  # the same photo chosen twice is one file
        try:
            return tuple(self._look(path) for path in files[: max(most, 0)])
        finally:
            for path in files:
                path.unlink(missing_ok=True)

    def look_closer(self, photo: LookedAt, part: int | None) -> LookedAt:
        """Look at one part of a photo that was looked at before, or at the whole again.

        Raises:
            CheckpointError: there is no sound checkpoint.
        """
        return self._in_a_worker(look_closer, photo.copy, part)

    def close(self) -> None:
        """End the workers."""
        while not self._free.empty():
            self._free.get().shutdown(wait=False, cancel_futures=True)

    def _look(self, path: Path) -> LookedAt:
        try:
            data = path.read_bytes()
        except FileNotFoundError:  # another person chose the very same file at the same time
            return _rejected("missing")
        finally:
            path.unlink(missing_ok=True)
        return self._in_a_worker(self._develop, data)

    def _in_a_worker(self, task: Callable[..., LookedAt], *values: object) -> LookedAt:
        pool = self._free.get()
        try:
            return pool.submit(task, *values).result()
        except BrokenProcessPool:
            pool.shutdown(wait=False)
            pool = self._worker()
            return _rejected("unreadable")
        finally:
            self._free.put(pool)

    def _worker(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            1,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=open_worker,
            initargs=(self._checkpoint,),
        )


def _rejected(problem: str) -> LookedAt:
    return LookedAt(PhotoFinding(status="rejected", problems=(problem,)))
