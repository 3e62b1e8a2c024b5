"""Intervals by drawing whole groups again and again."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import numpy.typing as npt

from reddots.evaluation.core.scored import Floats, Whole

Figure = Callable[[Floats], npt.ArrayLike]
Intervals = dict[str, Floats]
REPLICATES = 1000
_LEAST = 100
_DRAWS = 20_000_000  # photos drawn in all: what a minute allows


def affordable(photos: int) -> int:
    """Return how many replicates that many photos allow: 1000, fewer beyond 20 000 photos."""
    return max(_LEAST, min(REPLICATES, _DRAWS // max(photos, 1)))


def replicate_weights(groups: Whole, replicates: int, seed: int) -> Iterator[Floats]:
    """Yield how often each photo is drawn (float64, N) in each replicate.

    Whole groups are drawn with replacement, as many as there are (the cluster bootstrap: Davison
    and Hinkley 1997, section 3.8; Field and Welsh 2007). The same seed gives the same draws.
    """
    rng = np.random.default_rng(seed)
    count = int(groups.max()) + 1 if len(groups) else 0
    for _ in range(replicates):
        drawn = np.bincount(rng.integers(count, size=count), minlength=count)
        yield drawn.astype(np.float64)[groups]


def resample(
    figures: Mapping[str, Figure],
    groups: Whole,
    replicates: int,
    seed: int,
    on_replicate: Callable[[], None] | None = None,
) -> Intervals:
    """Return the 95% percentile interval of each figure: 2 × the figure's shape.

    A replicate in which a figure does not exist (an output without a photo) is left out of that
    figure's interval; an interval that no replicate gives is NaN. Without replicates there are no
    intervals. For the arguments see :func:`replicate_values`.
    """
    values = replicate_values(figures, groups, replicates, seed, on_replicate)
    return {name: percentiles(found) for name, found in values.items() if len(found)}


def replicate_values(
    figures: Mapping[str, Figure],
    groups: Whole,
    replicates: int,
    seed: int,
    on_replicate: Callable[[], None] | None = None,
) -> dict[str, Floats]:
    """Return each figure in each replicate: replicates × the figure's shape.

    Args:
        figures: each takes the photos' weights (N) and returns numbers, NaN where undefined.
        groups: N, from 0.
        replicates: how many.
        seed: of the draws, which all figures share.
        on_replicate: called after each.
    """
    values: dict[str, list[Floats]] = {name: [] for name in figures}
    for weights in replicate_weights(groups, replicates, seed):
        for name, figure in figures.items():
            values[name].append(np.asarray(figure(weights), dtype=np.float64))
        if on_replicate:
            on_replicate()
    return {name: np.array(found) for name, found in values.items()}


def percentiles(values: Floats) -> Floats:
    """Return the 2.5th and 97.5th percentile over the first axis, NaN passed over."""
    flat = values.reshape(len(values), -1)
    result = np.full((2, flat.shape[1]), np.nan)
    defined = ~np.isnan(flat).all(axis=0)
    if defined.any():
        result[:, defined] = np.nanpercentile(flat[:, defined], [2.5, 97.5], axis=0)
    return result.reshape(2, *values.shape[1:])


def interval(pair: npt.ArrayLike | None) -> list[float] | None:
    """Return ``[low, high]`` for JSON; None where there is no interval."""
    if pair is None:
        return None
    low, high = np.asarray(pair, dtype=np.float64)
    return None if np.isnan(low) or np.isnan(high) else [float(low), float(high)]
