"""Figures agree with worked examples and with the libraries that everybody uses."""

import math
from typing import Any

import numpy as np
import pytest

pytest.importorskip("statsmodels", reason="of the extra “evaluate”")
pytest.importorskip("sklearn", reason="of the extra “evaluate”")

from sklearn import metrics as sklearn_metrics

from reddots.evaluation.metrics import summary
from reddots.evaluation.metrics.inference.proportions import share, wilson
from reddots.evaluation.metrics.scores import (
    auroc,
    balanced_accuracy,
    brier,
    expected_calibration_error,
    log_loss,
)
from reddots.evaluation.metrics.summary import measure_predictions

OUTPUTS = ("a", "b", "c")


@pytest.fixture(autouse=True)
def _few_replicates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summary, "REPLICATES", 60)


def rows(*values: tuple[float, ...]) -> np.ndarray:
    return np.array(values, dtype=float)


def truth(*labels: str) -> np.ndarray:
    """What each photo is: letters of the outputs that its label may mean."""
    return np.array([[output in label for output in OUTPUTS] for label in labels])


def example(count: int = 200, seed: int = 0) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Predictions that are right more often than not, in groups of up to three photos."""
    rng = np.random.default_rng(seed)
    first = rng.integers(0, 3, count)
    logits = rng.normal(0, 1, (count, 3))
    logits[np.arange(count), first] += 1.2
    weights = np.exp(logits)
    groups = [f"g{i}" for i in rng.integers(0, count // 2, count)]
    return weights / weights.sum(axis=1, keepdims=True), np.eye(3, dtype=bool)[first], groups


# count, total, interval as Wilson's formula gives it, why
WILSON = [
    (0, 10, (0.0, 0.2775), "none of ten"),
    (10, 10, (0.7225, 1.0), "all of ten"),
    (5, 10, (0.2366, 0.7634), "half of ten"),
    (81, 263, (0.2553, 0.3662), "the example of Newcombe 1998"),
    (1, 1, (0.2065, 1.0), "one of one"),
]


@pytest.mark.parametrize(("count", "total", "interval", "why"), WILSON)
def test_intervals_of_shares(
    count: int, total: int, interval: tuple[float, float], why: str
) -> None:
    assert wilson(count, total) == pytest.approx(interval, abs=1e-4), why


def test_a_share_of_nothing_has_no_interval() -> None:
    assert wilson(0, 0) is None


# figure, probabilities, truth, value by hand, why
WORKED: list[tuple[Any, np.ndarray, np.ndarray, float, str]] = [
    (log_loss, rows((0.5, 0.25, 0.25)), truth("a"), math.log(2), "one photo"),
    (log_loss, rows((0.5, 0.25, 0.25)), truth("ab"), -math.log(0.75), "a coarse label sums up"),
    (log_loss, rows((0.5, 0.25, 0.25)), truth("abc"), 0.0, "a label that may mean anything"),
    (log_loss, rows((0, 1, 0)), truth("a"), -math.log(1e-12), "a certain error is not endless"),
    (log_loss, rows((0.5, 0.5, 0), (0.25, 0.75, 0)), truth("a", "b"), (math.log(2) - math.log(0.75)) / 2, "the mean of two"),
    (brier, rows((1, 0, 0)), truth("a"), 0.0, "certain and right"),
    (brier, rows((0, 1, 0)), truth("a"), 2.0, "certain and wrong"),
    (brier, rows((0.5, 0.5, 0)), truth("a"), 0.5, "undecided between two"),
    (brier, rows((0.5, 0.5, 0), (0, 0, 1)), truth("a", "bc"), 0.5, "a coarse label is left out"),
    (balanced_accuracy, rows((0.9, 0.1, 0), (0.2, 0.8, 0)), truth("a", "a"), 0.5, "half of one output"),
    (balanced_accuracy, rows((1, 0, 0), (1, 0, 0), (1, 0, 0), (1, 0, 0)), truth("a", "a", "a", "b"), 0.5, "outputs weigh alike, however many photos"),
    (balanced_accuracy, rows((0, 1, 0)), truth("ab"), 1.0, "either part of a coarse label is right"),
    (expected_calibration_error, rows((1, 0, 0)), truth("a"), 0.0, "certain and right"),
    (expected_calibration_error, rows((1, 0, 0)), truth("b"), 1.0, "certain and wrong"),
    (expected_calibration_error, rows((0.8, 0.2, 0), (0.8, 0.2, 0)), truth("a", "b"), 0.3, "80% sure, half right"),
    (expected_calibration_error, rows((0.8, 0.2, 0), (0.4, 0.3, 0.3)), truth("a", "b"), (0.2 + 0.4) / 2, "two bins"),
]  # fmt: skip


@pytest.mark.parametrize(("figure", "p", "t", "value", "why"), WORKED, ids=[r[4] for r in WORKED])
def test_worked_examples(figure: Any, p: np.ndarray, t: np.ndarray, value: float, why: str) -> None:
    assert figure(p, t) == pytest.approx(value), why


def test_coarse_labels_alone_have_no_brier_score() -> None:
    assert brier(rows((0.5, 0.5, 0)), truth("ab")) is None


def test_figures_are_scikit_learns() -> None:
    p, t, _ = example()
    first, called = t.argmax(axis=1), p.argmax(axis=1)
    assert log_loss(p, t) == pytest.approx(sklearn_metrics.log_loss(first, p))
    assert balanced_accuracy(p, t) == pytest.approx(
        sklearn_metrics.balanced_accuracy_score(first, called)
    )
    summed = sum(sklearn_metrics.brier_score_loss(t[:, i], p[:, i]) for i in range(3))
    assert brier(p, t) == pytest.approx(summed), "the sum over outputs"
    for index in range(3):
        expected = sklearn_metrics.roc_auc_score(t[:, index], p[:, index])
        assert auroc(p[:, index], t[:, index]) == pytest.approx(expected)


# scores, which are positive, area by counting pairs, why
AREAS = [
    ([0.9, 0.8, 0.1], [1, 1, 0], 1.0, "all in order"),
    ([0.1, 0.2, 0.9], [1, 1, 0], 0.0, "all the other way round"),
    ([0.5, 0.5], [1, 0], 0.5, "a tie is half a pair"),
    ([0.9, 0.4, 0.6, 0.1], [1, 1, 0, 0], 0.75, "three pairs of four"),
    ([0.9, 0.1], [1, 1], None, "no negative"),
    ([0.9, 0.1], [0, 0], None, "no positive"),
]


@pytest.mark.parametrize(("score", "positive", "area", "why"), AREAS, ids=[r[3] for r in AREAS])
def test_areas(score: list[float], positive: list[int], area: float | None, why: str) -> None:
    assert auroc(np.array(score), np.array(positive, dtype=bool)) == area, why


def test_everything_at_once_has_counts_and_intervals() -> None:
    p, t, groups = example()
    figures = measure_predictions(p, t, OUTPUTS, groups)
    right = t[np.arange(len(t)), p.argmax(axis=1)]
    assert figures["n"] == 200
    assert figures["groups"] == len(set(groups))
    assert figures["accuracy"] == right.mean()
    codes = np.unique(groups, return_inverse=True)[1]
    assert figures["accuracy_ci"] == share(right, np.ones(200, bool), codes).interval
    for name in ("balanced_accuracy", "log_loss", "brier", "ece_debiased"):
        low, high = figures[f"{name}_ci"]
        assert low <= figures[name] <= high
        assert low < high
    assert sum(f["n"] for f in figures["per_output"].values()) == 200


def test_sensitivity_and_specificity_are_those_of_the_confusion_matrix() -> None:
    p, t, groups = example()
    figures = measure_predictions(p, t, OUTPUTS, groups)
    matrix = sklearn_metrics.confusion_matrix(t.argmax(axis=1), p.argmax(axis=1))
    for index, output in enumerate(OUTPUTS):
        own = figures["per_output"][output]
        others = np.delete(matrix, index, axis=0)
        hits, total = int(matrix[index, index]), int(matrix[index].sum())
        assert own["n"] == total
        assert own["sensitivity"] == pytest.approx(hits / total)
        rejected = int(others.sum() - others[:, index].sum())
        assert own["specificity"] == pytest.approx(rejected / others.sum())
        assert own["auroc_ci"][0] < own["auroc"] < own["auroc_ci"][1]


def test_an_output_without_photos_has_no_figures() -> None:
    p = rows((0.7, 0.2, 0.1), (0.1, 0.8, 0.1), (0.3, 0.6, 0.1))
    own = measure_predictions(p, truth("a", "b", "a"), OUTPUTS, ["1", "2", "3"])["per_output"]["c"]
    assert own == {
        "n": 0, "sensitivity": None, "sensitivity_ci": None,
        "specificity": 1.0, "specificity_ci": wilson(3, 3), "auroc": None, "auroc_ci": None,
    }  # fmt: skip


def test_only_one_output_has_photos() -> None:
    figures = measure_predictions(rows((0.7, 0.2, 0.1)), truth("a"), OUTPUTS, ["1"])
    own = figures["per_output"]["a"]
    assert (own["sensitivity"], own["specificity"], own["auroc"]) == (1.0, None, None)
    assert own["specificity_ci"] is None


def test_a_coarse_label_is_right_by_any_part_and_counts_for_none_of_them_alone() -> None:
    p = rows((0.1, 0.8, 0.1), (0.1, 0.2, 0.7))
    figures = measure_predictions(p, truth("ab", "ab"), OUTPUTS, ["1", "2"])
    assert figures["accuracy"] == 0.5
    assert figures["balanced_accuracy"] == 0.5, "it is a truth of its own"
    assert figures["per_output"]["a"]["n"] == 0
    assert figures["per_output"]["a"]["auroc"] is None, "nobody said that it is a"
    assert figures["per_output"]["c"]["specificity"] == 0.5, "but it surely is not c"
    assert figures["brier"] is None, "without a single exact label there is no Brier score"
    assert figures["brier_ci"] is None


def test_the_bootstrap_draws_whole_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    """Copies of a photo in its own group tell nothing new, so the interval stays as wide."""
    monkeypatch.setattr(summary, "REPLICATES", 300)
    p, t, _ = example(40)
    groups = [str(i) for i in range(40)]
    once = measure_predictions(p, t, OUTPUTS, groups)
    many = measure_predictions(np.tile(p, (5, 1)), np.tile(t, (5, 1)), OUTPUTS, groups * 5)
    assert many["log_loss_ci"] == pytest.approx(once["log_loss_ci"])
    apart = measure_predictions(
        np.tile(p, (5, 1)), np.tile(t, (5, 1)), OUTPUTS, [str(i) for i in range(200)]
    )
    width = once["log_loss_ci"][1] - once["log_loss_ci"][0]
    assert apart["log_loss_ci"][1] - apart["log_loss_ci"][0] < 0.6 * width


def test_the_same_seed_gives_the_same_figures() -> None:
    p, t, groups = example(50)
    assert measure_predictions(p, t, OUTPUTS, groups) == measure_predictions(p, t, OUTPUTS, groups)
    other = measure_predictions(p, t, OUTPUTS, groups, seed=1)
    assert other["log_loss"] == log_loss(p, t)
    assert other["log_loss_ci"] != measure_predictions(p, t, OUTPUTS, groups)["log_loss_ci"]
