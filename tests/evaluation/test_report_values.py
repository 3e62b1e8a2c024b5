"""Figures agree with scikit-learn, dcurves, MAPIE and worked examples of their papers."""

import numpy as np
import pytest

pytest.importorskip("statsmodels", reason="of the extra “evaluate”")
pytest.importorskip("sklearn", reason="of the extra “evaluate”")

from sklearn import metrics as sk

from evaluation.tables import drawn, scored
from reddots.evaluation.core.scored import Scored
from reddots.evaluation.metrics.calibration.reliability import Calibration, brier_decomposition
from reddots.evaluation.metrics.confusion import Confusion, predictive_values
from reddots.evaluation.metrics.decision_curve import Decisions
from reddots.evaluation.metrics.discrimination.curves import Curve
from reddots.evaluation.metrics.inference.bootstrap import (
    Statistic,
    affordable,
    percentiles,
    replicate_weights,
    resample,
)
from reddots.evaluation.metrics.overall import Overall
from reddots.evaluation.metrics.per_class import PerClass
from reddots.evaluation.metrics.scores import (
    balanced_accuracy,
    brier,
    equal_mass,
    equal_width,
    log_loss,
)
from reddots.evaluation.metrics.uncertainty.conformal import measure_sets, quantile, split_conformal
from reddots.evaluation.metrics.uncertainty.ood import separation
from reddots.evaluation.metrics.uncertainty.selective import Selective, area, best_area, coverage_at

NEVER = np.array([])


def weights(count: int, seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 4, count).astype(float)


def test_rates_are_scikit_learns_with_and_without_weights() -> None:
    found = drawn(300)
    first, confusion = found.possible.argmax(axis=1), Confusion(found)
    for w in (None, weights(300)):
        matrix = confusion.matrix(w)
        expected = sk.confusion_matrix(first, found.predicted, sample_weight=w)
        np.testing.assert_allclose(matrix, expected)
        rates = confusion.rates(matrix)
        kept = {"sample_weight": w, "average": None}
        np.testing.assert_allclose(
            rates.sensitivity, sk.recall_score(first, found.predicted, **kept)
        )
        np.testing.assert_allclose(rates.ppv, sk.precision_score(first, found.predicted, **kept))
        np.testing.assert_allclose(rates.f1, sk.f1_score(first, found.predicted, **kept))
        rest = sk.multilabel_confusion_matrix(first, found.predicted, sample_weight=w)
        np.testing.assert_allclose(rates.specificity, rest[:, 0, 0] / rest[:, 0].sum(axis=1))
        np.testing.assert_allclose(rates.npv, rest[:, 0, 0] / rest[:, :, 0].sum(axis=1))
        kappa = sk.cohen_kappa_score(first, found.predicted, sample_weight=w)
        assert confusion.kappa(matrix) == pytest.approx(kappa)
        balanced = sk.balanced_accuracy_score(first, found.predicted, sample_weight=w)
        assert confusion.balanced_accuracy(matrix) == pytest.approx(balanced)


def test_replicates_of_overall_figures_are_the_figures_of_the_drawn_photos() -> None:
    found, w = drawn(200), weights(200)
    repeated = found.take(np.repeat(np.arange(200), w.astype(int)))
    quick = Overall(found).values(w)
    again = Overall(repeated).to_json({})
    names = ("balanced_accuracy", "log_loss", "brier", "kappa", "macro_f1")
    np.testing.assert_allclose(quick, [again[name] for name in names])
    assert again["log_loss"] == log_loss(repeated.probabilities, repeated.possible)
    assert again["brier"] == pytest.approx(brier(repeated.probabilities, repeated.possible))
    assert again["balanced_accuracy"] == pytest.approx(
        balanced_accuracy(repeated.probabilities, repeated.possible)
    )


