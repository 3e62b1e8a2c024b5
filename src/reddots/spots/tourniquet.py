"""Tourniquet (capillary fragility) test: petechiae counted in a square inch of the forearm.

The square is drawn on the skin; or a coin lies there, which gives the scale, and the square is
where most petechiae are. Tried on painted arms only. Needs the extra ``compare`` (OpenCV).
"""

import math
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from reddots._resources import folder
from reddots._toml import Entry, read_toml
from reddots.errors import ComparisonError
from reddots.spots.coin import Coin, find_coin
from reddots.spots.detector import SpotDetector
from reddots.spots.quadrilateral import find_square, onto_photo, rectify
from reddots.spots.spot import Spots

Pixels = npt.NDArray[np.uint8]
LONG_SIDE: Final = 3000  # pixels of the photo's longer side, at which single petechiae are seen
COIN_MM: Final = (10, 50)  # narrowest and widest

_SIDE: Final = 256  # pixels of the rectified square: 10 a millimetre
_MARGIN: Final = 0.1  # of the square's side, shown to the detector around it
_LEVEL: Final = 0.95  # of the interval
_AROUND: Final = 2.5  # sides of the square around a coin, within which petechiae are looked for
_RIM: Final = 0.53  # of the coin's diameter from its centre: its edge, with its shadow


class TourniquetRule(Entry, frozen=True):
    """The file ``data/spots/tourniquet.toml``.

    Attributes:
        threshold: petechiae a square from which the test is called positive.
        square_mm: side of the square.
        smallest_mm: a narrower spot is grain of the photo.
        largest_mm: a wider spot is no petechia.
        edge: share of the square's side that the pen's line takes up inside.
    """

    threshold: int
    square_mm: float
    smallest_mm: float
    largest_mm: float
    edge: float
    source: str


@dataclass(frozen=True, eq=False)
class TourniquetCount:
    """The count of one photo.

    Attributes:
        count: petechiae found in the square.
        low, high: 95% interval of the number that such a count is drawn from (Poisson, exact).
        threshold: from which the test is called positive.
        spots: the petechiae counted, in pixels of the photo.
        corners: of the square (4 × 2, pixels of the photo), clockwise from the top left.
    """

    count: int
    low: float
    high: float
    threshold: int
    spots: Spots
    corners: npt.NDArray[np.float64]

    @property
    def is_positive(self) -> bool:
        """Whether the threshold is reached."""
        return self.count >= self.threshold

    @property
    def is_clear(self) -> bool:
        """Whether the whole interval lies on one side of the threshold."""
        return self.low >= self.threshold or self.high < self.threshold


@cache
def read_rule() -> TourniquetRule:
    """Read the rule in use.

    Raises:
        KnowledgeError: the file is missing or does not fit.
    """
    return read_toml(folder("data") / "spots" / "tourniquet.toml", TourniquetRule)


def tourniquet_count(
    pixels: Pixels,
    detector: SpotDetector,
    threshold: int | None = None,
    coin_mm: float | None = None,
) -> TourniquetCount:
    """Find the drawn square in a photo of a forearm, and count the petechiae in it.

    Args:
        pixels: the photo (H × W × 3, uint8, sRGB), large enough to see single petechiae.
        detector: finds the spots of the rectified square.
        threshold: from which the test is called positive; that of the rule if left out.
        coin_mm: diameter of a coin that lies beside the petechiae instead of a square; they are
            then counted in the square that has most of them, which may find a few more.

    Raises:
        ComparisonError: no drawn square is found; or no coin, or one too close to the photo's
            edges to have a square beside it; or no coin is as wide as ``coin_mm``.
    """
    if coin_mm is not None and not COIN_MM[0] <= coin_mm <= COIN_MM[1]:
        raise ComparisonError(
            "A coin is {} to {} mm wide: please give its diameter in mm.".format(*COIN_MM)
        )
    rule = read_rule()
    corners = (
        find_square(pixels) if coin_mm is None else _beside_coin(pixels, detector, rule, coin_mm)
    )
    mean = float(np.hypot(*(np.roll(corners, -1, axis=0) - corners).T).mean())
    side, margin = _SIDE, round(_MARGIN * _SIDE)
    seen = detector.detect(rectify(pixels, corners, side, margin))
    low, high = margin + rule.edge * side, margin + (1 - rule.edge) * side
    narrowest, widest = (mm / rule.square_mm * side for mm in (rule.smallest_mm, rule.largest_mm))
    inside = [
        spot
        for spot in seen
        if low <= spot.x <= high and low <= spot.y <= high and narrowest <= spot.diameter <= widest
    ]
    places = np.array([(spot.x - margin, spot.y - margin) for spot in inside]).reshape(-1, 2)
    moved = onto_photo(places, corners, side) if inside else places
    spots = tuple(
        replace(spot, x=float(x), y=float(y), diameter=spot.diameter * mean / side)
        for spot, (x, y) in zip(inside, moved, strict=True)
    )
    height, width = pixels.shape[:2]
    lowest, highest = poisson_interval(len(inside))
    return TourniquetCount(
        len(inside),
        lowest,
        highest,
        rule.threshold if threshold is None else threshold,
        Spots(spots, width, height),
        corners,
    )


