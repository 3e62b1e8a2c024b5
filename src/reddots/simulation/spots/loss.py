"""Training loss of the spot detector: penalty-reduced focal loss, diameter, and cover.

Focal loss as in CenterNet (Zhou et al. 2019, after Law and Deng 2018); L1 on the logarithm of the
diameter; cross-entropy and Dice on the cover, which teaches what a spot is made of.
"""

import torch
from torch import Tensor
from torch.nn import functional

_LEAST_CENTRES = 8  # per batch, so that pictures without spots do not weigh without bound
_COVER = 4.0  # weight of the cross-entropy, which is small as most places are no spot
_SMOOTH = 50.0  # cells, in the Dice ratio


def detection_loss(maps: Tensor, target: Tensor) -> tuple[Tensor, dict[str, float]]:
    """Return the loss, and its parts.

    Args:
        maps: N × 3 × H × W, of the network.
        target: N × 5 × H × W, as in :class:`~reddots.simulation.spots.targets.Target`.
    """
    centre, diameter, near, cover, weight = target.unbind(1)
    logit = maps[:, 0]
    chance = logit.sigmoid().clamp(1e-4, 1 - 1e-4)
    is_centre = (centre == 1).float()
    hit = -((1 - chance) ** 2) * functional.logsigmoid(logit) * is_centre * weight
    miss = (1 - centre) ** 4 * chance**2 * -functional.logsigmoid(-logit)
    miss = miss * (1 - is_centre) * weight
    centres = (is_centre * weight).sum().clamp(min=_LEAST_CENTRES)
    where = (hit.sum() + miss.sum()) / centres
    asked = near * weight
    size = ((maps[:, 1] - diameter).abs() * asked).sum() / asked.sum().clamp(min=1)
    entropy = functional.binary_cross_entropy_with_logits(maps[:, 2], cover, reduction="none")
    seen = maps[:, 2].sigmoid() * weight
    overlap = (seen * cover).sum()
    dice = 1 - (2 * overlap + _SMOOTH) / ((seen + cover * weight).sum() + _SMOOTH)
    area = (entropy * weight).mean() * _COVER + dice
    loss: Tensor = where + size + area
    with torch.no_grad():
        parts = {"centre": float(where), "diameter": float(size), "cover": float(area)}
    return loss, parts
