"""Request bodies: how large and slow they may be, and which files a call may name."""

import asyncio
import json
import os
import re
import time
from collections.abc import Awaitable, Callable, Container, Iterator, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from reddots_app.http.access import MOST_JSON_BYTES, TOO_LARGE, Refusal

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]

TOO_SLOW: Final = Refusal(408, "The request took too long to come.")
FULL: Final = Refusal(503, "Too many photos are coming in just now. Try again in a minute.")
_NO_JSON: Final = Refusal(400, "The request cannot be understood.")
_PAST_THE_QUEUE: Final = Refusal(403, "This has to wait in the queue.")
TOO_MANY: Final = Refusal(400, "These are too many files at once.")
_FOREIGN_FILE: Final = Refusal(403, "Only a file that was uploaded here can be analysed.")
_SESSION: Final = re.compile(r"[\w-]{1,64}")  # Gradio keeps it, whatever it is
_PART: Final = b"content-disposition"  # every part of an upload has this header
_LEAST_BYTES: Final = 100_000  # that a file counts as: a million of one byte fill a disk too
_GONE: Final[Message] = {"type": "http.disconnect"}


@dataclass(frozen=True)
class IdleLimits:
    """How slowly a body may come: any pause shorter than ``seconds``, then at this mean rate."""

    seconds: float = 30.0
    bytes_a_second: float = 2_000.0


class RequestBody:
    """Hands a request's body on, unless it comes too slowly; ``refusal`` then says so."""

    def __init__(self, receive: Receive, limits: IdleLimits, most_parts: int | None = None) -> None:
        self._receive = receive
        self._parts_left = most_parts
        self._tail = b""
        self._limits = limits
        self._begun = time.monotonic()
        self._bytes = 0
        self._whole = False
        self.refusal: Refusal | None = None

    async def __call__(self) -> Message:
        """Return the next message; it says that the sender has gone once it is too slow."""
        if self._whole:
            return await self._receive()
        try:
            message = await asyncio.wait_for(self._receive(), self._limits.seconds)
        except TimeoutError:
            self.refusal = TOO_SLOW
            return _GONE
        self._whole = not message.get("more_body", False)
        self._bytes += len(message.get("body", b""))
        late = time.monotonic() - self._begun - self._limits.seconds
        if not self._whole and self._bytes < late * self._limits.bytes_a_second:
            self.refusal = TOO_SLOW
            return _GONE
        if self._parts_left is not None and self._has_more_parts(message.get("body", b"")):
            self.refusal = TOO_MANY
            return _GONE
        return message

    def _has_more_parts(self, data: bytes) -> bool:
        """Count the parts of an upload: each costs Gradio a file, a folder and a millisecond."""
        data = self._tail + data.lower()
        self._tail = data[1 - len(_PART) :]
        self._parts_left = (self._parts_left or 0) - data.count(_PART)
        return self._parts_left < 0

    async def read(self) -> bytes:
        """Return the whole body of a small request; ``refusal`` is set if there is none."""
        parts: list[bytes] = []
        while not self._whole and self.refusal is None:
            message = await self()
            parts.append(message.get("body", b""))
            if self._bytes > MOST_JSON_BYTES:
                self.refusal = TOO_LARGE
        return b"".join(parts)


def call_refusal(
    body: bytes, uploads: Path, at_once: Container[int] | None = None
) -> Refusal | None:
    """Return why a call is refused, if it is.

    Gradio would fetch a file from any address that it is given, keep a session of any length, and
    do at once what is meant to wait in the queue.

    Args:
        body: JSON.
        uploads: the folder of the only files that may be named.
        at_once: numbers of the functions that may be called; None means any.
    """
    try:
        call = json.loads(body)
        paths = list(_paths(call))
    except (ValueError, RecursionError):
        return _NO_JSON
    if not isinstance(call, dict):
        return _NO_JSON
    session, function = call.get("session_hash"), call.get("fn_index")
    if session is not None and not (isinstance(session, str) and _SESSION.fullmatch(session)):
        return _NO_JSON
    if at_once is not None and (not isinstance(function, int) or function not in at_once):
        return _PAST_THE_QUEUE
    return None if all(is_upload(path, uploads) for path in paths) else _FOREIGN_FILE


def size_of(folder: Path) -> int:
    """Return the bytes of all files in ``folder``, very small ones counted as more."""
    total = 0
    for inner, _, names in os.walk(folder):  # which, unlike rglob, bears that a folder goes
        for name in names:
            with suppress(FileNotFoundError):  # it was read, and so deleted, just now
                total += max(os.lstat(os.path.join(inner, name)).st_size, _LEAST_BYTES)  # noqa: PTH118
    return total


def _paths(value: object) -> Iterator[object]:
    """Yield what stands under “path” anywhere."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "path":
                yield inner
            yield from _paths(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _paths(inner)


def is_upload(path: object, uploads: Path) -> bool:
    """Whether ``path`` is ``uploads``/one folder/one file, spelt plainly, and not a link."""
    if not isinstance(path, str) or "\0" in path:
        return False
    named = Path(path)
    if named.parent.parent != uploads or ".." in named.parts or str(named) != path:
        return False
    return not named.is_symlink()