def test_top_k_is_scikit_learns() -> None:
    found = drawn(200, outputs=5)
    first = found.possible.argmax(axis=1)
    report = Overall(found).to_json({})
    for k in (2, 3):
        expected = sk.top_k_accuracy_score(first, found.probabilities, k=k)
        assert report[f"top_{k}_accuracy"] == pytest.approx(expected)


# scores with ties or none, why
SCORES = [
    (np.linspace(0, 1, 120), "no ties"),
    (np.round(np.linspace(0, 1, 120), 1), "many ties"),
    (np.full(120, 0.5), "all alike"),
]


@pytest.mark.parametrize(("base", "why"), SCORES, ids=[r[1] for r in SCORES])
def test_curves_are_scikit_learns(base: np.ndarray, why: str) -> None:
    rng = np.random.default_rng(1)
    score, positive = rng.permutation(base), rng.random(120) < 0.3
    curve = Curve(score, positive)
    for w in (None, weights(120)):
        own = np.ones(120) if w is None else w
        area_, precision = curve.areas(w)
        assert area_ == pytest.approx(sk.roc_auc_score(positive, score, sample_weight=own)), why
        expected = sk.average_precision_score(positive, score, sample_weight=own)
        assert precision == pytest.approx(expected), why
        false, true, _ = sk.roc_curve(positive, score, sample_weight=own, drop_intermediate=False)
        at = curve.roc(w)
        assert at[-1] == 1.0
        inner = np.linspace(0, 1, 101)[1:-1]
        unlike = ~np.isin(np.round(inner, 9), np.round(false, 9))
        np.testing.assert_allclose(at[1:-1][unlike], np.interp(inner[unlike], false, true))
    assert curve.auroc == pytest.approx(sk.roc_auc_score(positive, score))


def test_a_curve_of_one_side_does_not_exist() -> None:
    curve = Curve(np.array([0.1, 0.2]), np.array([True, True]))
    assert not curve.has_both
    assert curve.auroc is None
    assert curve.average_precision is None
    assert np.isnan(curve.areas()).all()
    assert np.isnan(curve.roc()).all()
    assert np.isnan(curve.precision()).all()


def test_predictive_values_of_the_worked_example() -> None:
    """Altman and Bland, BMJ 1994;309:102: 231 of 258 and 54 of 86, at a prevalence of 0.25."""
    ppv, npv = predictive_values(np.array([231 / 258]), np.array([54 / 86]), 0.25)
    assert ppv[0] == pytest.approx(0.45, abs=0.005)
    assert npv[0] == pytest.approx(0.95, abs=0.005)


def test_predictive_values_at_the_samples_own_prevalence_are_its_own() -> None:
    found = drawn(300)
    rates = Confusion(found).rates(Confusion(found).matrix())
    share = found.possible[:, 0].mean()
    ppv, npv = predictive_values(rates.sensitivity, rates.specificity, share)
    assert ppv[0] == pytest.approx(rates.ppv[0])
    assert npv[0] == pytest.approx(rates.npv[0])


def test_the_brier_score_falls_into_its_parts() -> None:
    """Forecasts that are alike within a bin leave nothing over (Murphy 1973)."""
    p = np.array([0.1] * 10 + [0.9] * 10)
    y = np.array([1] + [0] * 9 + [1] * 8 + [0] * 2)
    parts = brier_decomposition(p, y, equal_width(p))
    assert parts["reliability"] == pytest.approx(0.5 * 0.0 + 0.5 * 0.1**2)
    assert parts["resolution"] == pytest.approx(0.35**2)
    assert parts["uncertainty"] == pytest.approx(0.45 * 0.55)
    assert parts["within_bins"] == pytest.approx(0.0, abs=1e-12)
    found = drawn(400)
    split = Calibration(found).to_json()["brier"]
    total = split["reliability"] - split["resolution"] + split["uncertainty"] + split["within_bins"]
    assert total == pytest.approx(brier(found.probabilities, found.possible))


