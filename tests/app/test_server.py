"""Starting, answering, refusing, and leaving nothing behind."""

import signal
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest
from running_site import Site, start_site, stop_site

from reddots.errors import ServeError
from reddots.knowledge import load
from reddots_app.i18n import page_texts
from reddots_app.photos import MOST_MEGABYTES
from reddots_app.server import serve
from reddots_app.ui.interview import Interview
from reddots_app.ui.pages import Pages, Visitor
from reddots_app.ui.render import Screens


def test_a_taken_port_is_one_clear_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(ServeError, match=rf"port {port}.*--port"):
            serve(host="127.0.0.1", port=port, open_browser=False)


@pytest.mark.parametrize(
    "host",
    [
        "192.0.2.1",  # an address of another machine
        "no such host",  # no address at all
    ],
)
def test_an_address_that_is_not_ours_is_one_clear_sentence(host: str) -> None:
    with pytest.raises(ServeError, match="cannot be started"):
        serve(host=host, port=0, open_browser=False)


@pytest.mark.slow
def test_it_says_where_it_is_and_nothing_else(site: Site) -> None:
    assert httpx.get(site.address + "/health").json() == {"status": "ok"}
    assert site.written() == f"Red Dots is at {site.address} (Ctrl-C stops it).\n"


def test_it_listens_on_this_machine_only(site: Site) -> None:
    assert site.address.startswith("http://127.0.0.1:")


@pytest.mark.parametrize(
    "path",
    [
        "/monitoring",  # who uses the page
        "/monitoring/summary",  # the same
        "/gradio_api/info",  # how to call it by machine
        "/gradio_api/file=/etc/passwd",  # files of this machine
        "/gradio_api/vibe-starter-queries",  # would call another machine
        "/gradio_api/vibe-code",  # the source
        "/gradio_api/proxy=https://example.org/",  # another machine
        "/research",  # tables and batches, unless it is asked for
        "/assets/page.000000000000.js",  # a script of another version
        "/docs",  # API pages
        "/openapi.json",  # the same
        "/config",  # the page's inner plan, which is in the page already
    ],
)
def test_what_the_page_does_not_need_is_refused(site: Site, path: str) -> None:
    assert httpx.get(site.address + path).status_code in {404, 405}


def test_the_browser_is_told_to_stay_here(site: Site) -> None:
    headers = httpx.get(site.address).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in headers


ASSETS = [
    ('rd-script" src', "text/javascript; charset=utf-8", "the script"),
    ('link rel="apple-touch-icon" href', "image/png", "an icon"),
]


@pytest.mark.parametrize(("mark", "kind", "why"), ASSETS)
def test_hashed_assets_are_kept_for_a_year(site: Site, mark: str, kind: str, why: str) -> None:
    url = httpx.get(site.address).text.partition(f'{mark}="')[2].partition('"')[0]
    answer = httpx.get(site.address + url)
    assert answer.headers["content-type"] == kind, why
    assert "immutable" in answer.headers["cache-control"]
    assert "no-store" not in answer.headers["cache-control"]


@pytest.mark.parametrize("research", [True, False])
def test_who_runs_the_page_and_when_it_was_reviewed_stand_on_it(research: bool) -> None:
    texts = {"en": page_texts()["en"]}
    talk = {"en": Interview(load())}
    calls = {"answer": 0, "photo": 1, "code": 2}
    operator = "Clinic <Example>, 555-0100"
    screens = Screens(talk, texts)
    pages = Pages(talk, texts, screens, calls=calls, operator=operator, research=research)
    html = pages.render("check", Visitor("en", "GB"))
    assert "Clinic &lt;Example&gt;, 555-0100" in html
    assert "<time datetime=" in html
    assert ('href="/research"' in html) is research


def upload(address: str, content: bytes, name: str = "a.jpg") -> httpx.Response:
    return httpx.post(address + "/gradio_api/upload", files={"files": (name, content)})


def test_an_uploaded_file_cannot_be_fetched_even_by_its_path(site: Site) -> None:
    (path,) = upload(site.address, b"secret").json()
    for form in (f"/gradio_api/file={path}", f"/gradio_api/file/{path}", f"/file={path}"):
        assert b"secret" not in httpx.get(site.address + form).content


def test_too_large_a_file_is_refused(site: Site) -> None:
    response = upload(site.address, b"\0" * (MOST_MEGABYTES * 1024 * 1024 + 1_000))
    assert response.status_code == 413


@pytest.mark.parametrize(
    "how",
    [
        pytest.param(signal.SIGINT, marks=pytest.mark.slow),  # Ctrl-C
        signal.SIGTERM,  # the way a service is stopped
    ],
)
@pytest.mark.slow
def test_it_stops_without_a_trace(checkpoint: Path, tmp_path: Path, how: signal.Signals) -> None:
    site = start_site(checkpoint, tmp_path)
    upload(site.address, b"secret")
    assert any(b"secret" in file.read_bytes() for file in site.files())
    assert stop_site(site, how) == 0
    assert site.files() == []
    assert "Traceback" not in site.written()


@pytest.mark.slow
def test_what_a_killed_server_left_is_deleted_by_the_next(checkpoint: Path, tmp_path: Path) -> None:
    killed = start_site(checkpoint, tmp_path)
    upload(killed.address, b"secret")
    killed.process.kill()
    killed.process.wait(10)
    (tmp_path / "second").mkdir()
    after = start_site(checkpoint, tmp_path / "second", temp=killed.temp)
    assert not any(b"secret" in file.read_bytes() for file in killed.files())
    stop_site(after)


def test_the_address_is_opened_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    import uvicorn

    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr(uvicorn.Server, "run", _no_run)
    previous = signal.getsignal(signal.SIGTERM)
    serve(host="127.0.0.1", port=0, open_browser=True)
    signal.signal(signal.SIGTERM, previous)
    assert len(opened) == 1


def _no_run(_server: Any, sockets: list[socket.socket]) -> None:
    assert sockets
