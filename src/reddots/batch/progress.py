"""Batch progress on stderr: a live bar on a terminal, a plain line now and then elsewhere."""

import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from reddots.batch.table_writer import Row
from reddots.errors import RedDotsError

_EVERY: Final = 10.0  # seconds between plain lines
_RECENT: Final = 200  # photos over which the rate is taken: rows of an earlier run come in no time


class BatchProgress:
    """Shows each row of a batch; a context manager.

    The number of photos is counted in the background, for to list a million takes its time; and
    from the first row on, for by then the run's own files are there and not taken for photos.
    """

    def __init__(self, count: Callable[[], int] | None, every: float = _EVERY) -> None:
        """Show progress towards ``count()`` photos; None where that cannot be known beforehand."""
        console = Console(stderr=True)
        self._live = console.is_terminal
        self._total: int | None = None
        self._status = Counter[str]()
        self._times: deque[float] = deque([time.monotonic()], _RECENT)
        self._every, self._told = every, time.monotonic()
        self._bar = Progress(
            BarColumn(), TextColumn("{task.description}"), console=console, disable=not self._live
        )
        self._task = self._bar.add_task("photos", total=None)
        self._counting = (
            threading.Thread(target=self._count, args=(count,), daemon=True) if count else None
        )

    def __enter__(self) -> "BatchProgress":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def add(self, row: Row) -> None:
        """Count one row and show it."""
        if self._counting is not None:
            self._counting.start()
            self._counting = None
        self._status[str(row["status"])] += 1
        now = time.monotonic()
        self._times.append(now)
        if self._live:
            done, total = self._status.total(), self._total
            self._bar.update(self._task, completed=done, total=total, description=self._line())
        elif now - self._told >= self._every:
            self._told = now
            with suppress(OSError):  # nobody reads it any more, which is no reason to end
                sys.stderr.write(f"reddots: {self._line()}\n")

    def _line(self) -> str:
        done, total = self._status.total(), self._total
        rate = (len(self._times) - 1) / max(self._times[-1] - self._times[0], 1e-9)
        parts = [str(done) if total is None else f"{done}/{total}", f"{rate:.1f}/s"]
        parts.append(f"{self._status['error']} errors")
        if total is not None:
            parts.append(f"{_duration(max(total - done, 0) / max(rate, 1e-9))} left")
        return ", ".join(parts)

    def _count(self, count: Callable[[], int]) -> None:
        with suppress(RedDotsError, OSError):  # the run itself will come to it and tell
            self._total = count()


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