def test_equal_mass_bins_hold_alike_many_and_keep_ties_together() -> None:
    places = equal_mass(np.linspace(0, 1, 1500), 15)
    assert set(np.bincount(places)) == {100}
    assert len(set(equal_mass(np.full(100, 0.3), 15))) == 1


def test_calibration_errors_of_a_calibrated_model_are_small_and_classwise_is_the_mean() -> None:
    rng = np.random.default_rng(0)
    p = rng.dirichlet([1, 1, 1], 20_000)
    first = (rng.random((20_000, 1)) > p.cumsum(axis=1)).sum(axis=1)
    found = Scored(tuple("abc"), p, np.eye(3, dtype=bool)[first], np.eye(3, dtype=bool)[first],
                   np.arange(20_000))  # fmt: skip
    report = Calibration(found).to_json()
    assert report["ece_equal_mass"] < 0.02
    assert report["ece_classwise"] < 0.02
    assert report["ece_classwise"] == pytest.approx(np.mean(list(report["ece_of_output"].values())))
    assert sum(b["n"] for b in report["reliability"]) == 20_000


def test_the_area_under_risk_and_coverage_is_the_mean_risk_of_prefixes() -> None:
    """Geifman and El-Yaniv 2017, by hand: right, wrong, right, wrong from the surest down."""
    found = scored([[0.9, 0.1, 0], [0.8, 0.2, 0], [0.7, 0.3, 0], [0.6, 0.4, 0]], "abab")
    report = Selective(found, np.array([0, 1, 0, 1], bool), np.array([0, 0, 1, np.nan])).to_json({})
    assert report["aurc"] == pytest.approx((0 + 1 / 2 + 1 / 3 + 2 / 4) / 4)
    assert report["excess_aurc"] == pytest.approx(report["aurc"] - (1 / 3 + 2 / 4) / 4)
    assert report["coverage_at_risk"] == 0.25
    assert report["dangerous"] == {
        "n": 0, "of": 2, "uncovered": 0, "wrong": 0, "risk": None, "risk_ci": None,
    }  # fmt: skip
    own = report["own_abstention"]
    assert (own["n"], own["named"], own["right"], own["risk"]) == (3, 2, 1, 0.5)
    assert (own["dangerous_named"], own["dangerous_wrong"]) == (1, 1)


def test_photos_that_are_equally_sure_are_named_together() -> None:
    found = scored([[0.9, 0.1, 0]] * 4, "abaa")
    report = Selective(found, np.zeros(4, bool), np.full(4, np.nan)).to_json({})
    assert report["aurc"] == pytest.approx(0.25)
    assert report["coverage_at_risk"] == 0.0
    assert report["own_abstention"] is None
    assert area(np.array([0.5, 1.0]), np.array([0.0, 0.5])) == 0.25
    assert coverage_at(np.array([0.5, 1.0]), np.array([0.0, 0.5]), 0.5) == 1.0
    assert best_area(0.0, 10) == 0.0


EVENTS = [1, 1, 0, 1, 0, 1, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 0, 0, 0, 0, 1, 0, 1,
          1, 1, 0, 0, 1, 0, 1, 1, 1, 0]  # fmt: skip
RISKS = [0.78, 0.64, 0.44, 0.53, 0.34, 0.94, 0.61, 0.45, 0.94, 0.01, 0.35, 0.01, 0.75, 0.22, 0.1,
         0.16, 0.4, 0.16, 0.07, 0.85, 0.22, 0.9, 0.62, 0.16, 0.4, 0.25, 0.25, 0.62, 0.01, 0.97,
         0.54, 0.92, 0.18, 0.48, 0.7, 0.47, 0.78, 0.62, 0.87, 0.34]  # fmt: skip
# threshold, net benefit of the model and of sending all, as dcurves 1.1.7 gives them
BENEFITS = [(0.10, 0.400000, 0.388889), (0.25, 0.358333, 0.266667), (0.50, 0.450000, -0.1),
            (0.75, 0.250000, -1.2)]  # fmt: skip


