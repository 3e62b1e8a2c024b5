"""Training of the spot detector on synthetic scenes and on photos without spots."""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import numpy as np
import torch
from torch import nn

from reddots._atomic import atomic_file
from reddots.errors import TrainingError
from reddots.simulation.spots.crops import Batch, CropSampler
from reddots.simulation.spots.loss import detection_loss
from reddots.simulation.spots.network import DetectorNetwork

_log = logging.getLogger(__name__)
_PEAK_RATE = 2.5e-3
_END_RATE = 0.02  # of the peak
_DECAY = 2e-2
_WARM_UP = 150  # steps
_LONGEST_STEP = 5.0  # gradient norm
_EMA = 0.997
_EVERY = 100  # steps between saved states


@dataclass
class _State:
    network: DetectorNetwork
    average: DetectorNetwork
    optimiser: torch.optim.Optimizer
    step: int = 0
    seconds: float = 0.0


def train_detector(sampler: CropSampler, output: Path, minutes: float, seed: int = 0) -> Path:
    """Train for so many minutes, or go on with what was cut; return the file of the weights.

    In float32: on common processors bfloat16 takes twice as long for few channels. The weights
    are an exponential moving average over the steps.

    Args:
        sampler: gives the batches.
        output: the file of the state, written anew every hundred steps.
        minutes: of the main thread's processor time, of all runs together, so that a busy machine
            costs no training; the learning rate falls by a cosine over it.
        seed: of the weights and the order.

    Raises:
        TrainingError: ``output`` is of another network, or the loss is no number.
    """
    torch.manual_seed(seed)
    state = _start(output)
    batches = sampler.batches(np.random.default_rng([seed, state.step]))
    total, began, before = 60 * minutes, time.thread_time(), state.seconds
    recent: list[dict[str, float]] = []
    while state.seconds < total:
        recent.append(_step(state, batches, state.seconds / total))
        state.seconds = before + time.thread_time() - began
        if state.step % _EVERY == 0 or state.seconds >= total:
            means = {k: round(float(np.mean([r[k] for r in recent])), 3) for k in recent[0]}
            _log.info("step %d, %.0f s: %s", state.step, state.seconds, means)
            recent = []
            _save(state, output)
    return output


def load_weights(path: Path) -> DetectorNetwork:
    """Return the trained network, for evaluation.

    Raises:
        TrainingError: the file is missing or of another network.
    """
    network = DetectorNetwork()
    network.load_state_dict(_read(path)["average"])
    return network.eval()


def _start(output: Path) -> _State:
    network, average = DetectorNetwork(), DetectorNetwork()
    average.load_state_dict(network.state_dict())
    network = network.to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(network.parameters(), _PEAK_RATE, weight_decay=_DECAY)
    state = _State(network, average, optimiser)
    if output.exists():
        saved = _read(output)
        network.load_state_dict(saved["network"])
        average.load_state_dict(saved["average"])
        optimiser.load_state_dict(saved["optimiser"])
        state.step, state.seconds = saved["step"], saved["seconds"]
    return state


def _step(state: _State, batches: Iterator[Batch], done: float) -> dict[str, float]:
    falling = _END_RATE + (1 - _END_RATE) * (0.5 + 0.5 * np.cos(np.pi * min(done, 1)))
    for group in state.optimiser.param_groups:
        group["lr"] = float(_PEAK_RATE * min(1, (state.step + 1) / _WARM_UP) * falling)
    photos, target = (torch.from_numpy(part) for part in next(batches))
    maps = state.network(photos.to(memory_format=torch.channels_last))
    loss, parts = detection_loss(maps, target)
    if not torch.isfinite(loss):
        raise TrainingError("The spot detector's training diverged: its loss is no number.")
    state.optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(state.network.parameters(), _LONGEST_STEP)
    state.optimiser.step()
    state.step += 1
    kept = min(_EMA, 1 - 1 / (state.step / 3 + 10))
    with torch.no_grad():
        pairs = zip(
            state.average.state_dict().values(), state.network.state_dict().values(), strict=True
        )
        for mean, now in pairs:
            if mean.dtype.is_floating_point:
                mean.lerp_(now, 1 - kept)
            else:
                mean.copy_(now)
    return parts


def _save(state: _State, output: Path) -> None:
    saved = {
        "network": state.network.state_dict(),
        "average": state.average.state_dict(),
        "optimiser": state.optimiser.state_dict(),
        "step": state.step,
        "seconds": state.seconds,
    }
    with atomic_file(output) as partial:
        torch.save(saved, partial)


def _read(path: Path) -> dict[str, Any]:
    try:
        saved: dict[str, Any] = torch.load(path, weights_only=True)
    except (OSError, RuntimeError, ValueError, UnpicklingError) as error:
        raise TrainingError(f"The spot detector's state {path} cannot be read: {error}.") from error
    return saved
