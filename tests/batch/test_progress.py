"""Progress is shown on stderr: done, per second, errors and time left."""

import re
import time

import pytest

from reddots.batch import progress
from reddots.batch.progress import BatchProgress
from reddots.errors import ManifestError


def unlistable() -> int:
    raise ManifestError("told by the run itself")


# how photos are counted, what a line is, why
LINES = [
    (lambda: 4, r"reddots: 2/4, \d+\.\d/s, 1 errors, \d+ s left\n", "all of it"),
    (None, r"reddots: 2, \d+\.\d/s, 1 errors\n", "a list whose end is not known"),
    (unlistable, r"reddots: 2, \d+\.\d/s, 1 errors\n", "what cannot be listed is told elsewhere"),
]


@pytest.mark.parametrize(("count", "line", "why"), LINES, ids=[row[2] for row in LINES])
def test_a_plain_line_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str], count: object, line: str, why: str
) -> None:
    assert count is None or callable(count)
    with BatchProgress(count, every=0) as shown:
        shown.add({"status": "ok"})
        time.sleep(0.3)  # they are counted in the background
        capsys.readouterr()
        shown.add({"status": "error"})
        assert re.fullmatch(line, capsys.readouterr().err), why


def test_lines_are_rare(capsys: pytest.CaptureFixture[str]) -> None:
    with BatchProgress(lambda: 100) as shown:
        for _ in range(100):
            shown.add({"status": "ok"})
    assert capsys.readouterr().err == ""


# seconds, words, why
DURATIONS = [
    (0, "0 s", "none"),
    (59.6, "1 min 0 s", "rounded"),
    (3599, "59 min 59 s", "nearly an hour"),
    (360000, "100 h 0 min", "a million photos"),
]


@pytest.mark.parametrize(("seconds", "words", "why"), DURATIONS)
def test_time_left_in_words(seconds: float, words: str, why: str) -> None:
    assert progress._duration(seconds) == words, why


def test_a_bar_on_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with BatchProgress(lambda: 3) as shown:
        shown.add({"status": "ok"})
        time.sleep(0.3)
        for _ in range(2):
            shown.add({"status": "ok"})
    assert "3/3" in capsys.readouterr().err
