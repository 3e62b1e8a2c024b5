"""One training run: a folder that holds all of it and from which it can resume."""

import csv
import json
import logging
import random
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import save_file
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torch.utils.data import DataLoader, WeightedRandomSampler

from reddots.classifier.network import MEAN, STD, SpotNetwork, load_pretrained
from reddots.classifier.preprocessing import InputSpec
from reddots.training.augmentation import Augmentation
from reddots.training.measure import Progress, measure, softmax
from reddots.training.photos import LabelledPhotos, MeasuringPhotos, TrainingPhotos, draw_weights
from reddots.training.recipe import Recipe

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RunFolder:
    """Where a run keeps what it is, what it did and what it learnt."""

    path: Path

    @property
    def last(self) -> Path:
        """Everything needed to resume after the last whole epoch."""
        return self.path / "last.pt"

    @property
    def best(self) -> Path:
        """The weights of the epoch that did best on the validation split."""
        return self.path / "best.safetensors"

    @property
    def log(self) -> Path:
        """One row an epoch."""
        return self.path / "log.csv"

    @property
    def facts(self) -> Path:
        """What was trained on what, and how."""
        return self.path / "run.json"

    @property
    def manifest(self) -> Path:
        """The rows with their splits."""
        return self.path / "manifest.csv"

    @property
    def recipe(self) -> Path:
        """The recipe, copied."""
        return self.path / "recipe.toml"


def input_spec(recipe: Recipe) -> InputSpec:
    """Return the input that a network of this recipe takes."""
    network = recipe.network
    return InputSpec(network.size, network.resize, "center", MEAN, STD, "bicubic")


def train_run(
    recipe: Recipe, photos: LabelledPhotos, folder: RunFolder, *, resume: bool, workers: int
) -> Progress:
    """Train on the split ``train``, keep the epoch that does best on ``validation``; return it.

    After each epoch the state is saved whole, so a killed run resumes with ``resume``.
    """
    random.seed(recipe.data.seed)
    torch.manual_seed(recipe.data.seed)
    trainer = _Trainer(recipe, photos, workers)
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
            partial = folder.best.with_suffix(".partial")
            save_file(trainer.averaged_weights(), partial)
            partial.replace(folder.best)
        _append(folder.log, epoch + 1, loss, progress, time.monotonic() - start)
        partial = folder.last.with_suffix(".partial")
        torch.save(trainer.state(epoch + 1, best), partial)
        partial.replace(folder.last)
    if best is None:
        return trainer.validate()
    return best


