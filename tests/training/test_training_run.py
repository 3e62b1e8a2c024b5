"""One whole way from photos to advice: train, be cut, go on, calibrate, export, assess."""

import csv
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs torch, of the extra “train”")

import torch
from PIL import Image
from safetensors.torch import load_file, save_file

from reddots import _resources
from reddots.assessor import Assessor
from reddots.classifier.checkpoint import SideCar, read_side_car
from reddots.classifier.model import Classifier
from reddots.cli import main
from reddots.datasets.manifest import Row, write_manifest
from reddots.errors import CheckpointError, TrainingError
from reddots.evaluation.metrics import summary
from reddots.training.cards.write import data_sheet, licence_text, model_card
from reddots.training.networks.network import SpotNetwork, load_pretrained
from reddots.training.networks.onnx_export import export_network, load_network
from reddots.training.recipe import read_recipe
from reddots.training.run_folder import RunFolder
from reddots.training.trainer import Trainer, coarse_cross_entropy
from reddots.triage.answers import parse_settings
from training.tiny_run import (
    BACKBONE,
    LABELS,
    PER_SPLIT,
    picture,
    recipe_text,
    write_photos,
    write_weights,
)

pytestmark = pytest.mark.slow

# logits, truth, smoothing, loss by hand, why
LOSSES = [
    ([[0.0, 0.0]], [[1, 0]], 0.0, np.log(2), "undecided between two"),
    ([[np.log(3), 0.0]], [[1, 0]], 0.0, -np.log(0.75), "three to one"),
    ([[np.log(3), 0.0]], [[0, 1]], 0.0, -np.log(0.25), "and wrong"),
    ([[np.log(2), 0.0, 0.0]], [[1, 1, 0]], 0.0, -np.log(0.75), "a coarse label sums its parts"),
    ([[5.0, -3.0, 1.0]], [[1, 1, 1]], 0.0, 0.0, "a label that may mean anything teaches nothing"),
    ([[0.0, 0.0], [np.log(3), 0.0]], [[1, 0], [1, 0]], 0.0, (np.log(2) - np.log(0.75)) / 2, "the mean of two"),
    ([[np.log(3), 0.0]], [[1, 0]], 0.5, -0.5 * np.log(0.75) - 0.25 * (np.log(0.75) + np.log(0.25)), "smoothing mixes in all outputs"),
    ([[200.0, -200.0]], [[1, 0]], 0.0, 0.0, "certain and right"),
    ([[-200.0, 200.0]], [[1, 0]], 0.0, 400.0, "certain and wrong, and still a number"),
]  # fmt: skip


@pytest.mark.parametrize(("logits", "truth", "smoothing", "loss", "why"), LOSSES)
def test_the_loss_by_hand(
    logits: list[list[float]], truth: list[list[int]], smoothing: float, loss: float, why: str
) -> None:
    found = coarse_cross_entropy(torch.tensor(logits), torch.tensor(truth).float(), smoothing)
    assert float(found) == pytest.approx(loss, abs=1e-5), why


def test_the_loss_of_an_exact_label_is_torchs_own() -> None:
    torch.manual_seed(0)
    logits, target = torch.randn(50, 4), torch.randint(0, 4, (50,))
    truth = torch.nn.functional.one_hot(target, 4).float()
    for smoothing in (0.0, 0.1):
        expected = torch.nn.functional.cross_entropy(logits, target, label_smoothing=smoothing)
        assert torch.allclose(coarse_cross_entropy(logits, truth, smoothing), expected)


def test_the_loss_teaches_through_coarse_labels() -> None:
    logits = torch.zeros(1, 3, requires_grad=True)
    coarse_cross_entropy(logits, torch.tensor([[1.0, 1.0, 0.0]])).backward()
    assert logits.grad is not None
    assert torch.isfinite(logits.grad).all()
    assert logits.grad[0, 0] < 0 < logits.grad[0, 2]


# ---------------------------------------------------------------- the whole way

Command = Callable[..., int]


