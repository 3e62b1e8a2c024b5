"""Calibration finds what was put into made-up logits, and keeps its promises on new ones."""

import math

import numpy as np
import pytest

pytest.importorskip("scipy", reason="calibrating needs scipy, of the extra “train”")

from reddots.classifier.ood import ood_score
from reddots.classifier.softmax import softmax
from reddots.evaluation.metrics.uncertainty.conformal import LEVEL
from reddots.training.calibration import (
    ACCEPTABLE_RISK,
    STRANGE_SKIN,
    Calibration,
    calibrate,
    doubts,
)

OUTPUTS = ("a", "b", "not_skin")
SHARES = dict.fromkeys(OUTPUTS, 1 / 3)


def made_up(count: int, temperature: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Logits that are honest once divided by ``temperature``, and the truth drawn from them."""
    rng = np.random.default_rng(seed)
    honest = rng.normal(0, 2, (count, 3))
    drawn = softmax(honest).cumsum(axis=1) > rng.random((count, 1))
    return honest * temperature, np.eye(3, dtype=bool)[drawn.argmax(axis=1)]


def calibrated(logits: np.ndarray, truth: np.ndarray, gate: str = "not_skin") -> Calibration:
    """Calibrate under the shares that the photos have themselves."""
    shares = dict(zip(OUTPUTS, truth.mean(axis=0).tolist(), strict=True))
    return calibrate(logits, truth, OUTPUTS, shares, gate)


@pytest.mark.parametrize("temperature", [0.4, 1.0, 2.5, 5.0])
def test_the_temperature_is_found(temperature: float) -> None:
    found = calibrated(*made_up(8000, temperature))
    assert found.temperature == pytest.approx(temperature, rel=0.05)


def test_photos_are_counted_by_output() -> None:
    truth = np.eye(3, dtype=bool)[[0, 0, 1, 2, 2, 2]]
    assert calibrated(np.zeros((6, 3)), truth).counts == {"a": 2, "b": 1, "not_skin": 3}


# share of “b” in training, temperature at which “b” has just that probability, why
WEIGHED = [
    (0.75, 2 / math.log(3), "three quarters"),
    (0.9, 2 / math.log(9), "nine tenths"),
    (0.5, math.exp(2), "half: undecided, the largest temperature that is tried"),
]


@pytest.mark.parametrize(("share", "temperature", "why"), WEIGHED)
@pytest.mark.parametrize("counts", [(1, 30), (20, 3)])
def test_photos_weigh_by_the_shares_of_training(
    share: float, temperature: float, why: str, counts: tuple[int, int]
) -> None:
    """Every photo is called “b”, two to nothing; how many of each there are does not matter."""
    logits = np.array([[0.0, 2.0, -1000.0]] * sum(counts))
    truth = np.eye(3, dtype=bool)[[0] * counts[0] + [1] * counts[1]]
    shares = {"a": 1 - share, "b": share, "not_skin": 0.0}
    found = calibrate(logits, truth, OUTPUTS, shares, "not_skin")
    assert found.temperature == pytest.approx(temperature, rel=0.01), why


def test_sets_cover_what_they_promise_on_new_photos() -> None:
    found = calibrated(*made_up(4000, 2.0))
    logits, truth = made_up(4000, 2.0, seed=1)
    p = softmax(logits, found.temperature)
    for index, output in enumerate(OUTPUTS):
        own = truth[:, index]
        covered = (p[own, index] >= 1 - found.conformal[output]).mean()
        assert covered == pytest.approx(LEVEL, abs=0.03), output


# photos of an output, whether it can ever be ruled out, why
FEW = [(0, False, "none"), (8, False, "too few for the promise"), (9, True, "just enough")]


@pytest.mark.parametrize(("count", "bounded", "why"), FEW)
def test_an_output_with_too_few_photos_always_remains_possible(
    count: int, bounded: bool, why: str
) -> None:
    logits, truth = made_up(200, 1.0)
    keep = np.flatnonzero(~truth[:, 0]).tolist() + np.flatnonzero(truth[:, 0])[:count].tolist()
    found = calibrate(logits[keep], truth[keep], OUTPUTS, SHARES, "not_skin")
    assert (found.conformal["a"] < 1) == bounded, why


def source_scores(*sources: tuple[str, int, float]) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Photos of “a” by source: how many, and the probability they are given."""
    logits, names = [], []
    for name, count, p in sources:
        logits += [[math.log(p), math.log((1 - p) / 2), math.log((1 - p) / 2)]] * count
        names += [name] * count
    others = [[-9.0, 9.0, -9.0], [-9.0, -9.0, 9.0]]
    truth = np.eye(3, dtype=bool)[[0] * len(names) + [1, 2]]
    return np.array(logits + others), truth, [*names, "x", "x"]


# sources of “a”, quantile by source, why
BY_SOURCE = [
    ([("x", 90, 0.9), ("y", 10, 0.3)], {"x", "y"}, 0.3, "the worst source counts, however small"),
    ([("x", 90, 0.9), ("y", 8, 0.3)], {"x"}, 0.9, "unless it is too small to say"),
    ([("x", 90, 0.9), ("y", 5, 0.3), ("z", 5, 0.3)], {"x", "the others"}, 0.3, "or so with others"),
    ([("x", 5, 0.9), ("y", 5, 0.9)], set(), 0.9, "small sources alone are one"),
]


@pytest.mark.parametrize(
    ("cells", "known", "least", "why"), BY_SOURCE, ids=[r[3] for r in BY_SOURCE]
)
def test_sets_hold_for_every_source(
    cells: list[tuple[str, int, float]], known: set[str], least: float, why: str
) -> None:
    logits, truth, sources = source_scores(*cells)
    found = calibrate(logits, truth, OUTPUTS, SHARES, "not_skin", sources=sources)
    p = softmax(np.array([[math.log(least), *[math.log((1 - least) / 2)] * 2]]), found.temperature)
    assert set(found.sources["a"]) == known, why
    assert 1 - found.conformal["a"] == pytest.approx(p[0, 0], abs=1e-6), why


def test_a_stranger_who_doubts_widens_the_sets() -> None:
    logits, truth, sources = source_scores(("x", 90, 0.9))
    doubts = np.full((92, 3), np.nan)
    doubts[:90] = (0.2, 0.4, 0.4)
    found = calibrate(logits, truth, OUTPUTS, SHARES, "not_skin", sources=sources, held_out=doubts)
    assert found.conformal["a"] == pytest.approx(0.8)
    sure = calibrate(
        logits, truth, OUTPUTS, SHARES, "not_skin", sources=sources, held_out=1 - doubts * 0
    )
    assert sure.conformal["a"] < 0.8, "one who is surer does not narrow them"


def test_hardly_any_skin_is_too_strange_to_name() -> None:
    found = calibrated(*made_up(4000, 1.0))
    logits, truth = made_up(4000, 1.0, seed=1)
    skin = ~truth[:, 2]
    beyond = ood_score(logits, OUTPUTS, found.temperature) > found.ood_score
    assert beyond[skin].mean() == pytest.approx(STRANGE_SKIN, abs=0.01)


def test_what_is_named_is_wrong_no_more_often_than_is_acceptable() -> None:
    found = calibrated(*made_up(4000, 2.0))
    logits, truth = made_up(4000, 2.0, seed=1)
    p = softmax(logits, found.temperature)
    named = p.max(axis=1) >= found.abstention
    wrong = ~truth[np.arange(len(truth)), p.argmax(axis=1)]
    assert 0.3 < named.mean() < 1
    assert wrong[named].mean() == pytest.approx(ACCEPTABLE_RISK, abs=0.02)


def test_if_everything_is_right_nothing_is_withheld() -> None:
    truth = np.eye(3, dtype=bool)[[0, 1, 2] * 10]
    found = calibrated(truth * 5.0, truth)
    assert found.abstention <= softmax(truth * 5.0, found.temperature).max(axis=1).min() + 1e-9


def test_if_everything_is_wrong_nothing_is_named() -> None:
    truth = np.eye(3, dtype=bool)[[0, 1, 2] * 10]
    assert calibrated(np.roll(truth, 1, axis=1) * 5.0, truth).abstention == 1.0


def test_the_gate_turns_hardly_any_skin_away_and_is_never_below_half() -> None:
    found = calibrated(*made_up(4000, 1.0))
    logits, truth = made_up(4000, 1.0, seed=1)
    p = softmax(logits, found.temperature)
    assert (p[~truth[:, 2], 2] >= found.not_skin).mean() < 0.015
    assert 0.5 <= found.not_skin <= 0.99
    sure = np.eye(3, dtype=bool)[[0, 1, 2] * 10]
    assert calibrated(sure * 9.0, sure).not_skin == 0.5, "never below half"
    assert calibrated(*made_up(50, 1.0), gate="none such").not_skin == 1.0, "no gate, never closed"


# temperature, photos of the output, abstention, words, why
DOUBTS = [
    (1.0, 300, 0.5, [], "nothing to say"),
    (float(np.exp(2)), 300, 0.5, ["at the end", "not calibrated"], "at the upper bound"),
    (float(np.exp(-2)), 300, 0.5, ["at the end"], "at the lower bound"),
    (1.0, 23, 0.5, ["Few photos", "dots 23"], "few photos"),
    (1.0, 300, 1.0, ["never names one"], "nothing is ever named"),
]


@pytest.mark.parametrize(("temperature", "count", "abstention", "words", "why"), DOUBTS)
def test_what_not_to_rely_on_is_said(
    temperature: float, count: int, abstention: float, words: list[str], why: str
) -> None:
    found = Calibration(temperature, abstention, 0.5, 0.0, {"dots": 0.5}, {"dots": count})
    said = " ".join(doubts(found))
    assert bool(said) == bool(words), why
    assert all(word in said for word in words), why