class _Trainer:
    def __init__(self, recipe: Recipe, photos: LabelledPhotos, workers: int) -> None:
        self._recipe, self._workers = recipe, workers
        self._train, self._validation = photos.where("train"), photos.where("validation")
        self._weights, self.shares = draw_weights(self._train, recipe.data.shares)
        network = recipe.network
        self._network = SpotNetwork(network.backbone, len(photos.outputs), network.drop_rate)
        load_pretrained(self._network, network.weights, network.backbone)
        self._network.to(memory_format=torch.channels_last)
        self._average = AveragedModel(
            self._network,
            multi_avg_fn=get_ema_multi_avg_fn(recipe.optimiser.average),  # type: ignore[no-untyped-call]
            use_buffers=True,
        )
        self._prepare_optimiser()

    def _prepare_optimiser(self) -> None:
        settings = self._recipe.optimiser
        self._network.freeze(self._recipe.network.frozen_stages)
        head = list(self._network.head.parameters())
        own = {id(p) for p in head}
        body = [p for p in self._network.parameters() if p.requires_grad and id(p) not in own]
        self._optimiser = torch.optim.AdamW(
            [{"params": body, "lr": settings.rate}, {"params": head, "lr": settings.head_rate}],
            weight_decay=settings.weight_decay,
        )
        steps = settings.epochs * (settings.samples // settings.batch) + 1
        # The schedule divides by the warm-up's steps less one.
        warm_up = max(settings.warm_up, 2 / steps)
        self._schedule = torch.optim.lr_scheduler.OneCycleLR(
            self._optimiser,
            max_lr=[settings.rate, settings.head_rate],
            total_steps=steps,
            pct_start=warm_up,
        )

    def epoch(self, number: int) -> float:
        """Draw one epoch's samples, learn from them, return the mean loss."""
        settings = self._recipe.optimiser
        # Seeded anew each epoch, so that a resumed run draws what an uninterrupted one does.
        seed = self._recipe.data.seed * 1000 + number
        random.seed(seed)
        draw = torch.Generator().manual_seed(seed)
        augmented = TrainingPhotos(
            self._train, Augmentation(self._recipe.augmentation, self._recipe.network.train_size)
        )
        loader = DataLoader(
            augmented,
            batch_size=settings.batch,
            sampler=WeightedRandomSampler(self._weights.tolist(), settings.samples, generator=draw),
            num_workers=self._workers,
            worker_init_fn=_seed_worker,
            drop_last=True,
            generator=draw,
        )
        self._network.train()
        self._network.freeze(self._recipe.network.frozen_stages)
        total = 0.0
        for images, truth in loader:
            loss = self._step(images, truth)
            total += loss
        return total / len(loader)

    def _step(self, images: torch.Tensor, truth: torch.Tensor) -> float:
        mean = torch.tensor(MEAN).view(1, 3, 1, 1)
        std = torch.tensor(STD).view(1, 3, 1, 1)
        inputs = ((images.float() / 255 - mean) / std).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits, _ = self._network(inputs)
        loss = coarse_cross_entropy(logits.float(), truth, self._recipe.optimiser.smoothing)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._network.parameters(), 2.0)
        self._optimiser.step()
        self._schedule.step()
        self._average.update_parameters(self._network)
        return float(loss.detach())

    def validate(self) -> Progress:
        """Measure the averaged weights on the validation split."""
        logits = network_logits(
            self._average.module, self._validation, input_spec(self._recipe), self._workers
        )
        return measure(softmax(logits), self._validation.truth, self._validation.outputs)

    def averaged_weights(self) -> dict[str, torch.Tensor]:
        """Return a copy of the moving average, as it is kept."""
        state = self._average.module.state_dict()
        return {k: v.detach().clone().contiguous() for k, v in state.items()}

    def state(self, epochs: int, best: Progress) -> dict[str, Any]:
        """Return all that is needed to resume, plain enough for a load of weights only."""
        return {
            "epochs": epochs,
            "best": asdict(best),
            "network": self._network.state_dict(),
            "average": self._average.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "schedule": self._schedule.state_dict(),
            "torch_rng": torch.get_rng_state(),
        }

    def restore(self, state: dict[str, Any]) -> tuple[int, Progress]:
        """Take up a saved state; return how many epochs are done and the best so far."""
        self._network.load_state_dict(state["network"])
        self._average.load_state_dict(state["average"])
        self._optimiser.load_state_dict(state["optimiser"])
        self._schedule.load_state_dict(state["schedule"])
        torch.set_rng_state(state["torch_rng"])
        return int(state["epochs"]), Progress(**state["best"])


def coarse_cross_entropy(
    logits: torch.Tensor, truth: torch.Tensor, smoothing: float = 0.0
) -> torch.Tensor:
    """Return the mean loss of logits (N × K) for truth (N × K, 1 for each output it may mean).

    A coarse label trains the sum of its parts: −log Σ p over them. Smoothing mixes in the mean over
    all outputs (Szegedy et al. 2016).
    """
    log_p = torch.log_softmax(logits, dim=1)
    of_truth = torch.logsumexp(log_p.masked_fill(truth == 0, float("-inf")), dim=1)
    return -((1 - smoothing) * of_truth + smoothing * log_p.mean(dim=1)).mean()


def network_logits(
    network: nn.Module,
    photos: LabelledPhotos,
    spec: InputSpec,
    workers: int = 0,
    *,
    exact: bool = False,
) -> npt.NDArray[np.float32]:
    """Return the logits (N × K, float32) of all photos, in order.

    With ``exact`` they are worked out in float32, as inference does; else faster, in bfloat16.
    """
    network.eval()
    loader = DataLoader(MeasuringPhotos(photos, spec), batch_size=32, num_workers=workers)
    found = []
    rounded = torch.autocast("cpu", dtype=torch.bfloat16, enabled=not exact)
    with torch.inference_mode(), rounded:
        for images in loader:
            logits, _ = network(images.contiguous(memory_format=torch.channels_last))
            found.append(logits.float().numpy())
    return np.concatenate(found)


def _seed_worker(_: int) -> None:
    random.seed(torch.initial_seed() % 2**32)


def git_revision() -> str:
    """Return the revision of the code, or “unknown” outside a checkout."""
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=12"],  # noqa: S607
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parent,
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()


def command_line() -> str:
    """Return the command that runs now, with only the name of a whole path: it is private."""
    arguments = [Path(a).name if Path(a).is_absolute() else a for a in sys.argv[1:]]
    return " ".join(["reddots", *arguments])


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
    folder.facts.write_text(json.dumps(facts, indent=1), encoding="utf-8")


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
