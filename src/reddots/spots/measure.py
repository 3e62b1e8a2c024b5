"""Morphometry of the detected spots: count, size, pattern and colour, in the questions' words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reddots.photo.result import PhotoSpots
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

    @property
    def sentence(self) -> str:
        """What a person is asked to confirm."""
        say = read_words().say
        number = say("one") if self.count == 1 else say("about").format(number=rounded(self.count))
        return say("found").format(
            count=number,
            size=say(f"size.{self.size_word}"),
            colour=say(f"colour.{self.colours[0]}"),
            dots=say("dots.one" if self.count == 1 else "dots.many"),
            pattern="" if self.pattern == "single" else say(f"pattern.{self.pattern}"),
        )

    @property
    def answers(self) -> dict[str, object]:
        """The answers that a person's yes to the sentence stands for, by question."""
        found: dict[str, object] = {
            "count": self.count_word,
            "size": self.size_word,
            "colour": list(self.colours),
        }
        values = {a.pattern: a.value for a in read_words().answer}
        if self.pattern in values:
            found["pattern"] = values[self.pattern]
        return found


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
        count_word="one" if count == 1 else "few" if count <= words.count.few else "many",
        diameter=share,
        spread=(high - low) / median,
        size_word=size,
        diameter_mm=in_mm,
        pattern=_pattern(spots, diameters),
        colours=_colours(spots, words.colour),
    )


def sentence(spots: Spots) -> str:
    """Return what a person is told of the spots of a photo, and asked to confirm."""
    summary = summarise(spots)
    return read_words().say("none") if summary is None else summary.sentence


def photo_spots(spots: Spots) -> PhotoSpots:
    """Return what an assessment says of the spots of a photo."""
    found = summarise(spots)
    if found is None:
        return PhotoSpots(0)
    share = found.diameter * max(spots.width, spots.height) / min(spots.width, spots.height)
    return PhotoSpots(found.count, share, found.pattern, found.colours, spots.marks)


def rounded(count: int) -> int:
    """Return a count as one would say it: to two digits, from 20 on to tens."""
    if count < 20:
        return count
    step = 10 ** (len(str(count)) - 1) if count >= 100 else 10
    return round(count / step) * step


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
