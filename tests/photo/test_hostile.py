"""Whatever a file is made to do, it ends in a photo or a ``PhotoError``, and soon."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reddots.photo.sandbox.limits import Limits

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="measures by /proc")
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    """How the corpus went, in a process of its own so that its memory can be told."""
    program = Path(__file__).with_name("hostile_run.py")
    done = subprocess.run([sys.executable, str(program)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_only_photo_errors_leave(report: dict[str, Any]) -> None:
    assert report["escaped"] == []


def test_it_is_a_large_corpus_of_every_kind(report: dict[str, Any]) -> None:
    assert report["files"] >= 5000
    least = {"cut": 200, "flipped": 4000, "lie": 50, "bomb": 30, "polyglot": 300, "place": 20}
    assert {group: report["groups"][group] >= count for group, count in least.items()} == (
        dict.fromkeys(least, True)
    )


def test_what_must_be_said_is_said(report: dict[str, Any]) -> None:
    assert report["wrong"] == []
    assert report["outcomes"]["photo"] >= 1000, "most damage is slight, and no photo is refused"


def test_memory_stays_small(report: dict[str, Any]) -> None:
    size, name = report["peak"]
    assert size < 600 * MEGABYTE, name


def test_no_file_takes_long(report: dict[str, Any]) -> None:
    limits = Limits()
    slow = [row for row in report["slowest"] if row[0] > limits.wall + 3]
    assert slow == [], "seconds on the clock, on a busy computer"
    if os.getloadavg()[0] > 2 * (os.cpu_count() or 1):
        pytest.skip("the computer is so busy that a second of computing does less than one")
    assert [row for row in report["hungriest"] if row[0] > 2] == [], "seconds of computing"
