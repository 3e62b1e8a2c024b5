"""Multiple testing: p-values of one family, corrected by Holm's method."""

from collections.abc import Sequence
from typing import Any

from statsmodels.stats.multitest import multipletests


def holm(entries: Sequence[dict[str, Any]]) -> None:
    """Add ``p_holm`` to each entry that has ``p`` (Holm, Scand. J. Statistics 1979;6:65).

    Example:
        >>> family = [{"p": 0.01}, {"p": 0.04}, {"n": 3}]
        >>> holm(family)
        >>> family
        [{'p': 0.01, 'p_holm': 0.02}, {'p': 0.04, 'p_holm': 0.04}, {'n': 3}]
    """
    tested = [entry for entry in entries if "p" in entry]
    if tested:
        corrected = multipletests([entry["p"] for entry in tested], method="holm")[1]
        for entry, value in zip(tested, corrected, strict=True):
            entry["p_holm"] = float(value)