def _beside_coin(
    pixels: Pixels, detector: SpotDetector, rule: TourniquetRule, coin_mm: float
) -> npt.NDArray[np.float64]:
    """Return the corners of the square, sides along the photo's, that has most petechiae."""
    coin = find_coin(pixels)
    side = rule.square_mm * coin.diameter / coin_mm  # pixels of the photo
    height, width = pixels.shape[:2]
    left, top = (max(0, round(at - _AROUND * side)) for at in (coin.x, coin.y))
    window = pixels[top : round(coin.y + _AROUND * side), left : round(coin.x + _AROUND * side)]
    places = [
        (spot.x + left, spot.y + top)
        for spot in detector.detect(np.ascontiguousarray(window))
        if rule.smallest_mm <= spot.diameter * coin_mm / coin.diameter <= rule.largest_mm
        and math.hypot(spot.x + left - coin.x, spot.y + top - coin.y) > _RIM * coin.diameter
    ]
    starts = [
        (x, y)
        for x in {0.0, width - side, *(spot[0] - 1 for spot in places)}
        for y in {0.0, height - side, *(spot[1] - 1 for spot in places)}
        if 0 <= x <= width - side and 0 <= y <= height - side
        and not _touches(coin, x, y, side)
    ]  # fmt: skip
    if not starts:
        raise ComparisonError(
            "There is no room for a square of 2.5 cm beside the coin. Take the photo from further "
            "away, with more of the forearm in it."
        )
    x, y = max(
        starts,
        key=lambda at: sum(
            at[0] <= px <= at[0] + side and at[1] <= py <= at[1] + side for px, py in places
        ),
    )
    return np.array([(x, y), (x + side, y), (x + side, y + side), (x, y + side)])


def _touches(coin: Coin, x: float, y: float, side: float) -> bool:
    """Whether the square from ``x``, ``y`` reaches into the coin."""
    nearest = min(max(coin.x, x), x + side), min(max(coin.y, y), y + side)
    return math.hypot(nearest[0] - coin.x, nearest[1] - coin.y) < _RIM * coin.diameter


def poisson_interval(count: int, level: float = _LEVEL) -> tuple[float, float]:
    """Return the exact interval of a Poisson mean (Garwood, Biometrika 1936;28:437).

    Example:
        >>> [round(v, 2) for v in poisson_interval(10)]
        [4.8, 18.39]
    """
    tail = (1 - level) / 2

    def below(mean: float, most: int) -> float:
        return math.fsum(
            math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(most + 1)
        )

    def solve(most: int, share: float) -> float:
        least, greatest = 1e-9, count + 10 * math.sqrt(count + 1) + 10
        for _ in range(100):
            middle = (least + greatest) / 2
            least, greatest = (middle, greatest) if below(middle, most) > share else (least, middle)
        return greatest

    return (solve(count - 1, 1 - tail) if count else 0.0), solve(count, tail)
