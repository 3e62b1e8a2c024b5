"""Before a run starts, splits are made or kept, and what cannot be learnt is said."""

from pathlib import Path

import pytest
from PIL import Image

pytest.importorskip("torch", reason="training needs torch, of the extra “train”")

from reddots.datasets.manifest import Manifest, Row, write_manifest
from reddots.errors import ManifestError, TrainingError
from reddots.knowledge import load
from reddots.training.prepare import learnable_outputs, left_out, split_manifest, start_run
from reddots.training.recipe import Recipe, read_recipe
from reddots.training.run_folder import RunFolder
from training.tiny_run import recipe_text


def manifest(*cells: tuple[str, int, str]) -> Manifest:
    """Labels, how many photos of each, and their split."""
    rows = [
        Row(f"{label}-{split}-{i}.png", label, dataset="pad_ufes_20", group=f"{label}{split}{i}", split=split)
        for label, count, split in cells
        for i in range(count)
    ]  # fmt: skip
    return Manifest(Path(), tuple(rows))


@pytest.fixture
def recipe(tmp_path: Path) -> Recipe:
    path = tmp_path / "recipe.toml"
    path.write_text(recipe_text("timm"))
    return read_recipe(path)


def test_splits_that_are_there_are_kept() -> None:
    given = manifest(("normal_skin", 3, "train"), ("not_skin", 2, "test"))
    assert split_manifest(given, seed=0) is given


def test_missing_splits_are_made() -> None:
    given = manifest(("normal_skin", 60, ""), ("not_skin", 40, ""))
    made = split_manifest(given, seed=0)
    assert [r.photo for r in made.rows] == [r.photo for r in given.rows]
    assert {r.split for r in made.rows} == {"train", "validation", "calibration", "test"}
    assert made == split_manifest(given, seed=0)


def test_half_a_split_is_refused() -> None:
    with pytest.raises(TrainingError, match=r"3 of 5 rows.*all or none"):
        split_manifest(manifest(("normal_skin", 3, "train"), ("not_skin", 2, "")), seed=0)


def sets(*cells: tuple[str, str, str]) -> Manifest:
    """Data sets, groups and splits, one photo each."""
    rows = [
        Row(f"{i}.png", "not_skin", dataset=d, group=g, split=s)
        for i, (d, g, s) in enumerate(cells)
    ]
    return Manifest(Path(), tuple(rows))  # fmt: skip


# photos, sets held out, splits, why
HELD_OUT = [
    ([("x", "1", "train"), ("y", "2", "train")], ["y"], ["train", "test"], "a set is tested on, whatever its split was"),
    ([("x", "1", "train"), ("y", "1", ""), ("y", "2", "")], ["y"], ["test"] * 3, "and so is a group that reaches into it"),
    ([("x", "1", "validation"), ("y", "2", ""), ("z", "3", "")], ["y", "z"], ["validation", "test", "test"], "two sets"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "hold_out", "splits", "why"), HELD_OUT, ids=[r[3] for r in HELD_OUT]
)
def test_sets_are_held_out(
    cells: list[tuple[str, str, str]], hold_out: list[str], splits: list[str], why: str
) -> None:
    found = split_manifest(sets(*cells), 0, hold_out)
    assert [row.split for row in found.rows] == splits, why
    assert [row.photo for row in found.rows] == [f"{i}.png" for i in range(len(cells))]


def test_what_is_left_of_the_sets_is_split() -> None:
    cells = [("x", f"x{i}", "") for i in range(60)] + [("y", f"y{i}", "") for i in range(9)]
    found = split_manifest(sets(*cells), 0, ["y"])
    assert {r.split for r in found.rows if r.dataset == "x"} == {
        "train",
        "validation",
        "calibration",
        "test",
    }
    assert {r.split for r in found.rows if r.dataset == "y"} == {"test"}


def test_a_set_that_is_not_there_cannot_be_held_out() -> None:
    with pytest.raises(TrainingError, match=r"no data set .*sd198"):
        split_manifest(sets(("x", "1", "train")), 0, ["sd198"])


