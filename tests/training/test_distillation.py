"""What a network learns from others: their mean opinion, at one temperature."""

import json
import math
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs torch, of the extra “train”")

import msgspec
import torch
from safetensors.torch import save_file

from reddots.classifier.preprocessing import InputSpec
from reddots.errors import TrainingError
from reddots.training.distillation import Teachers, distillation_loss
from reddots.training.networks.network import SpotNetwork
from training.tiny_run import BACKBONE

CPU = torch.device("cpu")

# logits, the teachers' probabilities, temperature, loss by hand, why
LOSSES = [
    ([[0.0, 0.0]], [[0.5, 0.5]], 1.0, 0.0, "of one mind"),
    ([[0.0, 0.0]], [[1.0, 0.0]], 1.0, math.log(2), "a certain teacher is a label"),
    ([[0.0, 0.0]], [[1.0, 0.0]], 2.0, 4 * math.log(2), "the temperature's square"),
    ([[2 * math.log(3), 0.0]], [[0.75, 0.25]], 2.0, 0.0, "of one mind at their temperature"),
    ([[0.0, 0.0], [0.0, 0.0]], [[1.0, 0.0], [0.5, 0.5]], 1.0, math.log(2) / 2, "the mean of two"),
]


@pytest.mark.parametrize(("logits", "target", "temperature", "loss", "why"), LOSSES)
def test_the_loss_by_hand(
    logits: list[list[float]], target: list[list[float]], temperature: float, loss: float, why: str
) -> None:
    found = distillation_loss(torch.tensor(logits), torch.tensor(target), temperature)
    assert float(found) == pytest.approx(loss, abs=1e-6), why


def teacher(folder: Path, outputs: tuple[str, ...], logits: tuple[float, ...]) -> str:
    """A finished run whose network says the same of every picture."""
    folder.mkdir()
    network = SpotNetwork(BACKBONE, len(outputs))
    weights = network.state_dict()
    weights["body.classifier.weight"] = torch.zeros_like(weights["body.classifier.weight"])
    weights["body.classifier.bias"] = torch.tensor(logits)
    save_file(weights, folder / "best.safetensors")
    spec = InputSpec(32, 32, "center", (0.5, 0.5, 0.5), (0.5, 0.5, 0.5), "bicubic")
    facts = {"outputs": outputs, "backbone": BACKBONE, "input": msgspec.structs.asdict(spec)}
    (folder / "run.json").write_text(json.dumps(facts))
    return str(folder)


def test_teachers_agree_on_their_mean_in_the_order_of_the_pupil(tmp_path: Path) -> None:
    folders = [
        teacher(tmp_path / "one", ("a", "b"), (math.log(3), 0.0)),
        teacher(tmp_path / "two", ("b", "a"), (0.0, 0.0)),
    ]
    found = Teachers(folders, ("a", "b"), CPU).probabilities(torch.rand(3, 3, 40, 40), 1.0)
    assert found.shape == (3, 2)
    assert found[0].tolist() == pytest.approx([(0.75 + 0.5) / 2, (0.25 + 0.5) / 2], abs=0.01)
    soft = Teachers(folders[:1], ("a", "b"), CPU).probabilities(torch.rand(1, 3, 40, 40), 2.0)
    odds = math.sqrt(3)
    assert soft[0, 0].item() == pytest.approx(odds / (1 + odds), abs=0.01)


def test_a_teacher_of_other_outputs_is_refused(tmp_path: Path) -> None:
    folder = teacher(tmp_path / "one", ("a", "c"), (0.0, 0.0))
    with pytest.raises(TrainingError, match="tells a, c apart, not a, b"):
        Teachers([folder], ("a", "b"), CPU)


def test_a_folder_that_is_no_run_is_no_teacher(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="is no training run"):
        Teachers([str(tmp_path)], ("a", "b"), CPU)
