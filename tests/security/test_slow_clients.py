"""Clients that dawdle: they are hung up, and nobody waits for them."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from app.running_site import Site
from reddots_app.http.idle_timeout import Connection
from reddots_app.http.middleware import AccessMiddleware
from reddots_app.http.request_body import IdleLimits
from security.visitor import Visitor

SHORT = 0.5  # seconds


class HurriedConnection(Connection):
    header_timeout = SHORT


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Read everything, then say how much it was."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RuntimeError("the sender has gone")
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(size).encode()})


@pytest.fixture(scope="module")
def hurried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """A site with short idle timeouts."""
    guard = AccessMiddleware(
        echo,
        tmp_path_factory.mktemp("uploads"),
        most_upload_bytes=1_000_000,
        idle_limits=IdleLimits(SHORT, 1_000),
    )
    config = uvicorn.Config(guard, http=HurriedConnection, ws="none", log_level="critical")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=asyncio.run, args=(server.serve([listener]),))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield Visitor(f"http://127.0.0.1:{listener.getsockname()[1]}")
        server.should_exit = True
        thread.join(10)


POST = b"POST /gradio_api/upload HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 100000\r\n\r\n"
SLOW = [
    (b"", b"", b"says nothing at all"),
    (b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx: ", b"", b"stops in the middle of the headers"),
    (b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx: ", b"a", b"sends them letter by letter"),
    (b"GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\nGET ", b"a", b"is slow the second time"),
    (POST, b"", b"stops in the middle of the photo"),
    (POST, b"a", b"sends the photo letter by letter"),
]


@pytest.mark.parametrize(("start", "drip", "why"), SLOW)
def test_who_is_slow_is_hung_up(hurried: Visitor, start: bytes, drip: bytes, why: bytes) -> None:
    begun = time.monotonic()
    with socket.create_connection(hurried.place, 10) as connection:
        connection.sendall(start)
        connection.settimeout(0.1)
        while time.monotonic() - begun < 10:
            try:
                if drip:
                    connection.sendall(drip)
                if connection.recv(65536) == b"":
                    break
            except TimeoutError:
                continue
            except ConnectionError:
                break
    assert time.monotonic() - begun < 4 * SHORT + 2, why.decode()


def test_a_slow_photo_is_told_so(hurried: Visitor) -> None:
    assert b" 408 " in hurried.shout(POST)


def test_who_is_quick_enough_is_answered(hurried: Visitor) -> None:
    assert hurried.ask("POST", "/gradio_api/upload", b"x" * 100_000).body == b"100000"


def test_half_asked_questions_keep_nobody_waiting(victim: Site) -> None:
    visitor = Visitor(victim.address)
    with contextlib.ExitStack() as stack:
        for start, _, _ in SLOW[1:] * 20:
            stack.enter_context(socket.create_connection(visitor.place, 5)).sendall(start)
        begun = time.monotonic()
        visitor.open()
        assert time.monotonic() - begun < 5


def open_connections(site: Site) -> int:
    found = 0
    for link in Path(f"/proc/{site.process.pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # it was closed just now
            found += str(link.readlink()).startswith("socket:")
    return found


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="there is no /proc here")
def test_those_who_left_leave_nothing_open(victim: Site) -> None:
    visitor = Visitor(victim.address)
    visitor.open()
    before = open_connections(victim)
    for _ in range(50):
        with socket.create_connection(visitor.place, 5) as connection:
            connection.sendall(POST)
    for _ in range(30):  # one loop serves all, so that each answer is a turn of it, however slow
        assert visitor.ask("GET", "/health").status == 200
        if open_connections(victim) <= before + 2:
            return
    raise AssertionError(f"{open_connections(victim)} are open, {before} were before")
