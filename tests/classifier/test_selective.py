"""A checkpoint abstains where it is unsure, and its sets hold what remains possible."""

import msgspec
import numpy as np
import pytest

from reddots.classifier.checkpoint import SideCar
from reddots.classifier.selective import abstains, prediction_sets
from reddots.classifier.softmax import softmax
from tiny_checkpoint import OUTPUTS, side_car


def checkpoint(**thresholds: object) -> SideCar:
    description = side_car()
    description["thresholds"].update(thresholds)
    description["sha256"] = {"onnx": "", "safetensors": ""}
    return msgspec.convert(description, SideCar)


def test_a_set_holds_what_remains_possible_and_always_the_first() -> None:
    limits = dict.fromkeys(OUTPUTS, 0.5)
    p = np.array([[0.5, 0.5, 0, 0, 0], [0.3, 0.25, 0.2, 0.15, 0.1]])
    sets = prediction_sets(checkpoint(conformal=limits), p)
    assert sets.tolist() == [[True, True, False, False, False], [True] + [False] * 4]
    assert prediction_sets(checkpoint(conformal=limits), p[1]).tolist() == sets[1].tolist()


# logits of the first output, thresholds, abstains, why
UNSURE = [
    (0.0, {"abstention": 0.5}, True, "no output is likely enough"),
    (4.0, {"abstention": 0.5}, False, "one is"),
    (4.0, {"abstention": 0.5, "ood_score": -9.0}, True, "it is, but the photo is too strange"),
    (4.0, {"abstention": 0.5, "ood_score": 9.0}, False, "no photo is that strange"),
]


@pytest.mark.parametrize(("first", "limits", "expected", "why"), UNSURE, ids=[u[3] for u in UNSURE])
def test_abstention(first: float, limits: dict[str, float], expected: bool, why: str) -> None:
    logits = first * np.eye(len(OUTPUTS))[0]
    car = checkpoint(**limits)
    assert bool(abstains(car, logits, softmax(logits, car.temperature))) is expected, why
