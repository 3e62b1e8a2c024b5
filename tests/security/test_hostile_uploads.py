"""The hostile corpus, sent through the page: a verdict in plain words for each, and nothing else.

Every fortieth file and all bombs and lies by default; all of them, in five minutes or fifty, with
``REDDOTS_HOSTILE_ALL=1 pytest tests/security/test_hostile_uploads.py -s``.
"""

import json
import os
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import pytest
from msgspec import convert

from app.running_site import Site, start_site, stop_site
from photo.hostile import Hostile, corpus
from reddots.knowledge import load
from reddots.photo.result import PhotoResult
from reddots_app.i18n import page_texts
from reddots_app.photos import MOST_MEGABYTES
from reddots_app.session import MOST_PHOTOS, PhotoEntry
from reddots_app.ui.photo_view import photo_card
from security.conftest import SAID
from security.visitor import Visitor

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="makes devices and reads /proc")
ALL = os.environ.get("REDDOTS_HOSTILE_ALL") == "1"
WHOLE_GROUPS = {"valid", "lie", "bomb", "impostor", "name", "place"}
EVERY = 1 if ALL else 40
MEGABYTE = 1_000_000
MOST_BYTES = MOST_MEGABYTES * 1_048_576
STATUSES = {"ok", "rejected"}
LETTERS = re.compile(r'[\x00-\x1f"\\]')  # that cannot stand in the name of a part


@dataclass
class Memory:
    """The most that the server and all below it held at once, and the most of the server alone."""

    process: int
    family: int = 0
    alone: int = 0
    done: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        while not self.done.wait(0.05):
            sizes = [held(process) for process in below(self.process)]
            self.family, self.alone = max(self.family, sum(sizes)), max(self.alone, sizes[0])


def below(process: int) -> Iterator[int]:
    yield process
    try:
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from below(int(child))
    except OSError:  # it has just ended
        return


def held(process: int) -> int:
    """Bytes; what several share counts once among them (PSS)."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def sent(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every file that is to be sent."""
    for number, hostile in enumerate(corpus(folder)):
        if number % EVERY and hostile.group not in WHOLE_GROUPS:
            continue
        data = content(hostile)
        if data is not None:
            name = hostile.source.name if isinstance(hostile.source, Path) else f"{number}.jpg"
            yield LETTERS.sub("", f"../..\\{name}")[:200], data


def content(hostile: Hostile) -> bytes | None:
    """The bytes to send; None for what is no file, or has more than anybody sends."""
    if isinstance(hostile.source, bytes):
        return hostile.source
    try:
        small = hostile.source.is_file() and hostile.source.stat().st_size < 2 * MOST_BYTES
    except (OSError, ValueError):  # a name that no file can have
        return None
    under_proc = hostile.source.is_relative_to("/proc")
    return hostile.source.read_bytes() if small and not under_proc else None


def batches(folder: Path) -> Iterator[list[tuple[str, bytes]]]:
    """As many files as one person may send; those that are too large one by one."""
    files, together = sent(folder), []
    for name, data in files:
        if len(data) > MOST_BYTES:
            yield [(name, data)]
            continue
        together.append((f"{len(together)}{name}", data))
        if len(together) == MOST_PHOTOS:
            yield together
            together = []
    if together:
        yield together


def send(address: str, files: list[tuple[str, bytes]]) -> Counter[str]:
    """Send files, have them looked at, and count the verdicts."""
    visitor = Visitor(address)
    visitor.open()
    body = b"".join(
        b'--bound\r\ncontent-disposition: form-data; name="files"; filename="%s"\r\n\r\n%s\r\n'
        % (name.encode("utf-8", "replace"), data)
        for name, data in files
    )
    told = {"content-type": "multipart/form-data; boundary=bound"}
    answer = visitor.ask("POST", "/gradio_api/upload", body + b"--bound--\r\n", told)
    if answer.status != 200:
        return Counter({str(answer.status): len(files)})
    found: Counter[str] = Counter()
    for path in json.loads(answer.body):
        assert visitor.analyse(path).status == 200
        outcome = visitor.outcome()
        assert "Traceback" not in outcome
        told = json.loads(outcome.removeprefix("data: "))
        assert told["success"], outcome[:500]
        found[told["output"]["data"][0]["result"]["status"]] += 1
    return found


@pytest.fixture(scope="module")
def site(tiny_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    running = start_site(tiny_checkpoint, tmp_path_factory.mktemp("hostile"))
    yield running
    stop_site(running)


@pytest.mark.slow
def test_each_hostile_file_gets_a_verdict(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    memory, verdicts, slowest, began = Memory(site.process.pid), Counter[str](), 0.0, 0.0
    watcher = threading.Thread(target=memory.watch)
    watcher.start()
    start = time.monotonic()
    try:
        for files in batches(tmp_path):
            began = time.monotonic()
            found = send(site.address, files)
            slowest = max(slowest, (time.monotonic() - began) / len(files))
            assert found.total() == len(files), [name for name, _ in files]
            verdicts += found
            assert site.process.poll() is None, "the server has died"
    finally:
        memory.done.set()
        watcher.join()
    with capsys.disabled():
        print(  # the measurement is the point
            f"\n{verdicts.total()} hostile files over HTTP in {time.monotonic() - start:.0f} s: "
            f"{dict(verdicts)}; {slowest:.1f} s a file at most, page {memory.alone // MEGABYTE} MB "
            f"and with its decoders {memory.family // MEGABYTE} MB at most"
        )
    assert verdicts.total() >= (6000 if ALL else 250)
    assert set(verdicts) <= {*STATUSES, "413"}
    assert memory.family < 1_100 * MEGABYTE, "the page and one decoder with its 600 MB"
    assert [p for p in site.files() if p.stat().st_size] == [], "no byte of any file is left"
    assert re.fullmatch(SAID, site.written()), "the log says nothing of them"


@pytest.mark.slow
def test_a_refusal_tells_what_to_do(site: Site, tmp_path: Path) -> None:
    told = load().guidance.photo_problems
    for problem, name in (
        ("too_large", "PNG of 30,000 × 30,000"),
        ("unsupported_format", "SVG"),
        ("unreadable", "JPEG 5"),
    ):
        groups = corpus(tmp_path / problem)
        (file,) = islice((h for h in groups if h.name == name), 1)
        assert isinstance(file.source, bytes)
        visitor = Visitor(site.address)
        visitor.open()
        (path,) = json.loads(visitor.upload(file.source).body)
        assert visitor.analyse(path).status == 200
        outcome = json.loads(visitor.outcome().removeprefix("data: "))
        result = outcome["output"]["data"][0]["result"]
        assert result["status"] == "rejected"
        entry = PhotoEntry("a", convert(result, PhotoResult))
        card = photo_card(1, entry, page_texts()["en"], load())
        assert told[problem] in card["problems"]
