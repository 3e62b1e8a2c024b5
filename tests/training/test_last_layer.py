"""Last-layer re-training: one output learns, the others keep their places."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="the train extra")

from reddots.datasets.manifest import Row
from reddots.training.last_layer import fit_output, greatest_constant
from reddots.training.retrain import split_rows

N, C, K = 400, 6, 3


def photos(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features whose first says what a photo shows, and logits that know nothing of output 2."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, K, N)
    features = rng.normal(size=(N, C)).astype(np.float32)
    features[:, 0] += 4 * (truth == 2)
    features[:, 1] *= 100
    logits = rng.normal(size=(N, K)).astype(np.float32)
    logits[np.arange(N), truth] += np.where(truth == 2, 0, 3)
    return features, logits, truth


def test_an_output_learns_what_the_features_say() -> None:
    features, logits, truth = photos(0)
    layer = fit_output(features, logits, truth == 2, output=2, weights=np.ones(N), penalty=0.01)
    others, other_logits, other_truth = photos(1)
    before = np.mean((other_logits.argmax(1) == 2) == (other_truth == 2))
    other_logits[:, 2] += layer.shift(others)
    after = np.mean((other_logits.argmax(1) == 2) == (other_truth == 2))
    assert before < 0.8
    assert after > 0.9, "on photos that it was not fitted on"


def test_features_of_any_scale_are_penalised_alike() -> None:
    features, logits, truth = photos(0)
    fits = [
        fit_output(f, logits, truth == 2, output=2, weights=np.ones(N), penalty=0.1).shift(f)
        for f in (features, features * 50 + 7)
    ]
    assert fits[0] == pytest.approx(fits[1], abs=0.02)


def test_a_greater_penalty_changes_less() -> None:
    features, logits, truth = photos(0)
    sizes = [
        np.abs(
            fit_output(
                features, logits, truth == 2, output=2, weights=np.ones(N), penalty=p
            ).weights
        ).sum()
        for p in (0.01, 0.1, 1.0, 100.0)
    ]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] < sizes[0] / 20


def test_photos_that_weigh_nothing_teach_nothing() -> None:
    features, logits, truth = photos(0)
    weights = (np.arange(N) < N // 2).astype(float)
    half = slice(0, N // 2)
    whole = fit_output(features, logits, truth == 2, output=2, weights=weights, penalty=0.1)
    part = fit_output(
        features[half], logits[half], truth[half] == 2, output=2, weights=weights[half], penalty=0.1
    )
    assert np.corrcoef(whole.weights, part.weights)[0, 1] > 0.99


# share that may be named wrongly
SHARES = [0.0, 0.02, 0.05, 0.2, 1.0]


@pytest.mark.parametrize("wrong", SHARES)
def test_the_constant_leaves_the_others_their_names(wrong: float) -> None:
    """Each other output counts the same, however many photos it has."""
    rng = np.random.default_rng(3)
    truth = np.array([0] * 300 + [1] * 40 + [2] * 60)
    logits = rng.normal(size=(400, K))
    logits[np.arange(400), truth] += 2
    constant = greatest_constant(logits, truth, 2, wrong)

    def named(more: float) -> float:
        said = (logits + np.array([0, 0, constant + more])).argmax(1) == 2
        return float(np.mean([said[truth == k].mean() for k in (0, 1)]))

    assert named(0) <= wrong
    assert wrong == 1.0 or named(0.5) > wrong, "and no smaller one is chosen"


def row(name: str, group: str, split: str = "") -> Row:
    return Row(f"{name}.png", "normal_skin", dataset="own", group=group, split=split, sha256=name)


# a new photo, its split, whether it teaches, why
PLACED = [
    (row("new", "a"), "test", False, "a photo of its group was tested on"),
    (row("new", "grown"), "validation", True, "its group has an old photo under another name"),
    (row("new", "other", "calibration"), "calibration", False, "it names its own"),
    (row("new", "other", "train"), "train", True, "the network has not learnt it"),
]


@pytest.mark.parametrize(("new", "split", "teaches", "why"), PLACED, ids=[r[3] for r in PLACED])
def test_new_photos_keep_to_their_groups(new: Row, split: str, teaches: bool, why: str) -> None:
    learnt = (row("1", "t", "train"), row("2", "a", "test"), row("3", "v", "validation"))
    listed = (row("1", "t"), row("2", "a"), row("3", "grown"), new)
    rows, teaching = split_rows(listed, learnt, 0)
    assert [r.split for r in rows] == ["train", "test", "validation", split], why
    assert ("new" in {r.sha256 for r in teaching}) is teaches, why
    assert "1" not in {r.sha256 for r in teaching}, "what the network learnt teaches nothing"
