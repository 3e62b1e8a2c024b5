"""The energy of logits, by hand, and that a strange photo is not named."""

import math
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="making a checkpoint needs onnx, of the extra “train”")

from reddots.classifier.model import Classifier
from reddots.classifier.ood import energy, ood_score
from reddots.photo.loader import Photo
from tiny_checkpoint import OUTPUTS, RED, expected_logits, side_car, write_checkpoint

# logits, temperature, energy by hand, why
ENERGIES = [
    ([0.0, 0.0], 1.0, -math.log(2), "nothing speaks for anything"),
    ([math.log(3), 0.0], 1.0, -math.log(4), "three to one"),
    ([2 * math.log(3), 0.0], 2.0, -2 * math.log(4), "at its temperature"),
    ([1000.0, 0.0], 1.0, -1000.0, "large and still a number"),
]


@pytest.mark.parametrize(("logits", "temperature", "expected", "why"), ENERGIES)
def test_energy_by_hand(logits: list[float], temperature: float, expected: float, why: str) -> None:
    assert energy(np.array(logits), temperature) == pytest.approx(expected), why
    assert energy(np.array([logits] * 3), temperature) == pytest.approx([expected] * 3)


def test_what_speaks_for_no_skin_does_not_make_a_photo_usual() -> None:
    skin, other = np.array([0.0, 5.0, 0.0]), np.array([0.0, 0.0, 5.0])
    outputs = ("a", "b", "not_skin")
    assert energy(skin) == pytest.approx(energy(other))
    assert ood_score(skin, outputs) < ood_score(other, outputs) - 4
    assert ood_score(skin, ("a", "b", "c")) == pytest.approx(energy(skin)), "there is no gate"


# limit above the photo's own energy, whether it is named, why
LIMITS = [(0.1, True, "usual"), (-0.1, False, "too strange"), (None, True, "no limit")]


@pytest.mark.parametrize(("above", "named", "why"), LIMITS)
def test_a_strange_photo_is_not_named(
    tmp_path: Path, above: float | None, named: bool, why: str
) -> None:
    description = side_car()
    own = float(ood_score(expected_logits(RED), OUTPUTS))
    if above is not None:
        description["thresholds"]["ood_score"] = own + above
    classifier = Classifier.load(write_checkpoint(tmp_path, description))
    pixels = np.full((64, 64, 3), RED, dtype=np.uint8)
    assert classifier.predict(Photo(pixels, "PNG", 64, 64, "0")).abstained is not named, why
