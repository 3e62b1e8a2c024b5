"""Photo loader: untrusted bytes in, an upright sRGB array out, or a ``PhotoError``.

The page, the command line, the batch and the training all decode through here, bit for bit, and
nothing of it happens in their own process: see ``reddots.photo.sandbox.worker``.
"""

import os
import stat
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from reddots.photo.problems import DecodeError, photo_error
from reddots.photo.sandbox.pool import Pool

MAX_BYTES: Final = 100_000_000
_TOGETHER: Final = 25  # photos that one process decodes where they belong together
# A pipe must not make us wait, a terminal not become ours, a line end not be changed.
_OPEN: Final = os.O_RDONLY | sum(
    getattr(os, flag, 0) for flag in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY")
)


@dataclass(frozen=True, eq=False)
class Photo:
    """One decoded photo.

    Attributes:
        pixels: uint8, height × width × 3, sRGB, upright, C-contiguous.
        format: the file's format by its content, such as ``JPEG``.
        width, height: size of the original in pixels, upright; ``pixels`` may be smaller.
        sha256: of the file's bytes, in hexadecimal.
    """

    pixels: npt.NDArray[np.uint8]
    format: str
    width: int
    height: int
    sha256: str


def load_photo(
    source: Path | str | bytes, *, short_side: int | None = None, long_side: int | None = None
) -> Photo:
    """Decode a photo, in a process that can do nothing else.

    Args:
        source: a path, or the file's bytes.
        short_side: where given, the shorter side in pixels is brought down to this; a smaller photo
            is left as it is.
        long_side: likewise of the longer side.

    Raises:
        PhotoError: its ``problem`` is one of ``missing``, ``not_a_file``, ``empty``, ``too_large``,
            ``unsupported_format`` and ``unreadable``.
    """
    source = Path(source) if isinstance(source, str) else source
    name = f"“{source.name}”" if isinstance(source, Path) else "you sent"
    try:
        data = _read(source) if isinstance(source, Path) else source
        _require_size(len(data))
        answer = _pool().decode(data, short_side, long_side)
    except DecodeError as error:
        raise photo_error(error.cause, name) from error
    except MemoryError as error:
        raise photo_error("took_too_much", name) from error
    reply = answer.reply
    return Photo(answer.pixels, reply.format, reply.width, reply.height, answer.sha256)


def expect_photos(*, of_one_owner: bool = False) -> None:
    """Start the process that decodes, so that it is ready by the time the first photo comes.

    Args:
        of_one_owner: all photos that will be loaded here are one person's to answer for, as in a
            batch. A process then decodes several of them, which is faster; said before the first.
    """
    if of_one_owner:
        _pool().share(_TOGETHER)
    try:
        _pool().start()
    except DecodeError:  # reported with the first photo
        return


@cache
def _pool() -> Pool:
    return Pool()


def _read(path: Path) -> bytes:
    try:
        _require_file(path.stat())  # before it is opened, for to open a device may do something
        with open(path, "rb", opener=lambda name, _: os.open(name, _OPEN)) as file:
            size = _require_file(os.fstat(file.fileno()))
            return file.read(size)
    except FileNotFoundError as error:
        raise DecodeError("missing") from error
    except NotADirectoryError as error:
        raise DecodeError("missing") from error
    except (OSError, ValueError) as error:
        raise DecodeError("closed") from error


def _require_size(size: int) -> None:
    if size == 0:
        raise DecodeError("empty")
    if size > MAX_BYTES:
        raise DecodeError("too_large")


def _require_file(status: os.stat_result) -> int:
    """Return the size in bytes of what can be read to its end."""
    if not stat.S_ISREG(status.st_mode):  # a folder, a device or a pipe may never end
        raise DecodeError("not_a_file")
    _require_size(status.st_size)
    return status.st_size
