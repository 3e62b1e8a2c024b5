"""With a password the page answers to nobody who does not know it; names may be set too."""

import asyncio
import base64
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from reddots.errors import ServeError
from reddots_app.http.middleware import AccessMiddleware
from reddots_app.server import serve

SECRET = "doctor:päss:word"  # noqa: S105 - of this test alone


async def hello(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


def ask(
    folder: Path,
    path: str = "/",
    *,
    auth: str = "",
    base: str = "http://127.0.0.1",
    **headers: str,
) -> httpx.Response:
    """Ask a guarded site that stands in for the page."""
    guard = AccessMiddleware(hello, folder, most_upload_bytes=1_000, auth=auth)
    transport = httpx.ASGITransport(app=guard)

    async def fetch() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url=base) as client:
            return await client.get(path, headers=headers)

    # In a thread of its own: browser tests before it leave an event loop running in this one.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(fetch())).result()


def basic(secret: str) -> str:
    return "Basic " + base64.b64encode(secret.encode()).decode()


KEYS = [
    (basic(SECRET), 200, "the right one"),
    (basic(SECRET).replace("Basic", "bASIC"), 200, "the scheme's case does not matter"),
    ("", 401, "none"),
    (basic("doctor:"), 401, "no password"),
    (basic("doctor:päss"), 401, "a part of it"),
    (basic(SECRET + "x"), 401, "more than it"),
    (basic(SECRET).swapcase().replace("bASIC", "Basic"), 401, "its letters' case does matter"),
    (basic(SECRET).removeprefix("Basic "), 401, "without a scheme"),
    ("Bearer " + basic(SECRET).removeprefix("Basic "), 401, "by another scheme"),
    ("Basic \xff\xfe", 401, "no letters"),
]


@pytest.mark.parametrize(("key", "status", "why"), KEYS)
def test_only_the_password_opens(tmp_path: Path, key: str, status: int, why: str) -> None:
    answer = ask(tmp_path, auth=SECRET, authorization=key.encode("latin-1"))  # type: ignore[arg-type]
    assert answer.status_code == status, why
    assert ("www-authenticate" in answer.headers) == (status == 401)


def test_who_watches_the_service_needs_no_password(tmp_path: Path) -> None:
    assert ask(tmp_path, "/health", auth=SECRET).status_code == 200


@pytest.mark.parametrize("auth", ["doctor", "doctor:", ":secret", ":"])
def test_half_a_password_is_one_clear_sentence(auth: str) -> None:
    with pytest.raises(ServeError, match="NAME:PASSWORD"):
        serve(host="127.0.0.1", port=0, open_browser=False, auth=auth)


NAMES = [
    ("", "http://127.0.0.1", 200, "this machine, by number"),
    ("", "http://localhost:7860", 200, "this machine, by name"),
    ("", "http://[::1]:7860", 200, "this machine, by long number"),
    ("spots.example", "http://spots.example", 200, "the name that a proxy passes on"),
    ("spots.example, b.example", "http://B.example", 200, "one of several, in any case"),
    ("spots.example", "http://evil.example", 421, "another name"),
    ("spots.example", "http://127.0.0.1", 200, "this machine still"),
]


@pytest.mark.parametrize(("names", "base", "status", "why"), NAMES)
def test_it_answers_to_its_names(  # by name
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    names: str,
    base: str,
    status: int,
    why: str,
) -> None:
    monkeypatch.setenv("REDDOTS_HOST_NAMES", names)
    assert ask(tmp_path, base=base).status_code == status, why


def test_a_site_may_be_allowed_to_show_it_inside_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDDOTS_FRAMED_BY", "https://huggingface.co")
    policy = ask(tmp_path).headers["content-security-policy"]
    assert policy.endswith("frame-ancestors https://huggingface.co")
