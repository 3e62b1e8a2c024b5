"""Training run: a folder that holds all of it and from which it can resume."""

import io
import json
import logging
import time
from collections.abc import Callable
from pickle import UnpicklingError

import msgspec
import torch
from accelerate import Accelerator
from accelerate.utils import set_seed
from safetensors.torch import save

from reddots._atomic import atomic_write
from reddots.errors import TrainingError
from reddots.training.dataset import LabelledPhotos
from reddots.training.distributed import open_processes
from reddots.training.history import RunLog
from reddots.training.metrics import Progress
from reddots.training.predict import input_spec
from reddots.training.provenance import command_line, git_revision
from reddots.training.recipe import Recipe
from reddots.training.run_folder import RunFolder
from reddots.training.trainer import Trainer

_log = logging.getLogger(__name__)
_DAMAGED = (OSError, EOFError, RuntimeError, ValueError, KeyError, TypeError, UnpicklingError)
OnStep = Callable[[int, int, float], None]


def train_run(
    recipe: Recipe,
    photos: LabelledPhotos,
    folder: RunFolder,
    *,
    resume: bool,
    workers: int,
    accelerator: Accelerator | None = None,
    on_step: OnStep | None = None,
) -> Progress | None:
    """Train on the split ``train``, keep the epoch that does best on ``validation``; return it.

    After each epoch the state is saved whole, so a killed run resumes with ``resume``. Of several
    processes the first one measures and writes; the others return None.

    Args:
        recipe: the settings.
        photos: of both splits.
        folder: of the run.
        resume: go on after the last whole epoch.
        workers: processes that vary photos, for each process that learns.
        accelerator: where to compute; found out by default.
        on_step: given the epoch, how many steps it has, and the loss.
    """
    accelerator = accelerator or open_processes()
    set_seed(recipe.data.seed)
    trainer = Trainer(recipe, photos, workers, accelerator)
    first, best = 0, None
    if resume and folder.last.exists():
        try:
            first, best = trainer.restore(
                torch.load(folder.last, map_location="cpu", weights_only=True)
            )
        except _DAMAGED as error:
            raise TrainingError(
                f"{folder.last} is damaged, or of another version or recipe. "
                "Run with --overwrite to start again."
            ) from error
        _log.info("resumed after epoch %d", first)
    elif accelerator.is_main_process:
        _write_facts(folder, recipe, photos, trainer.shares)
    log = RunLog(folder.log, first)
    for epoch in range(first, recipe.optimiser.epochs):
        start = time.monotonic()

        def step(loss: float, epoch: int = epoch) -> None:
            if on_step:
                on_step(epoch, trainer.steps, loss)

        loss = trainer.epoch(epoch, step)
        if accelerator.is_main_process:
            progress = trainer.validate()
            if best is None or progress.log_loss < best.log_loss:
                best = progress
                atomic_write(folder.best, save(trainer.averaged_weights()))
            seconds = time.monotonic() - start
            log.add(epoch + 1, loss, progress, seconds)
            _log.info(
                "epoch %d: loss %.3f, validation log loss %.3f, balanced accuracy %.3f, %.0f s",
                epoch + 1, loss, progress.log_loss, progress.balanced_accuracy, seconds,
            )  # fmt: skip
            state = io.BytesIO()  # to a file of their own both libraries hide that a disk is full
            torch.save(trainer.state(epoch + 1, best), state)
            atomic_write(folder.last, state.getvalue())
        accelerator.wait_for_everyone()
    return best


def _write_facts(
    folder: RunFolder, recipe: Recipe, photos: LabelledPhotos, shares: dict[str, float]
) -> None:
    facts = {
        "outputs": photos.outputs,
        "training_shares": shares,
        "input": msgspec.structs.asdict(input_spec(recipe)),
        "backbone": recipe.network.backbone,
        "seed": recipe.data.seed,
        "epochs": recipe.optimiser.epochs,
        "command": command_line(),
        "git": git_revision(),
        "torch": torch.__version__,
    }
    atomic_write(folder.facts, json.dumps(facts, indent=1).encode())
