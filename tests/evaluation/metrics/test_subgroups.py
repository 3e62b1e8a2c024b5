"""Subgroups' accuracy, worst value and gap, against fairlearn's own."""

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="of the extra “evaluate”")
pytest.importorskip("fairlearn", reason="of the extra “dev”")

from fairlearn.metrics import MetricFrame
from sklearn.metrics import accuracy_score

from reddots.evaluation.core.sample import Sample
from reddots.evaluation.metrics.subgroups import measure_subgroups


def fabricated(seed: int) -> tuple[Sample, np.ndarray, np.ndarray, np.ndarray]:
    """Photos of three outputs whose predictions are worse on some skin types than on others."""
    rng = np.random.default_rng(seed)
    truth, skin = rng.integers(3, size=300), rng.integers(1, 5, size=300)
    called = np.where(rng.random(300) < 0.5 + 0.1 * skin, truth, rng.integers(3, size=300))
    probabilities = np.full((300, 3), 0.2)
    probabilities[np.arange(300), called] = 0.6
    may = np.eye(3, dtype=bool)[truth]
    scored = SimpleNamespace(right=called == truth, probabilities=probabilities, may=may)
    sample = SimpleNamespace(
        attributes={"fitzpatrick": skin.astype(str).astype(object)},
        quality=np.full(300, "", dtype=object),
        scored=scored,
    )
    return cast("Sample", sample), truth, called, skin


@pytest.mark.parametrize("seed", range(5))
def test_they_are_those_of_an_independent_library(seed: int) -> None:
    sample, truth, called, skin = fabricated(seed)
    found: dict[str, Any] = measure_subgroups(sample, np.zeros(300, dtype=bool))["fitzpatrick"]
    frame = MetricFrame(
        metrics=accuracy_score, y_true=truth, y_pred=called, sensitive_features=skin
    )
    expected = frame.by_group.to_dict()
    assert {int(v["value"]): v["accuracy"] for v in found["values"]} == pytest.approx(expected)
    assert found["gap"] == pytest.approx(frame.difference()), "between the best and the worst"
    assert expected[int(found["worst"])] == pytest.approx(frame.group_min())
    assert expected[int(found["best"])] == pytest.approx(frame.group_max())
