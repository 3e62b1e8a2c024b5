"""Loaded by every Python of a watched command before anything else: notes what it opens.

Connections to another machine are refused and noted; files opened for writing are noted.
"""

import os
import sys
from typing import Any

_NOTES = os.open(os.environ["REDDOTS_WATCHER_NOTES"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
_NEAR = {"127.0.0.1", "::1", "localhost", "0.0.0.0", "", None, b"localhost"}  # noqa: S104
_TO = {"socket.connect": 1, "socket.sendto": 1, "socket.getaddrinfo": 0, "socket.gethostbyname": 0}


def _note(kind: str, what: object) -> None:
    os.write(_NOTES, f"{kind} {what}\n".encode("utf-8", "backslashreplace"))


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _TO:
        address = arguments[_TO[event]]
        host = address[0] if isinstance(address, tuple) else address
        if isinstance(host, str | bytes | None) and host not in _NEAR:
            _note("connection", repr(address))
            raise OSError("a watched command may not use the network")
    elif event == "open":
        path, mode, flags = arguments
        written = isinstance(mode, str) and any(letter in mode for letter in "wax+")
        if isinstance(path, str | bytes) and (written or (flags or 0) & _WRITING):
            _note("writing", os.path.abspath(os.fsdecode(path)))  # noqa: PTH100 - a name alone


sys.addaudithook(_watch)
