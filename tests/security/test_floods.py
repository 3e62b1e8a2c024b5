"""More requests than anybody makes: some may be turned away, and afterwards all is as before."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.running_site import Site
from reddots_app.guard import Guard
from security.visitor import Visitor

MANY = 200
AT_ONCE = 20


def test_quick_requests_are_all_answered(victim: Site) -> None:
    visitor = Visitor(victim.address)
    paths = ("/", "/health", "/gradio_api/app_id", "/not-there", "/assets/x.js")
    begun = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda n: visitor.ask("GET", paths[n % len(paths)]), range(MANY)))
    assert {a.status for a in answers} <= {200, 404, 503}
    assert time.monotonic() - begun < 40
    begun = time.monotonic()
    visitor.open()
    assert time.monotonic() - begun < 5, "the next person is served as before"


def test_many_sessions_do_not_mix(victim: Site) -> None:
    def stay(number: int) -> str:
        visitor = Visitor(victim.address)
        visitor.open()
        visitor.touch("click", [None, "en"], "rd-go-on")
        visitor.touch("click", [None, "en"], "rd-show-result")
        return f"{number} {visitor.session}"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        stays = list(pool.map(stay, range(30)))
    assert len(set(stays)) == 30


def test_a_full_queue_says_so_and_empties(victim: Site) -> None:
    def send(number: int) -> int:
        visitor = Visitor(victim.address)
        visitor.open()
        (path,) = visitor.upload(b"no photo %d" % number).body.decode().strip('[]"').split('","')
        return visitor.look(path).status

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(send, range(60)))
    assert set(answers) <= {200, 503}
    visitor = Visitor(victim.address)
    visitor.open()
    end = time.monotonic() + 20
    (path,) = visitor.upload(b"the next one").body.decode().strip('[]"').split('","')
    while visitor.look(path).status == 503 and time.monotonic() < end:
        time.sleep(0.2)
    assert "process_completed" in visitor.outcome()


def test_photos_do_not_fill_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import httpx  # noqa: PLC0415

    monkeypatch.setattr("reddots_app.guard._MOST_WAITING_BYTES", 1_000)
    asked: list[object] = []

    async def app(scope: object, _receive: object, send: object) -> None:
        asked.append(scope)
        await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": b""})  # type: ignore[operator]

    guard = Guard(app, tmp_path, most_upload_bytes=10_000)  # type: ignore[arg-type]
    (tmp_path / "waiting").write_bytes(b"x" * 900)
    transport = httpx.ASGITransport(app=guard)  # type: ignore[arg-type]
    address = "/gradio_api/upload"

    async def send() -> list[int]:
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            answers = [await client.post(address, content=b"x" * size) for size in (200, 50)]
            (tmp_path / "waiting").unlink()
            answers.append(await client.post(address, content=b"x" * 200))
        return [answer.status_code for answer in answers]

    # In a thread of its own: browser tests before it leave an event loop running in this one.
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(lambda: asyncio.run(send())).result()
    assert found == [503, 200, 200], "too much at once, little enough, and room again"
    assert len(asked) == 2
