"""Worker process, which decodes: forked for every photo, from one that never saw a byte of any.

``main`` runs in a process of its own. It prepares, and forks ahead a child that confines itself,
waits for one file, answers and ends; then the next. What a photo may do to its child ends with the
child: it cannot reach the next photo, let alone another person's. Only where the limits say that
photos belong together does a child take several.
"""

import gc
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import BinaryIO, Final, NoReturn

from reddots.photo.problems import DecodeError
from reddots.photo.sandbox.decoder import Decoded, decode, prepare, rehearse
from reddots.photo.sandbox.limits import Limits, prepare_confinement, start_clock
from reddots.photo.sandbox.protocol import (
    OUT_OF_MEMORY,
    READY,
    REQUEST_BYTES,
    SIGNALLED,
    Reply,
    Request,
    unpack_request,
)

_NO_MORE: Final = 3  # exit code of a child: the supervisor has closed the pipe
_BAND: Final = 1 << 20  # bytes of pixels that are packed at a time


def main(memory: str, cpu: str, photos: str) -> None:
    """Answer file after file until the supervisor closes the pipe, or a file breaks the child.

    Args:
        memory: megabytes, as in ``Limits``, like the next.
        cpu: seconds.
        photos: how many a child may decode.
    """
    files, replies, signs = _pipes()
    prepare()
    limits = Limits(memory=int(memory), cpu=int(cpu), photos=int(photos))
    confine = prepare_confinement(limits)
    if not hasattr(os, "fork"):
        confine()
        os.write(signs, READY)
        while _answer(files, replies, limits):
            os.write(signs, READY)
        return
    gc.collect()
    gc.freeze()  # the children share these pages for good
    signal.signal(signal.SIGTERM, _end)
    code = 0
    while code == 0:
        # Said only while there is no child, and a child for one photo loses the pipe before it
        # reads anything: none can pretend to be the next.
        os.write(signs, READY)
        child = os.fork()
        if child == 0:
            _be_child(files, replies, signs, confine, limits)
        code = _end_of(child)
    os._exit(code)


def report(memory: str, cpu: str, photos: str) -> None:
    """Confine a process, try what it must not do, and write a byte for each protection.

    The order is that of ``protections.Protections``; 1 where it holds.
    """
    import socket  # here, for to import it costs each photo's process time

    _, replies, _ = _pipes()
    limits = Limits(memory=int(memory), cpu=int(cpu), photos=int(photos))
    confine = prepare_confinement(limits)
    can_fork = hasattr(os, "fork")
    child = os.fork() if can_fork else 0
    if child:
        os.waitpid(child, 0)
        return

    is_filtered = confine()

    def is_refused(act: Callable[[], object]) -> bool:
        try:
            act()
        except (OSError, MemoryError):
            return True
        return False

    def start_process() -> None:
        if os.fork() == 0:
            os._exit(0)

    held = (
        can_fork,
        is_refused(lambda: os.open(sys.executable, os.O_RDONLY)),
        is_refused(socket.socket),
        can_fork and is_refused(start_process),
        is_refused(lambda: bytearray(2 * limits.memory * 1_000_000)),
        hasattr(signal, "setitimer"),
        is_filtered,
    )
    replies.write(bytes(held))
    replies.flush()
    if can_fork:
        os._exit(0)


def _pipes() -> tuple[BinaryIO, BinaryIO, int]:
    """Take the standard streams away from whatever would use them."""
    files, replies, signs = (os.dup(stream) for stream in (0, 1, 2))
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    os.close(nothing)
    return os.fdopen(files, "rb"), os.fdopen(replies, "wb"), signs


def _end(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit


def _be_child(
    files: BinaryIO, replies: BinaryIO, signs: int, confine: Callable[[], bool], limits: Limits
) -> NoReturn:
    code = 1
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if limits.photos == 1:
            os.close(signs)
        confine()
        rehearse()
        code = 0 if _answer(files, replies, limits) else _NO_MORE
        for _ in range(limits.photos - 1):
            if code == 0:
                os.write(signs, READY)
                code = 0 if _answer(files, replies, limits) else _NO_MORE
    except MemoryError:
        code = OUT_OF_MEMORY
    finally:
        os._exit(code)


def _end_of(child: int) -> int:
    """Wait for a child; return 0, or why there can be no next one."""
    try:
        _, status = os.waitpid(child, 0)
    except SystemExit:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)  # or it stays a zombie where nobody reaps orphans
        raise
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else SIGNALLED - code


def _answer(files: BinaryIO, replies: BinaryIO, limits: Limits) -> bool:
    """Answer one file; return whether there was one."""
    header = files.read(REQUEST_BYTES)
    if len(header) < REQUEST_BYTES:
        return False
    request = unpack_request(header)
    start_clock(limits, 0)
    try:
        data = files.read(request.length)
        sides = (request.short_side, request.long_side)
        decoded = decode(data, *sides, lambda pixels: start_clock(limits, pixels))
    except DecodeError as error:
        replies.write(Reply(request.token, error.cause).pack())
    else:
        _send(decoded, request, replies)
    replies.flush()
    return True


def _send(decoded: Decoded, request: Request, replies: BinaryIO) -> None:
    """Send the pixels in bands, so that the photo is never in memory twice."""
    columns, rows = decoded.picture.size
    sizes = (decoded.width, decoded.height, columns, rows)
    replies.write(Reply(request.token, None, decoded.format, *sizes).pack())
    step = max(1, _BAND // (columns * 3))
    for top in range(0, rows, step):
        band = (0, top, columns, min(top + step, rows))
        replies.write(decoded.picture.crop(band).tobytes())