# photos, outputs that are learnt, why; the recipe asks for five training photos
LEARNT = [
    ([("not_skin", 5, "train"), ("cherry_angioma", 5, "train")], ("cherry_angioma", "not_skin"), "in the order of the categories"),
    ([("not_skin", 5, "train"), ("cherry_angioma", 9, "train"), ("normal_skin", 4, "train")], ("cherry_angioma", "not_skin"), "four are too few"),
    ([("not_skin", 5, "train"), ("cherry_angioma", 9, "train"), ("normal_skin", 9, "test")], ("cherry_angioma", "not_skin"), "photos that only test teach nothing"),
    ([("not_skin", 5, "train"), ("cherry_angioma", 9, "train"), ("normal_skin|cherry_angioma", 9, "train")], ("cherry_angioma", "not_skin"), "a coarse label alone teaches no output"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "outputs", "why"), LEARNT, ids=[row[2] for row in LEARNT])
def test_what_is_learnt(
    recipe: Recipe, cells: list[tuple[str, int, str]], outputs: tuple[str, ...], why: str
) -> None:
    assert learnable_outputs(manifest(*cells), dict(load().categories), recipe) == outputs, why


# photos, words that the message must have, why
TOO_LITTLE = [
    ([("not_skin", 50, "train")], ["two outputs"], "one output alone"),
    ([("not_skin", 4, "train"), ("normal_skin", 4, "train")], ["two outputs"], "four of each"),
    ([("not_skin", 9, "train"), ("other_rash", 9, "train")], ["no share", "other_rash"], "an output that the recipe leaves out"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "words", "why"), TOO_LITTLE, ids=[r[2] for r in TOO_LITTLE])
def test_what_cannot_be_learnt_is_said(
    recipe: Recipe, cells: list[tuple[str, int, str]], words: list[str], why: str
) -> None:
    with pytest.raises(TrainingError) as caught:
        learnable_outputs(manifest(*cells), dict(load().categories), recipe)
    for word in words:
        assert word in str(caught.value), why


def test_photos_whose_terms_forbid_it_are_not_trained_on(recipe: Recipe, tmp_path: Path) -> None:
    path = tmp_path / "manifest.csv"
    rows = [Row(f"{i}.png", "normal_skin", dataset="dermnetnz", split="train") for i in range(9)]
    write_manifest(rows, path)
    with pytest.raises(ManifestError, match="forbid training"):
        start_run(recipe, path, tmp_path / "run")
    assert not (tmp_path / "run").exists(), "nothing was begun"


def test_a_run_needs_photos_to_choose_the_best_epoch_by(recipe: Recipe, tmp_path: Path) -> None:
    labels = ("cherry_angioma", "normal_skin")
    rows = [
        Row(f"{x}{i}.png", x, dataset="pad_ufes_20", split="train")
        for x in labels
        for i in range(5)
    ]
    for row in rows:
        Image.new("RGB", (48, 48), (214, 168, 144)).save(tmp_path / row.photo)
    write_manifest(rows, tmp_path / "manifest.csv")
    (tmp_path / "run").mkdir()
    with pytest.raises(TrainingError, match="split “validation”"):
        start_run(recipe, tmp_path / "manifest.csv", tmp_path / "run")


def test_labels_that_nothing_is_learnt_from_are_counted() -> None:
    given = manifest(
        ("normal_skin", 3, "train"),
        ("purpura", 2, "train"),
        ("", 4, "train"),
        ("purpura", 9, "test"),
    )
    found = left_out(given, load().categories, ("normal_skin", "not_skin"))
    assert found == {"no label": 4, "purpura": 2}, "of the training split, the most first"


# what the folder holds, options, words of the refusal or None
FOLDERS = [
    (False, {}, None, "an empty folder is free"),
    (True, {}, ["--resume", "--overwrite"], "a run is not overwritten unasked"),
    (True, {"resume": True}, None, "going on loses nothing"),
    (True, {"overwrite": True}, None, "asked for"),
]


@pytest.mark.parametrize(("has_run", "options", "words", "why"), FOLDERS)
def test_a_run_is_not_overwritten_unasked(
    tmp_path: Path, has_run: bool, options: dict[str, bool], words: list[str] | None, why: str
) -> None:
    run = RunFolder(tmp_path)
    if has_run:
        run.facts.write_text("{}")
    if words is None:
        run.require_free(**options)
        return
    with pytest.raises(TrainingError) as caught:
        run.require_free(**options)
    assert all(word in str(caught.value) for word in words), why
