"""Requests that are too large, or lie about their size: refused before they are read."""

import json

import pytest

from app.running_site import Site
from reddots_app.photos import MOST_MEGABYTES
from reddots_app.session import MOST_PHOTOS
from security.visitor import Visitor

MEGABYTE = 1_048_576


@pytest.fixture
def visitor(victim: Site) -> Visitor:
    return Visitor(victim.address)


@pytest.mark.slow
def test_a_call_has_no_room_for_a_photo(visitor: Visitor) -> None:
    visitor.open()
    assert visitor.answer("x" * 300_000).status == 413


@pytest.mark.parametrize(
    ("path", "length"),
    [
        ("/gradio_api/upload", 10**12),  # more than any disk
        ("/gradio_api/upload", (MOST_PHOTOS * MOST_MEGABYTES + 2) * MEGABYTE),  # a little too much
        ("/gradio_api/queue/join", 10**9),  # a call
        ("/gradio_api/run/predict", 10**9),  # the like
    ],
)
def test_what_says_it_is_too_large_is_not_even_read(
    visitor: Visitor, path: str, length: int
) -> None:
    assert visitor.ask("POST", path, headers={"content-length": str(length)}).status == 413


@pytest.mark.parametrize("length", ["-1", "1e3", "0x10", "", "1, 2", "²"])
def test_a_length_that_is_no_number_is_refused(visitor: Visitor, length: str) -> None:
    head = f"POST /gradio_api/upload HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: {length}\r\n"
    assert visitor.shout(head.encode() + b"connection: close\r\n\r\n")[9:12] in {b"400", b"411"}


def test_a_body_of_unknown_length_is_refused(visitor: Visitor) -> None:
    head = b"POST /gradio_api/upload HTTP/1.1\r\nhost: 127.0.0.1\r\n"
    assert b" 411 " in visitor.shout(head + b"transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n")


def test_two_lengths_at_once_are_refused(visitor: Visitor) -> None:
    head = b"POST /gradio_api/upload HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 5\r\n"
    both = (b"transfer-encoding: chunked\r\n\r\n0\r\n\r\n", b"content-length: 6\r\n\r\nhello!")
    for other in both:
        assert visitor.shout(head + b"connection: close\r\n" + other)[9:12] in {b"400", b"411"}


@pytest.mark.parametrize(
    "head",
    [
        b"x: " + b"a" * 20_000,  # one long header
        b"\r\n".join(b"x%d: a" % i for i in range(4_000)),  # many short ones
        b"cookie: " + b"a" * 500_000,  # more than the server takes into memory
    ],
)
def test_long_headers_are_refused(visitor: Visitor, head: bytes) -> None:
    start = b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n"
    answer = visitor.shout(start + head + b"\r\n\r\n")
    assert answer[9:12] in {b"431", b"400", b""}, answer[:80]


def test_a_long_address_is_refused(visitor: Visitor) -> None:
    assert visitor.ask("GET", "/" + "a" * 60_000).status in {400, 404}
    for path in ("/", "/about", "/gradio_api/queue/data"):
        assert visitor.ask("GET", f"{path}?upload_id=" + "a" * 600).status == 414


@pytest.mark.parametrize("session", ["a" * 65, "", "a b", "\n", "<b>", 7, ["a"], {"a": 1}])
def test_a_session_of_another_form_is_refused(visitor: Visitor, session: object) -> None:
    visitor.open()
    for path in ("/gradio_api/run/predict", "/gradio_api/queue/join"):
        call = visitor.body("answer", visitor.state, {"act": "begin"}) | {"session_hash": session}
        assert visitor.send_json(path, call).status == 400


NOT_JSON = [
    b"",  # nothing
    b"{",  # half
    b"[" * 100_000,  # deeper than anybody reads
    b'{"data":' + b"[" * 50_000 + b"]" * 50_000 + b"}",  # the same, whole
    b"\xff\xfe",  # no text
    b"NaN",  # no call
    b'{"data": [], "fn_index": 1e999}',  # no number
    b'{"data": [], "fn_index": -1, "session_hash": "a"}',  # no such part
    b'{"data": [], "fn_index": 99999, "session_hash": "a"}',  # the like
    b'{"data": null, "session_hash": null}',  # no values
]


@pytest.mark.parametrize("body", NOT_JSON)
def test_a_call_that_makes_no_sense_is_refused(visitor: Visitor, body: bytes) -> None:
    told = {"content-type": "application/json"}
    for path in ("/gradio_api/run/predict", "/gradio_api/queue/join"):
        answer = visitor.ask("POST", path, body, told)
        assert 400 <= answer.status <= 500, answer
        assert b"Traceback" not in answer.body


def test_what_goes_wrong_is_answered_without_saying_how(visitor: Visitor) -> None:
    visitor.open()
    call = visitor.body("answer", "no state", "no event")
    answer = visitor.send_json("/gradio_api/run/predict", call)
    assert (answer.status, answer.body) == (500, b"This could not be answered.")


def test_many_small_files_at_once_are_one_upload(victim: Site, visitor: Visitor) -> None:
    part = b'--b\r\ncontent-disposition: form-data; name="files"; filename="%d.jpg"\r\n\r\nx%d\r\n'
    told = {"content-type": "multipart/form-data; boundary=b"}
    for header in (part, part.replace(b"content-d", b"Content-D")):
        body = b"".join(header % (i, i) for i in range(101)) + b"--b--\r\n"
        assert visitor.ask("POST", "/gradio_api/upload", body, told).status == 400
    fewer = b"".join(part % (i, i) for i in range(20)) + b"--b--\r\n"
    paths = json.loads(visitor.ask("POST", "/gradio_api/upload", fewer, told).body)
    assert len(paths) == 20
    visitor.open()
    for path in paths:
        assert path.startswith(str(victim.temp))
