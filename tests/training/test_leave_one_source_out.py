"""Somebody who never saw a photo's source judges it by what the others teach."""

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="the last layer needs scikit-learn, of the extra “train”")

from reddots.training.leave_one_source_out import held_out_probabilities

SHARES = np.array([0.5, 0.5])


def photos(
    *cells: tuple[int, str, tuple[float, float]], count: int = 40, seed: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Outputs, sources and where their features lie."""
    rng = np.random.default_rng(seed)
    features = [np.array(place) + rng.normal(0, 0.3, (count, 2)) for _, _, place in cells]
    outputs = [output for output, _, _ in cells for _ in range(count)]
    sources = [source for _, source, _ in cells for _ in range(count)]
    return np.concatenate(features), np.array(outputs), np.array(sources)


def test_what_holds_across_sources_is_known() -> None:
    learnt = photos((0, "x", (0, 0)), (1, "x", (0, 3)), (0, "y", (0.2, 0)), (1, "y", (0.2, 3)))
    judged = photos((0, "x", (0, 0)), (1, "y", (0.2, 3)), count=9, seed=1)
    found = held_out_probabilities(learnt, judged, SHARES)
    assert found.sum(axis=1) == pytest.approx(1)
    assert (found.argmax(axis=1) == judged[1]).all()


def test_what_only_one_source_teaches_is_not() -> None:
    """In x the outputs differ sideways, in y upwards: neither helps with the other."""
    learnt = photos((0, "x", (0, 0)), (1, "x", (3, 0)), (0, "y", (0, 0)), (1, "y", (0, 3)))
    judged = photos((1, "x", (3, 0)), count=9, seed=1)
    found = held_out_probabilities(learnt, judged, SHARES)
    assert (found[:, 1] < 0.7).all(), "with x it would be sure"


def test_nobody_judges_an_output_that_only_its_own_source_has() -> None:
    learnt = photos((0, "x", (0, 0)), (1, "x", (0, 3)), (0, "y", (5, 0)), (1, "z", (5, 3)))
    lone = photos((0, "x", (0, 0)), (1, "x", (0, 3)))
    judged = photos((0, "x", (0, 0)), (1, "x", (0, 3)), count=3)
    assert np.isnan(held_out_probabilities(lone, judged, SHARES)).all(), "no other source at all"
    assert not np.isnan(held_out_probabilities(learnt, judged, SHARES)).any()
    three = photos((0, "x", (0, 0)), (1, "x", (0, 3)), (0, "y", (5, 0)), (2, "y", (9, 9)))
    found = held_out_probabilities(three, judged, np.full(3, 1 / 3))
    assert np.isnan(found[3:]).all(), "y has no photo of output 1"
    assert not np.isnan(found[:3]).any()
