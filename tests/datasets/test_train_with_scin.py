"""The how-to's five commands, on invented photos under SCIN's columns: a real purpura output."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

pytest.importorskip("torch", reason="training needs torch, of the extra “train”")

from cli.command_line import CommandLine
from datasets import fabricated_sets as sets
from datasets.file_server import FileServer
from datasets.test_from_set_to_checkpoint import lesion
from reddots.datasets import catalogue
from reddots.datasets.catalogue import RemoteFile, read_catalogue
from reddots.evaluation.metrics import summary
from training.tiny_run import BACKBONE, write_weights

ROOT = Path(__file__).parents[2]
CASES = 40  # of each
CONDITIONS = {
    "Purpura": (120, 20, 60),
    "Keratosis pilaris": (200, 120, 100),
    "Eczema": (235, 190, 80),
    "": (214, 168, 144),  # its owner says that it looks healthy
}
# What a test changes in the shipped recipe: a network of seconds, on small photos.
SMALLER = {
    "backbone": f'"{BACKBONE}"', "weights": '"weights.safetensors"', "train_size": "32",
    "size": "32", "resize": "36", "short_side": "48", "epochs": "2", "samples_per_epoch": "64",
    "batch_size": "16",
}  # fmt: skip


@pytest.fixture
def reddots(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(monkeypatch, capsys)


@pytest.fixture
def bucket(tmp_path: Path, only_loopback: list[str]) -> Iterator[FileServer]:
    """Serve the tables and photos of an invented SCIN."""
    cases, labels, source = [], [], tmp_path / "bucket"
    (source / "images").mkdir(parents=True)
    for number, condition in enumerate(c for c in CONDITIONS for _ in range(CASES)):
        lesion(CONDITIONS[condition], number).save(source / "images" / f"{number}.png")
        said = "RASH" if condition else "LOOKS_HEALTHY"
        path = f"dataset/images/{number}.png"
        cases.append([str(number), *[""] * 5, "FST3", "YES", "", said, path, "", "", "CLOSE_UP"])
        weights = f"{{'{condition}': 1.0}}" if condition else ""
        labels.append([str(number), "", "", "", "", weights, "FST3", "", "", "", ""])
    sets.write(source / "scin_cases.csv", sets.SCIN_CASES, cases)
    sets.write(source / "scin_labels.csv", sets.SCIN_LABELS, labels)
    files = {f"/{p.relative_to(source).as_posix()}": p.read_bytes() for p in source.rglob("*.*")}
    with FileServer(files) as running:
        yield running
    assert only_loopback == []


def commands() -> list[list[str]]:
    """The words of each command in the how-to's first block."""
    page = (ROOT / "docs/how-to/train-with-scin.md").read_text(encoding="utf-8")
    block = re.search(r"```sh\n(.*?)```", page, re.DOTALL)
    assert block
    return [shlex.split(line)[1:] for line in block[1].strip().splitlines()]


@pytest.mark.slow
def test_the_five_commands_of_the_how_to(
    reddots: CommandLine, bucket: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = read_catalogue()
    files = tuple(
        RemoteFile(name=name, url=f"{bucket.origin}/{name}")
        for name in ("scin_cases.csv", "scin_labels.csv")
    )
    scin = msgspec.structs.replace(listed["scin"], files=files, origins=(bucket.origin,))
    monkeypatch.setattr(catalogue, "read_catalogue", lambda: {**listed, "scin": scin})
    monkeypatch.setattr(summary, "REPLICATES", 20)
    monkeypatch.chdir(tmp_path)
    write_weights(tmp_path)
    recipe = (ROOT / "data/training/scin.toml").read_text(encoding="utf-8")
    for key, value in SMALLER.items():
        recipe, found = re.subn(rf"(?m)^{key} = .*$", f"{key} = {value}", recipe)
        assert found == 1, key
    (tmp_path / "data/training").mkdir(parents=True)
    (tmp_path / "data/training/scin.toml").write_text(recipe)

    lines = commands()
    assert [line[0] for line in lines] == ["data", "data", "train", "calibrate", "export"]
    for line in lines:
        done = reddots(*line)
        assert done.code == 0, done.err
        if line[:2] == ["data", "get"]:
            assert f"{CASES * len(CONDITIONS)} photos to fetch, about" in done.err
    side_car = json.loads((tmp_path / "checkpoints-scin/reddots-1.0.0-scin.json").read_text())
    assert set(side_car["outputs"]) == {
        "purpura", "keratosis_pilaris", "other_rash", "normal_skin",
    }  # fmt: skip
    assert side_car["simulated"] == {}, "purpura was learnt from photos"
