"""What the page answers, file by file and name by name, over HTTP."""

import contextlib
import re
import socket
import threading
from collections.abc import Iterator

import pytest

from app.running_site import Site
from reddots_app.http.access import refusal
from security.visitor import Visitor

# Everything of Gradio's that is answered; whatever a later Gradio adds is refused until it is here.
ANSWERED = {
    ("GET", "/"),
    ("HEAD", "/"),
    ("GET", "/favicon.ico"),
    ("GET", "/gradio_api/queue/data"),
    ("POST", "/gradio_api/upload"),
    ("POST", "/gradio_api/run/x"),
    ("POST", "/gradio_api/queue/join"),
}


@pytest.fixture
def visitor(victim: Site) -> Visitor:
    return Visitor(victim.address)


def gradio_routes() -> set[tuple[str, str]]:
    """Every route of the installed Gradio, with “x” for what varies."""
    import gradio
    from gradio.routes import App

    with gradio.Blocks(analytics_enabled=False) as blocks:
        gradio.HTML()
    found = set()
    waiting = list(App.create_app(blocks).routes)
    while waiting:
        route = waiting.pop()
        if inner := getattr(route, "original_router", None):
            waiting += inner.routes
        elif path := getattr(route, "path", ""):
            path = re.sub(r"\{[^}]*\}", "x", path)
            found |= {(method, path) for method in getattr(route, "methods", None) or {"GET"}}
    return found


def test_no_route_of_gradio_is_open_that_the_page_does_not_need(visitor: Visitor) -> None:
    routes = gradio_routes()
    assert len(routes) > 50, "the list is read rightly"
    for method, path in sorted(routes - {(m, p) for m, p in ANSWERED if p != "/gradio_api/run/x"}):
        headers = [(b"host", b"127.0.0.1"), (b"content-length", b"2")]
        scope = {"path": path, "method": method, "headers": headers, "server": ("127.0.0.1", 1)}
        assert refusal(scope, frozenset(), 100), f"{method} {path}"
        assert visitor.ask(method, path, b"{}").status in {404, 405}, f"{method} {path}"


@pytest.mark.parametrize(
    "path", ["/", "/health", "/about", "/glass-test", "/kept", "/service-worker.js"]
)
def test_what_the_page_needs_is_open(visitor: Visitor, path: str) -> None:
    assert visitor.ask("GET", path).status == 200


ROUTES = [
    "/gradio_api/file={}",  # Gradio's own
    "/gradio_api/file/{}",  # the same, as it was once called
    "/file={}",  # as it was called before that
    "/static/{}",  # parts of the page
    "/assets/{}",  # scripts
    "/svelte/{}",  # parts of scripts
    "/gradio_api/proxy={}",  # another machine's file
    "/gradio_api/custom_component/1/client/example/{}",  # parts that others wrote
    "/gradio_api/stream/a/b/c/{}",  # sound and film
    "/{}",  # none at all
]
FILES = [
    "/etc/passwd",  # plain
    "../../../../../../../../etc/passwd",  # upwards
    "..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",  # upwards, disguised
    "%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",  # upwards, disguised otherwise
    "..%252f..%252f..%252f..%252fetc%252fpasswd",  # disguised twice
    "..%5c..%5c..%5cetc%5cpasswd",  # upwards, as on Windows
    "....//....//....//....//etc/passwd",  # upwards after something is taken out
    "x/../../../../../../../../etc/passwd",  # down and up
    "%2fetc%2fpasswd",  # plain, disguised
    "/etc/passwd%00.jpg",  # with an end in the middle
    "file:///etc/passwd",  # as an address
    "/proc/self/environ",  # what the server was told
]  # fmt: skip


@pytest.mark.parametrize("route", ROUTES)
def test_no_file_of_this_machine_is_handed_out(visitor: Visitor, route: str) -> None:
    for file in FILES:
        answer = visitor.ask("GET", route.format(file))
        assert answer.status in {400, 404, 405}, file
        assert b"root:" not in answer.body, file
        assert b"PATH=" not in answer.body, file


@pytest.mark.parametrize("route", ROUTES)
def test_no_upload_is_handed_out_even_by_its_path(visitor: Visitor, route: str) -> None:
    (path,) = re.findall(r'"(/[^"]+)"', visitor.upload(b"somebody's skin").body.decode())
    for file in (path, path[1:], path.replace("/", "%2f")):
        answer = visitor.ask("GET", route.format(file))
        assert answer.status in {400, 404, 405}
        assert b"skin" not in answer.body


@contextlib.contextmanager
def bait() -> Iterator[tuple[int, list[object]]]:
    """A server that should never be asked anything: its port, and who asked."""
    asked: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        done = threading.Event()

        def wait() -> None:
            while not done.is_set():
                with contextlib.suppress(TimeoutError):
                    connection, who = listener.accept()
                    connection.close()
                    asked.append(who)

        thread = threading.Thread(target=wait)
        thread.start()
        try:
            yield listener.getsockname()[1], asked
        finally:
            done.set()
            thread.join()


PATHS = [
    "http://127.0.0.1:{port}/a.jpg",  # this machine
    "http://localhost:{port}/a.jpg",  # the same by name
    "HTTP://127.1:{port}/a.jpg",  # the same in short
    "http://[::ffff:127.0.0.1]:{port}/a.jpg",  # the same as a long address
    "http://user@127.0.0.1:{port}/a.jpg",  # with a name
    "https://127.0.0.1:{port}/a.jpg",  # encrypted
    "file:///etc/passwd",  # a file as an address
    "/etc/passwd",  # a file of this machine
    "/gradio_api/file=/etc/passwd",  # the same by way of Gradio
    "{uploads}/../../../../../etc/passwd",  # upwards from the uploads
    "{uploads}/x/../../../../../etc/passwd",  # upwards from one upload
    "{uploads}",  # the folder of all uploads
    "relative.jpg",  # a file in the working folder
    "",  # nothing
    "/etc/passwd\0.jpg",  # with an end in the middle
]  # fmt: skip


@pytest.mark.parametrize("form", PATHS)
def test_only_an_upload_can_be_looked_at(victim: Site, visitor: Visitor, form: str) -> None:
    visitor.open()
    uploads = next(p for p in victim.temp.iterdir() if p.name.startswith("reddots-page-"))
    with bait() as (port, asked):
        path = form.format(port=port, uploads=uploads)
        assert visitor.analyse(path).status == 403
        assert visitor.analyse(path, meta={"_type": "gradio.FileData"}).status == 403
        assert visitor.answer("begin", path=path).status == 403
    assert asked == []


@pytest.mark.parametrize("path", [None, 7, ["/etc/passwd"], {"path": "/etc/passwd"}])
def test_a_path_that_is_no_text_is_refused(visitor: Visitor, path: object) -> None:
    visitor.open()
    assert visitor.analyse(path).status == 403


def test_an_address_beside_an_upload_is_not_asked(visitor: Visitor) -> None:
    visitor.open()
    (path,) = re.findall(r'"(/[^"]+)"', visitor.upload(b"no photo").body.decode())
    with bait() as (port, asked):
        assert (
            visitor.analyse(
                path, url=f"http://127.0.0.1:{port}/a.jpg", meta={"_type": "gradio.FileData"}
            ).status
            == 200
        )
        assert "process_completed" in visitor.outcome()
    assert asked == []
