"""Several runs of one model: the spread between seeds beside the uncertainty of the sample.

Seeds or checkpoints of one recipe differ, and a single one may be lucky (Bouthillier et al., MLSys
2021). The total interval of the mean of R runs adds both: Student's t on the square root of the
sampling variance of the mean plus the variance between runs / R.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.stats import t

from reddots.evaluation.core.scored import Scored
from reddots.evaluation.metrics.inference.metric_vector import (
    MetricVector,
    draw_vectors,
    metric_names,
)


def measure_runs(
    names: Sequence[str], runs: Sequence[Scored], replicates: int, seed: int = 0
) -> dict[str, Any]:
    """Return each metric's value by run, their mean, spread and interval, as JSON.

    Args:
        names: of the R runs.
        runs: their predictions of the same photos.
        replicates: of the bootstrap of the sampling error.
        seed: of the bootstrap.

    Example:
        >>> truth = np.eye(2, dtype=bool)[np.arange(40) % 2]
        >>> runs = [Scored(("a", "b"), np.full((40, 2), 0.5), truth, truth, np.arange(40))] * 2
        >>> measure_runs(["1", "2"], runs, 20)["metrics"]["accuracy"]["between_runs_sd"]
        0.0
    """
    values = np.array([MetricVector(run)(run.weight) for run in runs])
    drawn = draw_vectors(runs, replicates, seed)
    result: dict[str, Any] = {}
    for place, name in enumerate(metric_names(runs[0].outputs)):
        own = values[:, place]
        if np.isnan(own).any():
            continue
        between = float(own.std(ddof=1))
        entry: dict[str, Any] = {
            "values": [float(v) for v in own],
            "mean": float(own.mean()),
            "between_runs_sd": between,
            "least": float(own.min()),
            "most": float(own.max()),
            "sampling_sd": None,
            "mean_ci": None,
        }
        if len(drawn):
            sampling = float(np.nanstd(np.nanmean(drawn[:, :, place], axis=1), ddof=1))
            error = math.sqrt(sampling**2 + between**2 / len(own))
            half = float(t.ppf(0.975, len(own) - 1 if between > sampling else 1000)) * error
            entry |= {"sampling_sd": sampling, "mean_ci": [own.mean() - half, own.mean() + half]}
        result[name] = entry
    return {"runs": list(names), "n": len(runs[0]), "metrics": result}
