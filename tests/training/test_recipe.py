"""A recipe that cannot work is refused before anything is trained."""

from pathlib import Path

import pytest

from reddots._resources import folder
from reddots.errors import TrainingError
from reddots.training.recipe import read_recipe
from training.tiny_run import recipe_text

# what is there, what is put in its place, words that the message must have, why
BAD = [
    ("[network]", "[network", ["line"], "no TOML"),
    ("seed = 0\n", "", ["seed"], "a key is missing"),
    ("seed = 0\n", "seed = 0\ncolour = 1\n", ["colour"], "an unknown key"),
    ("seed = 0\n", 'seed = "zero"\n', ["seed"], "a word for a number"),
    ("\nsize = 32", "\nsize = 16", ["size must be 32 or more"], "a network needs more pixels"),
    ("\nsize = 32", "\nsize = 64", ["up to resize"], "a cut larger than the photo"),
    ("not_skin = 0.3", "not_skin = 0.0", ["above 0"], "a share of nothing"),
    ("not_skin = 0.3", "not_skin = -0.3", ["above 0"], "a share below nothing"),
    ("scale = [0.6, 1.0]", "scale = [0.6]", ["scale"], "one end of a range"),
    ("jpeg = 0.2", "jpeg = 0.2\nmixup = -1.0", ["mixup and cutmix"], "mixing by less than nothing"),
    ("\nbatch_size = 16", "\nbatch = 16", ["“batch_size” instead of “batch”"], "an old name"),
    ("\nema_decay = 0.5", "\naverage = 0.5", ["“ema_decay” instead of “average”"], "another"),
    (
        "jpeg = 0.2",
        "jpeg = 0.2\n[distillation]\nteachers = []",
        ["needs teachers"],
        "a school without",
    ),
    (
        "jpeg = 0.2",
        'jpeg = 0.2\n[distillation]\nteachers = ["a"]\nweight = 2.0',
        ["from 0 to 1"],
        "more than all",
    ),
    (
        "jpeg = 0.2",
        'jpeg = 0.2\n[distillation]\nteachers = ["a"]\ntemperature = 0.0',
        ["above 0"],
        "freezing",
    ),
]


@pytest.mark.parametrize(("old", "new", "words", "why"), BAD, ids=[row[3] for row in BAD])
def test_bad_recipes_are_named(
    tmp_path: Path, old: str, new: str, words: list[str], why: str
) -> None:
    text = recipe_text("timm")
    assert old in text, "the row is out of date"
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(old, new))
    with pytest.raises(TrainingError) as caught:
        read_recipe(path)
    for word in ["recipe", "mine.toml", *words]:
        assert word in str(caught.value), f"{why}: {caught.value}"


def test_a_recipe_without_shares_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    lines = recipe_text("timm").splitlines()
    path.write_text("\n".join(x for x in lines if not x.startswith(("cherry", "normal", "not_"))))
    with pytest.raises(TrainingError, match="above 0"):
        read_recipe(path)


def test_new_keys_may_be_left_out(tmp_path: Path) -> None:
    (tmp_path / "old.toml").write_text(recipe_text("timm"))
    recipe = read_recipe(tmp_path / "old.toml")
    assert (recipe.augmentation.mixup, recipe.augmentation.cutmix) == (0.0, 0.0)
    assert recipe.data.hold_out == ()
    assert recipe.distillation is None
    assert (recipe.run.manifest, recipe.run.output) == ("", "")


def test_paths_start_from_the_recipe(tmp_path: Path) -> None:
    more = '[distillation]\nteachers = ["a", "/b"]\n[run]\nmanifest = "m/photos.csv"\noutput = "../run"\n'
    (tmp_path / "new.toml").write_text(recipe_text("timm") + more)
    recipe = read_recipe(tmp_path / "new.toml")
    assert recipe.distillation is not None
    assert recipe.distillation.teachers == (str(tmp_path / "a"), "/b")
    assert recipe.run.manifest == str(tmp_path / "m" / "photos.csv")
    assert recipe.run.output == str(tmp_path / ".." / "run")


def test_a_missing_recipe_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"mine\.toml: cannot be read"):
        read_recipe(tmp_path / "mine.toml")


@pytest.mark.parametrize("path", sorted((folder("data") / "training").glob("*.toml")))
def test_shipped_recipes_are_read(path: Path) -> None:
    recipe = read_recipe(path)
    assert sum(recipe.data.shares.values()) == pytest.approx(1, abs=0.02)
    assert recipe.data.short_side >= recipe.network.train_size
    assert recipe.network.resize >= recipe.network.size
