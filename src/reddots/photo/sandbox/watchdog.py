"""Watchdog timer: one thread that ends what takes too long.

To watch costs next to nothing where nothing takes too long.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Watchdog:
    """Watches one thing at a time. Its thread starts with the first, and ends with the program."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._deadline: float | None = None
        self._wakes = 0.0  # when the thread wakes by itself
        self._bite: Callable[[], None] | None = None
        self.has_bitten = False

    @contextmanager
    def watching(self, seconds: float, bite: Callable[[], None]) -> Iterator[None]:
        """Call ``bite``, from another thread, if the block takes longer than ``seconds``."""
        with self._changed:
            self.has_bitten, self._bite = False, bite
            self._deadline = time.monotonic() + seconds
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, daemon=True)
                self._thread.start()
            if self._deadline < self._wakes:
                self._changed.notify()
        try:
            yield
        finally:
            # The thread is left asleep: most often it wakes to find the next deadline.
            with self._changed:
                self._deadline = self._bite = None

    def _watch(self) -> None:
        while True:
            with self._changed:
                bite = self._sleep()
            bite()

    def _sleep(self) -> Callable[[], None]:
        while True:
            now = time.monotonic()
            if self._deadline is None or self._bite is None:
                self._wakes = float("inf")
                self._changed.wait()
            elif self._deadline > now:
                self._wakes = self._deadline
                self._changed.wait(self._deadline - now)
            else:
                bite, self._deadline, self.has_bitten = self._bite, None, True
                return bite
