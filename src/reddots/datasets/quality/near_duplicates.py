"""Near-duplicate detection: the same photo resized, recompressed, trimmed or mirrored.

Every hash is compared with every other in blocks (exclusive or, count the bits), which takes some
seconds for 10,000 photos; only the pairs that pass are compared by thumbnail, in brightness and in
colour. A copy that is turned, or cropped by more than a tenth or so, is not found.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from reddots.datasets.quality.perceptual_hash import VIEWS, Fingerprint
from reddots.photo.colour import luma

# Chosen so that of 23 million pairs of 6,807 photos none of two unrelated sets is called the same.
BITS: Final = 14  # of 64 that two hashes may differ in
LIKENESS: Final = 0.95  # least correlation of brightness
TINT: Final = 30.0  # grey levels that the mean of a colour channel may differ by: other light
DETAIL: Final = 0.7  # least correlation of what a 3 × 3 blur takes away: one mole is not another
CHROMA: Final = 8.0  # grey levels that colour may differ by from place to place
_FLAT: Final = 2.0  # grey levels; what varies less has no shape to compare, only its colour
_FLAT_TINT: Final = 3.0
_BLOCK: Final = 512

Pair = tuple[int, int]


def near_pairs(prints: Sequence[Fingerprint]) -> list[Pair]:
    """Return the pairs (i, j) with i < j of photos that show the same, in order."""
    if not prints:
        return []
    bits = np.stack([p.bits for p in prints], axis=1)
    views = np.stack([p.views for p in prints], axis=1)
    found: set[Pair] = set()
    for view in range(VIEWS):
        for left, right in _close(bits[0], bits[view]):
            same = _same(views[0, left], views[view, right])
            low, high = np.minimum(left[same], right[same]), np.maximum(left[same], right[same])
            found.update(zip(low.tolist(), high.tolist(), strict=True))
    return sorted(found)


def _close(
    bits: npt.NDArray[np.uint64], others: npt.NDArray[np.uint64]
) -> Iterator[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]]:
    """Yield the indices of different photos whose hashes are close, in blocks."""
    for start in range(0, len(bits), _BLOCK):
        apart = np.bitwise_count(bits[start : start + _BLOCK, None] ^ others[None])
        left, right = np.nonzero(apart <= BITS)
        left += start
        different = left != right
        left, right = left[different], right[different]
        for first in range(0, len(left), _BLOCK):
            yield left[first : first + _BLOCK], right[first : first + _BLOCK]


def _same(one: npt.NDArray[np.uint8], two: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Return which of N pairs of views (N × 16 × 16 × 3) show the same."""
    tint = np.abs(one.mean(axis=(1, 2)) - two.mean(axis=(1, 2))).max(axis=1)
    light_one, light_two = luma(one), luma(two)
    colour_one, colour_two = one - light_one[..., None], two - light_two[..., None]
    chroma = np.abs(colour_one - colour_two).mean(axis=(1, 2, 3))
    spread_one, spread_two = light_one.std(axis=(1, 2)), light_two.std(axis=(1, 2))
    flat = np.maximum(spread_one, spread_two) < _FLAT
    shaped = (np.minimum(spread_one, spread_two) >= _FLAT) & (tint <= TINT)
    shaped &= _correlation(light_one, light_two) >= LIKENESS
    shaped &= _correlation(_detail(light_one), _detail(light_two)) >= DETAIL
    return np.asarray((chroma <= CHROMA) & (shaped | (flat & (tint <= _FLAT_TINT))), dtype=np.bool_)


def _correlation(
    one: npt.NDArray[np.float32], two: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """Return the correlation of N pairs of N × 16 × 16; 0 where one is even."""
    a, b = (x.reshape(len(x), -1) for x in (one, two))
    a, b = a - a.mean(axis=1, keepdims=True), b - b.mean(axis=1, keepdims=True)
    length = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    return np.asarray((a * b).sum(axis=1) / np.maximum(length, 1e-6), dtype=np.float32)


def _detail(light: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return what a 3 × 3 mean takes away from N × 16 × 16."""
    side = light.shape[1]
    padded = np.pad(light, ((0, 0), (1, 1), (1, 1)), mode="edge")
    shifts = [padded[:, i : i + side, j : j + side] for i in range(3) for j in range(3)]
    return np.asarray(light - np.mean(shifts, axis=0), dtype=np.float32)
