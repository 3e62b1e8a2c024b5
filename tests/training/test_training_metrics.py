"""The figures that a run follows, against worked examples."""

import math

import numpy as np
import pytest

from reddots.classifier.softmax import softmax
from reddots.training.metrics import measure

OUTPUTS = ("a", "b", "c")


def truth(*labels: str) -> np.ndarray:
    return np.array([[output in label for output in OUTPUTS] for label in labels])


# logits, temperature, probabilities by hand
SOFTMAX = [
    ([[0, 0, 0]], 1.0, [[1 / 3, 1 / 3, 1 / 3]]),
    ([[math.log(2), 0, 0]], 1.0, [[0.5, 0.25, 0.25]]),
    ([[math.log(4), 0, 0]], 2.0, [[0.5, 0.25, 0.25]]),
    ([[1000, 0, -1000]], 1.0, [[1, 0, 0]]),
    ([[math.log(2), 0, 0], [0, 0, math.log(2)]], 1.0, [[0.5, 0.25, 0.25], [0.25, 0.25, 0.5]]),
]


@pytest.mark.parametrize(("logits", "temperature", "expected"), SOFTMAX)
def test_softmax(
    logits: list[list[float]], temperature: float, expected: list[list[float]]
) -> None:
    assert softmax(np.array(logits), temperature) == pytest.approx(np.array(expected))


def test_outputs_weigh_alike_however_many_photos_they_have() -> None:
    p = np.array([[0.5, 0.5, 0]] * 3 + [[0.25, 0.75, 0]])
    found = measure(p, truth("a", "a", "a", "b"), OUTPUTS)
    assert found.log_loss == pytest.approx((math.log(2) - math.log(0.75)) / 2)
    assert found.sensitivity == {"a": 1.0, "b": 1.0, "c": None}, "of equals the first is called"
    assert found.balanced_accuracy == 1.0


def test_an_output_without_photos_does_not_count() -> None:
    found = measure(np.array([[0.2, 0.8, 0.0]]), truth("a"), OUTPUTS)
    assert found.balanced_accuracy == 0.0
    assert found.sensitivity == {"a": 0.0, "b": None, "c": None}


def test_a_coarse_label_sums_its_parts() -> None:
    found = measure(np.array([[0.3, 0.4, 0.3]]), truth("ab"), OUTPUTS)
    assert found.log_loss == pytest.approx(-math.log(0.7))
    assert found.sensitivity["a"] == 1.0, "it counts for its first part, and any part is right"


def test_a_certain_error_is_not_endless() -> None:
    found = measure(np.array([[0.0, 1.0, 0.0]]), truth("a"), OUTPUTS)
    assert found.log_loss == pytest.approx(-math.log(1e-12))
