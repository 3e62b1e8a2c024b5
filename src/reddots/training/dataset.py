"""Dataset in torch: a manifest's photos decoded once into memory, and what an epoch samples."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch.utils.data import Dataset

from reddots.classifier.preprocessing import InputSpec, prepare
from reddots.datasets.catalogue import PhotoSet
from reddots.datasets.labels import truth_mask
from reddots.datasets.loading import readable_photos
from reddots.datasets.manifest import Manifest, Row
from reddots.errors import TrainingError
from reddots.knowledge.categories import Category
from reddots.training.augmentation import Augmentation


@dataclass(frozen=True, eq=False)
class LabelledPhotos:
    """Decoded photos with their labels.

    Attributes:
        pixels: one uint8 array (H × W × 3) for each row.
        truth: bool, rows × outputs; True for each output that the label may mean.
    """

    rows: tuple[Row, ...]
    pixels: tuple[npt.NDArray[np.uint8], ...]
    truth: npt.NDArray[np.bool_]
    outputs: tuple[str, ...]

    def where(self, *splits: str) -> "LabelledPhotos":
        """Return the photos of these splits; the pixels are shared, not copied."""
        keep = [i for i, row in enumerate(self.rows) if row.split in splits]
        return LabelledPhotos(
            tuple(self.rows[i] for i in keep),
            tuple(self.pixels[i] for i in keep),
            self.truth[keep],
            self.outputs,
        )


def load_labelled(
    manifest: Manifest,
    outputs: Sequence[str],
    categories: Mapping[str, Category],
    catalogue: Mapping[str, PhotoSet],
    short_side: int,
) -> LabelledPhotos:
    """Decode every photo whose label means one of ``outputs``; the others are left out.

    A photo that cannot be read is left out; the first of them are logged one by one. Marks at the
    bottom are cut off as the catalogue says.

    Raises:
        TrainingError: no photo has such a label, or none of them can be read.
    """
    labels = [row.label for row in manifest.rows]
    mask = np.array(truth_mask(labels, outputs, categories), dtype=bool).reshape(-1, len(outputs))
    teaches = np.flatnonzero(mask.any(axis=1))
    if not teaches.size:
        raise TrainingError("The manifest has no photo with a label that the recipe can learn.")
    taught = Manifest(manifest.folder, tuple(manifest.rows[i] for i in teaches))
    found = list(readable_photos(taught, catalogue, short_side))
    places = [place for place, _ in found]
    return LabelledPhotos(
        tuple(taught.rows[place] for place in places),
        tuple(pixels for _, pixels in found),
        mask[teaches[places]],
        tuple(outputs),
    )


class TrainingPhotos(Dataset[tuple[torch.Tensor, torch.Tensor]]):
    """Varied photos (uint8, 3 × S × S) with their truth (float32, K)."""

    def __init__(self, photos: LabelledPhotos, augmentation: Augmentation) -> None:
        self._photos = photos
        self._augmentation = augmentation

    def __len__(self) -> int:
        """Return how many photos there are."""
        return len(self._photos.rows)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Return one random variation of a photo, and its truth."""
        pixels = torch.from_numpy(self._photos.pixels[index]).permute(2, 0, 1)
        return self._augmentation(pixels), torch.from_numpy(self._photos.truth[index]).float()


class MeasuringPhotos(Dataset[torch.Tensor]):
    """Photos as inference sees them: float32, 3 × S × S."""

    def __init__(self, photos: LabelledPhotos, spec: InputSpec) -> None:
        self._photos = photos
        self._spec = spec

    def __len__(self) -> int:
        """Return how many photos there are."""
        return len(self._photos.rows)

    def __getitem__(self, index: int) -> torch.Tensor:
        """Return one photo's input."""
        return torch.from_numpy(prepare(self._photos.pixels[index], self._spec)[0])


def draw_weights(
    photos: LabelledPhotos, shares: Mapping[str, float]
) -> tuple[npt.NDArray[np.float64], dict[str, float]]:
    """Return each photo's chance of being drawn, and the share of each output that follows.

    An output gets its share of the draws; within it each data set counts by the square root of its
    photos, so that none dominates. A coarse label counts by the first output that it may mean.
    """
    first = [photos.outputs[int(t.argmax())] for t in photos.truth]
    cells = Counter(zip(first, (r.dataset for r in photos.rows), strict=True))
    of_output: Counter[str] = Counter()
    for (output, _), count in cells.items():
        of_output[output] += count**0.5
    total = sum(shares[o] for o in of_output)
    weights = np.array(
        [
            shares[o] / total * cells[o, r.dataset] ** -0.5 / of_output[o]
            for o, r in zip(first, photos.rows, strict=True)
        ]
    )
    return weights, {o: shares[o] / total for o in photos.outputs if of_output[o]}
