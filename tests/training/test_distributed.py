"""Several processes learn the same as one: their batches are parts of the same batch."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("accelerate", reason="several processes need accelerate, of “train”")

import timm
import torch
from PIL import Image
from safetensors.torch import load_file, save_file

from reddots.datasets.manifest import Row, write_manifest
from training.tiny_run import recipe_text

pytestmark = pytest.mark.slow

COLOURS = {
    "cherry_angioma": (200, 40, 50),
    "normal_skin": (214, 168, 144),
    "not_skin": (60, 90, 200),
}
# Without batch statistics, as each process has those of its own part only on a CPU.
BACKBONE = "test_convnext"
EXACT = {
    "scale = [0.6, 1.0]": "scale = [1.0, 1.0]",
    "brightness = 0.1": "brightness = 0.0",
    "contrast = 0.1": "contrast = 0.0",
    "saturation = 0.1": "saturation = 0.0",
    "hue = 0.02": "hue = 0.0",
    "blur = 0.2": "blur = 0.0",
    "low_resolution = 0.2": "low_resolution = 0.0",
    "jpeg = 0.2": "jpeg = 0.0",
    "drop_rate = 0.1": "drop_rate = 0.0",
    "test_efficientnet": BACKBONE,
    "rate = 2e-3": "rate = 2e-4",
}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Photos of one colour each, which no flip or turn changes, and a recipe that names them."""
    rows = []
    for split, count in (("train", 6), ("validation", 3)):
        for label, colour in COLOURS.items():
            for number in range(count):
                name = f"{label}-{split}-{number}.png"
                shade = tuple(max(0, c - 7 * number) for c in colour)
                Image.new("RGB", (48, 48), shade).save(tmp_path / name)
                rows.append(Row(name, label, dataset="pad_ufes_20", group=name, split=split))
    write_manifest(rows, tmp_path / "manifest.csv")
    torch.manual_seed(0)
    save_file(timm.create_model(BACKBONE).state_dict(), tmp_path / "weights.safetensors")
    text = recipe_text(str(tmp_path / "weights.safetensors"))
    for old, new in EXACT.items():
        assert old in text, "the row is out of date"
        text = text.replace(old, new)
    path = tmp_path / "config.toml"
    path.write_text(f'{text}\n[run]\nmanifest = "manifest.csv"\noutput = "run"\n')
    return path


def learn(config: Path, processes: int, run: str) -> list[dict[str, str]]:
    """Run the command in that many processes on the CPU; return the log."""
    command = [
        sys.executable, "-m", "torch.distributed.run", "--standalone",
        "--nproc-per-node", str(processes), "-m", "reddots", "train", str(config),
        "--workers", "0", "-o", str(config.parent / run),
    ]  # fmt: skip
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": "", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with (config.parent / run / "log.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_two_processes_learn_what_one_learns(config: Path) -> None:
    one, two = learn(config, 1, "one"), learn(config, 2, "two")
    assert [row["epoch"] for row in two] == ["1", "2"], "one log, written by one of them"
    for alone, together in zip(one, two, strict=True):
        for name in ("train_loss", "log_loss", "balanced_accuracy"):
            # bfloat16, where it is used, keeps 8 bits, and sums depend on their order
            assert float(together[name]) == pytest.approx(float(alone[name]), abs=0.02), name
    left, right = (load_file(config.parent / run / "best.safetensors") for run in ("one", "two"))
    for name, weights in left.items():
        assert torch.allclose(weights, right[name], atol=5e-3), name


def test_a_batch_that_cannot_be_shared_out_is_named(config: Path) -> None:
    config.write_text(config.read_text().replace("batch_size = 16", "batch_size = 15"))
    with pytest.raises(AssertionError, match="cannot be shared out among 2 processes"):
        learn(config, 2, "odd")