@pytest.fixture(scope="module")
def command() -> Command:
    """Run ``reddots`` in this process; return its exit code."""

    def run(*arguments: object) -> int:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["reddots", *map(str, arguments)])
            patch.setattr(summary, "REPLICATES", 20)
            try:
                main()
            except SystemExit as end:
                return int(end.code or 0)
        return 0

    return run


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with photos, their manifest, weights and a recipe."""
    folder = tmp_path_factory.mktemp("training")
    write_photos(folder)
    (folder / "recipe.toml").write_text(recipe_text(str(write_weights(folder))))
    return folder


def train(command: Command, place: Path, run: str, *more: object) -> int:
    arguments = ["--recipe", place / "recipe.toml", "--workers", 1, *more]
    return command("train", place / "manifest.csv", "-o", place / run, *arguments)


@pytest.fixture(scope="module")
def trained(command: Command, place: Path) -> RunFolder:
    """A run of two epochs."""
    assert train(command, place, "run") == 0
    return RunFolder(place / "run")


def log_of(run: RunFolder) -> list[dict[str, str]]:
    with run.log.open(newline="") as file:
        return list(csv.DictReader(file))


def test_a_run_keeps_what_it_did(trained: RunFolder) -> None:
    log = log_of(trained)
    assert [row["epoch"] for row in log] == ["1", "2"]
    assert set(LABELS) < set(log[0]), "a column of sensitivity for each output"
    facts = json.loads(trained.facts.read_text())
    assert facts["outputs"] == list(LABELS)
    assert facts["training_shares"] == pytest.approx(
        dict(zip(LABELS, (0.4, 0.3, 0.3), strict=True))
    )
    assert facts["backbone"] == BACKBONE
    assert facts["command"].startswith("reddots train")
    assert trained.recipe.read_text() == (trained.path.parent / "recipe.toml").read_text()
    assert sorted(p.suffix for p in trained.path.iterdir() if p.suffix == ".partial") == []


def test_the_best_epoch_is_kept(trained: RunFolder) -> None:
    weights = load_file(trained.best)
    losses = [float(row["log_loss"]) for row in log_of(trained)]
    state = torch.load(trained.last, weights_only=True)
    assert state["best"]["log_loss"] == pytest.approx(min(losses), abs=1e-4)
    assert weights["body.classifier.weight"].shape == (len(LABELS), 256)


def test_frozen_stages_keep_their_weights(trained: RunFolder) -> None:
    before = load_file(trained.path.parent / "weights.safetensors")
    after = load_file(trained.best)
    kept = [k for k in before if k.startswith(("conv_stem", "bn1", "blocks.0."))]
    assert len(kept) > 5
    assert all(torch.equal(before[k], after[f"body.{k}"]) for k in kept)
    assert not torch.equal(before["conv_head.weight"], after["body.conv_head.weight"])


class PowerCutError(RuntimeError):
    """The machine stops."""


def cut_the_second_epoch(patch: pytest.MonkeyPatch) -> None:
    epoch = Trainer.epoch

    def cut(self: Any, number: int, on_step: Any = None) -> float:
        if number == 1:
            raise PowerCutError
        return epoch(self, number, on_step)

    patch.setattr(Trainer, "epoch", cut)


def test_a_run_that_was_cut_goes_on_and_ends_the_same(
    command: Command, place: Path, trained: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_the_second_epoch(monkeypatch)
    with pytest.raises(PowerCutError):
        train(command, place, "cut")
    monkeypatch.undo()
    cut_run = RunFolder(place / "cut")
    assert len(log_of(cut_run)) == 1
    assert train(command, place, "cut", "--resume") == 0
    untimed = [
        [{k: v for k, v in row.items() if k != "seconds"} for row in log_of(run)]
        for run in (trained, cut_run)
    ]
    assert untimed[0] == untimed[1], "as if it had never been cut"
    whole, resumed = load_file(trained.best), load_file(cut_run.best)
    assert all(torch.equal(whole[k], resumed[k]) for k in whole)


@pytest.mark.slow
def test_a_cut_run_without_worker_processes_ends_the_same_too(
    command: Command, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert train(command, place, "alone", "--workers", 0) == 0
    cut_the_second_epoch(monkeypatch)
    with pytest.raises(PowerCutError):
        train(command, place, "alone-cut", "--workers", 0)
    monkeypatch.undo()
    assert train(command, place, "alone-cut", "--workers", 0, "--resume") == 0
    whole, resumed = (load_file(RunFolder(place / n).best) for n in ("alone", "alone-cut"))
    assert all(torch.equal(whole[k], resumed[k]) for k in whole)


def test_a_finished_run_that_goes_on_does_nothing(
    command: Command, place: Path, trained: RunFolder
) -> None:
    before = trained.best.read_bytes()
    assert train(command, place, "run", "--resume") == 0
    assert trained.best.read_bytes() == before
    assert len(log_of(trained)) == 2


def test_the_command_can_shorten_a_run(command: Command, place: Path) -> None:
    assert train(command, place, "short", "--epochs", 1, "--workers", 0) == 0
    assert len(log_of(RunFolder(place / "short"))) == 1


def test_a_recipe_may_say_it_all(
    command: Command, place: Path, trained: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    """Photos and folder named in it, mixing and a teacher: one command, as a user gives it."""
    text = (
        (place / "recipe.toml")
        .read_text()
        .replace("jpeg = 0.2", "jpeg = 0.2\nmixup = 0.2\ncutmix = 1.0")
    )
    text += f'[distillation]\nteachers = ["{trained.path.name}"]\n'
    config = place / "config.toml"
    config.write_text(text + '[run]\nmanifest = "manifest.csv"\noutput = "pupil"\n')
    assert command("train", config, "--workers", 0, "--epochs", 1, "--seed", 3) == 0
    pupil = RunFolder(place / "pupil")
    assert len(log_of(pupil)) == 1
    assert json.loads(pupil.facts.read_text())["seed"] == 3
    assert (pupil.path / "curves.png").exists()
    config.write_text(text)
    assert command("train", config) == 2
    assert "does not say which photos" in capsys.readouterr().err
    assert command("train", config, "--recipe", config) == 2
    assert "is a recipe already" in capsys.readouterr().err


@pytest.fixture(scope="module")
def elsewhere(place: Path) -> Path:
    """Photos of another source: two that the outputs cover, one that they do not."""
    folder = place / "strangers"
    folder.mkdir()
    rows = []
    for label in ("cherry_angioma", "normal_skin", "petechiae"):
        picture(label, 999).save(folder / f"{label}.png")
        rows.append(Row(f"{label}.png", label, dataset="dermnetnz"))
    write_manifest(rows, folder / "manifest.csv")
    return folder / "manifest.csv"


@pytest.fixture(scope="module")
def exported(command: Command, place: Path, trained: RunFolder, elsewhere: Path) -> Path:
    """The run, calibrated and made a checkpoint."""
    assert command("calibrate", trained.path, "--photos", place) == 0
    output = place / "checkpoints"
    version = ["--version", "0.0.7", "-o", output, "--measure-on", elsewhere]
    assert command("export", trained.path, "--photos", place, *version) == 0
    return output / "reddots-0.0.7.json"


@pytest.fixture(scope="module")
def side_car(exported: Path) -> SideCar:
    return read_side_car(exported)


def test_the_checkpoint_is_whole(exported: Path, side_car: SideCar) -> None:
    names = {p.name for p in exported.parent.iterdir()}
    stem = "reddots-0.0.7"
    assert names == {
        f"{stem}.json", f"{stem}.onnx", f"{stem}.safetensors", f"{stem}.manifest.csv",
        "MODEL_CARD.md", "DATASHEET.md", "LICENSE.md", "reliability.png", "risk-coverage.png",
        "curves.png",
    }  # fmt: skip
    assert side_car.outputs == LABELS
    assert side_car.simulated == {}
    assert (side_car.input.size, side_car.input.resize) == (32, 36)
    assert sum(side_car.priors.deployment.values()) == pytest.approx(1)
    assert side_car.data["counts"]["train"]["not_skin"] == {"caltech101": PER_SPLIT["train"]}
    assert side_car.data["fitzpatrick"] == {"2": 72}
    assert side_car.data["calibration"] == dict.fromkeys(LABELS, PER_SPLIT["calibration"])
    assert side_car.licence.startswith("The terms of: "), "both sets allow commercial use"
    assert side_car.code["command"].startswith("reddots train")


def test_it_is_measured_as_shipped(side_car: SideCar) -> None:
    assert {name: m["n"] for name, m in side_car.metrics.items()} == {
        "validation": 12, "test": 12, "strangers": 2,
    }  # fmt: skip
    held_out = side_car.metrics["strangers"]
    assert held_out["left_out"] == 1
    assert sum(held_out["uncovered"]["petechiae"].values()) == 1, "what it is called is counted"
    matrix = np.array(side_car.metrics["test"]["confusion"])
    assert matrix.sum() == 12
    assert matrix.trace() == round(12 * side_car.metrics["test"]["accuracy"])


def test_calibrating_is_told_and_drawn(exported: Path, trained: RunFolder) -> None:
    found = json.loads(trained.calibration.read_text())
    report = found["report"]
    assert report["n"] == 12
    assert 0 <= report["ece"] <= 1
    assert sum(b["n"] for b in report["reliability"]["before"]) == 12
    assert report["selective"]["curve"]["coverage"][-1] == 1.0
    assert found["conformal"] == dict.fromkeys(LABELS, 1.0), "four photos bound nothing"
    for name in ("reliability", "risk-coverage"):
        assert (trained.path / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        assert b"<svg" in (trained.path / f"{name}.svg").read_bytes()
    assert read_side_car(exported).thresholds.ood_score == pytest.approx(found["ood_score"])


def test_a_set_of_photos_is_judged_in_every_way(side_car: SideCar) -> None:
    found = side_car.metrics["strangers"]
    assert found["sets"]["coverage"] == 1.0, "all outputs always remain possible"
    assert found["ood_score"]["near"]["n"] == 1
    assert set(found["ood_score"]["near"]["energy"]) == {"auroc", "fpr_at_95"}
    assert "not_skin" in found["ood_score"]["near"]
    assert found["ood_score"]["source"]["n"] == 2
    assert found["sources"] == {"dermnetnz": {"n": 3, "licence": ""}}
    assert [v["value"] for v in found["subgroups"]["fitzpatrick"]] == ["not known"]
    own = side_car.metrics["test"]
    assert own["ood_score"]["far"]["n"] == 4
    assert [v["n"] for v in own["subgroups"]["dataset"]] == [4, 8]
    assert sum(b["n"] for b in own["reliability"]["after"]) == 12


def test_the_exported_network_is_the_trained_one(
    exported: Path, trained: RunFolder, side_car: SideCar
) -> None:
    from reddots.classifier.preprocessing import prepare

    pixels = np.asarray(picture("cherry_angioma", 5))
    network = load_network(trained.best, BACKBONE, len(LABELS))
    with torch.inference_mode():
        expected = network(torch.from_numpy(prepare(pixels, side_car.input)))[0][0].numpy()
    classifier = Classifier.load(exported)
    assert classifier.logits(pixels) == pytest.approx(expected, abs=1e-4)


def test_it_can_be_assessed_with(exported: Path, place: Path) -> None:
    photo = place / "big.png"
    picture("normal_skin", 7).resize((300, 300), Image.Resampling.BICUBIC).save(photo)
    result = Assessor(exported).assess(parse_settings(["fever=yes", "blanches=no"]), [photo])
    assert result.urgency.id == "emergency"
    assert result.photo is not None
    assert set(result.photo.categories) == set(LABELS)
    assert result.model is not None
    assert result.model.version == "0.0.7"


def test_cards_say_what_the_side_car_says(exported: Path, side_car: SideCar) -> None:
    texts = {"MODEL_CARD.md": model_card(side_car), "DATASHEET.md": data_sheet(side_car)}
    texts["LICENSE.md"] = licence_text(side_car)
    for name, text in texts.items():
        assert (exported.parent / name).read_text(encoding="utf-8") == text
    card = texts["MODEL_CARD.md"]
    for words in ["0.0.7", *LABELS, "Another source: strangers", "petechiae (1 photos)", "too few"]:
        assert words in card
    assert "too few to say" in card, "figures of four photos are marked"
    for words in ["in the 90% set", "Skin type (Fitzpatrick)", "near: skin that no output covers"]:
        assert words in card
    for name in ("reliability", "risk-coverage", "curves"):
        assert f"]({name}.png)" in card
    sheet = texts["DATASHEET.md"]
    assert "| cherry_angioma | 12 | 4 | 4 | 4 |" in sheet
    assert "| pad_ufes_20 | 48 | CC BY 4.0 |" in sheet
    assert side_car.data["manifest_sha256"] in sheet
    assert "| strangers | dermnetnz | 3 |" in sheet, "what was only measured on"
    assert "PAD-UFES-20" in texts["LICENSE.md"]


def test_a_card_tells_what_simulation_taught(side_car: SideCar) -> None:
    import msgspec

    assert "Taught by simulation\n" not in model_card(side_car)
    taught = {
        "output": "purpura",
        "painted": {"all": {"n": 9, "bleeding": 4, "auroc": 0.75}, "against": {}},
        "likelihood": {"against": {"photos": {"ratio": 3.0, "low": 2.0, "high": 5.0}}},
    }
    data = {**side_car.data, "simulation": taught}
    card = model_card(msgspec.structs.replace(side_car, data=data, simulated={"purpura": 2.0}))
    assert "| all | 9 | 4 | 0.750 |" in card
    assert "from 1 to 2.00" in card
    assert "3.00 (2.00 to 5.00) against photos" in card


def test_a_checkpoint_is_measured_anew(
    command: Command, exported: Path, place: Path, tmp_path: Path, side_car: SideCar
) -> None:
    """Metrics and cards are written again; weights stay. Visible photos are measured apart."""
    copy = tmp_path / "checkpoints"
    shutil.copytree(exported.parent, copy)
    other = tmp_path / "seen"
    other.mkdir()
    lines = ["photo,label,visible"]
    for label, visible in (("cherry_angioma", "partly"), ("normal_skin", ""), ("petechiae", "yes")):
        picture(label, 999).save(other / f"{label}.png")
        lines.append(f"{label}.png,{label},{visible}")
    (other / "manifest.csv").write_text("\n".join(lines))
    again = copy / exported.name
    arguments = ["--photos", place, "--measure-on", other / "manifest.csv"]
    assert command("export", again, *arguments) == 0
    found = read_side_car(again)
    assert found.sha256 == side_car.sha256
    assert found.metrics["test"] == {**side_car.metrics["test"], "missing": 0}
    assert (found.metrics["seen"]["n"], found.metrics["seen"]["visible"]["n"]) == (2, 1)
    assert found.metrics["seen"]["visible"]["left_out"] == 1, "what no output covers can be seen"
    card = (copy / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "Only where the lesion can be seen" in card
    assert "without its bias" in card


def test_one_output_of_a_checkpoint_is_taught_anew(
    command: Command, exported: Path, side_car: SideCar, place: Path, tmp_path: Path
) -> None:
    """Its weights alone change; the run that it gives is calibrated and exported like any."""
    manifest = place / "manifest.csv"
    run = RunFolder(tmp_path / "again")
    taught = ["--output-name", "normal_skin", "-o", run.path]
    assert command("retrain", exported, manifest, *taught) == 0
    facts = run.read_facts()["last_layer"]
    assert facts["photos"] == dict.fromkeys(LABELS, PER_SPLIT["validation"]), "none it has learnt"
    before, after = (load_file(w) for w in (exported.with_suffix(".safetensors"), run.best))
    row, rest = LABELS.index("normal_skin"), [i for i, o in enumerate(LABELS) if o != "normal_skin"]
    for name, weights in before.items():
        if name.startswith("body.classifier"):
            assert torch.equal(weights[rest], after[name][rest]), name
            assert not torch.equal(weights[row], after[name][row]), name
        else:
            assert torch.equal(weights, after[name]), name
    assert command("calibrate", run.path, "--photos", place) == 0
    output = tmp_path / "checkpoints"
    more = ["--version", "0.0.9", "-o", output]
    assert command("export", run.path, "--photos", place, *more) == 0
    found = read_side_car(output / "reddots-0.0.9.json")
    assert found.data["last_layer"]["output"] == "normal_skin"
    assert found.data["licences"].keys() >= side_car.data["licences"].keys(), "and their terms"
    assert found.code["derived_from"].startswith(f"reddots-{side_car.version}")
    assert found.code["log"] == side_car.code["log"]
    card = (output / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "normal_skin was taught anew" in card


def test_retraining_is_refused_for_what_the_checkpoint_has_not(
    command: Command, exported: Path, place: Path, tmp_path: Path, capsys: Any
) -> None:
    taught = ["--output-name", "freckles", "-o", tmp_path / "again"]
    assert command("retrain", exported, place / "manifest.csv", *taught) == 2
    assert "has no output “freckles”; it has cherry_angioma" in capsys.readouterr().err


WRONG_AGAIN: list[tuple[list[str], str, str]] = [
    ([], "are not in", "another folder's photos"),
    (["--version", "0.0.8"], "keeps its version", "a version beside a side-car"),
]


@pytest.mark.parametrize(("more", "words", "why"), WRONG_AGAIN, ids=[r[2] for r in WRONG_AGAIN])
def test_measuring_anew_is_refused_for(
    command: Command, exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    more: list[str], words: str, why: str,
) -> None:  # fmt: skip
    before = exported.read_bytes()
    assert command("export", exported, "--photos", tmp_path, *more) == 2, why
    assert words in capsys.readouterr().err
    assert exported.read_bytes() == before


def test_a_run_must_be_calibrated_before_it_is_exported(
    command: Command, place: Path, trained: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = place / "uncalibrated"
    shutil.copytree(trained.path, copy, ignore=shutil.ignore_patterns("calibration.json"))
    assert command("export", copy, "--photos", place, "--version", "1", "-o", place / "c") == 2
    assert "not calibrated yet" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["calibrate", "export"])
def test_a_folder_that_is_no_run_is_named(
    command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    more = ["--version", "1", "-o", tmp_path / "c"] if name == "export" else []
    assert command(name, tmp_path, "--photos", tmp_path, *more) == 2
    assert "is no training run" in capsys.readouterr().err


# ---------------------------------------------------------------- weights


def test_weights_that_do_not_fit_are_named(place: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="cannot be loaded"):
        load_network(place / "weights.safetensors", BACKBONE, 3)
    with pytest.raises(CheckpointError, match="cannot be read"):
        load_network(tmp_path / "none.safetensors", BACKBONE, 3)


# the recipe's weights, words that the message must have
NO_WEIGHTS = [
    ("package:no_such_package", "cannot be had"),
    ("package:json", "cannot be had"),
    ("no-such-file.safetensors", "cannot be read"),
]


@pytest.mark.parametrize(("weights", "words"), NO_WEIGHTS)
def test_weights_that_cannot_be_had_are_named(weights: str, words: str) -> None:
    network = SpotNetwork(BACKBONE, 3)
    with pytest.raises(TrainingError, match=words) as caught:
        load_pretrained(network, weights, BACKBONE)
    assert weights in str(caught.value)


def test_pre_trained_weights_of_another_network_are_named(tmp_path: Path) -> None:
    path = tmp_path / "other.safetensors"
    save_file({"conv_stem.weight": torch.zeros(16, 3, 3, 3)}, path)
    with pytest.raises(TrainingError, match="do not fit"):
        load_pretrained(SpotNetwork(BACKBONE, 3), str(path), BACKBONE)


def test_pre_trained_weights_leave_the_head_new(place: Path) -> None:
    network = SpotNetwork(BACKBONE, 3)
    head = network.head.weight.clone()  # type: ignore[union-attr,operator]
    load_pretrained(network, str(place / "weights.safetensors"), BACKBONE)
    assert torch.equal(network.head.weight, head)  # type: ignore[arg-type]
    body = load_file(place / "weights.safetensors")
    assert torch.equal(network.body.conv_stem.weight, body["conv_stem.weight"])


def test_the_weights_of_the_shipped_recipe_fit() -> None:
    recipe = read_recipe(_resources.folder("data") / "training" / "lite0.toml").network
    package = recipe.weights.removeprefix("package:")
    pytest.importorskip(package, reason="the weights come with the extra “train”")
    network = SpotNetwork(recipe.backbone, 3)
    before = network.body.conv_stem.weight.clone()
    load_pretrained(network, recipe.weights, recipe.backbone)
    assert not torch.equal(network.body.conv_stem.weight, before)
    with torch.inference_mode():
        logits, features = network.eval()(torch.zeros(1, 3, 64, 64))
    assert logits.shape == (1, 3)
    assert torch.isfinite(features).all()


def test_an_export_looks_at_any_number_of_photos(tmp_path: Path) -> None:
    import onnxruntime as ort

    hashes = export_network(SpotNetwork(BACKBONE, 4).eval(), 32, tmp_path / "net")
    modes = {path.suffix: path.stat().st_mode for path in tmp_path.glob("net.*")}
    assert modes[".safetensors"] == modes[".onnx"], "whoever may read one may read the other"
    assert set(hashes) == {"onnx", "safetensors"}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["net.onnx", "net.safetensors"]
    session = ort.InferenceSession(tmp_path / "net.onnx", providers=["CPUExecutionProvider"])
    images = np.random.default_rng(0).normal(size=(3, 3, 32, 32)).astype(np.float32)
    logits, features = session.run(["logits", "features"], {"image": images})
    assert logits.shape == (3, 4)
    assert features.shape[:2] == (3, 256)
    one = session.run(["logits"], {"image": images[1:2]})[0]
    assert one[0] == pytest.approx(logits[1], abs=1e-4), "photos do not mix"


def test_retraining_over_a_run_is_refused_before_the_work(
    command: Command, exported: Path, trained: RunFolder, place: Path, capsys: Any
) -> None:
    taught = ["--output-name", "normal_skin", "-o", trained.path]
    assert command("retrain", exported, place / "manifest.csv", *taught) == 2
    told = capsys.readouterr().err
    assert told.rstrip().endswith("already. Name another folder.")
