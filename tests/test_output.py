"""Outputs are reserved: never an input, never two runs at once, and told before the work."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reddots._output import reserved_file, reserved_files, reserved_folder
from reddots.errors import OutputError


def hard_link(folder: Path) -> Path:
    os.link(folder / "in.csv", folder / "hard.csv")
    return folder / "hard.csv"


def link(folder: Path) -> Path:
    (folder / "soft.csv").symlink_to(folder / "in.csv")
    return folder / "soft.csv"


# what is to be written, given a folder with in.csv; words, why
REFUSED = [
    (lambda f: f / "in.csv", "read by this run", "the input itself"),
    (lambda f: f / ".." / f.name / "in.csv", "read by this run", "by another path"),
    (link, "read by this run", "by a link"),
    (hard_link, "read by this run", "by a hard link"),
    (lambda f: f, "it is a folder", "a folder"),
    (lambda f: f / "no" / "out.csv", "there is no folder", "in a folder that is missing"),
    (lambda f: f / "in.csv" / "out.csv", "there is no folder", "in a file"),
    pytest.param(
        lambda _: Path("/proc/out.csv"),
        "cannot be written",
        "where nothing can be made",
        marks=pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no /proc"),
        id="where nothing can be made",
    ),
]


@pytest.mark.parametrize(("output", "words", "why"), REFUSED)
def test_outputs_that_are_refused(
    output: Callable[[Path], Path], words: str, why: str, tmp_path: Path
) -> None:
    (tmp_path / "in.csv").write_text("mine")
    with (
        pytest.raises(OutputError, match=words),
        reserved_file(output(tmp_path), [None, "", "-", tmp_path / "in.csv"]),
    ):
        pytest.fail(why)
    assert (tmp_path / "in.csv").read_text() == "mine"


def test_a_second_run_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    for reserve, path in ((reserved_file, tmp_path / "o.csv"), (reserved_folder, tmp_path / "o")):
        with reserve(path):
            with pytest.raises(OutputError, match="another run"), reserve(path):
                pytest.fail("two runs at once")
            with reserve(path.with_name("other")):
                pass  # another output is free
        with reserve(path):
            pass
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == []


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no signal ends a process at once")
def test_the_lock_of_a_killed_run_is_not_in_the_way(tmp_path: Path) -> None:
    code = (
        "import sys, os, signal; from pathlib import Path\n"
        "from reddots._output import reserved_file\n"
        "with reserved_file(Path(sys.argv[1])): os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    output = tmp_path / "o.csv"
    assert subprocess.run([sys.executable, "-c", code, output], check=False).returncode == -9
    assert (tmp_path / ".o.csv.lock").exists(), "the test kills while the lock is held"
    with reserved_file(output):
        pass


def test_what_is_no_file_is_written_to_as_it_is() -> None:
    with reserved_file(Path(os.devnull)), reserved_file(Path(os.devnull)):
        pass


def test_a_folder_is_made_and_its_files_are_no_inputs(tmp_path: Path) -> None:
    with reserved_folder(tmp_path / "a" / "b"):
        assert (tmp_path / "a" / "b").is_dir()
    manifest = tmp_path / "a" / "manifest.csv"
    manifest.touch()
    with (
        pytest.raises(OutputError, match="read by this run"),
        reserved_folder(tmp_path / "a", [manifest], ["manifest.csv"]),
    ):
        pytest.fail("an input would be written over")
    with pytest.raises(OutputError, match="it is a file"), reserved_folder(manifest):
        pytest.fail("a file is no folder")


def test_two_outputs_are_two_files(tmp_path: Path) -> None:
    with (
        pytest.raises(OutputError, match="twice"),
        reserved_files([tmp_path / "a", None, tmp_path / "." / "a"], []),
    ):
        pytest.fail("one would be lost")
