"""Where nobody answers, a run on Ray ends with one sentence, and soon."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from reddots.batch import ray_address
from reddots.batch.ray_address import require_cluster, require_health
from reddots.errors import RedDotsError


@contextmanager
def server(answer: bytes | None) -> Iterator[str]:
    """Listen; answer each connection once, or with None never."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            try:
                connection, _ = listener.accept()
                with connection:
                    connection.recv(100)
                    if answer is not None:
                        connection.sendall(answer)
                    connection.recv(100)
            except OSError:
                return

        threading.Thread(target=serve, daemon=True).start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"


# what a server answers, words of the error, why
ANSWERS = [
    (None, "No Ray cluster answers", "silence"),
    (b"HTTP/1.1 400 Bad Request\r\n\r\n", "is no Ray cluster", "another protocol"),
    (b"", "No Ray cluster answers|is no Ray cluster", "nothing"),
]


@pytest.mark.parametrize(("answer", "words", "why"), ANSWERS)
def test_who_is_no_cluster_is_said_soon(
    answer: bytes | None, words: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ray_address, "_PATIENCE", 0.3)
    began = time.monotonic()
    with server(answer) as address, pytest.raises(RedDotsError, match=words):
        require_cluster(address)
    assert time.monotonic() - began < 5, why


def test_where_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(RedDotsError, match=f"127.0.0.1:{port}.*refused"):
        require_cluster(f"127.0.0.1:{port}")
    with pytest.raises(RedDotsError, match="No Ray cluster"):
        require_cluster("127.0.0.1:99999999")


def test_who_speaks_http2_may_be_a_cluster_and_names_are_left_to_ray() -> None:
    with server(b"\0\0\6\4\0\0\0\0\0" + bytes(6)) as address:
        require_cluster(address)
    for name in ("", "auto", "local"):
        require_cluster(name)


@pytest.mark.parametrize("program", ["import time; time.sleep(60)", "raise SystemExit(1)"])
def test_who_is_no_cluster_but_speaks_its_protocol_is_said_soon(
    program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ray_address, "_CHECK", ("-c", program))
    monkeypatch.setattr(ray_address, "_HEALTH", 1.0)
    with pytest.raises(RedDotsError, match="is no Ray cluster that works"):
        require_health("127.0.0.1:1")


def test_a_cluster_that_is_well_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ray_address, "_CHECK", ("-c", "import sys; sys.exit(sys.argv[1] != 'h:1')"))
    require_health("h:1")
    monkeypatch.setattr(ray_address, "_CHECK", ("-c", "raise SystemExit(1)"))
    for address in ("", "auto", "local", "ray://127.0.0.1:1"):
        require_health(address)


def test_the_whole_wait_is_within_half_a_minute() -> None:
    assert ray_address._PATIENCE + ray_address._HEALTH < 30
