"""One training run: a folder that holds all of it and from which it can resume."""

import csv
import json
import logging
import random
import time
from pathlib import Path

import msgspec
import torch
from safetensors.torch import save_file

from reddots.training.looking import input_spec
from reddots.training.measure import Progress
from reddots.training.photos import LabelledPhotos
from reddots.training.provenance import command_line, git_revision
from reddots.training.recipe import Recipe
from reddots.training.run_folder import RunFolder
from reddots.training.trainer import Trainer
from reddots.whole import whole_file, write_whole

_log = logging.getLogger(__name__)


def train_run(
    recipe: Recipe, photos: LabelledPhotos, folder: RunFolder, *, resume: bool, workers: int
) -> Progress:
    """Train on the split ``train``, keep the epoch that does best on ``validation``; return it.

    After each epoch the state is saved whole, so a killed run resumes with ``resume``.
    """
    random.seed(recipe.data.seed)
    torch.manual_seed(recipe.data.seed)
    trainer = Trainer(recipe, photos, workers)
    first, best = 0, None
    if resume and folder.last.exists():
        first, best = trainer.restore(torch.load(folder.last, weights_only=True))
        _log.info("resumed after epoch %d", first)
    else:
        _write_facts(folder, recipe, photos, trainer.shares)
        folder.log.unlink(missing_ok=True)
    for epoch in range(first, recipe.optimiser.epochs):
        start = time.monotonic()
        loss = trainer.epoch(epoch)
        progress = trainer.validate()
        if best is None or progress.log_loss < best.log_loss:
            best = progress
            with whole_file(folder.best) as partial:
                save_file(trainer.averaged_weights(), partial)
        _append(folder.log, epoch + 1, loss, progress, time.monotonic() - start)
        with whole_file(folder.last) as partial:
            torch.save(trainer.state(epoch + 1, best), partial)
    if best is None:
        return trainer.validate()
    return best


def _write_facts(
    folder: RunFolder, recipe: Recipe, photos: LabelledPhotos, shares: dict[str, float]
) -> None:
    facts = {
        "outputs": photos.outputs,
        "training_shares": shares,
        "input": msgspec.structs.asdict(input_spec(recipe)),
        "backbone": recipe.network.backbone,
        "command": command_line(),
        "git": git_revision(),
        "torch": torch.__version__,
    }
    write_whole(folder.facts, json.dumps(facts, indent=1).encode())


def _append(path: Path, epoch: int, loss: float, progress: Progress, seconds: float) -> None:
    names = [
        "epoch",
        "train_loss",
        "log_loss",
        "balanced_accuracy",
        *progress.sensitivity,
        "seconds",
    ]
    sensitivities = [f"{s:.4f}" if s is not None else "" for s in progress.sensitivity.values()]
    new = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        if new:
            writer.writerow(names)
        figures = [f"{loss:.4f}", f"{progress.log_loss:.4f}", f"{progress.balanced_accuracy:.4f}"]
        writer.writerow([epoch, *figures, *sensitivities, f"{seconds:.0f}"])
    _log.info(
        "epoch %d: loss %.3f, validation log loss %.3f, balanced accuracy %.3f, %.0f s",
        epoch, loss, progress.log_loss, progress.balanced_accuracy, seconds,
    )  # fmt: skip
