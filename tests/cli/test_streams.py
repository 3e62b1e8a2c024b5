"""Standard streams of any kind: no traceback, the right exit code, and nothing lost in silence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli.command_line import CommandLine
from reddots.cli.streams import SafeStream
from reddots.errors import OutputError

pty = pytest.importorskip("pty", reason="a POSIX terminal and its shell")

FEVER = ["assess", "--set", "fever=yes", "--set", "blanches=no"]


def run(command: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    """Run a shell's line in which ``reddots`` is the command."""
    line = command.replace("reddots", f"'{sys.executable}' -m reddots")
    return subprocess.run(
        ["bash", "-c", line, "bash", *arguments], capture_output=True, check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), **variables},
    )  # fmt: skip


@pytest.mark.parametrize("width", ["0", "1", "2", "59", "-5", "nonsense", "²", ""])
def test_any_width_prints_everything(
    reddots: CommandLine, width: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = "".join(reddots(*FEVER).out.split())
    monkeypatch.setenv("COLUMNS", width)
    done = reddots(*FEVER)
    assert done.code == 0
    assert "EMERGENCY" in done.out
    assert len("".join(done.out.split())) > 0.9 * len(wide)
    listed = reddots("data", "list").out
    assert "…" not in listed
    assert listed.count("├") > 10, "a line between any two sets"


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "ascii"])
@pytest.mark.slow
def test_any_encoding(encoding: str) -> None:
    sheet = run('reddots "$@"', *FEVER, PYTHONIOENCODING=encoding)
    assert (sheet.returncode, sheet.stderr) == (0, b"")
    assert b"EMERGENCY" in sheet.stdout
    listed = run('reddots "$@" --json', *FEVER, PYTHONIOENCODING=encoding)
    assert listed.returncode == 0
    assert "EMERGENCY".lower() in listed.stdout.decode("ascii"), "JSON has escapes for the rest"


# a shell's line, exit code, words on standard error, why
BROKEN = [
    ('reddots "$@" >&-', 2, b"standard output: it is closed", "closed"),
    ('reddots "$@" >/dev/full', 2, b"No space left", "full"),
    ('reddots "$@" --json >/dev/full', 2, b"No space left", "full, as JSON"),
    ("reddots doctor >/dev/full", 2, b"No space left", "full, as several lines"),
    ('set -o pipefail; reddots "$@" | true', 2, b"nobody reads on", "broken"),
    ('reddots "$@" 2>&-', 0, b"", "nowhere to complain"),
    ('reddots "$@" <&-', 0, b"", "nothing to read"),
    ("reddots triage - <&-", 2, b"", "cases from nowhere"),
]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a device that is full")
def test_what_failed_once_fails_ever_after_though_a_library_hides_it() -> None:
    with Path("/dev/full").open("w", buffering=1, encoding="utf-8") as full:
        stream = SafeStream(full, "stdout")
        for act in (lambda: stream.write("a\n"), lambda: stream.write(""), stream.flush):
            with pytest.raises(OutputError, match="No space left"):
                act()


@pytest.mark.parametrize(("line", "code", "words", "why"), BROKEN, ids=[row[3] for row in BROKEN])
@pytest.mark.slow
def test_broken_streams(line: str, code: int, words: bytes, why: str) -> None:
    done = run(line, *FEVER)
    assert b"Traceback" not in done.stderr, why
    assert done.returncode == code, done.stderr
    assert words in done.stderr, why


def test_control_characters_of_a_name_are_escaped(reddots: CommandLine, tmp_path: Path) -> None:
    name = tmp_path / "a\x1b[2J\x1b]0;title\x07\u202eb\x9b.csv"
    name.write_text("photo,label\n")
    for done in (reddots("data", "check", name), reddots("classify", name, "-o", name)):
        assert done.code == 2
        assert not set("\x1b\x07\x9b\u202e") & set(done.out + done.err)
        assert "\\x1b[2J" in done.err


def test_control_characters_never_reach_a_terminal(tmp_path: Path) -> None:
    name = tmp_path / "a\x1b]0;title\x07.csv"
    name.write_text("photo,label\n")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "reddots", "data", "check", str(name)]
    done = subprocess.run(command, stdout=theirs, stderr=theirs, check=False)
    os.close(theirs)
    written = os.read(ours, 100_000)
    os.close(ours)
    assert done.returncode == 2
    assert b"\x07" not in written
    assert b"\x1b]" not in written
