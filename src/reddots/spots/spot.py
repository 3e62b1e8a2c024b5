"""Detections: one spot, and all the spots of a photo."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

Lab = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """One detected spot.

    Attributes:
        x, y: centre in pixels of the photo, x to the right, y down from the top left.
        diameter: in pixels of the photo.
        strength: how sure the detector is, 0 to 1; no probability.
        difference: its colour less that of the skin around it, CIE L*, a*, b*; a* is redness.
        colour: its own colour, CIE L*, a*, b*.
    """

    x: float
    y: float
    diameter: float
    strength: float
    difference: Lab = (0.0, 0.0, 0.0)
    colour: Lab = (0.0, 0.0, 0.0)

    def scaled(self, factor: float) -> "Spot":
        """Return the spot in a photo that is ``factor`` times as large."""
        return replace(self, x=self.x * factor, y=self.y * factor, diameter=self.diameter * factor)


@dataclass(frozen=True, slots=True)
class Spots:
    """All detections of one photo, surest first.

    Attributes:
        width, height: of the photo in pixels, to which the spots' places refer.
        skin_share: of the photo that looks like the skin around the spots, 0 to 1; 1 where there
            are none.
        cut_off: as many were found as are kept, and there may be more.

    Example:
        >>> spots = Spots((Spot(10, 20, 4, 0.9),), width=100, height=50)
        >>> len(spots), spots.marks
        (1, ((0.1, 0.4, 0.08),))
    """

    spots: tuple[Spot, ...]
    width: int
    height: int
    skin_share: float = 1.0
    cut_off: bool = False

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.spots)

    def __getitem__(self, number: int) -> Spot:
        """Return one spot."""
        return self.spots[number]

    def __iter__(self) -> Iterator[Spot]:
        """Iterate over the spots, surest first."""
        return iter(self.spots)

    @property
    def marks(self) -> tuple[tuple[float, float, float], ...]:
        """Each spot's x, y and diameter as shares of width, height and the shorter side."""
        short = min(self.width, self.height)
        return tuple(
            (round(s.x / self.width, 4), round(s.y / self.height, 4), round(s.diameter / short, 4))
            for s in self.spots
        )

    def at_width(self, width: int, height: int) -> "Spots":
        """Return the same spots in the same photo at another size, in pixels."""
        factor = width / self.width
        moved = tuple(spot.scaled(factor) for spot in self.spots)
        return replace(self, spots=moved, width=width, height=height)
