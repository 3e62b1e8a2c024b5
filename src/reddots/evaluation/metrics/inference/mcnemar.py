"""McNemar's test, exact, by groups: do two models predict the same photos correctly alike often?

Under the null hypothesis a group's excess of photos that only the second model got right is as
likely with the other sign. The test adds these excesses up with random signs, exactly. With one
photo a group it is McNemar's exact test; groups make it the permutation counterpart of Obuchowski's
test of clustered pairs (Statistics in Medicine 1998;17:1495).
"""

from typing import NamedTuple

import numpy as np
from scipy.signal import fftconvolve
from scipy.stats import binom

from reddots.evaluation.core.scored import Flags, Floats, Whole


class PairedTest(NamedTuple):
    """The four counts of photos, and the two-sided p-value.

    Attributes:
        both, only_first, only_second, neither: photos predicted correctly.
        p_value: 1 where no group differs.
    """

    both: int
    only_first: int
    only_second: int
    neither: int
    p_value: float


def mcnemar(first: Flags, second: Flags, groups: Whole) -> PairedTest:
    """Compare two models' correct predictions (N each) of the same photos.

    Example:
        >>> right, wrong = np.ones(5, bool), np.zeros(5, bool)
        >>> round(mcnemar(right, wrong, np.arange(5)).p_value, 4)
        0.0625
    """
    excess = np.rint(np.bincount(groups, weights=second.astype(float) - first)).astype(int)
    return PairedTest(
        int((first & second).sum()),
        int((first & ~second).sum()),
        int((~first & second).sum()),
        int((~first & ~second).sum()),
        sign_flip(excess),
    )


def sign_flip(excess: Whole) -> float:
    """Return the share of sign patterns whose sum is as far from 0 as that of ``excess`` (G)."""
    sizes, counts = np.unique(np.abs(excess[excess != 0]), return_counts=True)
    reach = int((sizes * counts).sum())
    if not reach:
        return 1.0
    chances = np.ones(1)
    for size, count in zip(sizes, counts, strict=True):
        own = np.zeros(2 * int(size) * int(count) + 1)
        own[:: 2 * int(size)] = binom.pmf(np.arange(count + 1), count, 0.5)
        chances = _convolve(chances, own)
    sums = np.arange(-reach, reach + 1)
    beyond = np.abs(sums) >= abs(int(excess.sum()))
    return min(1.0, float(chances[beyond].sum()))


def _convolve(first: Floats, second: Floats) -> Floats:
    result: Floats = np.clip(fftconvolve(first, second), 0, None)
    return result if min(len(first), len(second)) > 64 else np.convolve(first, second)
