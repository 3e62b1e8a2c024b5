"""Intervals and tests cover when photos come in groups, and are the known ones when they do not."""

from itertools import product

import numpy as np
import pytest

pytest.importorskip("statsmodels", reason="of the extra “evaluate”")
pytest.importorskip("sklearn", reason="of the extra “evaluate”")

from scipy.stats import norm
from statsmodels.stats.contingency_tables import mcnemar as exact_mcnemar

from evaluation.tables import drawn, scored
from reddots.evaluation.metrics.calibration.ece import debiased_calibration_error
from reddots.evaluation.metrics.discrimination.delong import area_covariance, area_interval, delong
from reddots.evaluation.metrics.inference.bootstrap import Statistic, class_strata, resample
from reddots.evaluation.metrics.inference.mcnemar import mcnemar
from reddots.evaluation.metrics.inference.proportions import share, wilson
from reddots.evaluation.metrics.overall import Overall
from reddots.evaluation.metrics.scores import equal_width


def clustered(
    groups: int, size: int, seed: int, chance: float = 0.8
) -> tuple[np.ndarray, np.ndarray]:
    """Correct or not, alike within patients: a probit model with half of the variance shared."""
    rng = np.random.default_rng(seed)
    place = np.repeat(np.arange(groups), size)
    latent = rng.normal(size=groups)[place] + rng.normal(size=len(place))
    return place, latent < norm.ppf(chance) * np.sqrt(2)


def test_the_interval_of_a_share_covers_where_wilson_does_not() -> None:
    """60 patients of 8 photos, 300 times: Wilson's interval covers far too seldom."""
    covers, naive = 0, 0
    for seed in range(300):
        place, right = clustered(60, 8, seed)
        ends = share(right, np.ones(480, bool), place).interval
        assert ends is not None
        covers += ends[0] <= 0.8 <= ends[1]
        low, high = wilson(int(right.sum()), 480) or (0, 0)
        naive += low <= 0.8 <= high
    assert covers / 300 >= 0.90
    assert naive / 300 <= 0.80


# hits, groups, interval, why
SHARES = [
    ([1, 1, 0, 1], [0, 1, 2, 3], wilson(3, 4), "one photo a group is Wilson's"),
    ([1, 1, 1, 1], [0, 0, 1, 1], None, "two agreeing groups, by their number"),
    ([1, 0, 1, 0], [0, 0, 0, 0], None, "one group has no spread"),
    ([1], [0], None, "nor has one photo"),
]


@pytest.mark.parametrize(("hits", "groups", "interval", "why"), SHARES, ids=[r[3] for r in SHARES])
def test_shares_on_the_edge(hits: list[int], groups: list[int], interval: object, why: str) -> None:
    found = share(np.array(hits, bool), np.ones(len(hits), bool), np.array(groups))
    assert found.value == np.mean(hits)
    if "agreeing" in why:
        assert found.interval is not None
        assert found.interval[0] < wilson(2, 2)[0], "and Student's t on top"
    else:
        assert found.interval == interval, why


def test_copies_of_photos_in_their_groups_tell_nothing_new() -> None:
    once = np.arange(60) < 45
    many = share(np.repeat(once, 6), np.ones(360, bool), np.repeat(np.arange(60), 6)).interval
    assert many == pytest.approx(wilson(45, 60), abs=0.01)


