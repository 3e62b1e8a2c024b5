"""Pool of worker processes: a few supervisors for many threads, first come, first served."""

import atexit
import os
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from reddots.photo.sandbox.limits import Limits
from reddots.photo.sandbox.supervisor import Answer, Supervisor

_WORKERS: Final = 2  # photos that are decoded at the same time; each may fill its memory


class Pool:
    """Decodes files in at most ``workers`` processes, which start when they are first needed.

    It may be used by any number of threads, and by processes that were forked from this one: they
    start workers of their own.
    """

    def __init__(self, workers: int = _WORKERS, limits: Limits | None = None) -> None:
        self._workers = workers
        self._limits = limits or Limits()
        self._reset()

    def share(self, photos: int) -> None:
        """Let each process that is started from now on decode several photos; see ``Limits``."""
        self._limits = replace(self._limits, photos=photos)

    def start(self) -> None:
        """Start a worker if there is none yet, so that it gets ready while the caller goes on.

        Raises:
            DecodeError: no process can be started.
        """
        if not self._supervisors or os.getpid() != self._owner:
            with self._lent() as supervisor:
                supervisor.start()

    def decode(self, data: bytes, short: int | None, long: int | None = None) -> Answer:
        """Have one file decoded; waits for its turn.

        Raises:
            DecodeError: it cannot be decoded, broke its worker, or took too much of something.
        """
        with self._lent() as supervisor:
            return supervisor.decode(data, short, long)

    def stop(self) -> None:
        """End all workers; the next photo starts one anew."""
        if os.getpid() == self._owner:
            for supervisor in self._supervisors:
                supervisor.stop()

    def _reset(self) -> None:
        self._owner = os.getpid()
        self._lock = threading.Lock()
        self._supervisors: list[Supervisor] = []
        self._free: list[Supervisor] = []
        self._waiting: deque[Future[Supervisor]] = deque()

    @contextmanager
    def _lent(self) -> Iterator[Supervisor]:
        supervisor = self._take()
        try:
            yield supervisor
        finally:
            self._give_back(supervisor)

    def _take(self) -> Supervisor:
        if os.getpid() != self._owner:
            for inherited in self._supervisors:
                inherited.forget()
            self._reset()
        with self._lock:
            if self._free:
                return self._free.pop()
            if len(self._supervisors) < self._workers:
                if not self._supervisors:
                    atexit.register(self.stop)
                supervisor = Supervisor(self._limits)
                self._supervisors.append(supervisor)
                return supervisor
            turn: Future[Supervisor] = Future()
            self._waiting.append(turn)
        return turn.result()

    def _give_back(self, supervisor: Supervisor) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set_result(supervisor)
            else:
                self._free.append(supervisor)
