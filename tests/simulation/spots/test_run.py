"""From a manifest to a detector that can be opened, in a few steps."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("torch", reason="training needs the extra “train”")

from reddots.datasets.manifest import Row, write_manifest
from reddots.errors import TrainingError
from reddots.simulation.spots import dataset
from reddots.simulation.spots.evaluate import Detected, choose_threshold, metrics
from reddots.simulation.spots.run import DetectorRecipe, make_detector
from reddots.spots.detector import SpotDetector


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    rng, rows = np.random.default_rng(0), []
    for number in range(12):
        label = "normal_skin" if number % 2 else "not_skin"
        colour = (205, 160, 140) if number % 2 else (60, 90, 160)
        pixels = np.clip(rng.normal(colour, 8, (160, 200, 3)), 0, 255).astype(np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"{number}.png")
        split = ("train", "validation", "test")[number // 2 % 3]
        rows.append(Row(f"{number}.png", label, dataset="own", group=str(number), split=split))
    path = tmp_path / "manifest.csv"
    write_manifest(rows, path)
    return path


@pytest.mark.slow
def test_a_detector_is_made_and_a_cut_run_goes_on(
    manifest: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dataset, "SHARD", 2)
    monkeypatch.setattr(dataset, "SIDE", 96)
    recipe = DetectorRecipe(scenes=6, minutes=0.02, version="9.9.9", without=frozenset({"1.png"}))
    path = make_detector(manifest, tmp_path / "out", recipe)
    detector = SpotDetector.load(path)
    assert detector.side_car.version == "9.9.9"
    assert detector.side_car.metrics["test"]["scenes"] == 2
    assert path.with_suffix(".md").read_text().startswith("# Model card: spot detector 9.9.9")
    before = path.with_suffix(".onnx").read_bytes()
    make_detector(manifest, tmp_path / "out", recipe)
    assert path.with_suffix(".onnx").read_bytes() == before, "there was nothing left to do"


def test_without_photos_free_of_spots_nothing_can_be_learnt(tmp_path: Path) -> None:
    rows = [
        Row(f"{n}.png", "mole_or_growth", dataset="own", group=str(n), split="train")
        for n in range(3)
    ]
    write_manifest(rows, tmp_path / "m.csv")
    with pytest.raises(TrainingError, match="without red spots"):
        make_detector(tmp_path / "m.csv", tmp_path / "out", DetectorRecipe(scenes=0, minutes=0))


def detected(*strengths: float, true: int = 0) -> Detected:
    """Detections in a row, of which the first ``true`` are spots."""
    found = np.array([(20.0 * n, 10.0, 6.0, s) for n, s in enumerate(strengths)])
    return Detected(found, found[:true, :3], np.zeros((0, 3)), 3)


def test_the_threshold_is_that_of_the_best_f1_with_false_alarms_counted() -> None:
    scenes = [detected(0.9, 0.6, 0.4, true=3)]
    assert choose_threshold(scenes, []) <= 0.4
    noisy = [detected(0.55, 0.5, 0.45, 0.42, 0.41)]
    assert 0.55 < choose_threshold(scenes, noisy) <= 0.6


def test_what_is_measured_is_by_size_and_tone() -> None:
    found = metrics([detected(0.9, 0.8, 0.3, true=2)], [detected(0.9, 0.8, 0.7)], 0.5)
    assert (found["all"]["hits"], found["all"]["false"], found["all"]["f1"]) == (2, 0, 1.0)
    assert found["diameter"]["4 to 8"]["hits"] == 2
    assert found["diameter"]["8 to 16"]["recall"] is None
    assert found["tone"]["3"]["recall"] == 1.0
    assert found["photos_without"] == {"n": 1, "at_most_2": 0}
