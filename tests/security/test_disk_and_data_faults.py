"""A full disk, a home that is gone, damaged files, a kill: a sentence, and nothing is lost."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

import reddots
from reddots._atomic import atomic_file, atomic_write
from reddots._resources import folder
from tiny_checkpoint import SKIN, side_car, write_checkpoint

ASSESS = ("assess", "--set", "fever=yes")


def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run ``reddots`` in an environment of its own."""
    return subprocess.run(
        [sys.executable, "-m", "reddots", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def is_one_sentence(done: "subprocess.CompletedProcess[str]", words: str) -> None:
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("reddots: ")
    assert done.stderr.count("\n") == 1
    assert words in done.stderr


# where home and temporary files are, why
HOMES = [
    ("/nowhere", "there is none"),
    ("/proc", "nobody can write there, not even root"),
    ("/dev/null", "it is no folder"),
]


@pytest.mark.parametrize(("home", "why"), HOMES, ids=[row[1] for row in HOMES])
@pytest.mark.slow
def test_without_a_home_all_is_well(tiny_checkpoint: Path, home: str, why: str) -> None:
    photo = tiny_checkpoint.with_name("photo.png")
    Image.new("RGB", (200, 200), SKIN).save(photo)
    places = {"HOME": home, "TMPDIR": home, "XDG_CACHE_HOME": home, "MPLCONFIGDIR": home}
    done = run(*ASSESS, str(photo), **places, REDDOTS_CHECKPOINT=str(tiny_checkpoint))
    assert (done.returncode, done.stderr) == (0, ""), why


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no /proc here")
@pytest.mark.slow
def test_a_place_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, tiny_checkpoint: Path
) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text('{"id": "a", "answers": {}}\n')
    is_one_sentence(run("triage", str(cases), "-o", "/proc/out.jsonl"), "/proc/out.jsonl")
    Image.new("RGB", (200, 200), SKIN).save(tmp_path / "a.png")
    for place in ("/proc/out.csv", "/dev/null/out.csv"):
        done = run(
            *("classify", str(tmp_path), "-o", place, "--workers", "1"),
            REDDOTS_CHECKPOINT=str(tiny_checkpoint),
        )
        is_one_sentence(done, place)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_a_full_disk_is_one_sentence() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "reddots", *ASSESS, "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    is_one_sentence(done, "No space left on device")


@pytest.fixture
def copy(tmp_path: Path, tiny_checkpoint: Path) -> Callable[..., None]:
    """An installation of its own, and how its command ends."""
    shutil.copytree(Path(reddots.__file__).parent, tmp_path / "reddots")
    for name in ("data", "checkpoints"):
        if not (tmp_path / "reddots" / name).exists():
            shutil.copytree(folder(name), tmp_path / "reddots" / name)

    def ends(words: str) -> None:
        done = run(*ASSESS, PYTHONPATH=str(tmp_path), REDDOTS_CHECKPOINT=str(tiny_checkpoint))
        is_one_sentence(done, words) if words else done.check_returncode()

    return ends


DAMAGES: list[tuple[Callable[[Path], object], str, str]] = [
    (lambda _: None, "", "a whole one works"),
    (Path.unlink, "rules.toml", "it is missing"),
    (lambda p: p.write_bytes(p.read_bytes()[:700]), "rules.toml", "it is cut"),
    (lambda p: p.write_bytes(b"\xff\xfe"), "rules.toml", "it is no text"),
    (lambda p: p.write_bytes(b""), "rules.toml", "it is empty"),
    (lambda p: shutil.rmtree(p.parents[1]), "“data”", "the whole folder is missing"),
    (
        lambda p: shutil.rmtree(p.parents[2] / "checkpoints"),
        "“checkpoints”",
        "what the photo rules may name is unknown",
    ),
]


@pytest.mark.parametrize(("damage", "words", "why"), DAMAGES)
@pytest.mark.slow
def test_a_damaged_installation_is_one_sentence(
    copy: Callable[..., None],
    tmp_path: Path,
    damage: Callable[[Path], object],
    words: str,
    why: str,
) -> None:
    damage(tmp_path / "reddots" / "data" / "knowledge" / "rules.toml")
    assert copy(words) is None, why


@pytest.mark.parametrize(
    "change",
    [
        {"shape": "of a later version"},  # a field that this version does not know
        {"temperature": "hot"},  # a value of another kind
        {"outputs": ["one"]},  # it contradicts itself
    ],
)
@pytest.mark.slow
def test_a_checkpoint_of_another_version_is_named_after_the_advice(
    tmp_path: Path, change: dict[str, object]
) -> None:
    path = write_checkpoint(tmp_path, side_car() | change)
    done = run("assess", str(tmp_path / "a.jpg"), REDDOTS_CHECKPOINT=str(path))
    advice, problem = done.stderr.splitlines()
    assert done.returncode == 2
    assert "from the answers alone" in advice
    assert problem.startswith("reddots: ")
    assert "is not in order" in problem
    assert done.stdout, "the advice of the answers comes all the same"


def half_written(path: Path, error: BaseException) -> None:
    with contextlib.suppress(type(error)), atomic_file(path) as partial:
        partial.write_bytes(b"ha")
        raise error


def test_what_fails_leaves_the_earlier_file(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    atomic_write(path, b"good")
    for error in (OSError("full"), KeyboardInterrupt()):
        half_written(path, error)
    assert path.read_bytes() == b"good"
    assert list(tmp_path.iterdir()) == [path], "nothing is left of the attempt"


LIMITED = """
import resource, signal, sys
from pathlib import Path
from reddots._atomic import atomic_write
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
atomic_write(Path(sys.argv[1]), b"x" * 5000)
"""
KILLED = """
import os, signal, sys
from pathlib import Path
from reddots._atomic import atomic_file
with atomic_file(Path(sys.argv[1])) as partial:
    partial.write_bytes(b"half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such limits")
@pytest.mark.parametrize(
    ("code", "ending"),
    [
        (LIMITED, 1),  # no room
        (KILLED, -int(getattr(signal, "SIGKILL", 9))),  # killed in the middle
    ],
)
def test_a_real_end_in_the_middle_leaves_the_earlier_file(
    tmp_path: Path, code: str, ending: int
) -> None:
    path = tmp_path / "a.json"
    atomic_write(path, b"good")
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, timeout=60, check=False
    )
    assert done.returncode == ending
    assert path.read_bytes() == b"good"
