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

# Isolated, without site-packages' start-up files: the worker runs its own packages, nothing else.
_START: Final = (
    "import sys; sys.path += sys.argv[4:]; "
    "from reddots.photo.sandbox import worker; worker.main(*sys.argv[1:4])"
)
_REPORT: Final = _START.replace("worker.main", "worker.report")
_PACKAGES: Final = ("reddots", "PIL", "pillow_heif")
# What a process needs to start; a token in the environment is no business of a decoder.
_ENVIRONMENT: Final = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PATH", "SYSTEMROOT")
# glibc: no 64 MB set aside for each thread; a heap in large pages that is not given back, since to
# get its memory page by page costs a fresh process a tenth of the decode.
_MALLOC: Final = {
    "MALLOC_ARENA_MAX": "1",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=1073741824:"
    "glibc.malloc.top_pad=67108864:glibc.malloc.trim_threshold=1073741824",
}
_STARTING: Final = 60.0  # seconds that a busy computer may take to start a worker
_PIPE: Final = 1 << 20  # bytes, the most that Linux gives a plain user
_ENDING: Final = 2.0  # seconds after which a worker that was asked to end is killed


@dataclass(frozen=True, eq=False)
class Answer:
    """A decoded file: the worker's words, the pixels (rows × columns × 3), the file's SHA-256."""

    reply: Reply
    pixels: npt.NDArray[np.uint8]
    sha256: str


@dataclass(frozen=True, eq=False)
class _Worker:
    process: subprocess.Popen[bytes]
    files: IO[bytes]
    replies: IO[bytes]
    signs: IO[bytes]

    def has_unread_bytes(self) -> bool:
        """Whether there are words that nobody asked for: an earlier photo left them behind."""
        if not hasattr(select, "poll"):
            return False
        poll = select.poll()
        poll.register(self.replies, select.POLLIN)
        return bool(poll.poll(0))

    def end(self) -> None:
        self.process.terminate()  # it ends its child first
        try:
            self.process.wait(_ENDING)
        except subprocess.TimeoutExpired:
            if hasattr(os, "killpg"):
                with suppress(OSError):
                    os.killpg(self.process.pid, signal.SIGKILL)
            self.process.kill()
            self.process.wait()

    def close(self) -> None:
        for pipe in (self.files, self.replies, self.signs):
            pipe.close()


class Supervisor:
    """One worker and its limits. One photo at a time: a pool lends it to one thread."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._worker: _Worker | None = None
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
            with self._watched(worker, _STARTING if self._is_new else _ENDING):
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

    def _running(self) -> _Worker:
        if self._worker is not None and self._worker.process.poll() is None:
            return self._worker
        self.stop()
        pipe = subprocess.PIPE
        try:
            process = subprocess.Popen(  # our own interpreter and code
                command(self._limits),
                stdin=pipe,
                stdout=pipe,
                stderr=pipe,
                bufsize=0,
                env=environment(),
                cwd=Path(sys.executable).anchor,  # no folder is kept busy
                start_new_session=True,  # Ctrl-C is for us, and we end the worker
            )
        except OSError as error:
            raise DecodeError("no_reader") from error
        if process.stdin is None or process.stdout is None or process.stderr is None:
            raise DecodeError("no_reader")
        for stream in (process.stdin, process.stdout):
            _widen(stream)
        self._worker = _Worker(process, process.stdin, process.stdout, process.stderr)
        self._is_new = True
        return self._worker

    @contextmanager
    def _watched(self, worker: _Worker, seconds: float) -> Iterator[None]:
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

    def _ask(self, worker: _Worker, data: bytes, sides: Sides) -> Answer:
        request = Request(os.urandom(TOKEN_BYTES), len(data), *sides)
        _write(worker.files, request.pack())
        _write(worker.files, data)
        digest = sha256(data).hexdigest()  # while the worker decodes
        header = bytearray(REPLY_BYTES)
        _fill(memoryview(header), worker.replies)
        reply = unpack_reply(bytes(header), request)
        if reply.cause is not None:
            raise DecodeError(reply.cause)
        pixels = np.empty((reply.rows, reply.columns, 3), np.uint8)
        _fill(pixels.data.cast("B"), worker.replies)
        return Answer(reply, pixels, digest)

    def _cause_of_death(self, worker: _Worker) -> str:
        if self._watchdog.has_bitten:
            return "took_too_long"
        with suppress(subprocess.TimeoutExpired):
            worker.process.wait(_ENDING)
        code = worker.process.returncode
        if code == OUT_OF_MEMORY:
            return "took_too_much"
        clocks = [SIGNALLED + getattr(signal, name, 0) for name in ("SIGPROF", "SIGXCPU")]
        return "took_too_long" if code in clocks else "broke"


def command(limits: Limits, task: Literal["main", "report"] = "main") -> list[str]:
    """Return the command line of a worker: its ``main``, or the ``report`` of what it can do."""
    specs = [find_spec(name) for name in _PACKAGES]
    roots = {str(Path(spec.origin).parents[1]) for spec in specs if spec and spec.origin}
    numbers = [str(limits.memory), str(limits.cpu), str(limits.photos)]
    return [
        sys.executable,
        "-I",
        "-S",
        "-B",
        "-c",
        _START if task == "main" else _REPORT,
        *numbers,
        *sorted(roots),
    ]


def environment() -> dict[str, str]:
    """Return the few variables that a worker is given."""
    kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    return kept | _MALLOC


def _widen(pipe: IO[bytes]) -> None:
    if sys.platform == "linux":
        import fcntl

        with suppress(OSError):  # the user has too many pipes: then it is slower
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)


def _write(pipe: IO[bytes], data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[pipe.write(rest) :]


def _fill(space: memoryview, pipe: IO[bytes]) -> None:
    while space:
        count = pipe.readinto(space)  # type: ignore[attr-defined]
        if not count:
            raise EOFError
        space = space[count:]
