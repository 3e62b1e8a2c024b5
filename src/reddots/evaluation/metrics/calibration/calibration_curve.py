"""Calibration of one class: intercept, slope, expected to observed, and a flexible curve with ICI.

The hierarchy of Van Calster et al. (Journal of Clinical Epidemiology 2016;74:167): calibration in
the large (intercept, E:O), weak (slope), moderate (a curve without a fixed form). The curve is a
logistic regression on a natural cubic spline of the logit; from it the integrated calibration index
(Austin and Steyerberg, Statistics in Medicine 2019;38:4051). Intervals are robust to groups.
"""

import warnings
from typing import Any

import numpy as np
import statsmodels.api as sm
from patsy import dmatrix
from scipy.special import expit, logit

from reddots.evaluation.core.scored import Flags, Floats, Whole, count_groups
from reddots.evaluation.metrics.inference.proportions import share

LEAST = 10  # photos on either side that a logistic regression needs
_LEAST_CURVE = 20
_MOST = 100_000  # photos that the regressions use, sampled beyond
_POINTS = 51
_KNOTS = 3  # degrees of freedom of the spline
_EDGE = 1e-6


def calibration_of(
    p: Floats, happened: Flags, groups: Whole, weights: Floats | None = None
) -> dict[str, Any]:
    """Return how well probabilities of one class are calibrated, as JSON.

    Args:
        p: N probabilities.
        happened: N, whether the photo is of the class.
        groups: N, from 0.
        weights: N, how much each photo counts.

    Returns:
        ``expected_observed`` (mean probability by observed share), ``intercept``, ``slope``,
        ``ici``, ``e50``, ``e90`` and ``curve``; None where the photos do not allow it.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> p = rng.uniform(0.05, 0.95, 2000)
        >>> found = calibration_of(p, rng.random(2000) < p, np.arange(2000))
        >>> found["slope_ci"][0] < 1 < found["slope_ci"][1]
        True
    """
    own = np.ones(len(p)) if weights is None else weights
    events, others = int(happened.sum()), int((~happened).sum())
    result: dict[str, Any] = {"n": len(p), "events": events}
    names = ("expected_observed", "intercept", "slope")
    result |= dict.fromkeys([n for name in names for n in (name, f"{name}_ci")])
    result |= dict.fromkeys(("ici", "e50", "e90", "curve"))
    if not events or not own.sum():
        return result
    expected = float(own @ p / own.sum())
    observed = share(happened, np.ones(len(p), dtype=bool), groups, weights)
    if observed.value:
        result["expected_observed"] = expected / observed.value
    if observed.interval and observed.interval[0] > 0:
        result["expected_observed_ci"] = [expected / end for end in observed.interval[::-1]]
    if min(events, others) < LEAST or count_groups(groups) < LEAST:
        return result
    if len(p) > _MOST:
        rows = np.random.default_rng(0).choice(len(p), _MOST, replace=False)
        p, happened, groups, own = p[rows], happened[rows], groups[rows], own[rows]
    place = logit(np.clip(p, _EDGE, 1 - _EDGE))
    large = _fit(np.ones((len(p), 1)), happened, groups, own, offset=place)
    weak = _fit(sm.add_constant(place, has_constant="add"), happened, groups, own)
    if large is not None:
        result["intercept"], result["intercept_ci"] = large[0][0], _ends(large, 0)
    if weak is not None:
        result["slope"], result["slope_ci"] = weak[0][1], _ends(weak, 1)
    if min(events, others) >= _LEAST_CURVE and len(np.unique(p)) > 2 * _KNOTS:
        result |= _flexible(place, p, happened, groups, own)
    return result


Fit = tuple[list[float], Floats]


def _fit(
    design: Floats, happened: Flags, groups: Whole, weights: Floats, offset: Floats | None = None
) -> Fit | None:
    """Return coefficients and their covariance, robust to groups; None where there is no fit."""
    model = sm.GLM(
        happened.astype(float),
        design,
        family=sm.families.Binomial(),
        offset=offset,
        var_weights=weights,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # separation, reported as no fit
        try:
            found = model.fit(cov_type="cluster", cov_kwds={"groups": groups}, maxiter=50)
        except (np.linalg.LinAlgError, ValueError, sm.tools.sm_exceptions.PerfectSeparationError):
            return None
    covariance = np.asarray(found.cov_params())
    sound = np.isfinite(covariance).all() and (covariance.diagonal() > 0).all()
    if not found.converged or not sound:
        return None
    return [float(v) for v in found.params], covariance


def _ends(fit: Fit, index: int) -> list[float]:
    half = 1.96 * float(np.sqrt(fit[1][index, index]))
    return [fit[0][index] - half, fit[0][index] + half]


def _flexible(
    place: Floats, p: Floats, happened: Flags, groups: Whole, weights: Floats
) -> dict[str, Any]:
    try:
        basis = dmatrix(f"cr(x, df={_KNOTS}) - 1", {"x": place})
    except ValueError:  # ties leave too few places for knots
        return {}
    fit = _fit(np.asarray(basis), happened, groups, weights)
    if fit is None:
        return {}
    gap = np.abs(expit(np.asarray(basis) @ np.array(fit[0])) - p)
    grid = np.linspace(np.quantile(place, 0.005), np.quantile(place, 0.995), _POINTS)
    rows = np.asarray(dmatrix(basis.design_info, {"x": grid}))
    middle = rows @ np.array(fit[0])
    half = 1.96 * np.sqrt(np.einsum("ij,jk,ik->i", rows, fit[1], rows))
    return {
        "ici": float(np.average(gap, weights=weights)),
        "e50": float(np.median(gap)),
        "e90": float(np.quantile(gap, 0.9)),
        "curve": {
            "predicted": [float(v) for v in expit(grid)],
            "observed": [float(v) for v in expit(middle)],
            "observed_ci": [[float(v) for v in expit(middle + s * half)] for s in (-1, 1)],
        },
    }
