"""Morphometry of the detected spots: count, size, pattern and colour, in the questions' words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reddots.photo.result import PhotoSpots
from reddots.spots.confirmation import count_word
from reddots.spots.pattern import Pattern, classify_pattern
from reddots.spots.spot import Spot, Spots
from reddots.spots.words import ColourLimits, read_words


@dataclass(frozen=True)
class SpotSummary:
    """What is said of the spots of one photo.

    Attributes:
        count: how many were found.
        count_word: ``one``, ``few`` or ``many``.
        diameter: median, as a share of the photo's longer side.
        spread: of the diameters: interquartile range over the median.
        size_word: ``pinpoint``, ``small`` or ``large``.
        diameter_mm: median, where a scale was given.
        pattern: how they are arranged.
        colours: of a good part of them, commonest first: ``red``, ``purple``, ``brown``.
    """

    count: int
    count_word: str
    diameter: float
    spread: float
    size_word: str
    diameter_mm: float | None
    pattern: Pattern
    colours: tuple[str, ...]


def summarise(spots: Spots, pixels_per_mm: float | None = None) -> SpotSummary | None:
    """Return what is said of the spots, or None where there are none.

    Args:
        spots: of one photo.
        pixels_per_mm: from something of known size in the photo, where a person named it.

    Example:
        >>> summarise(Spots((), 100, 100)) is None
        True
    """
    if not len(spots):
        return None
    words = read_words()
    diameters = np.array([spot.diameter for spot in spots])
    low, median, high = (float(v) for v in np.quantile(diameters, (0.25, 0.5, 0.75)))
    share = median / max(spots.width, spots.height)
    in_mm = median / pixels_per_mm if pixels_per_mm else None
    limits = (words.size.pinpoint, words.size.small)
    if in_mm is not None:
        limits = (words.size.pinpoint_mm, words.size.small_mm)
    measured = share if in_mm is None else in_mm
    size = "pinpoint" if measured < limits[0] else "small" if measured < limits[1] else "large"
    count = len(spots)
    return SpotSummary(
        count=count,
        count_word=count_word(count),
        diameter=share,
        spread=(high - low) / median,
        size_word=size,
        diameter_mm=in_mm,
        pattern=_pattern(spots, diameters),
        colours=_colours(spots, words.colour),
    )


def photo_spots(spots: Spots) -> PhotoSpots:
    """Return what an assessment says of the spots of a photo."""
    found = summarise(spots)
    if found is None:
        return PhotoSpots(0)
    share = found.diameter * max(spots.width, spots.height) / min(spots.width, spots.height)
    return PhotoSpots(
        found.count, share, found.pattern, found.colours, spots.marks, found.size_word
    )


def _pattern(spots: Spots, diameters: np.ndarray) -> Pattern:
    points = np.array([(spot.x, spot.y) for spot in spots])
    # No smaller than the box around the spots, whatever share of the photo seems to be skin.
    box = float(np.prod(np.maximum(np.ptp(points, axis=0), diameters.max())))
    whole = float(spots.width * spots.height)
    area = min(max(spots.skin_share * whole, box), whole)
    perimeter = 2 * (spots.width + spots.height) * float(np.sqrt(area / whole))
    return classify_pattern(points, diameters, area, perimeter)


def _colours(spots: Spots, limits: ColourLimits) -> tuple[str, ...]:
    counted = Counter(_colour(spot, limits) for spot in spots)
    common = [c for c, n in counted.most_common() if n >= limits.share * len(spots)]
    return tuple(common or [counted.most_common(1)[0][0]])


def _colour(spot: Spot, limits: ColourLimits) -> str:
    hue = _hue(spot.colour)
    if hue > limits.brown_hue:
        return "brown"
    skin = tuple(own - less for own, less in zip(spot.colour, spot.difference, strict=True))
    # A bluish light alone makes no purple.
    purple = hue < limits.purple_hue and hue <= _hue(skin) - limits.purple_turn
    return "purple" if purple or spot.colour[0] < limits.dark_red else "red"


def _hue(colour: Sequence[float]) -> float:
    return float(np.degrees(np.arctan2(colour[2], colour[1])))
