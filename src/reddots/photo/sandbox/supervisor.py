"""Supervisor of one worker process: starts it, hands it files, ends and replaces it.

It waits no longer for a file than the limits allow, and believes nothing that the worker says.
"""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Final, Literal

import numpy as np
import numpy.typing as npt

from reddots.photo.problems import DecodeError
from reddots.photo.sandbox.limits import Limits
from reddots.photo.sandbox.protocol import (
    OUT_OF_MEMORY,
    READY,
    REPLY_BYTES,
    SIGNALLED,
    TOKEN_BYTES,
    Reply,
    Request,
    Sides,
    unpack_reply,
)
from reddots.photo.sandbox.watchdog import Watchdog
from reddots.photo.sandbox.worker_handle import ENDING, WorkerHandle, fill, start_worker, write

_STARTING: Final = 60.0  # seconds that a busy computer may take to start a worker


@dataclass(frozen=True, eq=False)
class Answer:
    """A decoded file: the worker's words, the pixels (rows × columns × 3), the file's SHA-256."""

    reply: Reply
    pixels: npt.NDArray[np.uint8]
    sha256: str


class Supervisor:
    """One worker and its limits. One photo at a time: a pool lends it to one thread."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._worker: WorkerHandle | None = None
        self._is_new = True
        self._watchdog = Watchdog()

    def start(self) -> None:
        """Start the worker if none runs; it gets ready while the caller goes on.

        Raises:
            DecodeError: no process can be started.
        """
        self._running()

    def decode(self, data: bytes, short: int | None, long: int | None = None) -> Answer:
        """Have one file decoded.

        Raises:
            DecodeError: it cannot be decoded, broke its worker, or took too much of something.
        """
        for _ in range(2):  # the worker may have been ended, or spoilt by the photo before
            worker = self._running()
            with self._watched(worker, _STARTING if self._is_new else ENDING):
                is_ready = worker.signs.read(len(READY)) == READY and not worker.has_unread_bytes()
            if is_ready:
                self._is_new = False
                with self._watched(worker, self._limits.wall):
                    return self._ask(worker, data, (short, long))
            self.stop()
        raise DecodeError("no_reader")

    def stop(self) -> None:
        """End the worker and leave nothing of it behind."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.end()
            worker.close()

    def forget(self) -> None:
        """Let go of the worker without ending it: it belongs to the process that forked this."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.process.returncode = 0  # or Python would wait for it, which only its parent can
            worker.close()

    def _running(self) -> WorkerHandle:
        if self._worker is not None and self._worker.process.poll() is None:
            return self._worker
        self.stop()
        self._worker = start_worker(self._limits)
        self._is_new = True
        return self._worker

    @contextmanager
    def _watched(self, worker: WorkerHandle, seconds: float) -> Iterator[None]:
        """End the worker when its time is up, and whenever it is not fit for the next photo."""
        in_order = False
        try:
            with self._watchdog.watching(seconds, worker.end):
                yield
            in_order = True
        except DecodeError:
            in_order = True
            raise
        except (OSError, EOFError) as error:
            raise DecodeError(self._cause_of_death(worker)) from error
        except ValueError as error:  # it says what no honest worker says
            raise DecodeError("broke") from error
        finally:
            if self._watchdog.has_bitten or not in_order:
                self.stop()

    def _ask(self, worker: WorkerHandle, data: bytes, sides: Sides) -> Answer:
        request = Request(os.urandom(TOKEN_BYTES), len(data), *sides)
        write(worker.files, request.pack())
        write(worker.files, data)
        digest = sha256(data).hexdigest()  # while the worker decodes
        header = bytearray(REPLY_BYTES)
        fill(memoryview(header), worker.replies)
        reply = unpack_reply(bytes(header), request)
        if reply.cause is not None:
            raise DecodeError(reply.cause)
        pixels = np.empty((reply.rows, reply.columns, 3), np.uint8)
        fill(pixels.data.cast("B"), worker.replies)
        return Answer(reply, pixels, digest)

    def _cause_of_death(self, worker: WorkerHandle) -> str:
        if self._watchdog.has_bitten:
            return "took_too_long"
        with suppress(subprocess.TimeoutExpired):
            worker.process.wait(ENDING)
        code = worker.process.returncode
        if code == OUT_OF_MEMORY:
            return "took_too_much"
        clocks = [SIGNALLED + getattr(signal, name, 0) for name in ("SIGPROF", "SIGXCPU")]
        return "took_too_long" if code in clocks else "broke"
