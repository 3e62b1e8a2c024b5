"""Sample size and label noise: by statsmodels, by simulation, and by hand."""

import numpy as np
import pytest

pytest.importorskip("statsmodels", reason="of the extra “evaluate”")
pytest.importorskip("sklearn", reason="of the extra “evaluate”")

from sklearn.metrics import roc_auc_score
from statsmodels.stats.proportion import samplesize_confint_proportion

from cli.command_line import CommandLine
from reddots.evaluation.core.scored import Scored
from reddots.evaluation.metrics.inference.sample_size import (
    measure_sample_size,
    photos_for_area,
    photos_for_expected_observed,
    photos_for_share,
)
from reddots.evaluation.metrics.label_noise import measure_label_noise
from reddots.evaluation.metrics.per_class import PerClass

# expected share, width from end to end
SHARES = [(0.8, 0.1), (0.95, 0.05), (0.5, 0.2), (0.1, 0.1)]


@pytest.mark.parametrize(("expected", "width"), SHARES)
def test_a_share_needs_what_statsmodels_says(expected: float, width: float) -> None:
    own = photos_for_share(expected, width)
    assert own == np.ceil(samplesize_confint_proportion(expected, width / 2))
    assert photos_for_share(expected, width, 2.0) == pytest.approx(2 * own, abs=1)


def spread(draws: list[float]) -> float:
    """The width of a 95% interval whose standard error is the spread of these."""
    return float(2 * 1.96 * np.std(draws))


@pytest.mark.parametrize(("shift", "prevalence"), [(1.2, 0.5), (0.7, 0.2)])
@pytest.mark.slow
def test_an_area_needs_what_simulation_shows(shift: float, prevalence: float) -> None:
    """Scores that are exponential have the areas that Hanley and McNeil's formula is made for."""
    rng = np.random.default_rng(0)
    area = np.exp(shift) / (1 + np.exp(shift))
    count = photos_for_area(float(area), prevalence, 0.15)
    hits = round(count * prevalence)
    positive = np.arange(count) < hits
    scale = np.where(positive, np.exp(shift), 1.0)
    areas = [roc_auc_score(positive, rng.exponential(scale)) for _ in range(300)]
    assert np.mean(areas) == pytest.approx(area, abs=0.01)
    assert spread(areas) == pytest.approx(0.15, rel=0.12)


def test_expected_to_observed_needs_what_simulation_shows() -> None:
    rng = np.random.default_rng(0)
    count = photos_for_expected_observed(0.2, 0.4)
    ratios = np.log(0.2 * count / rng.binomial(count, 0.2, 2000))
    low, high = np.exp([-1.96 * np.std(ratios), 1.96 * np.std(ratios)])
    assert high - low == pytest.approx(0.4, rel=0.05)


def test_a_report_says_what_is_there_and_what_a_width_needs() -> None:
    """Forty events of which 30 are found, all photos alone: 0.75 × 0.25 × (1.96 / 0.05)²."""
    truth = np.eye(2, dtype=bool)[np.repeat([0, 1], 40)]
    found = np.repeat([1, 0, 0, 1], [30, 10, 10, 30]).astype(float)
    p = np.stack([0.2 + 0.6 * found, 0.8 - 0.6 * found], axis=1)
    own = Scored(("a", "b"), p, truth, truth, np.arange(80))
    classes = PerClass(own).to_json({})
    report = measure_sample_size(own, classes, [0.1])
    first = report["per_class"]["a"]
    assert (first["events"], first["enough_events"]) == (40, False)
    low, high = classes["a"]["sensitivity_ci"]
    assert first["width"]["sensitivity"] == pytest.approx(high - low)
    assert first["events_for_sensitivity"] == {"0.1": 289}
    pairs = Scored(("a", "b"), p, truth, truth, np.repeat(np.arange(8), 10))
    grouped = measure_sample_size(pairs, PerClass(pairs).to_json({}), [0.1])
    assert grouped["per_class"]["a"]["events_for_sensitivity"]["0.1"] > 289, "people count"


def test_wrong_labels_by_hand() -> None:
    """At random: 0.9 × 0.9 + 0.1 × 0.1; the ten surest errors relabelled: none is left."""
    truth = np.eye(2, dtype=bool)[np.arange(200) % 2]
    right = np.arange(200) >= 20
    p = np.where(truth == right[:, None], 0.8, 0.2)
    found = measure_label_noise(Scored(("a", "b"), p, truth, truth, np.arange(200)))
    assert found is not None
    last = found[-1]
    assert last["share"] == 0.1
    assert last["accuracy"] == pytest.approx(0.82, abs=0.01)
    assert last["relabelled_accuracy"] == 1.0
    assert found[1]["relabelled_accuracy"] == pytest.approx(0.95)


def test_the_command_plans_before_there_are_photos(reddots: CommandLine) -> None:
    done = reddots("sample-size", "--prevalence", 0.1, "--sensitivity", 0.9)
    assert done.code == 0, done.err
    assert "sensitivity 0.9 (139 events): 1390 photos" in done.out
    grouped = reddots("sample-size", "--prevalence", 0.1, "--sensitivity", 0.9,
                      "--photos-a-group", 3)  # fmt: skip
    assert "sensitivity 0.9 (277 events): 2770 photos" in grouped.out
    wrong = reddots("sample-size", "--prevalence", 1)
    assert wrong.code == 2
    assert "above 0 and below 1" in wrong.err
