"""Random training crops: half of synthetic scenes with known spots, half of photos without any."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image

from reddots.simulation.rendering.shapes import Generator
from reddots.simulation.spots.network import STRIDE
from reddots.simulation.spots.photos import Negative, by_set
from reddots.simulation.spots.scene import Scene
from reddots.simulation.spots.targets import DOUBTFUL, make_target

Batch = tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]

_SIDES = ((128, 10), (224, 4))  # pixels of a crop, and crops in a batch
_LARGE = 0.28  # share of batches with the larger crops
_SCENES = 0.54  # share of crops from scenes
_ZOOM = {"scene": (0.6, 1.25), "photo": (0.5, 2.0)}  # crop's side in the picture over its own
_DARK_TONE, _DARK_WEIGHT = 4, 2.5  # generated skin from this Fitzpatrick type is drawn so much more
_DARKENED = 0.3  # share of crops of lighter skin that are darkened as by melanin
_MELANIN = np.array([0.75, 1.0, 1.3])  # density of red, green and blue: melanin takes most of blue
_DENSITY = (0.15, 1.1)  # natural logarithm, of sRGB values


class CropSampler:
    """Draws batches without end."""

    def __init__(self, scenes: Sequence[Scene], negatives: Sequence[Negative]) -> None:
        """Draw from these; photos of large sets are drawn less than their number."""
        self._scenes, self._negatives = scenes, negatives
        self._chance = by_set(negatives)
        weights = np.array([_DARK_WEIGHT if _is_dark(s) else 1.0 for s in scenes])
        self._scene_chance = weights / weights.sum()

    def batches(self, rng: Generator) -> Iterator[Batch]:
        """Yield photos (N × 3 × S × S, float32, −1 to 1) and targets (N × 5 × S/2 × S/2).

        The targets are those of :class:`~reddots.simulation.spots.targets.Target`, in its order.
        """
        while True:
            side, count = _SIDES[int(rng.random() < _LARGE)]
            crops = [self._crop(side, rng) for _ in range(count)]
            yield np.stack([c[0] for c in crops]), np.stack([c[1] for c in crops])

    def _crop(self, side: int, rng: Generator) -> Batch:
        density = rng.uniform(*_DENSITY) if rng.random() < _DARKENED else 0.0
        if rng.random() < _SCENES:
            scene = self._scenes[int(rng.choice(len(self._scenes), p=self._scene_chance))]
            density = 0.0 if _is_dark(scene) else density
            pixels, said, zoom = scene.pixels, None, _ZOOM["scene"]
            spots, unsaid = scene.spots.copy(), scene.unsaid.copy()
            spots[:, 3] *= np.exp(-density * 2.2 / 3)  # L* goes by the cube root of light
        else:
            negative = self._negatives[int(rng.choice(len(self._negatives), p=self._chance))]
            pixels, said, zoom = negative.pixels, negative.said, _ZOOM["photo"]
            spots, unsaid = np.zeros((0, 4), np.float32), np.zeros((0, 3), np.float32)
        shortest = min(pixels.shape[:2])
        cut = round(np.exp(rng.uniform(*np.log([side * z for z in zoom]))))
        cut = min(cut, shortest)
        top, left = (int(rng.integers(size - cut + 1)) for size in pixels.shape[:2])
        part = np.s_[top : top + cut, left : left + cut]
        image = Image.fromarray(pixels[part]).resize((side, side), Image.Resampling.BICUBIC)
        for rows in (spots, unsaid):
            rows[:, :2] -= (left, top)
            rows[:, :3] *= side / cut
        inside = ((spots[:, :2] >= 0) & (spots[:, :2] < side)).all(axis=1)
        beyond = spots[~inside & (spots[:, 3] >= DOUBTFUL), :3]  # its edge may reach in
        known = _known(None if said is None else said[part], side // STRIDE)
        target = make_target(spots[inside], np.concatenate([unsaid[:, :3], beyond]), known, STRIDE)
        return _turned(np.asarray(image), target.stacked(), density, rng)


def _known(said: npt.NDArray[np.bool_] | None, cells: int) -> npt.NDArray[np.float32]:
    if said is None:
        return np.ones((cells, cells), np.float32)
    image = Image.fromarray(said.astype(np.uint8) * 255)
    share = np.asarray(image.resize((cells, cells), Image.Resampling.BOX))
    return (share > 250).astype(np.float32)


def _turned(
    pixels: npt.NDArray[np.uint8], maps: npt.NDArray[np.float32], density: float, rng: Generator
) -> Batch:
    """Turn, mirror and recolour a crop; ``density`` is that of the melanin before it."""
    quarter = int(rng.integers(4))
    x, y = np.rot90(pixels, quarter), np.rot90(maps, quarter, (1, 2))
    if rng.random() < 0.5:
        x, y = x[:, ::-1], y[:, :, ::-1]
    curve = np.linspace(0, 1, 256)[:, None] * np.exp(-density * _MELANIN)
    mixed = np.eye(3)
    if rng.random() < 0.8:
        curve = curve ** np.exp(rng.normal(0, 0.25))
        curve = curve * (rng.uniform(0.75, 1.2) * np.exp(rng.normal(0, 0.06, 3)))
        saturation = rng.uniform(0.7, 1.3)
        mixed = saturation * mixed + (1 - saturation) / 3
    curve = curve.astype(np.float32)
    channels = np.stack([curve[x[..., n], n] for n in range(3)])
    planes = np.tensordot(mixed.astype(np.float32), channels, 1)
    planes = np.clip(planes, 0, 1, out=planes) * 2 - 1
    return np.ascontiguousarray(planes), np.ascontiguousarray(y)


def _is_dark(scene: Scene) -> bool:
    return scene.tone is not None and scene.tone >= _DARK_TONE
