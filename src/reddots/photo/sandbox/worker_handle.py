"""Worker handle: how a worker process is started, written to, read from and ended."""

import os
import select
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Final, Literal

from reddots.photo.problems import DecodeError
from reddots.photo.sandbox.limits import Limits

ENDING: Final = 2.0  # seconds after which a worker that was asked to end is killed
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
_PIPE: Final = 1 << 20  # bytes, the most that Linux gives a plain user


@dataclass(frozen=True, eq=False)
class WorkerHandle:
    """A running worker, and the pipes to it."""

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
        """End it, by force where it does not end when it is asked to."""
        self.process.terminate()  # it ends its child first
        try:
            self.process.wait(ENDING)
        except subprocess.TimeoutExpired:
            if hasattr(os, "killpg"):
                with suppress(OSError):
                    os.killpg(self.process.pid, signal.SIGKILL)
            self.process.kill()
            self.process.wait()

    def close(self) -> None:
        """Close the pipes."""
        for pipe in (self.files, self.replies, self.signs):
            pipe.close()


def start_worker(limits: Limits) -> WorkerHandle:
    """Start a worker, which gets ready while the caller goes on.

    Raises:
        DecodeError: no process can be started.
    """
    pipe = subprocess.PIPE
    try:
        process = subprocess.Popen(  # our own interpreter and code
            command(limits),
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
    return WorkerHandle(process, process.stdin, process.stdout, process.stderr)


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


def write(pipe: IO[bytes], data: bytes) -> None:
    """Write all of ``data``."""
    rest = memoryview(data)
    while rest:
        rest = rest[pipe.write(rest) :]


def fill(space: memoryview, pipe: IO[bytes]) -> None:
    """Read until ``space`` is full.

    Raises:
        EOFError: the worker wrote less.
    """
    while space:
        count = pipe.readinto(space)  # type: ignore[attr-defined]
        if not count:
            raise EOFError
        space = space[count:]


def _widen(pipe: IO[bytes]) -> None:
    if sys.platform == "linux":
        import fcntl

        with suppress(OSError):  # the user has too many pipes: then it is slower
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)
