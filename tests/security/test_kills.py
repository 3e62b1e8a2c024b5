"""Killed in the middle of training, export, report or triage: what was good is still whole."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="of the extra “train”")
pytest.importorskip("matplotlib", reason="of the extra “evaluate”")

from safetensors.torch import load_file

from evaluation.tables import sample_files
from reddots.classifier.model import Classifier
from training.tiny_run import recipe_text, write_photos, write_weights

resource = pytest.importorskip("resource", reason="limits of POSIX")
pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="signals and limits"),
    pytest.mark.slow,
]

# Runs the command line, and ends without a word when something is called for the n-th time.
DEADLY = """
import importlib, os, signal, sys
place, count, *arguments = sys.argv[1:]
module, _, path = place.partition(":")
holder, left = importlib.import_module(module), int(count)
*outer, name = path.split(".")
for part in outer:
    holder = getattr(holder, part)
real = getattr(holder, name)
def deadly(*given, **named):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*given, **named)
setattr(holder, name, deadly)
sys.argv = ["reddots", *arguments]
from reddots.cli import main
main()
"""
RENAMING = "pathlib:Path.replace"  # every partial file is renamed by it


def run(*arguments: object, most_bytes: int = 0) -> "subprocess.CompletedProcess[str]":
    """Run ``reddots``; with ``most_bytes`` no file may be longer, as if the disk were full."""

    def full() -> None:
        if most_bytes:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    return subprocess.run(
        [sys.executable, "-m", "reddots", *map(str, arguments)],
        preexec_fn=full,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def killed(place: str, count: int, *arguments: object) -> None:
    """Run ``reddots`` and kill it when ``place`` is called for the ``count``-th time."""
    done = subprocess.run(
        [sys.executable, "-c", DEADLY, place, str(count), *map(str, arguments)],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


def is_one_sentence(done: "subprocess.CompletedProcess[str]", words: str) -> None:
    last = done.stderr.splitlines()[-1]  # a training tells before what it does
    assert done.returncode == 2, done.stderr
    assert last.startswith("reddots: ")
    assert words in last
    assert "Traceback" not in done.stderr


def contents(folder: Path) -> dict[str, bytes]:
    """All files by their names, but for what a kill leaves and nobody reads: partial and lock."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".partial" not in str(path) and path.suffix != ".lock"
    }


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Photos, a recipe of two epochs, and a run that was killed twice and then went on."""
    folder = tmp_path_factory.mktemp("kills")
    manifest = write_photos(folder)
    recipe = folder / "recipe.toml"
    recipe.write_text(recipe_text(str(write_weights(folder))))
    train = ("train", manifest, "-o", folder / "run", "--recipe", recipe, "--workers", 0)
    killed("reddots.training.trainer:Trainer.validate", 2, *train)  # in the second epoch
    kept = contents(folder / "run")
    killed(RENAMING, 3, *train, "--resume")
    after = contents(folder / "run")
    assert {name for name in after if after[name] != kept[name]} <= {
        "manifest.csv", "recipe.toml", "best.safetensors", "log.csv"
    }  # fmt: skip
    assert load_file(folder / "run" / "best.safetensors")
    done = run(*train, "--resume")
    assert done.returncode == 0, done.stderr
    assert (folder / "run" / "log.csv").read_text().count("\n") == 3, "a header and two epochs"
    return folder


@pytest.fixture(scope="module")
def checkpoint(place: Path) -> Path:
    """The folder of a checkpoint that was exported and may be exported again."""
    assert run("calibrate", place / "run", "--photos", place).returncode == 0
    done = run(*export(place))
    assert done.returncode == 0, done.stderr
    return place / "out"


def export(place: Path) -> tuple[object, ...]:
    return ("export", place / "run", "--photos", place, "--version", "9.9.9", "-o", place / "out")


KILLS = [
    ("reddots.classifier.model:Classifier.load", 1, "when it is written but not measured"),
    (RENAMING, 1, "when the first file is to take its place"),
]


@pytest.mark.parametrize(("what", "count", "why"), KILLS, ids=[row[2] for row in KILLS])
def test_a_killed_export_leaves_the_earlier_checkpoint(
    place: Path, checkpoint: Path, what: str, count: int, why: str
) -> None:
    before = contents(checkpoint)
    killed(what, count, *export(place))
    assert contents(checkpoint) == before, why
    assert Classifier.load(checkpoint / "reddots-9.9.9.json").outputs


def test_an_export_on_a_full_disk_is_one_sentence(place: Path, checkpoint: Path) -> None:
    before = contents(checkpoint)
    is_one_sentence(run(*export(place), most_bytes=100_000), "cannot be written")
    assert contents(checkpoint) == before
    assert not list(checkpoint.glob("*.partial")), "nothing is left of the attempt"


def test_an_export_after_all_that_is_whole(place: Path, checkpoint: Path) -> None:
    assert run(*export(place)).returncode == 0
    assert Classifier.load(checkpoint / "reddots-9.9.9.json").outputs
    assert not list(checkpoint.glob("*.partial"))


def test_training_on_a_full_disk_is_one_sentence(place: Path, tmp_path: Path) -> None:
    done = run(
        *("train", place / "manifest.csv", "-o", tmp_path, "--recipe", place / "recipe.toml"),
        *("--workers", 0, "--epochs", 1),
        most_bytes=100_000,
    )
    is_one_sentence(done, f"cannot read or write “{tmp_path / 'best.safetensors'}”: File too large")
    assert not list(tmp_path.glob("*.partial"))


DAMAGES = [
    (lambda data: data[: len(data) // 2], "it is cut"),
    (lambda _: b"\x80\4\x8c\5posix\x8c\6system\x93\x8c\2id\x85R.", "it is a program"),
]


@pytest.mark.parametrize(("damage", "why"), DAMAGES, ids=[row[1] for row in DAMAGES])
def test_a_damaged_state_is_one_sentence(place: Path, damage: object, why: str) -> None:
    state = place / "run" / "last.pt"
    whole = state.read_bytes()
    state.write_bytes(damage(whole))  # type: ignore[operator]
    try:
        done = run(
            *("train", place / "manifest.csv", "-o", place / "run", "--workers", 0, "--resume"),
            *("--recipe", place / "recipe.toml"),
        )
    finally:
        state.write_bytes(whole)
    is_one_sentence(done, "Run with --overwrite"), why


def test_a_killed_or_failed_report_leaves_the_earlier_one(tmp_path: Path) -> None:
    predictions, manifest = sample_files(tmp_path)
    report = tmp_path / "report"
    evaluate = ("evaluate", predictions, "--truth", manifest, "-o", report, "--replicates", 20)
    assert run(*evaluate).returncode == 0
    before = contents(report)
    for count in (1, 3):
        killed(RENAMING, count, *evaluate)
        assert contents(report) == before, "the same figures, each file whole"
    is_one_sentence(run(*evaluate, most_bytes=1000), "cannot be written")
    assert contents(report) == before


def test_a_killed_triage_leaves_the_earlier_results(tmp_path: Path) -> None:
    cases, results = tmp_path / "cases.jsonl", tmp_path / "results.jsonl"
    cases.write_text('{"id": "a", "answers": {"fever": "yes"}}\n' * 3)
    results.write_text("earlier\n")
    killed(RENAMING, 1, "triage", cases, "-o", results)
    assert results.read_text() == "earlier\n"
    assert run("triage", cases, "-o", results).returncode == 0
    assert results.read_text().count("\n") == 3
    linked = tmp_path / "link"
    linked.symlink_to(results)
    assert run("triage", cases, "-o", linked).returncode == 0
    assert linked.is_symlink()
    is_one_sentence(run("triage", cases, "-o", tmp_path), "it is a folder")
    assert run("triage", cases, "-o", "/dev/stdout").stdout.count("\n") == 3
