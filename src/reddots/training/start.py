"""From a manifest to a training run: terms checked, splits made, photos decoded."""

import logging
from collections import Counter
from pathlib import Path

import msgspec

from reddots.datasets.catalogue import read_catalogue, require_trainable
from reddots.datasets.labels import label_outputs, outputs_in_order
from reddots.datasets.manifest import Manifest, read_manifest, with_splits, write_manifest
from reddots.datasets.splits import assign_splits
from reddots.errors import TrainingError
from reddots.knowledge.categories import Category, read_categories
from reddots.shipped import folder as shipped_folder
from reddots.training.photos import load_labelled
from reddots.training.recipe import Recipe
from reddots.training.run import train_run
from reddots.training.run_folder import RunFolder

_log = logging.getLogger(__name__)


def start_run(
    recipe: Recipe,
    manifest_path: Path,
    output: Path,
    *,
    resume: bool = False,
    workers: int = 1,
    epochs: int | None = None,
) -> None:
    """Train as ``recipe`` says on the photos of a manifest, into the folder ``output``.

    Raises:
        ManifestError: the manifest cannot be used, or its terms forbid training.
        TrainingError: there is nothing to learn from.
    """
    categories = read_categories(shipped_folder("data") / "categories.toml")
    catalogue = read_catalogue()
    manifest = split_manifest(read_manifest(manifest_path), recipe.data.seed)
    require_trainable(manifest.rows, catalogue)
    outputs = learnable_outputs(manifest, categories, recipe)
    run = RunFolder(output)
    write_manifest(manifest.rows, run.manifest)
    _log.info("decoding %d photos", len(manifest.rows))
    photos = load_labelled(manifest, outputs, categories, catalogue, recipe.data.short_side)
    if epochs is not None:
        recipe = msgspec.structs.replace(
            recipe, optimiser=msgspec.structs.replace(recipe.optimiser, epochs=epochs)
        )
    for split in ("train", "validation"):
        if not photos.where(split).rows:
            raise TrainingError(f"No photo that can be read is in the split “{split}”.")
    best = train_run(recipe, photos, run, resume=resume, workers=workers)
    _log.info("best epoch: balanced accuracy %.3f on validation", best.balanced_accuracy)


def split_manifest(manifest: Manifest, seed: int) -> Manifest:
    """Return the manifest with splits; those that it has already are kept.

    Raises:
        TrainingError: only a part of the rows has one.
        ManifestError: there are too few photos to split.
    """
    have = sum(bool(row.split) for row in manifest.rows)
    if have == len(manifest.rows):
        return manifest
    if have:
        raise TrainingError(
            f"{have} of {len(manifest.rows)} rows of the manifest have a split. Give all or none."
        )
    return Manifest(manifest.folder, with_splits(manifest.rows, assign_splits(manifest.rows, seed)))


def learnable_outputs(
    manifest: Manifest, categories: dict[str, Category], recipe: Recipe
) -> tuple[str, ...]:
    """Return the outputs with enough training photos, in the order of ``categories.toml``.

    Raises:
        TrainingError: fewer than two are left, or one has no share in the recipe.
    """
    counts: Counter[str] = Counter()
    for row in manifest.only("train").rows:
        meaning = label_outputs(row.label, categories)
        if len(meaning) == 1:
            counts.update(meaning)
    outputs = tuple(
        o for o in outputs_in_order(categories) if counts[o] >= recipe.data.least_photos
    )
    if len(outputs) < 2:  # noqa: PLR2004
        raise TrainingError("There are not enough labelled photos of two outputs to learn from.")
    missing = set(outputs) - set(recipe.data.shares)
    if missing:
        raise TrainingError(f"The recipe has no share for {sorted(missing)}.")
    return outputs
