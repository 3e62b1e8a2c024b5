"""Protocol of supervisor and worker: fixed headers, then raw bytes; never a pickle.

The supervisor takes the worker's words as untrusted, since a photo may have taken the worker over.
Each request has a token that its reply must repeat, so that no photo can leave words behind that
would pass for the reply to the next.
"""

import struct
from dataclasses import dataclass
from typing import Final

from reddots.photo.problems import CAUSES

MAX_PIXELS: Final = 80_000_000  # read from the header, before anything is decoded
# The worker's word that it waits for a file, on a pipe of its own that no file's decoder can reach.
READY: Final = b"\x06"
OUT_OF_MEMORY: Final = 4  # exit codes of a worker: why a file broke it
SIGNALLED: Final = 128  # plus the number of the signal, as a shell has it
TOKEN_BYTES: Final = 16
_REQUEST: Final = struct.Struct(f"<{TOKEN_BYTES}sQII")
_REPLY: Final = struct.Struct(f"<{TOKEN_BYTES}sB8sIIII")
REQUEST_BYTES: Final = _REQUEST.size
REPLY_BYTES: Final = _REPLY.size
_FORMATS: Final = frozenset(("JPEG", "MPO", "PNG", "WEBP", "HEIF", "AVIF", "TIFF", "BMP", "GIF"))


Sides = tuple[int | None, int | None]  # shorter and longer, pixels, at most; None: as it is


@dataclass(frozen=True, slots=True)
class Request:
    """What a supervisor asks; the file's bytes follow.

    Attributes:
        token: random bytes, ``TOKEN_BYTES`` of them.
        length: of the file in bytes.
        short_side, long_side: as in ``load_photo``, in pixels.
    """

    token: bytes
    length: int
    short_side: int | None
    long_side: int | None = None

    def pack(self) -> bytes:
        """Return the header's bytes."""
        sides = (min(side or 0, MAX_PIXELS) for side in (self.short_side, self.long_side))
        return _REQUEST.pack(self.token, self.length, *sides)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a worker answers; the pixels, rows × columns × 3 bytes, follow if it has no cause.

    Attributes:
        token: the request's.
        cause: what is wrong, one of ``CAUSES``; None when the photo could be decoded.
        format: the file's format by its content.
        width, height: size of the original in pixels, upright.
        columns, rows: size of the pixels that follow.
    """

    token: bytes
    cause: str | None
    format: str = ""
    width: int = 0
    height: int = 0
    columns: int = 0
    rows: int = 0

    def pack(self) -> bytes:
        """Return the header's bytes."""
        number = 0 if self.cause is None else 1 + CAUSES.index(self.cause)
        sizes = (self.width, self.height, self.columns, self.rows)
        return _REPLY.pack(self.token, number, self.format.encode(), *sizes)


def unpack_request(header: bytes) -> Request:
    """Read a supervisor's header."""
    token, length, short_side, long_side = _REQUEST.unpack(header)
    return Request(token, length, short_side or None, long_side or None)


def unpack_reply(header: bytes, request: Request) -> Reply:
    """Read a worker's header, believing nothing that cannot be true of the request.

    Raises:
        ValueError: no honest worker says so.
    """
    token, number, name, width, height, columns, rows = _REPLY.unpack(header)
    if token != request.token:
        raise ValueError("the reply to another request")
    if number > len(CAUSES):
        raise ValueError("an unknown cause")
    if number:
        return Reply(token, CAUSES[number - 1])
    file_format = name.rstrip(b"\0").decode("ascii")
    if file_format not in _FORMATS:
        raise ValueError("an unknown format")
    if not 0 < width * height <= MAX_PIXELS:
        raise ValueError("an impossible size")
    if (columns, rows) != shrunk(width, height, request.short_side, request.long_side):
        raise ValueError("pixels of another size than asked for")
    return Reply(token, None, file_format, width, height, columns, rows)


def shrunk(
    width: int, height: int, short_side: int | None, long_side: int | None = None
) -> tuple[int, int]:
    """Return width and height brought down until no side is longer than was asked for."""
    shrink = shrinkage(width, height, short_side, long_side)
    if shrink >= 1:
        return width, height
    return max(1, round(width * shrink)), max(1, round(height * shrink))


def shrinkage(
    width: int, height: int, short_side: int | None, long_side: int | None = None
) -> float:
    """Return the factor, at most 1, that brings the sides down to what was asked for."""
    short = 1.0 if short_side is None else short_side / min(width, height)
    long = 1.0 if long_side is None else long_side / max(width, height)
    return min(1.0, short, long)
