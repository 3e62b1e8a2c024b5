"""The log tells that something failed, and nothing of what was sent."""

import io
import sys
import traceback
from pathlib import Path

import pytest

from reddots_app.privacy.log_filter import filtered_log

SENT = "my-secret-file-name.jpg"


def logged(text: str) -> str:
    log = io.StringIO()
    with filtered_log(log):
        sys.stderr.write(text)
        print(text)  # that is what must not get out
    return log.getvalue()


TEXTS = [
    ("an answer", 0, "any line"),
    ("ValueError: {}\n", 2, "the last line of a traceback, to each of the two streams"),
    ("gradio.exceptions.Error: {}\n", 2, "another library's"),
    ("  ValueError: {}\n", 0, "a line of code"),
    ("mysecretError: {}\n", 2, "a name that somebody sent"),
    ("INFO {} uploaded\n", 0, "a library's message"),
    ("ValueError: {}\n" * 1_000, 200, "a flood"),
]


@pytest.mark.parametrize(("text", "lines", "why"), TEXTS)
def test_it_tells_of_kinds_alone(text: str, lines: int, why: str) -> None:
    log = logged(text.replace("{}", SENT))
    assert "secret" not in log
    assert set(log.splitlines()) <= {
        "A request could not be answered (ValueError).",
        "A request could not be answered (Error).",
    }
    assert len(log.splitlines()) == lines, why


def test_a_traceback_is_told_by_its_kind(tmp_path: Path) -> None:
    log = io.StringIO()
    with filtered_log(log):
        try:
            (tmp_path / f"{SENT}\nValueError: {SENT}").read_bytes()
        except OSError:
            traceback.print_exc()
    assert log.getvalue().startswith("A request could not be answered (FileNotFoundError).\n")
    assert SENT not in log.getvalue()


def test_all_is_told_to_who_asks_for_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REDDOTS_DEBUG", "1")
    assert logged(SENT) == ""
    assert SENT in capsys.readouterr().err
