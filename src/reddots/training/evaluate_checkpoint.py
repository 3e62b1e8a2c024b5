"""Evaluation of a checkpoint on one set of photos, as the JSON that cards are made of."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from reddots.classifier.checkpoint import SideCar
from reddots.classifier.ood import ood_score
from reddots.classifier.selective import abstains, prediction_sets
from reddots.classifier.softmax import softmax
from reddots.datasets.manifest import Row
from reddots.evaluation.core.arrays import sample_from_arrays
from reddots.evaluation.core.danger import dangerous_events
from reddots.evaluation.core.sample import Sample
from reddots.evaluation.core.scored import Flags, Floats, Scored
from reddots.evaluation.metrics.calibration.reliability import reliability
from reddots.evaluation.metrics.confusion import Confusion
from reddots.evaluation.metrics.scores import equal_width, expected_calibration_error
from reddots.evaluation.metrics.subgroups import measure_subgroups
from reddots.evaluation.metrics.summary import measure_scored
from reddots.evaluation.metrics.uncertainty.conformal import measure_sets
from reddots.evaluation.metrics.uncertainty.ood import measure_outliers
from reddots.evaluation.metrics.uncertainty.selective import Selective
from reddots.evaluation.tables.class_roles import dangerous_classes
from reddots.knowledge import load
from reddots.photo.result import GATE

Logits = npt.NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class CheckpointOutput:
    """What a network said of photos.

    Attributes:
        rows: N, the photos whose label its outputs cover.
        logits: N × K.
        truth: N × K, the outputs that the label may mean.
        strange: rows (M) whose label no output covers.
        strange_logits: M × K.
    """

    rows: Sequence[Row]
    logits: Logits
    truth: Flags
    strange: Sequence[Row]
    uncovered_logits: Logits

    def skin(self, outputs: Sequence[str]) -> Flags:
        """Return which of the N photos show skin."""
        if GATE not in outputs:
            return np.ones(len(self.rows), dtype=bool)
        return ~self.truth[:, list(outputs).index(GATE)]


def evaluate_checkpoint(side_car: SideCar, predicted: CheckpointOutput) -> dict[str, Any]:
    """Return the values of a set of photos, read as the side-car says.

    Shares have Wilson intervals; other values those of a bootstrap over groups.
    """
    outputs, temperature = side_car.outputs, side_car.temperature
    before, after = softmax(predicted.logits), softmax(predicted.logits, temperature)
    sample = _sample(predicted, outputs, after, softmax(predicted.uncovered_logits, temperature))
    scored = sample.scored
    named = ~abstains(side_car, predicted.logits, after)
    harmless = np.zeros(len(scored), dtype=bool)
    selective = Selective(scored, harmless, (~named).astype(np.float64)).to_json({})
    outliers = _ood(side_car, predicted, sample)
    found = {
        **measure_scored(scored),
        "left_out": len(predicted.strange),
        "named": int(named.sum()),
        "named_right": int(scored.correct[named].sum()),
        "confusion": Confusion(scored).to_json(),
        "ece_before": expected_calibration_error(before, predicted.truth),
        "reliability": {
            "before": _bins(replace(scored, probabilities=before)),
            "after": _bins(scored),
        },
        "selective": {name: selective[name] for name in ("aurc", "curve", "own_abstention")},
        "sets": measure_sets(prediction_sets(side_car, after), scored),
        "uncovered": outliers.pop("uncovered"),
        "ood_score": outliers,
        "subgroups": _subgroups(sample),
        "sources": _sources([*predicted.rows, *predicted.strange]),
    }
    plain: dict[str, Any] = json.loads(json.dumps(found))  # numpy's numbers become Python's
    return plain


def _sample(
    predicted: CheckpointOutput, outputs: tuple[str, ...], own: Floats, uncovered: Floats
) -> Sample:
    rows = [*predicted.rows, *predicted.strange]
    # The labels are spelt by the outputs they may mean, as photos were loaded.
    labels = ["|".join(np.array(outputs)[meant]) for meant in predicted.truth]
    return sample_from_arrays(
        [*labels, *(row.label for row in predicted.strange)],
        np.concatenate([own, uncovered]),
        outputs,
        groups=[row.group for row in rows],
        attributes={
            "fitzpatrick": [row.fitzpatrick for row in rows],
            "dataset": [row.dataset for row in rows],
        },
    )


def _bins(scored: Scored) -> list[dict[str, Any]]:
    return reliability(scored.confidence, scored.correct, equal_width(scored.confidence))


def _ood(side_car: SideCar, predicted: CheckpointOutput, sample: Sample) -> dict[str, Any]:
    """Return how well strange photos are found: near (skin no output covers) and far (no skin)."""
    outputs, limit = side_car.outputs, side_car.thresholds.ood_score
    scores = tuple(
        ood_score(logits, outputs, side_car.temperature)
        for logits in (predicted.logits, predicted.uncovered_logits)
    )
    gate = GATE if GATE in outputs else None
    found = measure_outliers(sample, gate, {"energy": (scores[0], scores[1])})
    far = scores[0][~predicted.skin(outputs)]
    for name, strange in (("near", scores[1]), ("far", far)):
        if gate:
            found[name][GATE] = found[name].pop("gate")
        if limit is not None and len(strange):
            found[name]["beyond_threshold"] = float((strange > limit).mean())
    return found


def _subgroups(sample: Sample) -> dict[str, list[dict[str, Any]]]:
    """Return the metrics by skin type and by data set; each value's gap is from all others."""
    scored, knowledge = sample.scored, load()
    dangerous = dangerous_classes(scored.outputs, scored.outputs, knowledge)
    inside = np.array([o in dangerous for o in scored.outputs])
    event, known = dangerous_events(sample, dangerous)
    found = measure_subgroups(
        sample,
        (event & known)[: len(scored)],
        np.clip(scored.probabilities[:, inside].sum(axis=1), 0, 1),
        inside[scored.predicted],
    )
    return {
        name: found[name]["values"] if name in found else [] for name in ("fitzpatrick", "dataset")
    }


def _sources(rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """Return, by data set, how many photos and under which licence."""
    counts = Counter(row.dataset for row in rows)
    licences = {row.dataset: row.licence for row in rows}
    return {name: {"n": n, "licence": licences[name]} for name, n in sorted(counts.items())}
