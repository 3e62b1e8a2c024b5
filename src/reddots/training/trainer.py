"""Trainer: network, exponential moving average and optimiser, an epoch at a time."""

import random
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import torch
from accelerate import Accelerator
from accelerate.utils import set_seed
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torch.utils.data import DataLoader, WeightedRandomSampler

from reddots.classifier.softmax import softmax
from reddots.training.augmentation import Augmentation
from reddots.training.dataset import LabelledPhotos, TrainingPhotos, draw_weights
from reddots.training.distillation import Teachers, distillation_loss
from reddots.training.distributed import open_processes, share_out
from reddots.training.metrics import Progress, measure
from reddots.training.mixup import Mixing
from reddots.training.networks.network import SpotNetwork, load_pretrained
from reddots.training.predict import input_spec, network_logits
from reddots.training.recipe import Recipe


class Trainer:
    """One run's moving parts, in one process of one or more."""

    def __init__(
        self,
        recipe: Recipe,
        photos: LabelledPhotos,
        workers: int,
        accelerator: Accelerator | None = None,
    ) -> None:
        """Prepare to learn from the split ``train``; ``workers`` processes vary photos."""
        self._recipe, self._workers = recipe, workers
        self._accelerator = accelerator or open_processes()
        self._train, self._validation = photos.where("train"), photos.where("validation")
        self._weights, self.shares = draw_weights(self._train, recipe.data.shares)
        self._spec = input_spec(recipe)
        self._mixing = Mixing(recipe.augmentation.mixup, recipe.augmentation.cutmix)
        device = self._accelerator.device
        self._teachers = (
            Teachers(recipe.distillation.teachers, photos.outputs, device)
            if recipe.distillation
            else None
        )
        network = recipe.network
        self._network = SpotNetwork(network.backbone, len(photos.outputs), network.drop_rate)
        self._network.require_size(network.train_size, network.size)
        load_pretrained(self._network, network.weights, network.backbone)
        if self._accelerator.num_processes > 1 and device.type == "cuda":
            convert: Any = nn.SyncBatchNorm.convert_sync_batchnorm
            self._network = convert(self._network)
        self._network.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._average = AveragedModel(
            self._network,
            multi_avg_fn=warmed_up_average(recipe.optimiser.ema_decay),
            use_buffers=True,
        )
        self._prepare_optimiser()

    def _prepare_optimiser(self) -> None:
        settings = self._recipe.optimiser
        self._network.freeze(self._recipe.network.frozen_stages)
        head = list(self._network.head.parameters())
        own = {id(p) for p in head}
        body = [p for p in self._network.parameters() if p.requires_grad and id(p) not in own]
        optimiser = torch.optim.AdamW(
            [
                {"params": body, "lr": settings.learning_rate},
                {"params": head, "lr": settings.head_learning_rate},
            ],
            weight_decay=settings.weight_decay,
        )
        steps = settings.epochs * (settings.samples_per_epoch // settings.batch_size) + 1
        # The schedule divides by the warm-up's steps less one.
        warmup_ratio = max(settings.warmup_ratio, 2 / steps)
        self._schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimiser,
            max_lr=[settings.learning_rate, settings.head_learning_rate],
            total_steps=steps,
            pct_start=warmup_ratio,
        )
        self._parallel, self._optimiser = self._accelerator.prepare(self._network, optimiser)

    @property
    def steps(self) -> int:
        """How many steps an epoch has."""
        return self._recipe.optimiser.samples_per_epoch // self._recipe.optimiser.batch_size

    def epoch(self, number: int, on_step: Callable[[float], None] | None = None) -> float:
        """Draw one epoch's samples, learn from them, return the mean loss.

        ``on_step`` is given each step's loss.
        """
        settings = self._recipe.optimiser
        # Seeded anew each epoch, so that a resumed run draws what an uninterrupted one does: all
        # processes draw the same photos, and each varies its part of them in its own way.
        seed = self._recipe.data.seed * 1000 + number
        set_seed(seed, device_specific=True)
        draw = torch.Generator().manual_seed(seed)
        vary = torch.Generator().manual_seed(seed + self._accelerator.process_index)
        augmented = TrainingPhotos(
            self._train, Augmentation(self._recipe.augmentation, self._recipe.network.train_size)
        )
        loader = DataLoader(
            augmented,
            batch_size=settings.batch_size,
            sampler=WeightedRandomSampler(
                self._weights.tolist(), settings.samples_per_epoch, generator=draw
            ),
            num_workers=self._workers,
            worker_init_fn=_seed_worker,
            drop_last=True,
            generator=vary,
        )
        self._parallel.train()
        self._network.freeze(self._recipe.network.frozen_stages)
        losses = []
        for images, truth in share_out(loader, self._accelerator, settings.batch_size):
            losses.append(self._step(images, truth))
            if on_step:
                on_step(losses[-1])
        own = torch.tensor(losses, device=self._accelerator.device)
        return float(self._accelerator.gather(own).mean())

    def _step(self, images: torch.Tensor, truth: torch.Tensor) -> float:
        mixed = self._mixing(images.float() / 255)
        mean, std = (
            mixed.images.new_tensor(v).view(1, 3, 1, 1) for v in (self._spec.mean, self._spec.std)
        )
        inputs = ((mixed.images - mean) / std).contiguous(memory_format=torch.channels_last)
        logits, _ = self._parallel(inputs)
        smoothing = self._recipe.optimiser.label_smoothing
        loss = coarse_cross_entropy(logits.float(), truth, smoothing)
        if self._mixing:
            other = coarse_cross_entropy(logits.float(), truth[mixed.others], smoothing)
            loss = mixed.share * loss + (1 - mixed.share) * other
        distillation = self._recipe.distillation
        if self._teachers and distillation:
            target = self._teachers.probabilities(mixed.images, distillation.temperature)
            told = distillation_loss(logits.float(), target, distillation.temperature)
            loss = (1 - distillation.weight) * loss + distillation.weight * told
        self._optimiser.zero_grad(set_to_none=True)
        self._accelerator.backward(loss)
        self._accelerator.clip_grad_norm_(self._network.parameters(), 2.0)
        self._optimiser.step()
        self._schedule.step()
        self._average.update_parameters(self._network)
        return float(loss.detach())

    def validate(self) -> Progress:
        """Measure the averaged weights on the validation split."""
        logits = network_logits(self._average.module, self._validation, self._spec, self._workers)
        return measure(softmax(logits), self._validation.truth, self._validation.outputs)

    def averaged_weights(self) -> dict[str, torch.Tensor]:
        """Return a copy of the moving average, as it is kept."""
        state = self._average.module.state_dict()
        return {k: v.detach().cpu().clone().contiguous() for k, v in state.items()}

    def state(self, epochs: int, best: Progress) -> dict[str, Any]:
        """Return all that is needed to resume, plain enough for a load of weights only."""
        return {
            "epochs": epochs,
            "best": asdict(best),
            "network": self._network.state_dict(),
            "average": self._average.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "schedule": self._schedule.state_dict(),
        }

    def restore(self, state: dict[str, Any]) -> tuple[int, Progress]:
        """Take up a saved state; return how many epochs are done and the best so far."""
        self._network.load_state_dict(state["network"])
        self._average.load_state_dict(state["average"])
        self._optimiser.load_state_dict(state["optimiser"])
        self._schedule.load_state_dict(state["schedule"])
        return int(state["epochs"]), Progress(**state["best"])


def warmed_up_average(decay: float) -> Callable[[Any, Any, Any], None]:
    """Return an update of the moving average whose decay rises to ``decay``: (1 + n) / (10 + n).

    Without it the average of a short run still holds its random start (as in timm's ModelEmaV3).
    """

    def update(averaged: Any, current: Any, updates: Any) -> None:
        count = int(updates)
        own = min(decay, (1 + count) / (10 + count))
        get_ema_multi_avg_fn(own)(averaged, current, updates)  # type: ignore[no-untyped-call]

    return update


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


def _seed_worker(_: int) -> None:
    random.seed(torch.initial_seed() % 2**32)
