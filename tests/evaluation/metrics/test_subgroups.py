"""Subgroups' accuracy, worst value and gap, against fairlearn's own."""

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="of the extra “evaluate”")
pytest.importorskip("fairlearn", reason="of the extra “dev”")

from fairlearn.metrics import MetricFrame, true_negative_rate, true_positive_rate
from sklearn.metrics import accuracy_score
from statsmodels.stats.multitest import multipletests

from reddots.evaluation.core.sample import Sample
from reddots.evaluation.core.scored import Scored
from reddots.evaluation.metrics.inference.proportions import share
from reddots.evaluation.metrics.subgroups import binned, difference, measure_subgroups


def fabricated(seed: int) -> tuple[Sample, np.ndarray, np.ndarray, np.ndarray]:
    """Photos of three outputs whose predictions are worse on some skin types than on others."""
    rng = np.random.default_rng(seed)
    truth, skin = rng.integers(3, size=300), rng.integers(1, 5, size=300)
    called = np.where(rng.random(300) < 0.5 + 0.1 * skin, truth, rng.integers(3, size=300))
    probabilities = np.full((300, 3), 0.2)
    probabilities[np.arange(300), called] = 0.6
    may = np.eye(3, dtype=bool)[truth]
    sample = SimpleNamespace(
        attributes={"fitzpatrick": skin.astype(str).astype(object)},
        quality=np.full(300, "", dtype=object),
        scored=Scored(("a", "b", "c"), probabilities, may, may, np.arange(300)),
    )
    return cast("Sample", sample), truth, called, skin


def measured(sample: Sample, truth: np.ndarray, called: np.ndarray) -> dict[str, Any]:
    risk = sample.scored.probabilities[:, 0]
    return measure_subgroups(sample, truth == 0, risk, called == 0)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.slow
def test_they_are_those_of_an_independent_library(seed: int) -> None:
    sample, truth, called, skin = fabricated(seed)
    found = measured(sample, truth, called)["fitzpatrick"]
    frame = MetricFrame(
        metrics=accuracy_score, y_true=truth, y_pred=called, sensitive_features=skin
    )
    expected = frame.by_group.to_dict()
    assert {int(v["value"]): v["accuracy"] for v in found["values"]} == pytest.approx(expected)
    assert found["gap"] == pytest.approx(frame.difference()), "between the best and the worst"
    assert expected[int(found["worst"])] == pytest.approx(frame.group_min())
    assert expected[int(found["best"])] == pytest.approx(frame.group_max())
    rates = MetricFrame(
        metrics={"sensitivity": true_positive_rate, "specificity": true_negative_rate},
        y_true=truth == 0, y_pred=called == 0, sensitive_features=skin,
    ).by_group  # fmt: skip
    for own in found["values"]:
        for name in ("sensitivity", "specificity"):
            assert own[name] == pytest.approx(rates[name][int(own["value"])])
    gaps = [gap for own in found["values"] for gap in own["gaps"].values()]
    holm = multipletests([gap["p"] for gap in gaps], method="holm")[1]
    np.testing.assert_allclose([gap["p_holm"] for gap in gaps], holm)


def test_a_gap_has_newcombes_interval() -> None:
    """Newcombe 1998, example a: 56 of 70 against 48 of 80 is 0.2, 0.0524 to 0.3339."""
    first = share(np.arange(70) < 56, np.ones(70, bool), np.arange(70))
    second = share(np.arange(80) < 48, np.ones(80, bool), np.arange(80))
    gap = difference(first, second)
    assert gap is not None
    assert gap["difference"] == pytest.approx(0.2)
    assert gap["difference_ci"] == pytest.approx([0.0524, 0.3339], abs=1e-4)


# a column's texts, which groups they make, why
BINS = [
    (
        "age",
        ["3", "17.5", "18", "64", "65", "x"],
        ["under 18", "under 18", "18 to 39", "40 to 64", "65 and older", "x"],
        "ages in bands",
    ),
    ("sex", ["f", "m", ""], ["f", "m", ""], "words stay"),
    (
        "size",
        [str(i) for i in range(12)],
        ["1: up to 2.75"] * 3
        + ["2: 2.75 to 5.5"] * 3
        + ["3: 5.5 to 8.25"] * 3
        + ["4: above 8.25"] * 3,
        "many numbers by quarters",
    ),
]


@pytest.mark.parametrize(("name", "texts", "groups", "why"), BINS, ids=[r[3] for r in BINS])
def test_numbers_are_binned(name: str, texts: list[str], groups: list[str], why: str) -> None:
    assert list(binned(name, np.array(texts, dtype=object))) == groups, why


@pytest.mark.slow
def test_attributes_are_crossed() -> None:
    sample, truth, called, _ = fabricated(0)
    sample.attributes["sex"] = np.where(np.arange(300) % 2, "f", "m").astype(object)
    risk = sample.scored.probabilities[:, 0]
    found = measure_subgroups(sample, truth == 0, risk, called == 0, ["sex*fitzpatrick"])
    values = found["sex*fitzpatrick"]["values"]
    assert {v["value"] for v in values} == {f"{s}, {t}" for s in "fm" for t in range(1, 5)}
    assert sum(v["n"] for v in values) == 300
