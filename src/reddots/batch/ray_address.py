"""Ray cluster probe: whether anybody answers at ``$RAY_ADDRESS``, before Ray itself waits for it.

Ray's own attempt takes minutes and may end the whole process. A cluster speaks gRPC, so whoever
listens there answers the HTTP/2 preface with a SETTINGS frame (RFC 9113, section 3.4). Who does
may still be no Ray; that is for Ray's own command to find out, in a process that can be ended.
"""

import os
import socket
import subprocess
import sys
import time
from typing import Final

from reddots.errors import RedDotsError

_PATIENCE: Final = 5.0  # seconds, of connecting and of waiting for the answer together
_HEALTH: Final = 24.0  # seconds: Ray's command takes 3, and 12 on a busy computer
_CHECK: Final = ("-m", "ray.scripts.scripts", "health-check", "--skip-version-check", "--address")
_CLIENT: Final = "ray://"  # another protocol, of Ray's client, that the command does not speak
_PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_SETTINGS: Final = b"\0\0\0\x04\0\0\0\0\0"  # an empty frame
_HEADER, _TYPE = len(_SETTINGS), 3  # of a frame: its length, and where its type stands


def require_cluster(address: str) -> None:
    """Check that somebody who may be Ray answers at an address such as ``host:6379``.

    Addresses without a port, such as ``auto``, and clusters with TLS are left to Ray.

    Raises:
        RedDotsError: nobody answers, or somebody else.
    """
    if os.environ.get("RAY_USE_TLS", "0") == "1":
        return  # who listens there speaks to nobody without a certificate
    host, _, port = address.removeprefix(_CLIENT).rpartition(":")
    if not port.isdecimal():
        return
    try:
        answer = _answer(host.strip("[]"), int(port))
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error) or "nobody answers"
        raise RedDotsError(
            f"No Ray cluster answers at {address} ($RAY_ADDRESS): {reason.lower()}."
        ) from error
    if len(answer) < _HEADER or answer[_TYPE] != _SETTINGS[_TYPE]:
        raise RedDotsError(f"Who answers at {address} ($RAY_ADDRESS) is no Ray cluster.")


def require_health(address: str) -> None:
    """Check by Ray's own command that a cluster with a port is alive; within 24 s.

    Raises:
        RedDotsError: it is not.
    """
    if address.startswith(_CLIENT) or ":" not in address:
        return
    try:
        done = subprocess.run(
            [sys.executable, *_CHECK, address], capture_output=True, timeout=_HEALTH, check=False
        )
    except subprocess.TimeoutExpired:
        is_well = False
    else:
        is_well = done.returncode == 0
    if not is_well:
        raise RedDotsError(f"Who answers at {address} ($RAY_ADDRESS) is no Ray cluster that works.")


def _answer(host: str, port: int) -> bytes:
    """Return the first bytes that a server sends, at most a frame's header."""
    until = time.monotonic() + _PATIENCE
    with socket.create_connection((host, port), timeout=_PATIENCE) as connection:
        connection.sendall(_PREFACE + _SETTINGS)
        answer = b""
        while len(answer) < _HEADER:
            connection.settimeout(max(until - time.monotonic(), 0.01))
            received = connection.recv(_HEADER - len(answer))
            if not received:
                break
            answer += received
    return answer
