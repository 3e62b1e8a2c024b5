"""Mixup and CutMix: photos of a batch blended with each other, where a recipe asks for it."""

from dataclasses import dataclass

import numpy as np
import torch
from timm.data.mixup import cutmix_bbox_and_lam


@dataclass(frozen=True)
class Mixed:
    """A mixed batch.

    Attributes:
        images: as they were given, N × 3 × S × S.
        others: N, which photo of the batch each one was mixed with.
        share: what is left of the photo itself, 0 to 1; the other photo has the rest.
    """

    images: torch.Tensor
    others: torch.Tensor
    share: float


class Mixing:
    """Mixup (Zhang et al. 2018) and CutMix (Yun et al. 2019), in turn by chance where both are on.

    The labels are not mixed but the losses are, so that a coarse label stays one.
    """

    def __init__(self, mixup: float, cutmix: float) -> None:
        """Take the parameters of the Beta distributions of shares; 0 for not at all."""
        self._kinds = [(mixup, _blend)] if mixup > 0 else []
        self._kinds += [(cutmix, _paste)] if cutmix > 0 else []

    def __bool__(self) -> bool:
        """Return whether anything is mixed."""
        return bool(self._kinds)

    def __call__(self, images: torch.Tensor) -> Mixed:
        """Mix float images (N × 3 × S × S); numpy's seed decides how."""
        if not self._kinds:
            return Mixed(images, torch.arange(len(images)), 1.0)
        strength, kind = self._kinds[np.random.randint(len(self._kinds))]
        share = float(np.random.beta(strength, strength))
        others = torch.from_numpy(np.random.permutation(len(images)))
        mixed, share = kind(images, images[others.to(images.device)], share)
        return Mixed(mixed, others, share)


def _blend(images: torch.Tensor, others: torch.Tensor, share: float) -> tuple[torch.Tensor, float]:
    return torch.lerp(others, images, share), share


def _paste(images: torch.Tensor, others: torch.Tensor, share: float) -> tuple[torch.Tensor, float]:
    place, share = cutmix_bbox_and_lam(images.shape, share)  # type: ignore[no-untyped-call]
    top, bottom, left, right = place
    pasted = images.clone()
    pasted[:, :, top:bottom, left:right] = others[:, :, top:bottom, left:right]
    return pasted, float(share)