@pytest.mark.parametrize(("threshold", "model", "everybody"), BENEFITS)
def test_net_benefit_is_that_of_dcurves(threshold: float, model: float, everybody: float) -> None:
    p = np.array(RISKS)
    found = scored(np.stack([p, 1 - p], axis=1), ["ab"[1 - e] for e in EVENTS], outputs="ab")
    event = np.array(EVENTS, dtype=bool)
    report = Decisions(found, event, np.ones(40, bool), ("a",), np.array(EVENTS, float)).to_json({})
    assert report is not None
    place = round(threshold * 100) - 1
    assert report["model"][place] == pytest.approx(model, abs=1e-6)
    assert report["all"][place] == pytest.approx(everybody, abs=1e-6)
    assert report["none"][place] == 0
    assert report["flag"][place] == pytest.approx(np.mean(EVENTS)), "a flag that is the truth"


def test_decisions_need_both_sides() -> None:
    found = scored([[0.9, 0.1, 0]] * 3, "aaa")
    known, nobody = np.ones(3, bool), np.full(3, np.nan)
    assert Decisions(found, known, known, ("a",), nobody).to_json({}) is None
    assert Decisions(found, ~known, known, (), nobody).to_json({}) is None


CALIBRATING = [
    [0.16, 0.05, 0.79], [0.16, 0.05, 0.79], [0.46, 0.51, 0.03], [0.38, 0.51, 0.11],
    [0.63, 0.08, 0.29], [0.09, 0.61, 0.3], [0.15, 0.59, 0.26], [0.16, 0.49, 0.35],
    [0.4, 0.11, 0.49], [0.02, 0.96, 0.02], [0.53, 0.4, 0.07], [0.56, 0.01, 0.43],
    [0.51, 0.03, 0.46], [0.73, 0.16, 0.11], [0.26, 0.51, 0.23], [0.1, 0.38, 0.52],
    [0.25, 0.7, 0.05], [0.69, 0.25, 0.06], [0.17, 0.24, 0.59], [0.76, 0.23, 0.01],
]  # fmt: skip
CALIBRATING_TRUTH = [0, 2, 0, 0, 1, 1, 1, 2, 1, 1, 1, 2, 0, 0, 0, 2, 0, 0, 0, 0]
ASKED = [
    [0.13, 0.26, 0.61], [0.2, 0.57, 0.23], [0.3, 0.68, 0.02], [0.38, 0.55, 0.07],
    [0.02, 0.4, 0.58], [0.39, 0.34, 0.27], [0.19, 0.65, 0.16], [0.34, 0.02, 0.64],
    [0.13, 0.71, 0.16], [0.08, 0.41, 0.51],
]  # fmt: skip
MAPIE = [[0, 1, 1], [1, 1, 1], [1, 1, 0], [1, 1, 0], [0, 1, 1], [1, 1, 1], [1, 1, 0], [1, 0, 1],
         [0, 1, 0], [0, 1, 1]]  # fmt: skip


def test_conformal_sets_are_those_of_mapie() -> None:
    """MAPIE 1.6.0, ``SplitConformalClassifier`` with ``lac`` at 80%, on the same numbers."""
    p = np.array(CALIBRATING)
    limit = quantile(1 - p[np.arange(20), CALIBRATING_TRUTH], 0.8)
    assert (1 - np.array(ASKED) <= limit).astype(int).tolist() == MAPIE


def test_sets_of_too_few_photos_hold_everything() -> None:
    assert quantile(np.array([0.2]), 0.9) == 1.0
    one = scored([[0.9, 0.1, 0]], "a")
    assert split_conformal(one, 0) is None
    two = scored([[0.9, 0.1, 0], [0.2, 0.8, 0]], "ab")
    sets = split_conformal(two, 0)
    assert sets is not None
    assert sets.all()


def test_conformal_sets_hold_the_truth_as_often_as_they_should() -> None:
    found = drawn(4000)
    sets = split_conformal(found, 0)
    assert sets is not None
    report = measure_sets(sets, found)
    assert report["coverage"] == pytest.approx(0.9, abs=0.02)
    assert sum(report["sizes"].values()) == 4000


