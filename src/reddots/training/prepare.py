"""Preparing a training run: terms checked, splits made, photos decoded."""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from reddots.datasets.catalogue import read_catalogue, require_trainable
from reddots.datasets.labels import label_outputs, outputs_in_order
from reddots.datasets.manifest import Manifest, read_manifest, with_splits, write_manifest
from reddots.datasets.splits import assign_splits
from reddots.errors import TrainingError
from reddots.knowledge import load
from reddots.knowledge.categories import Category
from reddots.training.dataset import load_labelled
from reddots.training.distributed import open_processes
from reddots.training.recipe import Recipe
from reddots.training.run import OnStep, train_run
from reddots.training.run_folder import RunFolder

_log = logging.getLogger(__name__)


def start_run(
    recipe: Recipe,
    manifest_path: Path,
    output: Path,
    *,
    resume: bool = False,
    workers: int = 1,
    on_step: OnStep | None = None,
) -> None:
    """Train as ``recipe`` says on the photos of a manifest, into the folder ``output``.

    Raises:
        ManifestError: the manifest cannot be used, or its terms forbid training.
        TrainingError: there is nothing to learn from.
    """
    categories = load().categories
    catalogue = read_catalogue()
    settings = recipe.data
    manifest = split_manifest(read_manifest(manifest_path), settings.seed, settings.hold_out)
    require_trainable(manifest.rows, catalogue)
    outputs = learnable_outputs(manifest, categories, recipe)
    for label, count in left_out(manifest, categories, outputs).items():
        _log.info(
            "left out: %d training photos of “%s”, which means no output learnt", count, label
        )
    accelerator = open_processes()
    run = RunFolder(output)
    if accelerator.is_main_process:
        write_manifest(manifest.rows, run.manifest)
    else:
        logging.getLogger("reddots").setLevel(logging.WARNING)
    taught = manifest.only("train", "validation")
    _log.info("decoding %d photos", len(taught.rows))
    photos = load_labelled(taught, outputs, categories, catalogue, settings.short_side)
    for split in ("train", "validation"):
        if not photos.where(split).rows:
            raise TrainingError(f"No photo that can be read is in the split “{split}”.")
    best = train_run(
        recipe, photos, run, resume=resume, workers=workers, accelerator=accelerator,
        on_step=on_step if accelerator.is_main_process else None,
    )  # fmt: skip
    if best:
        _log.info("best epoch: balanced accuracy %.3f on validation", best.balanced_accuracy)


def split_manifest(manifest: Manifest, seed: int, hold_out: Sequence[str] = ()) -> Manifest:
    """Return the manifest with splits; those that it has already are kept.

    Photos of the data sets ``hold_out``, and of groups that reach into one, are in ``test`` only.

    Raises:
        TrainingError: only a part of the rows has one, or there is no set of that name.
        ManifestError: there are too few photos to split.
    """
    unknown = set(hold_out) - {row.dataset for row in manifest.rows}
    if unknown:
        raise TrainingError(f"The manifest has no data set {sorted(unknown)} to hold out.")
    groups = {row.group for row in manifest.rows if row.dataset in hold_out}
    kept = [row for row in manifest.rows if row.dataset not in hold_out and row.group not in groups]
    have = sum(bool(row.split) for row in kept)
    if 0 < have < len(kept):
        raise TrainingError(
            f"{have} of {len(kept)} rows of the manifest have a split. Give all or none."
        )
    if not groups and have:
        return manifest
    if kept and not have:
        kept = list(with_splits(kept, assign_splits(kept, seed)))
    ready = {row.photo: row for row in kept}
    rows = (ready.get(row.photo) or replace(row, split="test") for row in manifest.rows)
    return Manifest(manifest.folder, tuple(rows))


def left_out(
    manifest: Manifest, categories: Mapping[str, Category], outputs: Sequence[str]
) -> dict[str, int]:
    """Return, by label, how many training photos no output of ``outputs`` is learnt from."""
    counts = Counter(
        row.label or "no label"
        for row in manifest.only("train").rows
        if not set(label_outputs(row.label, categories)) & set(outputs)
    )
    return dict(counts.most_common())


def learnable_outputs(
    manifest: Manifest, categories: Mapping[str, Category], recipe: Recipe
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
    if len(outputs) < 2:
        raise TrainingError("There are not enough labelled photos of two outputs to learn from.")
    missing = set(outputs) - set(recipe.data.shares)
    if missing:
        raise TrainingError(f"The recipe has no share for {sorted(missing)}.")
    return outputs
