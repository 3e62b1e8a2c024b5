"""A page of its own to attack, and what every attack needs."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "app"))  # for its running site

from running_site import Site, start_site, stop_site

# All that the page may say: where it is, and that something failed, but never what it was given.
SAID = r"Red Dots is at \S+ \(Ctrl-C stops it\)\.\n(A request could not be answered \(\w+\)\.\n)*"


@pytest.fixture(scope="session")
def victim(tiny_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A served page that tests may do anything to."""
    running = start_site(tiny_checkpoint, tmp_path_factory.mktemp("victim"))
    yield running
    stop_site(running)


@pytest.fixture(autouse=True)
def _still_well(request: pytest.FixtureRequest) -> Iterator[None]:
    """After every attack on it, the page still answers and has said nothing of it."""
    yield
    if "victim" in request.fixturenames:
        site: Site = request.getfixturevalue("victim")
        assert site.process.poll() is None, "the server has died"
        import httpx

        assert httpx.get(site.address + "/health", timeout=60).json() == {"status": "ok"}
        assert re.fullmatch(SAID, site.written()), site.written()
