import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reddots.spots.pattern import clark_evans, classify_pattern

SIDE = 1000.0


def scattered(seed: int, count: int = 80) -> np.ndarray:
    return np.random.default_rng(seed).uniform(0, SIDE, (count, 2))


def clustered(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    centres = rng.uniform(200, 800, (4, 2))
    return centres[rng.integers(4, size=80)] + rng.normal(0, 25, (80, 2))


def grid(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    points = np.stack(np.meshgrid(np.arange(50, SIDE, 100), np.arange(50, SIDE, 100)), -1)
    return points.reshape(-1, 2) + rng.normal(0, 12, (100, 2))


def ring(seed: int, count: int = 14) -> np.ndarray:
    rng = np.random.default_rng(seed)
    turn = np.arange(count) * 2 * np.pi / count + rng.normal(0, 0.05, count)
    return 500 + (200 + rng.normal(0, 8, count))[:, None] * np.stack(
        [np.cos(turn), np.sin(turn)], -1
    )


def line(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    along = np.sort(rng.uniform(0, 600, 9))
    return np.stack([200 + 0.8 * along, 100 + 0.6 * along], -1) + rng.normal(0, 4, (9, 2))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (clustered, "clustered"),
        (grid, "even"),
        (ring, "rings"),
        (line, "line"),
    ],
)
def test_an_arrangement_is_named(make, expected, seed):
    points = make(seed)
    assert classify_pattern(points, np.full(len(points), 8.0), SIDE**2, 4 * SIDE) == expected


def test_random_points_are_nearly_always_scattered():
    named = [
        classify_pattern(scattered(seed), np.full(80, 8.0), SIDE**2, 4 * SIDE) for seed in range(40)
    ]
    assert named.count("scattered") >= 37


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([(5.0, 5.0)], "single"),
        ([(5.0, 5.0), (90.0, 40.0)], "scattered"),  # two are no line
        ([(5.0, 5.0)] * 9, "line"),  # all in one place: degenerate, and no crash
    ],
)
def test_few_spots(points, expected):
    array = np.array(points)
    assert classify_pattern(array, np.full(len(array), 4.0), 1e4, 400) == expected


def test_random_points_have_a_ratio_near_one():
    ratios = [clark_evans(scattered(s), SIDE**2, 4 * SIDE).ratio for s in range(30)]
    assert np.mean(ratios) == pytest.approx(1, abs=0.03)


@given(st.floats(0.1, 50), st.integers(0, 100))
def test_the_ratio_does_not_depend_on_the_scale(scale, seed):
    points = scattered(seed, 20)
    once = clark_evans(points, SIDE**2, 4 * SIDE)
    again = clark_evans(points * scale, (SIDE * scale) ** 2, 4 * SIDE * scale)
    assert again.ratio == pytest.approx(once.ratio)
    assert again.z == pytest.approx(once.z)
