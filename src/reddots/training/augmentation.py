"""Data augmentation: a training photo varied as other cameras, distances and lights would."""

import random

import torch
from torchvision.transforms import v2
from torchvision.transforms.v2 import functional

from reddots.training.recipe import AugmentationRecipe


class Augmentation:
    """Turns a uint8 photo (3 × H × W) into a varied square one (3 × S × S)."""

    def __init__(self, recipe: AugmentationRecipe, size: int) -> None:
        self._recipe = recipe
        self._crop = v2.RandomResizedCrop(size, scale=recipe.scale, antialias=True)
        self._colour = v2.ColorJitter(
            recipe.brightness, recipe.contrast, recipe.saturation, recipe.hue
        )
        self._blur = v2.GaussianBlur(5, sigma=(0.3, 1.5))
        self._jpeg = v2.JPEG((35, 90))
        self._size = size

    def __call__(self, photo: torch.Tensor) -> torch.Tensor:
        """Return one random variation."""
        image: torch.Tensor = self._colour(self._crop(photo))
        if random.random() < 0.5:  # no secret
            image = functional.horizontal_flip(image)
        # Skin has no up and down, so every quarter turn is as likely.
        image = torch.rot90(image, random.randrange(4), (1, 2))
        if random.random() < self._recipe.low_resolution:
            # Sets differ in resolution, which must not give the label away.
            small = random.randint(self._size // 3, self._size - 1)
            image = functional.resize(image, [small, small], antialias=True)
            image = functional.resize(image, [self._size, self._size], antialias=True)
        if random.random() < self._recipe.blur:
            image = self._blur(image)
        if random.random() < self._recipe.jpeg:
            image = self._jpeg(image.contiguous())
        return image.contiguous()
