"""Whatever ends a run, it goes on where it was and ends in the same table."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from batch.worker_processes import worker_processes
from reddots.batch.inputs import expand
from reddots.batch.run import run_batch
from reddots.batch.table_writer import Row

resource = pytest.importorskip("resource", reason="limits of POSIX")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals, limits and /proc")

_COMMAND = [sys.executable, "-m", "reddots", "classify"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, tiny_checkpoint: Path) -> Path:
    """Forty photos, one of them damaged, and the table of a run that nothing interrupted."""
    place = tmp_path_factory.mktemp("faults")
    (place / "photos").mkdir()
    for number in range(40):
        colour = (200, 100 + 3 * number, 130)
        Image.new("RGB", (160, 160), colour).save(place / "photos" / f"{number:02}.png")
    (place / "photos" / "07.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    run_batch(expand([str(place / "photos")]), place / "whole.csv", checkpoint=tiny_checkpoint)
    return place


@pytest.fixture
def command(folder: Path, tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("REDDOTS_CHECKPOINT", str(tiny_checkpoint))
    return [*_COMMAND, str(folder / "photos"), "--workers", "2", "-o"]


def start(command: list[str], **more: Any) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more
    )


def finish(command: list[str], output: Path, folder: Path) -> None:
    """Let the run go on undisturbed, and compare."""
    running = start([*command, str(output), "--resume"])
    _, err = running.communicate()
    assert running.returncode == 1, f"one photo is damaged: {err}"
    assert output.read_bytes() == (folder / "whole.csv").read_bytes()
    assert not output.with_name(output.name + ".journal").exists()
    assert not output.with_name(output.name + ".partial").exists()


def wait_for_rows(journal: Path, rows: int, running: "subprocess.Popen[str]") -> None:
    while running.poll() is None and not (
        journal.exists() and journal.read_bytes().count(b"\n") > rows
    ):
        time.sleep(0.005)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.slow
def test_killed_at_any_moment_and_resumed_it_ends_in_the_same_table(
    command: list[str], folder: Path, tmp_path: Path, seed: int
) -> None:
    draw, output = random.Random(seed), tmp_path / "table.csv"
    for _ in range(5):
        running = start([*command, str(output), "--resume"])
        time.sleep(draw.uniform(0.1, 2.5))
        running.kill()
        running.communicate()
    finish(command, output, folder)


@pytest.mark.slow
def test_killed_after_some_rows(command: list[str], folder: Path, tmp_path: Path) -> None:
    output, journal = tmp_path / "table.csv", tmp_path / "table.csv.journal"
    for rows in (1, 9, 30):
        running = start([*command, str(output), "--resume"])
        wait_for_rows(journal, rows, running)
        running.kill()
        running.communicate()
        assert journal.exists() or output.exists()
    finish(command, output, folder)


@pytest.mark.slow
def test_ctrl_c_leaves_a_whole_journal_and_no_process(
    command: list[str], folder: Path, tmp_path: Path, tiny_checkpoint: Path
) -> None:
    output, journal = tmp_path / "table.csv", tmp_path / "table.csv.journal"
    header, *rows = (folder / "whole.csv").read_bytes().splitlines(keepends=True)
    # So many that a busy computer cannot end the run before the signal comes.
    many = [*command[:-1], *[str(folder / "photos")] * 24, command[-1], str(output)]
    # In the background of a shell the signal is ignored, and children inherit that.
    running = start(many, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    wait_for_rows(journal, 3, running)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate()
    assert running.returncode == 130
    assert err.strip() == "reddots: stopped; go on with --resume"
    assert not output.exists()
    assert not worker_processes(tiny_checkpoint)
    resumed = start([*many, "--resume"])
    resumed.communicate()
    assert output.read_bytes() == header + b"".join(rows) * 25
    assert not journal.exists()


# bytes that a file may have, ending, how many photos, what cannot be written, why
LIMITS = [
    (4096, "csv", 40, "File too large", "while rows come"),
    (1500, "parquet", 1, "File too large", "when the table is written"),
]


@pytest.mark.parametrize(("size", "ending", "photos", "words", "why"), LIMITS)
@pytest.mark.slow
def test_a_full_disk_is_one_line_and_the_run_goes_on_later(  # by name
    command: list[str], tmp_path: Path, size: int, ending: str, photos: int, words: str, why: str
) -> None:
    output = tmp_path / f"table.{ending}"
    limited = [*command, str(output), "--limit", str(photos)]

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    running = start(limited, preexec_fn=full)
    _, err = running.communicate()
    assert running.returncode == 2, err
    assert err.count("\n") == 1, why
    assert words in err
    assert "--resume" in err
    assert [path.name for path in tmp_path.iterdir()] == [f"{output.name}.journal"]
    whole = tmp_path / f"whole.{ending}"
    start([*command, str(whole), "--limit", str(photos)]).communicate()
    start([*limited, "--resume"]).communicate()
    assert output.read_bytes() == whole.read_bytes()


@pytest.mark.slow
def test_a_closed_pipe_is_one_line(command: list[str], tiny_checkpoint: Path) -> None:
    running = start([*command, "-"])
    assert running.stdout is not None
    assert running.stderr is not None
    assert running.stdout.readline().startswith('{"photo"')
    running.stdout.close()
    err = running.stderr.read()
    assert running.wait() == 2
    assert err == "reddots: Nothing can be written to standard output: nobody reads on.\n"
    assert not worker_processes(tiny_checkpoint)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.slow
def test_a_full_disk_behind_standard_output_is_one_line(
    command: list[str], tiny_checkpoint: Path
) -> None:
    with Path("/dev/full").open("w") as full:
        running = subprocess.Popen([*command, "-"], stdout=full, stderr=subprocess.PIPE, text=True)
        _, err = running.communicate()
    assert (running.returncode, err) == (
        2,
        "reddots: Nothing can be written to standard output: No space left on device.\n",
    )
    assert not worker_processes(tiny_checkpoint)


@pytest.mark.slow
def test_a_worker_that_the_kernel_kills_is_replaced(
    folder: Path, tmp_path: Path, tiny_checkpoint: Path
) -> None:
    done = 0

    def kill(_: Row) -> None:
        nonlocal done
        done += 1
        if done in {5, 20, 21}:
            for process in worker_processes(tiny_checkpoint)[:1]:
                os.kill(process, signal.SIGKILL)

    output = tmp_path / "table.csv"
    photos = expand([str(folder / "photos")])
    run_batch(photos, output, checkpoint=tiny_checkpoint, workers=2, on_row=kill)
    assert output.read_bytes() == (folder / "whole.csv").read_bytes()


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_photos(
    tmp_path: Path, tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDDOTS_CHECKPOINT", str(tiny_checkpoint))
    peaks = []
    for photos in (500, 5000):
        names = tmp_path / "names"
        names.write_text("".join(f"gone/{number}.jpg\n" for number in range(photos)))
        command = [*_COMMAND, "-", "-o", str(tmp_path / "t.csv"), "--workers", "1"]
        with names.open("rb") as file:
            running = subprocess.Popen(command, stdin=file, stderr=subprocess.DEVNULL)
            _, _, usage = os.wait4(running.pid, 0)
            running.returncode = 0
        peaks.append(usage.ru_maxrss)
    assert (tmp_path / "t.csv").read_bytes().count(b"\n") == 5001
    assert peaks[1] - peaks[0] < 4000, f"kilobytes: {peaks}"
