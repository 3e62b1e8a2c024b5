"""Crops of healthy skin: areas of a photo away from the lesion that it shows.

An area is a rectangle without a visible spot, hole or mark, no redder and no rougher than the rest
of the photo's skin, even in colour from place to place, and off the photo's middle, where lesions
are, unless it is large. The limits were set by eye on contact sheets.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from reddots.datasets.healthy_skin.is_healthy import between_blurs, is_healthy
from reddots.datasets.healthy_skin.skin_mask import SkinView, blurred, view_skin

Pixels = npt.NDArray[np.uint8]
_Box = tuple[int, int, int, int, float]  # top, left, height, width, fault

LEAST_SIDE: Final = 132  # pixels of an area; smaller ones teach that blur is health
_SIDES: Final = (0.35, 0.42, 0.5, 0.6, 0.75, 0.9)  # of the photo's short side
_SHAPES: Final = ((1.0, 1.0), (1.0, 4 / 3), (4 / 3, 1.0))
_STEP: Final = 0.05  # of the short side, from one area to the next
_MIDDLE: Final = (0.36, 0.64)  # of height and width
_MARGIN: Final = 0.05  # of height and width, on each side: looked at, but not taken
_OVERLAP: Final = 0.3  # of the smaller of two areas of one photo
_LEAST_LESION: Final = 0.02  # share of a counterpart
_SAME: Final = 0.7  # of the smaller of two areas that show nearly the same
_TRIES: Final = 12  # areas of one photo that are looked at closely


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of a photo, in its pixels: what is looked at, and taken without its margin."""

    top: int
    left: int
    height: int
    width: int

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Top, left, height and width."""
        return self.top, self.left, self.height, self.width

    def cut(self, pixels: Pixels, margin: float = _MARGIN) -> Pixels:
        """Return what is inside, without a margin of this share on each side."""
        y, x = round(self.height * margin), round(self.width * margin)
        rows = slice(self.top + y, self.top + self.height - y)
        return np.ascontiguousarray(pixels[rows, self.left + x : self.left + self.width - x])


def healthy_areas(pixels: Pixels, random: np.random.Generator, most: int = 3) -> tuple[Area, ...]:
    """Return up to ``most`` areas of healthy skin, of differing size, hardly overlapping.

    Args:
        pixels: uint8, H × W × 3, sRGB, upright, without the marks of its source.
        random: decides between areas that are equally good.
        most: areas of one photo.
    """
    view = view_skin(pixels)
    if view is None:
        return ()
    scale = min(pixels.shape[:2]) / min(view.skin.shape)
    survey = _Survey(view)
    found = [box for size in _sizes(view, scale) for box in survey.clean(*size)]
    taken: list[Area] = []
    for _ in range(_TRIES):
        found = [f for f in found if all(_overlap(f, t, scale) < _OVERLAP for t in taken)]
        if len(taken) == most or not found:
            break
        # Large areas are rare, and sharp: they come first more often.
        sides = sorted({min(f[2:4]) for f in found})
        chances = np.array(sides, dtype=float) ** 3
        side = random.choice(sides, p=chances / chances.sum())
        best = min((f for f in found if min(f[2:4]) == side), key=lambda f: f[4])
        found.remove(best)
        top, left, height, width = (int(v * scale) for v in best[:4])
        area = Area(top, left, height, width)
        if is_healthy(area.cut(pixels, margin=0)):
            taken.append(area)
        else:  # what nearly coincides with it would fare no better
            found = [f for f in found if _overlap(f, area, scale) < _SAME]
    return tuple(taken)


def counterpart(pixels: Pixels, area: Area) -> Pixels | None:
    """Return as large a piece of the photo's middle as a healthy area of it, if it shows a lesion.

    Healthy areas are small pieces of photos, so they are less sharp than photos are. Where every
    one has a counterpart, what tells them apart is the lesion.
    """
    view = view_skin(pixels)
    height, width = pixels.shape[:2]
    tall, wide = area.height, area.width
    middle = Area((height - tall) // 2, (width - wide) // 2, tall, wide)
    if view is None or _overlap((*middle.box, 0.0), area, 1) > _OVERLAP:
        return None
    scale = min(view.skin.shape) / min(height, width)
    top, left, tall, wide = (round(v * scale) for v in middle.box)
    odd = view.lesion[top : top + tall, left : left + wide].mean()
    return middle.cut(pixels) if odd > _LEAST_LESION else None


def _sizes(view: SkinView, scale: float) -> Iterator[tuple[int, int]]:
    height, width = view.skin.shape
    short = min(height, width)
    for side in _SIDES:
        for tall, wide in _SHAPES:
            h, w = int(side * short * tall), int(side * short * wide)
            if h <= height and w <= width and min(h, w) * scale >= LEAST_SIDE:
                yield h, w


class _Survey:
    """Sums over any rectangle of a photo's skin, each from four corners of a running sum."""

    def __init__(self, view: SkinView) -> None:
        """Add up what the limits need."""
        skin = view.skin
        self.shape = skin.shape
        rows, columns = (slice(*(round(m * side) for m in _MIDDLE)) for side in skin.shape)
        middle = np.zeros(skin.shape, bool)
        middle[rows, columns] = True
        sharp = abs(view.lightness - blurred(view.lightness, 9)) > 9
        planes = {
            "skin": skin,
            "background": view.background,
            "crowded": view.background & sharp,
            "odd": view.odd,
            "lesion": view.lesion,
            "middle": middle / middle.sum(),
            "redness": view.redness * skin,
            "redness2": view.redness**2 * skin,
            "lightness": view.lightness * skin,
            "lightness2": view.lightness**2 * skin,
            "yellowness": view.yellowness * skin,
            "texture": view.texture * skin,
            "coarse": between_blurs(view.lightness, skin) ** 2 * skin,
            "yellow": between_blurs(view.yellowness, skin) ** 2 * skin,
        }
        self._sums = np.zeros((len(planes), skin.shape[0] + 1, skin.shape[1] + 1))
        self._names = tuple(planes)
        stacked = np.stack([plane.astype(np.float32) for plane in planes.values()])
        np.cumsum(stacked, axis=1, out=self._sums[:, 1:, 1:], dtype=np.float64)
        np.cumsum(self._sums[:, 1:, 1:], axis=2, out=self._sums[:, 1:, 1:])
        self._redness = float(np.median(view.redness[skin]))
        self._lightness = float(np.quantile(view.lightness[skin], 0.8))
        self._texture = max(float(np.median(view.texture[skin])), 0.3)

    def clean(self, h: int, w: int) -> list[_Box]:
        """Return the areas of one size that pass, each with how far it is from perfect."""
        height, width = self.shape
        short = min(height, width)
        step = max(4, int(short * _STEP))
        tops, lefts = np.arange(0, height - h + 1, step), np.arange(0, width - w + 1, step)
        upper, lower = self._sums[:, tops], self._sums[:, tops + h]
        whole = (
            lower[:, :, lefts + w]
            - upper[:, :, lefts + w]
            - lower[:, :, lefts]
            + upper[:, :, lefts]
        )
        total = dict(zip(self._names, whole, strict=True))
        count = np.maximum(total["skin"], 1)
        background = total["background"] / (h * w)
        plain = background < 0.01
        odd = total["odd"] / count
        redness, lightness = total["redness"] / count, total["lightness"] / count
        angle = np.degrees(np.arctan2(total["yellowness"] / count, redness))
        rougher = total["texture"] / count / self._texture
        redder = redness - self._redness
        uneven = np.sqrt(np.maximum(total["redness2"] / count - redness**2, 0))
        shaded = np.sqrt(np.maximum(total["lightness2"] / count - lightness**2, 0))
        crowded = total["crowded"] / np.maximum(total["background"], 1)
        limits = (
            total["lesion"] <= 0.003 * h * w,
            plain | ((background > 0.06) & (background < 0.45) & (crowded < 0.12)),
            count / (h * w) + background > 0.985,
            (total["middle"] < 0.3) | ((min(h, w) >= 0.5 * short) & (odd < 0.02)),
            odd < 0.035,
            redder < 1.0,
            angle > 43,
            uneven < 2.6,
            shaded < np.where(plain, 11.0, 13.0),
            self._lightness - lightness < 15,
            total["texture"] / count < 6,
            rougher < 1.5,
        )
        blotched = (
            np.sqrt(np.maximum(total["coarse"] / count, 0)) / 0.45
            + np.sqrt(np.maximum(total["yellow"] / count, 0)) / 0.31
        )
        fault = blotched + 100 * odd + 0.1 * redder + 0.2 * rougher
        return [
            (int(tops[i]), int(lefts[j]), h, w, float(fault[i, j]))
            for i, j in np.argwhere(np.logical_and.reduce(limits))
        ]


def _overlap(box: _Box, area: Area, scale: float) -> float:
    top, left, height, width = (v * scale for v in box[:4])
    tall = min(top + height, area.top + area.height) - max(top, area.top)
    wide = min(left + width, area.left + area.width) - max(left, area.left)
    return max(0, tall) * max(0, wide) / min(height * width, area.height * area.width)
