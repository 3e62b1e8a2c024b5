"""The checkpoint that travels with the library is whole and says what it is."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from reddots.classifier.checkpoint import SideCar, newest_checkpoint, read_side_car
from reddots.classifier.model import Classifier
from reddots.datasets.catalogue import read_catalogue
from reddots.datasets.labels import outputs_in_order
from reddots.datasets.manifest import read_manifest
from reddots.knowledge import load
from reddots.photo.loader import Photo
from reddots.training.cards.write import data_sheet, licence_text, model_card

LARGEST = 40_000_000  # bytes: the wheel stays small


@pytest.fixture(scope="module")
def side_car_path() -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("REDDOTS_CHECKPOINT", raising=False)
        return newest_checkpoint()


@pytest.fixture(scope="module")
def side_car(side_car_path: Path) -> SideCar:
    return read_side_car(side_car_path)


@pytest.mark.parametrize("name", ["onnx", "safetensors"])
def test_its_files_are_the_described_ones(
    side_car_path: Path, side_car: SideCar, name: str
) -> None:
    data = side_car_path.with_suffix(f".{name}").read_bytes()
    assert hashlib.sha256(data).hexdigest() == side_car.sha256[name]
    assert len(data) < LARGEST


def test_its_outputs_are_of_the_contract(side_car: SideCar) -> None:
    known = outputs_in_order(load().categories)
    assert side_car.outputs == tuple(o for o in known if o in side_car.outputs), "in their order"
    assert "not_skin" in side_car.outputs, "what is no skin is turned away"
    assert not set(side_car.simulated) & set(side_car.outputs)
    assert {"rheumatic_fever", "petechiae", "vasculitis"}.isdisjoint(side_car.outputs)


def test_it_looks_at_photos(side_car_path: Path, side_car: SideCar) -> None:
    classifier = Classifier.load(side_car_path)
    pixels = np.random.default_rng(0).integers(120, 220, (300, 400, 3), dtype=np.uint8)
    finding = classifier.predict(Photo(pixels, "PNG", 400, 300, "0"))
    assert tuple(finding.categories) == side_car.outputs
    assert sum(finding.categories.values()) == pytest.approx(1)
    assert finding.training_priors == dict(side_car.priors.training)


def test_thresholds_are_shares(side_car: SideCar) -> None:
    thresholds = side_car.thresholds
    assert 0 < thresholds.abstention <= 1
    assert 0.5 <= thresholds.not_skin <= 1
    assert all(0 < q <= 1 for q in thresholds.conformal.values())


def test_its_manifest_is_the_described_one(side_car_path: Path, side_car: SideCar) -> None:
    path = side_car_path.with_name(side_car.data["manifest"])
    assert hashlib.sha256(path.read_bytes()).hexdigest() == side_car.data["manifest_sha256"]
    rows = read_manifest(path).rows
    counted = sum(
        n for split in side_car.data["counts"].values() for sets in split.values()
        for n in sets.values()
    )  # fmt: skip
    assert counted == sum(bool(row.split) for row in rows)
    sides: dict[tuple[str, str], set[str]] = {}
    for row in (row for row in rows if row.split):
        sides.setdefault((row.dataset, row.group), set()).add(row.split)
    assert all(len(side) == 1 for side in sides.values()), "no group is on two sides"


def test_its_terms_follow_from_its_photos(side_car_path: Path, side_car: SideCar) -> None:
    rows = read_manifest(side_car_path.with_name(side_car.data["manifest"])).rows
    catalogue = read_catalogue()
    trained_on = {row.dataset for row in rows if row.split == "train"}
    assert all(catalogue[name].may_train for name in trained_on)
    bound = [catalogue[n] for n in trained_on if not catalogue[n].commercial]
    assert side_car.licence.startswith("Non-commercial") == bool(bound)
    assert all(entry.name in side_car.licence for entry in bound)


@pytest.mark.parametrize("split", ["validation", "test"])
def test_its_figures_have_counts_and_intervals(side_car: SideCar, split: str) -> None:
    figures = side_car.metrics[split]
    assert figures["n"] > 0
    low, high = figures["accuracy_ci"]
    assert 0 <= low <= figures["accuracy"] <= high <= 1
    assert set(figures["per_output"]) == set(side_car.outputs)
    assert sum(f["n"] for f in figures["per_output"].values()) == figures["n"]


def test_its_cards_and_licence_are_written_from_it(side_car_path: Path, side_car: SideCar) -> None:
    folder = side_car_path.parent
    texts = {
        "MODEL_CARD.md": model_card(side_car),
        "DATASHEET.md": data_sheet(side_car),
        "LICENSE.md": licence_text(side_car),
    }
    for name, text in texts.items():
        assert (folder / name).read_text(encoding="utf-8") == text, f"{name}: export it again"


def test_the_network_is_the_exported_weights(side_car_path: Path, side_car: SideCar) -> None:
    torch = pytest.importorskip("torch", reason="comparing needs torch, of the extra “train”")
    from reddots.classifier.preprocessing import prepare
    from reddots.training.networks.onnx_export import load_network

    pixels = np.random.default_rng(1).integers(0, 256, (280, 260, 3), dtype=np.uint8)
    network = load_network(
        side_car_path.with_suffix(".safetensors"), side_car.code["recipe"], len(side_car.outputs)
    )
    with torch.inference_mode():
        expected = network(torch.from_numpy(prepare(pixels, side_car.input)))[0][0].numpy()
    assert Classifier.load(side_car_path).logits(pixels) == pytest.approx(expected, abs=1e-3)
