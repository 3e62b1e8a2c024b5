"""What an epoch draws, and how a manifest's photos come into memory."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("torch", reason="training needs torch, of the extra “train”")

import torch

from reddots.classifier.preprocessing import InputSpec, prepare
from reddots.datasets.catalogue import read_catalogue
from reddots.datasets.manifest import Manifest, Row
from reddots.errors import TrainingError
from reddots.knowledge import load
from reddots.training.augmentation import Augmentation
from reddots.training.dataset import (
    LabelledPhotos,
    MeasuringPhotos,
    TrainingPhotos,
    draw_weights,
    load_labelled,
)
from reddots.training.recipe import AugmentationRecipe

OUTPUTS = ("a", "b", "c")
BLANK = np.zeros((4, 4, 3), np.uint8)


def photos(*cells: tuple[str, str, int]) -> LabelledPhotos:
    """Labels (letters of the outputs they may mean), data sets, and how many of each."""
    rows, truth = [], []
    for label, dataset, count in cells:
        for _ in range(count):
            rows.append(Row(f"{len(rows)}.png", label, dataset=dataset, split="train"))
            truth.append([output in label for output in OUTPUTS])
    return LabelledPhotos(tuple(rows), (BLANK,) * len(rows), np.array(truth), OUTPUTS)


def drawn(given: LabelledPhotos, shares: dict[str, float]) -> Counter[tuple[str, str]]:
    """The chance of each label and data set."""
    weights, _ = draw_weights(given, shares)
    chances: Counter[tuple[str, str]] = Counter()
    for row, weight in zip(given.rows, weights, strict=True):
        chances[row.label, row.dataset] += weight
    return chances


EVEN = dict.fromkeys(OUTPUTS, 1 / 3)

# photos, shares, chance of each label and set by hand, why
DRAWS = [
    ([("a", "x", 5), ("b", "x", 500)], {"a": 0.3, "b": 0.7, "c": 0.0}, {("a", "x"): 0.3, ("b", "x"): 0.7}, "an output gets its share, however few its photos"),
    ([("a", "x", 9), ("a", "y", 1)], EVEN, {("a", "x"): 0.75, ("a", "y"): 0.25}, "sets count by the square root of their photos"),
    ([("a", "x", 5), ("b", "x", 5)], EVEN, {("a", "x"): 0.5, ("b", "x"): 0.5}, "an output without photos leaves its share to the others"),
    ([("ab", "x", 3), ("b", "x", 7)], EVEN, {("ab", "x"): 0.5, ("b", "x"): 0.5}, "a coarse label counts by its first output"),
    ([("a", "x", 4), ("ab", "x", 12)], EVEN, {("a", "x"): 0.25, ("ab", "x"): 0.75}, "and shares it with the exact ones"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "shares", "chances", "why"), DRAWS, ids=[r[3] for r in DRAWS])
def test_what_is_drawn(
    cells: list[tuple[str, str, int]],
    shares: dict[str, float],
    chances: dict[tuple[str, str], float],
    why: str,
) -> None:
    assert drawn(photos(*cells), shares) == pytest.approx(chances), why


def test_the_shares_that_follow_sum_to_one() -> None:
    weights, shares = draw_weights(photos(("a", "x", 3), ("b", "y", 5)), EVEN)
    assert weights.sum() == pytest.approx(1)
    assert shares == {"a": pytest.approx(0.5), "b": pytest.approx(0.5)}


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    """Photos of several labels and sets, one of them damaged."""
    rows = [
        Row("angioma.png", "cherry_angioma", dataset="sd198", split="train"),
        Row("coarse.png", "cherry_angioma|normal_skin", dataset="pad_ufes_20", split="test"),
        Row("purpura.png", "petechiae", dataset="pad_ufes_20", split="train"),
        Row("nobody.png", "", dataset="pad_ufes_20", split="train"),
        Row("damaged.png", "normal_skin", dataset="pad_ufes_20", split="train"),
        Row("skin.png", "normal_skin", dataset="a set of mine", split="validation"),
    ]
    for row in rows:
        Image.new("RGB", (200, 100), (214, 168, 144)).save(tmp_path / row.photo)
    (tmp_path / "damaged.png").write_bytes(b"\x89PNG\r\n\x1a\n damaged")
    return Manifest(tmp_path, tuple(rows))


def loaded(manifest: Manifest, outputs: tuple[str, ...]) -> LabelledPhotos:
    return load_labelled(manifest, outputs, load().categories, read_catalogue(), short_side=50)


def test_photos_that_teach_something_are_loaded(
    manifest: Manifest, caplog: pytest.LogCaptureFixture
) -> None:
    found = loaded(manifest, ("cherry_angioma", "normal_skin"))
    assert [row.photo for row in found.rows] == ["angioma.png", "coarse.png", "skin.png"]
    assert found.truth.tolist() == [[True, False], [True, True], [False, True]]
    assert "damaged.png" in caplog.text, "what cannot be read is said"
    assert [p.shape for p in found.pixels] == [(42, 100, 3), (50, 100, 3), (50, 100, 3)], (
        "brought down to 50, and a mark at the bottom cut off where the catalogue says so"
    )


def test_splits_are_chosen_without_copying(manifest: Manifest) -> None:
    found = loaded(manifest, ("cherry_angioma", "normal_skin"))
    some = found.where("test", "validation")
    assert [row.photo for row in some.rows] == ["coarse.png", "skin.png"]
    assert some.pixels[0] is found.pixels[1]
    assert some.truth.tolist() == [[True, True], [False, True]]


def test_nothing_to_learn_is_said(manifest: Manifest) -> None:
    only = replace(manifest, rows=manifest.rows[2:4])
    with pytest.raises(TrainingError, match="no photo with a label"):
        loaded(only, ("cherry_angioma", "normal_skin"))


def test_a_split_without_photos_is_said(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="no photo with a label"):
        loaded(Manifest(tmp_path, ()), ("cherry_angioma", "normal_skin"))


def test_photos_in_another_folder_are_one_sentence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rows = tuple(Row(f"{n}.png", "cherry_angioma", dataset="own") for n in range(30))
    with pytest.raises(TrainingError, match="None of the manifest's 30 photos") as told:
        loaded(Manifest(tmp_path, rows), ("cherry_angioma", "normal_skin"))
    assert str(tmp_path) in str(told.value), "where they were looked for"
    assert len(caplog.records) == 11, "ten are named, then how many there are: no page of them"
    assert "30 photos in all" in caplog.text


ALL_OF_IT = AugmentationRecipe(
    scale=(0.3, 1.0), brightness=0.3, contrast=0.3, saturation=0.3, hue=0.05, blur=1.0,
    low_resolution=1.0, jpeg=1.0,
)  # fmt: skip
NONE_OF_IT = AugmentationRecipe(
    scale=(1.0, 1.0), brightness=0.0, contrast=0.0, saturation=0.0, hue=0.0, blur=0.0,
    low_resolution=0.0, jpeg=0.0,
)  # fmt: skip


@pytest.mark.parametrize("recipe", [ALL_OF_IT, NONE_OF_IT])
def test_a_variation_is_a_photo_of_one_size(recipe: AugmentationRecipe) -> None:
    photo = torch.randint(0, 256, (3, 50, 80), dtype=torch.uint8)
    for _ in range(5):
        varied = Augmentation(recipe, 32)(photo)
        assert varied.shape == (3, 32, 32)
        assert varied.dtype == torch.uint8
        assert varied.is_contiguous()


def test_without_variation_the_colour_stays() -> None:
    photo = torch.tensor([200, 30, 60], dtype=torch.uint8).view(3, 1, 1).expand(3, 40, 40)
    varied = Augmentation(NONE_OF_IT, 32)(photo.contiguous())
    assert (varied.float() - photo[:, :32, :32].float()).abs().max() <= 1


def test_photos_for_training_and_for_measuring() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8)
    given = LabelledPhotos((Row("x", "a"),), (pixels,), np.array([[True, False, True]]), OUTPUTS)
    spec = InputSpec(32, 36, "center", (0.5, 0.5, 0.5), (0.5, 0.5, 0.5), "bicubic")
    measuring = MeasuringPhotos(given, spec)
    assert len(measuring) == 1
    assert np.array_equal(measuring[0].numpy(), prepare(pixels, spec)[0]), "as inference sees it"
    training = TrainingPhotos(given, Augmentation(NONE_OF_IT, 32))
    image, truth = training[0]
    assert len(training) == 1
    assert image.shape == (3, 32, 32)
    assert truth.tolist() == [1.0, 0.0, 1.0]