def test_coverage_and_size_by_hand() -> None:
    found = scored([[0.9, 0.1, 0]] * 4, ["a", "b", "b", "bc"])
    sets = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 0], [0, 0, 1]], bool)
    report = measure_sets(sets, found)
    assert report["coverage"] == 0.75, "the coarse truth is held by one of its parts"
    assert (report["empty"], report["single"], report["single_right"]) == (1, 2, 2)
    assert report["mean_size"] == 1.0
    assert report["per_output"]["b"]["coverage"] == 0.5
    assert report["per_output"]["c"]["coverage"] is None


def test_strange_photos_are_told_apart() -> None:
    strange, usual = np.array([0.9, 0.8, 0.2]), np.array([0.1, 0.3, 0.15, 0.05])
    found = separation(strange, usual)
    assert found == {"auroc": pytest.approx(11 / 12), "fpr_at_95": 0.25}
    assert separation(NEVER, usual) is None
    assert separation(strange, NEVER) is None


def test_replicates_draw_whole_groups_as_many_as_there_are() -> None:
    groups = np.array([0, 0, 1, 2, 2, 2])
    for w in replicate_weights(groups, 20, 0):
        assert w[0] == w[1]
        assert w[3] == w[4] == w[5]
        assert w[0] + w[2] + w[3] == pytest.approx(3)


def test_a_class_keeps_its_number_of_groups_in_stratified_draws() -> None:
    strata = np.array([0, 0, 0, 1, 1, 2])
    for w in replicate_weights(np.arange(6), 20, 0, strata):
        assert w[:3].sum() == pytest.approx(3)
        assert w[3:5].sum() == pytest.approx(2)
        assert w[5] == 1, "the only group of its class"


def test_intervals_pass_over_what_does_not_exist() -> None:
    found = percentiles(np.array([[1.0, np.nan], [3.0, np.nan], [np.nan, np.nan]]))
    np.testing.assert_allclose(found[:, 0], [1.05, 2.95])
    assert np.isnan(found[:, 1]).all()
    assert resample({"x": Statistic(np.sum)}, drawn(20), 0, 0) == {}
    one_group = scored([[0.9, 0.1, 0]] * 2, "ab", groups=(0, 0))
    assert resample({"x": Statistic(np.sum)}, one_group, 10, 0) == {}


def test_the_bootstrap_interval_of_a_mean_is_the_normal_one() -> None:
    x = np.random.default_rng(0).normal(size=400)
    photos = scored(np.full((400, 3), 1 / 3), "a" * 400)
    found = resample({"x": Statistic(lambda w: w @ x / w.sum())}, photos, 2000, 0)["x"]
    half = 1.97 * x.std() / 20
    np.testing.assert_allclose(found, [x.mean() - half, x.mean() + half], atol=0.015)


def test_fewer_replicates_for_more_photos() -> None:
    assert [affordable(n) for n in (10, 20_000, 50_000, 1_000_000)] == [1000, 1000, 400, 100]


def test_a_coarse_truth_is_neither_for_nor_against_its_parts() -> None:
    found = scored([[0.6, 0.3, 0.1], [0.3, 0.6, 0.1], [0.1, 0.2, 0.7], [0.4, 0.3, 0.3]],
                   ["a", "b", "c", "ab"])  # fmt: skip
    report = PerClass(found).to_json({})
    assert [report[o]["n"] for o in "abc"] == [1, 1, 1]
    assert report["a"]["auroc"] == 1.0
    assert report["c"]["specificity"] == 1.0
    assert report["a"]["specificity_ci"] == report["b"]["specificity_ci"], "two photos each"
    confusion = Confusion(found)
    assert confusion.truths == ("a", "b", "c", "a|b")
    assert Overall(found).to_json({})["accuracy"] == 1.0
