"""The head taught by rendered lesions: from a run to a checkpoint whose photos it speaks about."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="teaching needs torch, of the extra “train”")

import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

import tiny_checkpoint as tiny
from reddots.assessor import Assessor
from reddots.classifier.checkpoint import read_side_car
from reddots.classifier.model import Classifier
from reddots.cli import main
from reddots.errors import CheckpointError, ManifestError, TrainingError
from reddots.photo.loader import Photo
from reddots.simulation.head.evaluate import figures, look, table
from reddots.simulation.head.likelihood import Scores, learn_likelihood
from reddots.simulation.head.ridge import fit_head, rescaled, score
from reddots.simulation.head.train import teach_head
from reddots.training.networks.network import SpotNetwork
from reddots.training.networks.onnx_export import ExportedNetwork
from reddots.training.networks.simulated_head import (
    DeepNetwork,
    SimulatedHead,
    load_head,
    pool,
)
from reddots.training.run_folder import RunFolder
from reddots.triage.answers import Answers
from training.tiny_run import BACKBONE, recipe_text, write_photos, write_weights

pytestmark = pytest.mark.slow


def plain(colour: tuple[int, int, int]) -> Photo:
    return Photo(np.full((40, 40, 3), colour, np.uint8), "PNG", 40, 40, "0" * 64)


def with_simulated(weights: list[float], bias: float) -> bytes:
    """The tiny network with a second head on its mean colour."""
    model = onnx.load_from_string(tiny.network())
    graph = model.graph
    graph.node.append(
        helper.make_node("Gemm", ["flat", "own", "own_bias"], ["simulated"], transB=1)
    )
    graph.initializer.append(numpy_helper.from_array(np.array([weights], np.float32), "own"))
    graph.initializer.append(numpy_helper.from_array(np.array([bias], np.float32), "own_bias"))
    graph.output.append(
        helper.make_tensor_value_info("simulated", TensorProto.FLOAT, ["photos", 1])
    )
    onnx.checker.check_model(model)
    data: bytes = model.SerializeToString()
    return data


def checkpoint(folder: Path, simulated: dict[str, float], model: bytes) -> Path:
    description: dict[str, Any] = tiny.side_car()
    description["simulated"] = simulated
    return tiny.write_checkpoint(folder, description, model)


# log ratio that the network gives, cap, ratio that is believed, why
BELIEVED = [
    (np.log(3.0), 8.0, 3.0, "between 1 and the cap"),
    (np.log(30.0), 8.0, 8.0, "never above the cap"),
    (-2.0, 8.0, 1.0, "never against"),
    (0.0, 8.0, 1.0, "nothing"),
    (900.0, 8.0, 8.0, "the largest numbers do not overflow"),
    (900.0, 1.0, 1.0, "a cap of 1 silences it"),
]


@pytest.mark.parametrize(("log_ratio", "cap", "ratio", "why"), BELIEVED)
def test_a_ratio_is_believed_from_1_to_its_cap(
    tmp_path: Path, log_ratio: float, cap: float, ratio: float, why: str
) -> None:
    path = checkpoint(tmp_path, {"purpura": cap}, with_simulated([0, 0, 0], log_ratio))
    classifier = Classifier.load(path)
    assert classifier.predict(plain(tiny.SKIN)).simulated_ratios == pytest.approx(
        {"purpura": ratio}, rel=1e-5
    ), why
    assert classifier.simulated(plain(tiny.SKIN).pixels)["purpura"] == pytest.approx(log_ratio)


def test_the_real_outputs_do_not_change(tmp_path: Path) -> None:
    path = checkpoint(tmp_path, {"purpura": 8.0}, with_simulated([1, 0, 0], 3))
    photo = plain(tiny.RED)
    assert Classifier.load(path).logits(photo.pixels) == pytest.approx(
        tiny.expected_logits(tiny.RED), abs=1e-4
    )


def test_it_raises_petechiae_vasculitis_and_the_urgency(tmp_path: Path) -> None:
    photo = tmp_path / "photo.png"
    from PIL import Image

    Image.fromarray(plain(tiny.SKIN).pixels).resize((64, 64)).save(photo)
    found = {}
    for name, log_ratio in (("silent", -5.0), ("loud", 5.0)):
        (tmp_path / name).mkdir()
        path = checkpoint(tmp_path / name, {"purpura": 8.0}, with_simulated([0, 0, 0], log_ratio))
        found[name] = Assessor(path).assess(Answers(), [photo])
    chances = {
        name: {c.category: c.probability for c in result.candidates}
        for name, result in found.items()
    }
    for category in ("petechiae", "vasculitis"):
        assert chances["loud"][category] > 2 * chances["silent"][category]
    assert found["loud"].urgency >= found["silent"].urgency
    assert "photo_looks_like_purpura" in {reason.rule for reason in found["loud"].reasons}
    assert "photo_looks_like_purpura" not in {reason.rule for reason in found["silent"].reasons}


# what the side-car says, whether the network has the output, the error, why
CONTRADICTIONS = [
    ({"purpura": 8.0}, False, "do not agree", "a promise that the network does not keep"),
    ({}, True, "do not agree", "an output that nobody explains"),
    ({"a": 2.0, "b": 2.0}, True, "do not agree", "two names for one output"),
    ({"purpura": 0.5}, True, "below 1", "it would speak against"),
    ({"other_rash": 2.0}, True, "simulates what it was trained on", "both at once"),
]


@pytest.mark.parametrize(("simulated", "there", "error", "why"), CONTRADICTIONS)
def test_a_contradiction_is_refused(
    tmp_path: Path, simulated: dict[str, float], there: bool, error: str, why: str
) -> None:
    model = with_simulated([0, 0, 0], 1) if there else tiny.network()
    with pytest.raises(CheckpointError, match=error):
        pytest.fail(f"{why}: {Classifier.load(checkpoint(tmp_path, simulated, model)).outputs}")


def test_depths_are_pooled_by_mean_maximum_and_deviation() -> None:
    features = torch.tensor([[[[1.0, 3.0], [5.0, 7.0]]]])
    assert pool([features])[0].tolist() == pytest.approx([4, 7, 5**0.5])


def test_looking_deeper_leaves_the_logits_as_they_are() -> None:
    torch.manual_seed(0)
    network = SpotNetwork(BACKBONE, 3).eval()
    image = torch.randn(2, 3, 64, 64)
    with torch.inference_mode():
        logits, features = network(image)
        deep_logits, deep_features, pooled = DeepNetwork(network)(image)
        joined = ExportedNetwork(network, SimulatedHead(pooled.shape[1], 4).eval())(image)
    assert torch.allclose(logits, deep_logits, atol=1e-5)
    assert torch.allclose(features, deep_features, atol=1e-5)
    assert joined[2].shape == (2, 1)


def test_a_head_learns_what_differs_and_can_be_rescaled() -> None:
    rng = np.random.default_rng(0)
    truth = rng.random(300) < 0.5
    pooled = rng.normal(0, 1, (300, 12)).astype(np.float32)
    pooled[:, 3] += 3 * truth
    head = fit_head(pooled, truth, 0.01)
    scores = score(head, pooled)
    assert scores[truth].mean() > scores[~truth].mean() + 1
    assert score(rescaled(head, 2.0, -1.0), pooled) == pytest.approx(2 * scores - 1, abs=1e-4)


def test_a_head_with_a_hidden_layer_is_rescaled_and_read_again(tmp_path: Path) -> None:
    from safetensors.torch import save_file

    torch.manual_seed(0)
    head = SimulatedHead(6, 5).eval()
    pooled = np.random.default_rng(0).normal(0, 1, (4, 6)).astype(np.float32)
    expected = 3 * score(head, pooled) + 1
    save_file(rescaled(head, 3.0, 1.0).state_dict(), tmp_path / "head.safetensors")
    again = load_head(tmp_path / "head.safetensors", prefix="")
    assert again is not None
    assert score(again, pooled) == pytest.approx(expected, abs=1e-4)


# shift of bleeding, in standard deviations; least and greatest cap, why
CAPS = [
    (0.0, 1.0, 1.3, "scores that say nothing may not count"),
    (1.5, 3.0, 12.0, "some"),
    (6.0, 20.0, 20.0, "however good, not above the limit"),
]


@pytest.mark.parametrize(("shift", "low", "high", "why"), CAPS, ids=[row[3] for row in CAPS])
def test_the_cap_is_the_ratios_lower_bound(shift: float, low: float, high: float, why: str) -> None:
    rng = np.random.default_rng(0)
    bleeding, other = rng.normal(shift, 1, 400), rng.normal(0, 1, 400)
    names = np.arange(400).astype(str)
    easy = Scores(rng.normal(-2, 1, 400), np.char.add("e", names))
    others = {"hard": Scores(other, np.char.add("h", names)), "easy": easy}
    found = learn_likelihood(Scores(bleeding, names), others, 20.0)
    assert low <= found.cap <= high, why
    hard = found.against["hard"]
    assert hard.low <= hard.ratio <= hard.high
    assert hard.sensitivity == pytest.approx(0.5, abs=0.01)
    assert found.slope * 9 + found.intercept >= found.slope * -9 + found.intercept


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained, calibrated tiny run with a simulated head."""
    folder = tmp_path_factory.mktemp("simulated")
    manifest = write_photos(folder)
    recipe = folder / "recipe.toml"
    recipe.write_text(recipe_text(str(write_weights(folder)), epochs=1), encoding="utf-8")
    run = folder / "run"
    call("train", str(manifest), "-o", str(run), "--recipe", str(recipe), "--workers", "0")
    call("calibrate", str(run), "--photos", str(folder))
    call("simulate", "head", str(run), "--photos", str(folder), "--pairs", "12", "--draws", "2")
    return run


