"""Diascopy (glass test) from two photos: the share of spots whose colour stays under pressure.

It may only raise concern: spots that stay count as ``blanches = no`` when the person agrees; spots
that seem to fade are never believed, as light and blur make spots fade too. Tried on rendered
pairs only, not on people.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from reddots.spots.align import Alignment, Pixels
from reddots.spots.compare import colour_left
from reddots.spots.spot import Spot, Spots

_STAYS: Final = 0.6  # of a spot's colour difference is left: it does not fade
_SHARE: Final = 0.5  # of the spots that stay, from which the person is asked
_FEWEST: Final = 3  # spots that both photos show


@dataclass(frozen=True)
class GlassResult:
    """What became of the spots under the glass.

    Attributes:
        seen: spots that lie in both photos.
        stay: those whose colour stays.
    """

    seen: int
    stay: int

    @property
    def share(self) -> float:
        """Share of spots that stay, 0 to 1; NaN without any."""
        return self.stay / self.seen if self.seen else float("nan")

    @property
    def answers(self) -> dict[str, str]:
        """What a person may be asked to confirm; never that spots fade."""
        stays = self.seen >= _FEWEST and self.share >= _SHARE
        return {"blanches": "no"} if stays else {}


def spots_under_glass(pressed: Pixels, before: Spots, alignment: Alignment) -> GlassResult:
    """Return what became of the spots of the first photo in the second, taken through a glass.

    Args:
        pressed: the second photo, H × W × 3, uint8.
        before: the spots of the first photo.
        alignment: how the second photo lies on the first.
    """
    height, width = pressed.shape[:2]
    places = alignment.onto_second(np.array([(s.x, s.y) for s in before]).reshape(-1, 2))
    inside = np.all((places >= 0) & (places < (width, height)), axis=1)
    there = [
        Spot(x, y, s.diameter / alignment.scale, s.strength, s.difference, s.colour)
        for s, (x, y), seen in zip(before, places, inside, strict=True)
        if seen
    ]
    left = colour_left(pressed, there)
    return GlassResult(len(there), int((left >= _STAYS).sum()))
