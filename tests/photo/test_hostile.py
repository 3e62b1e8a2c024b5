"""Whatever a file is made to do, it ends in a photo or a ``PhotoError``, and soon."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reddots.photo.sandbox.limits import Limits

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="measures by /proc")
MEGABYTE = 1_000_000
SAMPLE = 300  # files of the quick run


@pytest.fixture(scope="module")
def report(thorough: bool) -> dict[str, Any]:
    """How the corpus, or a sample of it, went: in a process of its own, to measure its memory."""
    program = Path(__file__).with_name("hostile_run.py")
    files = "all" if thorough else str(SAMPLE)
    done = subprocess.run([sys.executable, str(program), files], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.slow
def test_only_photo_errors_leave(report: dict[str, Any]) -> None:
    assert report["escaped"] == []


@pytest.mark.slow
def test_it_is_a_large_corpus_of_every_kind(report: dict[str, Any], thorough: bool) -> None:
    least = {"cut": 200, "flipped": 4000, "lie": 50, "bomb": 30, "polyglot": 300, "place": 20}
    if not thorough:
        assert report["files"] == SAMPLE
        least = dict.fromkeys(least, 1)
    assert report["files"] >= sum(least.values())
    assert {group: report["groups"].get(group, 0) >= n for group, n in least.items()} == (
        dict.fromkeys(least, True)
    )


@pytest.mark.slow
def test_what_must_be_said_is_said(report: dict[str, Any]) -> None:
    assert report["wrong"] == []
    assert report["outcomes"]["photo"] >= report["files"] // 6, "most damage is slight"


@pytest.mark.slow
def test_memory_stays_small(report: dict[str, Any]) -> None:
    size, name = report["peak"]
    beside = 200  # megabytes of this process and of a worker before it has a photo
    assert size < (Limits().memory + beside) * MEGABYTE, name


@pytest.mark.slow
def test_no_file_takes_long(report: dict[str, Any]) -> None:
    limits = Limits()
    slow = [row for row in report["slowest"] if row[0] > limits.wall + 3]
    assert slow == [], "seconds on the clock, on a busy computer"
    hungry = [row for row in report["hungriest"] if row[0] > limits.cpu + 1]
    assert hungry == [], "seconds of computing"