def call(*arguments: str) -> int:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["reddots", *arguments])
        try:
            main()
        except SystemExit as done:
            return int(done.code or 0)
    return 0


def test_teaching_writes_the_head_and_its_figures(run: Path) -> None:
    found = json.loads((run / "simulated.json").read_text(encoding="utf-8"))
    assert 1 <= found["cap"] <= 20
    assert len(found["draws_alone"]) == 2
    assert found["painted"]["all"]["n"] == 8
    assert set(found["painted"]["tone"]) == set("123456")
    head = load_head(run / "simulated.safetensors", prefix="")
    assert head is not None


def test_the_export_has_the_head_and_measuring_finds_it(run: Path, tmp_path: Path) -> None:
    assert call("export", str(run), "--photos", str(run.parent), "--version", "9.9.9",
                "-o", str(tmp_path)) == 0  # fmt: skip
    path = tmp_path / "reddots-9.9.9.json"
    side_car = read_side_car(path)
    assert list(side_car.simulated) == ["purpura"]
    assert side_car.data["simulation"]["seed"] == 0
    classifier = Classifier.load(path)
    photo = plain(tiny.SKIN)
    head = load_head(path.with_suffix(".safetensors"))
    assert head is not None
    assert (
        1 <= classifier.predict(photo).simulated_ratios["purpura"] <= side_car.simulated["purpura"]
    )
    rows = ["photo,label,condition,spots,group"]
    for number, name in enumerate(sorted(p.name for p in run.parent.glob("cherry*.png"))[:8]):
        spots = "yes" if number < 3 else ""
        label = "purpura" if spots else "cherry_angioma"
        rows.append(f"{name},{label},{label},{spots},{name}")
    manifest = run.parent / "elsewhere.csv"
    manifest.write_text("\n".join(rows) + "\n", encoding="utf-8")
    found = figures(look(path, manifest))
    assert found["all"]["others"] == 5
    assert 0 <= found["all"]["auroc"] <= 1
    assert "| cherry angioma | 5 |" in table(found)


