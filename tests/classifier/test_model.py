"""What one photo says: the network's output, read as the side-car says."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("onnx", reason="making a checkpoint needs onnx, of the extra “train”")

import tiny_checkpoint as tiny
from reddots.classifier.model import Classifier
from reddots.errors import CheckpointError
from reddots.photo.loader import Photo
from reddots.photo.result import PhotoResult


def plain(colour: tuple[int, int, int], width: int = 40, height: int = 40) -> Photo:
    """A photo of one colour."""
    pixels = np.full((height, width, 3), colour, np.uint8)
    return Photo(pixels, "PNG", width, height, "0" * 64)


def look(tmp_path: Path, photo: Photo, **changes: Any) -> PhotoResult:
    """What a checkpoint with these changes to its thresholds says."""
    description = tiny.side_car()
    description["temperature"] = changes.pop("temperature", 1.0)
    description["thresholds"] |= changes
    return Classifier.load(tiny.write_checkpoint(tmp_path, description)).predict(photo)


def softmax(logits: np.ndarray) -> np.ndarray:
    weights = np.exp(logits - logits.max())
    return weights / weights.sum()


# colour, what it is called, whether it is turned away, why
COLOURS = [
    (tiny.SKIN, "normal_skin", False, "skin"),
    (tiny.RED, "cherry_angioma", False, "red"),
    (tiny.BLUE, "not_skin", True, "blue is no skin"),
]


@pytest.mark.parametrize(("colour", "called", "rejected", "why"), COLOURS)
def test_a_photo_is_called_by_its_colour(
    tiny_checkpoint: Path, colour: tuple[int, int, int], called: str, rejected: bool, why: str
) -> None:
    finding = Classifier.load(tiny_checkpoint).predict(plain(colour))
    assert max(finding.categories, key=lambda o: finding.categories[o]) == called, why
    assert tuple(finding.categories) == tiny.OUTPUTS, "in the side-car's order"
    assert sum(finding.categories.values()) == pytest.approx(1, abs=1e-12)
    assert finding.status == ("rejected" if rejected else "ok")
    assert finding.not_skin == rejected
    assert finding.problems == (("not_skin",) if rejected else ())
    assert finding.training_priors == dict.fromkeys(tiny.OUTPUTS, 0.2)


@pytest.mark.parametrize("colour", [tiny.SKIN, tiny.RED, tiny.BLUE, (0, 0, 0), (255, 255, 255)])
def test_the_logits_are_the_networks(tiny_checkpoint: Path, colour: tuple[int, int, int]) -> None:
    classifier = Classifier.load(tiny_checkpoint)
    logits = classifier.logits(plain(colour).pixels)
    assert logits.dtype == np.float32
    assert logits == pytest.approx(tiny.expected_logits(colour), abs=1e-4)
    assert np.array_equal(logits, classifier.logits(plain(colour, 100, 60).pixels)), (
        "the size of a plain photo changes nothing"
    )


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_the_temperature_divides_the_logits(tmp_path: Path, temperature: float) -> None:
    finding = look(tmp_path, plain(tiny.SKIN), temperature=temperature)
    expected = softmax(tiny.expected_logits(tiny.SKIN).astype(float) / temperature)
    assert list(finding.categories.values()) == pytest.approx(expected, abs=1e-5)


def test_the_largest_logits_do_not_overflow(tmp_path: Path) -> None:
    finding = look(tmp_path, plain(tiny.BLUE), temperature=0.01)
    assert finding.categories["not_skin"] == pytest.approx(1)


P_SKIN = float(softmax(tiny.expected_logits(tiny.SKIN).astype(float))[3])

# threshold, whether the first choice is withheld, why; the first choice has P_SKIN
ABSTENTION = [
    (0.0, False, "no threshold"),
    (P_SKIN - 0.001, False, "just sure enough"),
    (P_SKIN + 0.001, True, "just not"),
    (1.0, True, "never sure enough"),
]


@pytest.mark.parametrize(("threshold", "abstained", "why"), ABSTENTION)
def test_an_unsure_first_choice_is_withheld(
    tmp_path: Path, threshold: float, abstained: bool, why: str
) -> None:
    assert look(tmp_path, plain(tiny.SKIN), abstention=threshold).abstained == abstained, why


# threshold, colour, whether the photo is turned away, why
GATE = [
    (0.5, tiny.BLUE, True, "no skin"),
    (1.0, tiny.SKIN, False, "a gate that only certainty closes"),
    (0.0, tiny.SKIN, True, "a gate that is always closed"),
]


@pytest.mark.parametrize(("threshold", "colour", "rejected", "why"), GATE)
def test_the_gate(
    tmp_path: Path, threshold: float, colour: tuple[int, int, int], rejected: bool, why: str
) -> None:
    finding = look(tmp_path, plain(colour), not_skin=threshold)
    assert (finding.status == "rejected") == rejected, why
    assert finding.categories, "its probabilities are kept for the table"


def test_a_checkpoint_without_a_gate_turns_nothing_away(tmp_path: Path) -> None:
    outputs = tiny.OUTPUTS[:4]
    description = tiny.side_car()
    description["outputs"] = list(outputs)
    for name in ("training", "deployment"):
        description["priors"][name] = dict.fromkeys(outputs, 0.25)
    description["thresholds"] |= {"conformal": dict.fromkeys(outputs, 0.9), "not_skin": 0.0}
    path = tiny.write_checkpoint(tmp_path, description, tiny.network(tiny.WEIGHTS[:4]))
    assert Classifier.load(path).predict(plain(tiny.BLUE)).status == "ok"


# quantile of each output, outputs that remain possible for a photo of skin, why
SETS = [
    (dict.fromkeys(tiny.OUTPUTS, 0.0), {"normal_skin"}, "the first choice always remains"),
    (dict.fromkeys(tiny.OUTPUTS, 1.0), set(tiny.OUTPUTS), "a quantile of 1 rules nothing out"),
    (
        {**dict.fromkeys(tiny.OUTPUTS, 0.0), "other_rash": 1.0},
        {"other_rash", "normal_skin"},
        "each output has its own quantile",
    ),
]


@pytest.mark.parametrize(("quantiles", "possible", "why"), SETS, ids=[row[2] for row in SETS])
def test_what_remains_possible(
    tmp_path: Path, quantiles: dict[str, float], possible: set[str], why: str
) -> None:
    finding = look(tmp_path, plain(tiny.SKIN), conformal=quantiles)
    assert finding.prediction_set == tuple(o for o in tiny.OUTPUTS if o in possible), why


def test_the_same_photo_says_the_same(tiny_checkpoint: Path) -> None:
    photo = Photo(
        np.random.default_rng(0).integers(0, 256, (50, 70, 3), dtype=np.uint8), "PNG", 70, 50, "0"
    )
    first, second = (Classifier.load(tiny_checkpoint) for _ in range(2))
    assert first.predict(photo) == first.predict(photo) == second.predict(photo)
    assert first.model_name == "reddots-0.0.0"


def test_a_network_with_other_outputs_is_refused(tmp_path: Path) -> None:
    path = tiny.write_checkpoint(tmp_path, model=tiny.network(tiny.WEIGHTS[:4]))
    with pytest.raises(CheckpointError, match="4 outputs, its side-car 5"):
        Classifier.load(path)


def test_what_is_no_network_is_refused(tmp_path: Path) -> None:
    unknown = tiny.network().replace(b"GlobalAveragePool", b"GlobalAverageWool")
    path = tiny.write_checkpoint(tmp_path, model=unknown)
    with pytest.raises(CheckpointError, match="cannot be opened"):
        Classifier.load(path)


def test_a_tampered_network_is_not_opened(tmp_path: Path) -> None:
    path = tiny.write_checkpoint(tmp_path)
    other = tiny.network(tiny.WEIGHTS * 2)
    path.with_suffix(".onnx").write_bytes(other)
    with pytest.raises(CheckpointError, match="changed or only partly copied"):
        Classifier.load(path)
