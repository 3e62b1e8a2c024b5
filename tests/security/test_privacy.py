"""Nothing of a person stays on the machine or leaves it: files and connections are watched."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from security.visitor import Visitor
from security.watched import Outcome, Watched
from tiny_checkpoint import RED, SKIN

MARK = b"MARK-OF-THE-EXIF-4711"  # in the photo's description
NAME = "my-secret-file-name"
AGE = 83.0
PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"ftypheic")  # how files with photos begin
NOWHERE = {Path(os.devnull)}


def photo(path: Path, seed: int = 0) -> Path:
    """A photo that says more than it shows: a description, a place, a thumbnail's worth."""
    exif = Image.Exif()
    exif[0x010E] = MARK.decode()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (48.0, 12.0, 30.0)
    image = Image.new("RGB", (320, 240), SKIN)
    image.paste(RED, (20 + seed, 20, 60 + seed, 60))
    image.save(path, "JPEG", exif=exif)
    assert MARK in path.read_bytes()
    return path


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


def is_private(data: bytes) -> bool:
    """Whether a file holds a photo, or a mark of one."""
    return MARK in data or NAME.encode() in data or data.startswith(PICTURES)


def stays_private(outcome: Outcome, asked_for: Path | None = None) -> None:
    """Nothing was left, written or sent but what was asked for."""
    assert outcome.connections == ()
    others = {p: data for p, data in outcome.left.items() if not _is_in(p, asked_for)}
    assert [p for p, data in others.items() if is_private(data)] == []
    assert not any(MARK in data for data in outcome.left.values())
    assert NAME not in outcome.err
    assert MARK.decode() not in outcome.out + outcome.err


def _is_in(path: Path, folder: Path | None) -> bool:
    return folder is not None and path.is_relative_to(folder)


def test_the_watcher_sees_what_it_should(watched: Watched, tiny_checkpoint: Path) -> None:
    code = (
        "import socket, pathlib; pathlib.Path('left.txt').write_text('x')\n"
        "try: socket.create_connection(('192.0.2.1', 80), 1)\nexcept OSError: pass\n"
        "try: socket.getaddrinfo('example.org', 80)\nexcept OSError: pass\n"
    )
    before = watched.files()
    subprocess.run(
        [sys.executable, "-c", code],
        cwd=watched.work,
        env=watched.environment(tiny_checkpoint),
        check=True,
    )
    outcome = watched.outcome(before, 0, "", "")
    assert len(outcome.connections) >= 2
    assert outcome.left == {watched.work / "left.txt": b"x"}
    assert watched.work / "left.txt" in outcome.writing


def test_assess_leaves_nothing(watched: Watched, tiny_checkpoint: Path) -> None:
    path = photo(watched.work / f"{NAME}.jpg")
    outcome = watched.run(tiny_checkpoint, "assess", path, "--set", f"age_years={AGE}", "--json")
    assert outcome.code == 0, outcome.err
    assert json.loads(outcome.out)["answers"]["age_years"] == AGE
    stays_private(outcome)
    assert outcome.left == {}
    assert set(outcome.writing) <= NOWHERE, "nothing is written even for a moment"
    assert "83" not in outcome.err


@pytest.mark.slow
def test_classify_leaves_its_table_alone(watched: Watched, tiny_checkpoint: Path) -> None:
    photos, table = watched.work / "photos", watched.work / "out" / "table.csv"
    for folder in (photos, table.parent):
        folder.mkdir()
    for number in range(3):
        photo(photos / f"{NAME}-{number}.jpg", number)
    outcome = watched.run(tiny_checkpoint, "classify", photos, "-o", table, "--workers", 2)
    assert outcome.code == 0, outcome.err
    stays_private(outcome, table.parent)
    assert set(outcome.left) == {table}
    assert not any(path.is_relative_to(watched.home) for path in outcome.writing)
    assert table.read_text().count(NAME) == 3, "the paths that were given, and nothing else"


@pytest.mark.slow
def test_evaluate_leaves_its_report_alone(watched: Watched, tiny_checkpoint: Path) -> None:
    for module in ("statsmodels", "sklearn", "matplotlib"):
        pytest.importorskip(module, reason="of the extra “evaluate”")
    from evaluation.tables import sample_files

    predictions, manifest = sample_files(watched.work)
    report = watched.work / "report"
    outcome = watched.run(
        tiny_checkpoint,
        *("evaluate", predictions, "--truth", manifest, "-o", report, "--replicates", 20),
    )
    assert outcome.code == 0, outcome.err
    assert outcome.connections == ()
    assert (report / "metrics.json").exists()
    assert [p for p in outcome.left if not (_is_in(p, report) or "fontconfig" in p.parts)] == []


def wait_until(condition: object, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not condition():  # type: ignore[operator]
        time.sleep(0.1)


@pytest.mark.slow
def test_the_page_leaves_nothing(watched: Watched, tiny_checkpoint: Path, tmp_path: Path) -> None:
    path, log, before = photo(tmp_path / f"{NAME}.jpg"), tmp_path / "log.txt", watched.files()
    with log.open("wb") as stream:
        server = subprocess.Popen(
            [sys.executable, "-m", "reddots", "serve", "--port", "0"],
            cwd=watched.work,
            env=watched.environment(tiny_checkpoint),
            stdout=stream,
            stderr=stream,
        )
    try:
        wait_until(lambda: "http://" in log.read_text() or server.poll() is not None, 60)
        visitor = Visitor(re.findall(r"http://\S+", log.read_text())[0])
        visitor.open()
        (upload,) = json.loads(visitor.upload(path.read_bytes(), path.name).body)
        assert NAME in upload, "it is there for a moment, for only Gradio can take it in"
        assert visitor.analyse(upload).status == 200
        outcome = visitor.outcome()
        assert '"copy":"/9j/' in outcome.replace(" ", ""), "it was analysed"
        assert MARK.decode() not in outcome
        visitor.answer("begin")
        assert visitor.answer("finish").status == 200
        wait_until(lambda: not any(is_private(data) for data in watched.files().values()))
        assert not [p for p, data in watched.files().items() if is_private(data)], "already gone"
    finally:
        server.send_signal(signal.SIGTERM)
        code = server.wait(20)
    found = watched.outcome(before, code, "", log.read_text())
    assert code == 0
    stays_private(found)
    assert found.left == {}
    protections, address = found.err.splitlines()
    assert protections.startswith("reddots: Photos are decoded apart: ")
    assert re.fullmatch(r"Red Dots is at \S+ \(Ctrl-C stops it\)\.", address)
    elsewhere = [p for p in found.writing if not p.is_relative_to(watched.temp)]
    # The first time that they run, Gradio keeps a random number and matplotlib a list of fonts.
    own = re.compile(r"hash_seed\.txt|fontlist|matplotlib")
    assert {p for p in elsewhere if not own.search(str(p))} <= NOWHERE
