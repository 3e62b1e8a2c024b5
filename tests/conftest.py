"""Quick and thorough test runs, and fixtures that several tests share.

``pytest`` is the quick run; ``pytest --thorough`` adds what is marked ``slow``, twice as many
Hypothesis examples and the whole corpus of hostile files.
"""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tiny_checkpoint import write_checkpoint
from tiny_detector import write_detector

CHROMIUM = Path("/usr/bin/chromium")

for name, examples in (("quick", 200), ("thorough", 400)):
    settings.register_profile(
        name,
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        print_blob=True,
    )


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--thorough", action="store_true", help="also run what takes long")


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("thorough" if config.getoption("--thorough") else "quick")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is slow, and mark what tries more in the thorough run."""
    quick = not config.getoption("--thorough")
    for item in items:
        if quick and item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason="takes long: pytest --thorough runs it"))
        names = getattr(item, "fixturenames", ())
        if "thorough" in names or hasattr(getattr(item, "obj", None), "hypothesis"):
            item.add_marker(pytest.mark.deepens)


@pytest.fixture(scope="session")
def thorough(request: pytest.FixtureRequest) -> bool:
    """Whether this is the thorough run."""
    return bool(request.config.getoption("--thorough"))


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint's side-car, made here: tests need no trained network."""
    pytest.importorskip("onnx", reason="making a checkpoint needs onnx, of the extra “train”")
    return write_checkpoint(tmp_path_factory.mktemp("checkpoints"))


@pytest.fixture(scope="session")
def tiny_detector_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A spot detector's side-car, made here."""
    pytest.importorskip("onnx", reason="making a detector needs onnx, of the extra “train”")
    return write_detector(tmp_path_factory.mktemp("detectors"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium without a screen: one for all tests of the page, a context for each."""
    playwright = pytest.importorskip("playwright.sync_api", reason="the dev extra brings it")
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}")
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu", *quiet]
        )
        yield running
        running.close()


@pytest.fixture
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Refuse every connection but to this machine, and list what was tried."""
    tried: list[str] = []
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> Any:
        host = address[0] if isinstance(address, tuple) else str(address)
        if isinstance(address, tuple) and host not in {"127.0.0.1", "::1", "localhost"}:
            tried.append(host)
            raise OSError(f"tests do not use the network: {host}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    return tried
