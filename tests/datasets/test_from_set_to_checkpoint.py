"""A person with internet: get SCIN, bring it in, check it, train: and purpura is an output."""

import csv
import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs torch, of the extra “train”")

from PIL import Image

from datasets import fabricated_sets as sets
from datasets.file_server import FileServer
from reddots.datasets.catalogue import RemoteFile, read_catalogue
from reddots.datasets.manifest import read_manifest, write_manifest
from reddots.datasets.quality.check import validate_manifest
from reddots.datasets.quality.groups import merge_groups
from reddots.datasets.sources.fetch import get_set
from reddots.datasets.sources.registry import import_set
from reddots.training.prepare import start_run
from reddots.training.recipe import read_recipe
from reddots.training.run_folder import RunFolder
from training.tiny_run import recipe_text, write_weights

CASES = 50  # of each condition
CONDITIONS = {"Purpura": (120, 20, 60), "Eczema": (235, 190, 80), "Abscess": (80, 120, 235)}


def lesion(colour: tuple[int, int, int], seed: int) -> Image.Image:
    """Skin with dots of the condition's colour; no two alike."""
    random = np.random.default_rng(seed)
    pixels = np.array((214, 168, 144)) + random.normal(0, 20, (6, 6, 3))
    photo = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).resize((64, 64))
    shown = np.asarray(photo).copy()
    y, x = np.mgrid[:64, :64]
    for top, left in random.integers(8, 56, (8, 2)):
        shown[(y - top) ** 2 + (x - left) ** 2 < random.integers(9, 60)] = colour
    return Image.fromarray(shown)


@pytest.fixture
def server(tmp_path: Path, only_loopback: list[str]) -> Iterator[FileServer]:
    """Serve a SCIN of three conditions, one of which means nothing to us."""
    cases, labels, bucket = [], [], tmp_path / "bucket"
    (bucket / "images").mkdir(parents=True)
    for number, condition in enumerate(c for c in CONDITIONS for _ in range(CASES)):
        lesion(CONDITIONS[condition], number).save(bucket / "images" / f"{number}.png")
        path = f"dataset/images/{number}.png"
        cases.append([str(number), *[""] * 5, "FST3", "YES", "", "RASH", path, "", "", "CLOSE_UP"])
        weights = f"{{'{condition}': 0.9, 'Acne': 0.1}}"
        labels.append([str(number), "", "", "", "", weights, "FST3", "", "", "", ""])
    sets.write(bucket / "scin_cases.csv", sets.SCIN_CASES, cases)
    sets.write(bucket / "scin_labels.csv", sets.SCIN_LABELS, labels)
    files = {f"/{p.relative_to(bucket).as_posix()}": p.read_bytes() for p in bucket.rglob("*.*")}
    with FileServer(files) as running:
        yield running
    assert only_loopback == []


@pytest.mark.slow
def test_from_the_bucket_to_a_trained_purpura_output(server: FileServer, tmp_path: Path) -> None:
    scin = msgspec.structs.replace(
        read_catalogue()["scin"],
        files=tuple(
            RemoteFile(name=name, url=f"{server.origin}/{name}")
            for name in ("scin_cases.csv", "scin_labels.csv")
        ),
        origins=(server.origin,),
    )
    assert get_set(scin, tmp_path / "scin").failed == ()
    found = import_set(tmp_path / "scin", "scin", tmp_path)
    assert Counter(r.label for r in found.rows) == {
        "purpura": CASES,
        "other_rash": CASES,
        "": CASES,
    }
    write_manifest(found.rows, tmp_path / "scin.csv")
    checked = validate_manifest(read_manifest(tmp_path / "scin.csv"))
    assert checked.issues == ()
    write_manifest(merge_groups(found.rows, checked.near), tmp_path / "manifest.csv")

    recipe = recipe_text(write_weights(tmp_path).as_posix(), epochs=4)
    recipe = recipe.replace("samples_per_epoch = 64", "samples_per_epoch = 192").replace(
        "warmup_ratio = 0.3", "warmup_ratio = 0.1"
    )
    recipe = recipe.replace("frozen_stages = 1", "frozen_stages = 0")
    shares = "purpura = 0.5\nother_rash = 0.5\n"
    start, _, rest = recipe.partition("cherry_angioma = ")
    recipe = start + shares + rest[rest.index("\n[optimiser]") :]
    assert set(tomllib.loads(recipe)["data"]["shares"]) == {"purpura", "other_rash"}
    (tmp_path / "recipe.toml").write_text(recipe)
    run = RunFolder(tmp_path / "run")
    run.path.mkdir()
    start_run(read_recipe(tmp_path / "recipe.toml"), tmp_path / "manifest.csv", run.path, workers=0)
    assert set(json.loads(run.facts.read_text())["outputs"]) == {"purpura", "other_rash"}
    with run.log.open() as file:
        balanced = [float(row["balanced_accuracy"]) for row in csv.DictReader(file)]
    assert max(balanced) > 0.75, "where real labels are, purpura is learnt"
