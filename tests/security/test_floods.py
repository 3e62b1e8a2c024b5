"""More requests than anybody makes: some may be turned away, and afterwards all is as before."""

import asyncio
import shutil
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.running_site import Site
from reddots_app.http.middleware import AccessMiddleware
from reddots_app.http.request_body import size_of
from reddots_app.privacy.retention import Retention
from security.visitor import Visitor

MANY = 200
AT_ONCE = 20


def seconds(act: Callable[[], object]) -> float:
    begun = time.monotonic()
    act()
    return time.monotonic() - begun


@pytest.mark.slow
def test_quick_requests_are_all_answered(victim: Site) -> None:
    visitor = Visitor(victim.address)
    paths = ("/", "/health", "/gradio_api/app_id", "/not-there", "/assets/x.js")
    usual = seconds(visitor.open)
    begun = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda n: visitor.ask("GET", paths[n % len(paths)]), range(MANY)))
    assert {a.status for a in answers} <= {200, 404, 503}
    assert time.monotonic() - begun < 40
    assert seconds(visitor.open) < 5 + 3 * usual, "the next person is served as before"


def test_many_sessions_do_not_mix(victim: Site) -> None:
    def stay(number: int) -> str:
        visitor = Visitor(victim.address)
        visitor.open()
        visitor.answer("begin")
        visitor.answer("finish")
        return f"{number} {visitor.session}"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        stays = list(pool.map(stay, range(30)))
    assert len(set(stays)) == 30


@pytest.mark.slow
def test_a_full_queue_says_so_and_empties(victim: Site) -> None:
    def send(number: int) -> int:
        visitor = Visitor(victim.address)
        visitor.open()
        (path,) = visitor.upload(b"no photo %d" % number).body.decode().strip('[]"').split('","')
        return visitor.analyse(path).status

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(send, range(60)))
    assert set(answers) <= {200, 503}
    visitor = Visitor(victim.address)
    visitor.open()
    end = time.monotonic() + 20
    (path,) = visitor.upload(b"the next one").body.decode().strip('[]"').split('","')
    while visitor.analyse(path).status == 503 and time.monotonic() < end:
        time.sleep(0.2)
    assert "process_completed" in visitor.outcome()


def test_photos_do_not_fill_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import httpx

    monkeypatch.setattr("reddots_app.http.middleware._MOST_WAITING_BYTES", 1_000)
    monkeypatch.setattr("reddots_app.http.request_body._LEAST_BYTES", 1)
    asked: list[object] = []

    async def app(scope: object, _receive: object, send: object) -> None:
        asked.append(scope)
        await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": b""})  # type: ignore[operator]

    guard = AccessMiddleware(app, tmp_path, most_upload_bytes=10_000)  # type: ignore[arg-type]
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


def test_many_tiny_files_fill_it_too(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"{number}").write_bytes(b"x")
    assert size_of(tmp_path) == 30 * 100_000
    (tmp_path / "large").write_bytes(b"x" * 200_000)
    assert size_of(tmp_path) == 30 * 100_000 + 200_000


@pytest.mark.slow
def test_nobody_gets_past_the_queue(victim: Site) -> None:
    visitor = Visitor(victim.address)
    visitor.open()
    (path,) = visitor.upload(b"no photo").body.decode().strip('[]"').split('","')
    for number in (visitor.calls["photo"], -1, 10_000, None, "0", 0.5, [0]):
        call = visitor.body("photo", {"path": path}) | {"fn_index": number}
        assert visitor.send_json("/gradio_api/run/predict", call).status == 403, number
    assert visitor.answer("begin").status == 200


@pytest.mark.skipif(sys.platform != "linux", reason="sets another process's limits")
def test_a_full_disk_costs_the_upload_alone(victim: Site) -> None:
    import resource

    visitor, number = Visitor(victim.address), victim.process.pid
    soft, hard = resource.prlimit(number, resource.RLIMIT_FSIZE)
    resource.prlimit(number, resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        answer = visitor.upload(b"x" * 300_000)
        assert (answer.status, answer.body) == (500, b"This could not be answered.")
        visitor.open()
        assert visitor.answer("begin").status == 200
    finally:
        resource.prlimit(number, resource.RLIMIT_FSIZE, (soft, hard))
    assert visitor.upload(b"x" * 300_000).status == 200


def test_uploads_are_counted_and_swept_while_others_go(tmp_path: Path) -> None:
    stop = threading.Event()

    def come_and_go(name: str) -> None:
        while not stop.is_set():
            folder = tmp_path / name
            folder.mkdir()
            (folder / "a.jpg").touch()
            shutil.rmtree(folder, ignore_errors=True)

    threads = [threading.Thread(target=come_and_go, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    try:
        forgetter = Retention([], tmp_path)
        end = time.monotonic() + 1
        while time.monotonic() < end:
            assert size_of(tmp_path) <= len(threads) * 100_000
            forgetter.delete_files(time.time())
    finally:
        stop.set()
        for thread in threads:
            thread.join()