def test_real_photos_teach_the_head_of_a_checkpoint(run: Path, tmp_path: Path) -> None:
    """The network stays as it is, the head and its cap are new, and the card says who taught."""
    photos = run.parent
    assert call("export", str(run), "--photos", str(photos), "--version", "9.9.8",
                "-o", str(tmp_path)) == 0  # fmt: skip
    old = tmp_path / "reddots-9.9.8.json"
    listed = (run / "manifest.csv").read_text(encoding="utf-8").splitlines()
    head = listed[0].split(",")
    rows = [dict(zip(head, line.split(","), strict=True)) for line in listed[1:]]
    for row in rows:
        row["photo"] = str((photos / row["photo"]).resolve())
    bleeding = [r | {"label": "purpura"} for r in rows if r["label"] == "cherry_angioma"][:5]
    real = tmp_path / "real.csv"
    lines = [",".join(row[name] for name in head) for row in bleeding]
    real.write_text("\n".join([listed[0], *lines]) + "\n", encoding="utf-8")
    command = ["simulate", "head", str(old), "--photos", str(photos), "--real", str(real)]
    assert call(*command) == 2, "without a name and a place for the new one"
    assert call(*command, "--version", "9.9.9", "-o", str(tmp_path)) == 0
    new = tmp_path / "reddots-9.9.9.json"
    described = read_side_car(new)
    taught = described.data["simulation"]
    assert taught["real"]["photos"] == 5
    assert taught["rendered"]["seed"] == 0, "how rendered pictures taught it stays known"
    assert described.simulated == {"purpura": taught["cap"]}
    photo = plain(tiny.SKIN).pixels
    before, after = Classifier.load(old), Classifier.load(new)
    assert after.logits(photo) == pytest.approx(before.logits(photo), abs=1e-5)
    assert after.simulated(photo) != pytest.approx(before.simulated(photo))
    assert call("export", str(new), "--photos", str(photos)) == 0
    card = (tmp_path / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "5 real photos" in " ".join(card.split())


def test_what_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="no training run"):
        teach_head(RunFolder(tmp_path), tmp_path)


def test_measuring_needs_spots_and_an_output(tmp_path: Path) -> None:
    path = checkpoint(tmp_path, {"purpura": 8.0}, with_simulated([0, 0, 0], 1))
    manifest = tmp_path / "photos.csv"
    no_spots = "photo,label,condition,spots,group\na,other_rash,eczema,,g\n"
    for text, error in (("photo,label\na,b\n", "has no column"), (no_spots, "no photo")):
        manifest.write_text(text, encoding="utf-8")
        with pytest.raises(ManifestError, match=error):
            look(path, manifest)
    (tmp_path / "plain").mkdir()
    with pytest.raises(CheckpointError, match="no simulated output"):
        look(checkpoint(tmp_path / "plain", {}, tiny.network()), manifest)


def test_pictures_and_sets_are_written(tmp_path: Path) -> None:
    assert call("simulate", "pictures", "-o", str(tmp_path / "p"), "--side", "32") == 0
    assert len(list((tmp_path / "p").glob("*.webp"))) >= 30
    assert call("simulate", "set", "-o", str(tmp_path / "s"), "--pairs", "3", "--side", "48") == 0
    lines = (tmp_path / "s" / "manifest.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 7
    assert len(list((tmp_path / "s").glob("*.png"))) == 6