def obuchowski(score: np.ndarray, positive: np.ndarray, groups: np.ndarray) -> float:
    """The variance of the area by the formulas of Obuchowski 1997, pair by pair."""
    hits, others = np.flatnonzero(positive), np.flatnonzero(~positive)
    wins = np.array(
        [[float(score[i] > score[j]) + 0.5 * (score[i] == score[j]) for j in others] for i in hits]
    )
    area, m, n = wins.mean(), len(hits), len(others)
    by_hit, by_other = wins.mean(axis=1), wins.mean(axis=0)
    names = np.unique(groups)
    x = {
        g: sum(v - area for v, i in zip(by_hit, hits, strict=True) if groups[i] == g) for g in names
    }
    y = {
        g: sum(v - area for v, j in zip(by_other, others, strict=True) if groups[j] == g)
        for g in names
    }
    i10, i01, count = len(np.unique(groups[hits])), len(np.unique(groups[others])), len(names)
    s10 = i10 / ((i10 - 1) * m) * sum(v**2 for v in x.values())
    s01 = i01 / ((i01 - 1) * n) * sum(v**2 for v in y.values())
    s11 = count / (count - 1) * sum(x[g] * y[g] for g in names)
    return s10 / m + s01 / n + 2 * s11 / (m * n)


@pytest.mark.parametrize("decimals", [8, 1], ids=["no ties", "many ties"])
def test_the_area_by_groups_is_obuchowskis(decimals: int) -> None:
    rng = np.random.default_rng(2)
    groups, positive = np.repeat(np.arange(20), 4), rng.random(80) < 0.4
    score = np.round(rng.normal(size=80) + positive + rng.normal(size=20)[groups], decimals)
    found = area_covariance([score], positive, groups)
    assert found is not None
    assert found[1][0, 0] == pytest.approx(obuchowski(score, positive, groups))
    low, high = area_interval(score, positive, groups) or (0, 0)
    assert 0 < low < found[0][0] < high < 1
    narrow = area_interval(score, positive)
    assert narrow is not None
    assert high - low > narrow[1] - narrow[0], "patients differ, so groups tell less"


def test_areas_without_spread_have_no_interval() -> None:
    score, positive = np.arange(10.0), np.arange(10) > 4
    assert area_interval(score, positive) is None, "all in order"
    assert area_interval(score, np.arange(10) > 8) is None, "one positive"
    assert area_interval(score, positive, np.zeros(10, int)) is None, "one group"


@pytest.mark.parametrize(("first", "second"), [(5, 0), (3, 9), (7, 7), (0, 0), (40, 61)])
def test_one_photo_a_group_is_mcnemars_exact_test(first: int, second: int) -> None:
    a = np.array([1] * first + [0] * second + [1] * 5, bool)
    b = np.array([0] * first + [1] * second + [1] * 5, bool)
    expected = exact_mcnemar([[5, first], [second, 0]], exact=True).pvalue
    assert mcnemar(a, b, np.arange(len(a))).p_value == pytest.approx(expected)


def test_the_test_by_groups_is_the_share_of_sign_patterns() -> None:
    groups = np.repeat(np.arange(6), 3)
    rng = np.random.default_rng(1)
    a, b = rng.random(18) < 0.8, rng.random(18) < 0.4
    excess = np.bincount(groups, b.astype(float) - a)
    sums = [abs(np.dot(signs, excess)) for signs in product((-1, 1), repeat=6)]
    expected = np.mean(np.array(sums) >= abs(excess.sum()) - 1e-9)
    assert mcnemar(a, b, groups).p_value == pytest.approx(expected)


@pytest.mark.slow
def test_delong_by_groups_does_not_find_differences_that_are_not_there() -> None:
    """Patients whose photos are alike: without groups the test rejects far too often."""
    by_group = alone = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        groups = np.repeat(np.arange(30), 6)
        positive = (np.arange(30) % 2 == 0)[groups]
        first = rng.normal(size=30)[groups] + rng.normal(size=180) * 0.3 + positive
        second = rng.normal(size=30)[groups] + rng.normal(size=180) * 0.3 + positive
        found, naive = delong(first, second, positive, groups), delong(first, second, positive)
        assert found is not None
        assert naive is not None
        by_group += found.p_value < 0.05
        alone += naive.p_value < 0.05
    assert by_group / 200 <= 0.11
    assert alone / 200 >= 0.25


def calibrated(count: int, seed: int, sharper: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 1.5, (count, 4))
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    truth = (rng.random((count, 1)) > p.cumsum(axis=1)).sum(axis=1)
    said = p**sharper / (p**sharper).sum(axis=1, keepdims=True)
    return said.max(axis=1), said.argmax(axis=1) == truth


# how much sharper than the truth, the true error in 15 bins (from 2 million photos), why
CALIBRATED = [(1.0, 0.0, "calibrated"), (1.5, 0.0984, "overconfident")]


@pytest.mark.parametrize(("sharper", "true", "why"), CALIBRATED, ids=[r[2] for r in CALIBRATED])
def test_the_debiased_calibration_error_covers_the_true_one(
    sharper: float, true: float, why: str
) -> None:
    covers, estimates, plain = 0, [], []
    for seed in range(100):
        said, right = calibrated(500, seed, sharper)
        found = debiased_calibration_error(said, right, equal_width(said), np.arange(500))
        assert found.interval is not None
        covers += found.interval[0] <= true <= found.interval[1]
        assert found.interval[0] <= found.debiased <= found.interval[1]
        assert found.interval[1] > 0, "not certain to be calibrated, however small the error"
        estimates.append(found.debiased)
        plain.append(found.plug_in)
    assert covers >= 88, why
    assert abs(np.mean(estimates) - true) < abs(np.mean(plain) - true), "less biased"


def test_the_calibration_error_on_the_edge() -> None:
    p, y, bins = np.full(4, 0.5), np.array([1, 0, 1, 0]), np.zeros(4, int)
    assert debiased_calibration_error(p, y, bins, np.zeros(4, int)).interval is None, "one group"
    exact = debiased_calibration_error(p, y, bins, np.arange(4))
    assert exact == (0, 0, None)


def test_balanced_accuracy_does_not_jump_when_a_class_has_two_photos() -> None:
    """Draws without a class moved the mean over classes: (0.580, 0.555 to 0.884)."""
    p = [[0.8, 0.1, 0.1]] * 40 + [[0.1, 0.8, 0.1]] * 38 + [[0.8, 0.1, 0.1]] * 2
    found = scored(p, "a" * 40 + "b" * 38 + "c" * 2)
    ends = resample(Overall(found).statistics(), found, 200, 0)["overall by class"][:, 0]
    assert Overall(found).values(found.weight)[0] == pytest.approx(2 / 3)
    np.testing.assert_allclose(ends, 2 / 3, err_msg="every draw has the class that is always wrong")


def test_strata_are_each_groups_rarest_class() -> None:
    found = scored([[1, 0, 0]] * 6, "aaabbc", groups=(0, 1, 2, 2, 3, 0))
    strata = class_strata(found)
    assert strata[1] not in {strata[0], strata[2], strata[3]}, "group 1 has only the common class"
    assert strata[2] == strata[3]
    assert strata[0] != strata[2]


@pytest.mark.slow
def test_the_bootstrap_of_a_mean_covers_with_twenty_groups() -> None:
    covers = 0
    for seed in range(150):
        rng = np.random.default_rng(seed)
        groups = np.repeat(np.arange(20), rng.integers(1, 6, 20))
        x = rng.normal(size=20)[groups] + rng.normal(size=len(groups))
        photos = scored(np.full((len(x), 3), 1 / 3), "a" * len(x), groups=tuple(groups))
        ends = resample({"x": Statistic(lambda w, x=x: w @ x / w.sum())}, photos, 200, seed)["x"]
        covers += ends[0] <= 0 <= ends[1]
    assert covers / 150 >= 0.89


def test_weights_that_double_a_photo_are_as_two_of_it() -> None:
    found = drawn(60)
    weights = np.where(np.arange(60) < 20, 2.0, 1.0)
    again = found.take(np.append(np.arange(60), np.arange(20)))
    own = share(found.correct, np.ones(60, bool), found.groups, weights)
    assert own.value == pytest.approx(again.correct.mean())
