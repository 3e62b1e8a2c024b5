"""Evaluation of a checkpoint on one set of photos, as the JSON that cards are made of."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from reddots.classifier.checkpoint import SideCar
from reddots.classifier.ood import ood_score
from reddots.classifier.selective import abstains, prediction_sets
from reddots.classifier.softmax import softmax
from reddots.datasets.manifest import Row
from reddots.evaluation.core.scored import Flags, Floats, Scored
from reddots.evaluation.metrics.calibration.reliability import reliability
from reddots.evaluation.metrics.confusion import Confusion
from reddots.evaluation.metrics.discrimination.delong import area_interval
from reddots.evaluation.metrics.scores import auroc, equal_width, expected_calibration_error
from reddots.evaluation.metrics.subgroups import accuracy_by_value
from reddots.evaluation.metrics.summary import measure_scored
from reddots.evaluation.metrics.uncertainty.conformal import measure_sets
from reddots.evaluation.metrics.uncertainty.ood import called_by_label, measure_separation
from reddots.evaluation.metrics.uncertainty.selective import Selective
from reddots.photo.result import GATE
from reddots.tabular.columns import Texts

Logits = npt.NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class CheckpointOutput:
    """What a network said of photos.

    Attributes:
        rows: N, the photos whose label its outputs cover.
        logits: N × K.
        truth: N × K, the outputs that the label may mean.
        strange: rows (M) whose label no output covers.
        uncovered_logits: M × K.
        simulated: by output that simulation taught, the log likelihood ratio and whether it is the
            truth, N + M each.
    """

    rows: Sequence[Row]
    logits: Logits
    truth: Flags
    strange: Sequence[Row]
    uncovered_logits: Logits
    simulated: Mapping[str, tuple[Floats, Flags]] = field(default_factory=dict)

    def where(self, kept: Callable[[Row], bool]) -> "CheckpointOutput":
        """Return what was said of the rows that ``kept`` accepts."""
        own = np.array([kept(row) for row in self.rows], dtype=bool)
        odd = np.array([kept(row) for row in self.strange], dtype=bool)
        both = np.append(own, odd)
        return CheckpointOutput(
            [row for row, keep in zip(self.rows, own, strict=True) if keep],
            self.logits[own],
            self.truth[own],
            [row for row, keep in zip(self.strange, odd, strict=True) if keep],
            self.uncovered_logits[odd],
            {name: (score[both], true[both]) for name, (score, true) in self.simulated.items()},
        )

    def skin(self, outputs: Sequence[str]) -> Flags:
        """Return which of the N photos show skin."""
        if GATE not in outputs:
            return np.ones(len(self.rows), dtype=bool)
        return ~self.truth[:, list(outputs).index(GATE)]


def evaluate_checkpoint(side_car: SideCar, predicted: CheckpointOutput) -> dict[str, Any]:
    """Return the figures of a set of photos, read as the side-car says.

    Shares have Wilson intervals with the design effect of groups, other metrics those of a
    bootstrap over groups. A row without a group is one of its own.
    """
    before, after = softmax(predicted.logits), softmax(predicted.logits, side_car.temperature)
    scored = Scored.of_truth(side_car.outputs, after, predicted.truth, _groups(predicted.rows))
    named = ~abstains(side_car, predicted.logits, after)
    nothing = np.zeros(len(scored), dtype=bool)
    selective = Selective(scored, nothing, (~named).astype(np.float64)).to_json({})
    called = predicted.uncovered_logits.argmax(axis=1)
    labels = _texts(row.label for row in predicted.strange)
    skin_types = _texts(str(row.fitzpatrick or "") for row in predicted.rows)
    found = {
        **measure_scored(scored),
        "left_out": len(predicted.strange),
        "named": int(named.sum()),
        "named_right": int(scored.correct[named].sum()),
        "confusion": Confusion(scored).square().tolist(),
        "ece_before": expected_calibration_error(before, predicted.truth),
        "reliability": {
            "before": _bins(replace(scored, probabilities=before)),
            "after": _bins(scored),
        },
        "selective": {name: selective[name] for name in ("aurc", "curve", "own_abstention")},
        "sets": measure_sets(prediction_sets(side_car, after), scored),
        "ood_score": _ood(side_car, predicted),
        "subgroups": {
            "fitzpatrick": accuracy_by_value(scored, skin_types),
            "dataset": accuracy_by_value(scored, _texts(row.dataset for row in predicted.rows)),
        },
        "sources": _sources([*predicted.rows, *predicted.strange]),
        "uncovered": called_by_label(labels, called, side_car.outputs),
        "simulated": _simulated(predicted),
    }
    plain: dict[str, Any] = json.loads(json.dumps(found))  # numpy's numbers become Python's
    return plain


def _groups(rows: Sequence[Row]) -> list[str]:
    return [row.group or row.photo for row in rows]


def _texts(values: Iterable[str]) -> Texts:
    return np.array(list(values), dtype=object)


def _bins(scored: Scored) -> list[dict[str, Any]]:
    place = equal_width(scored.confidence)
    return reliability(scored.confidence, scored.correct, place, scored.groups)


def _ood(side_car: SideCar, predicted: CheckpointOutput) -> dict[str, Any]:
    """Return how well strange photos are found: near (skin no output covers) and far (no skin)."""
    skin = predicted.skin(side_car.outputs)
    strange = {
        "near": _scores(side_car, predicted.uncovered_logits),
        "far": _scores(side_car, predicted.logits[~skin]),
    }
    result = measure_separation(_scores(side_car, predicted.logits[skin]), **strange)
    limit = side_car.thresholds.ood_score
    for kind, scores in strange.items():
        if limit is not None and len(scores["energy"]):
            result[kind]["beyond_threshold"] = float((scores["energy"] > limit).mean())
    return result


def _scores(side_car: SideCar, logits: Logits) -> dict[str, Floats]:
    """Return the scores by which a photo may be strange, N each."""
    outputs, temperature = side_car.outputs, side_car.temperature
    p = softmax(logits, temperature)
    scores = {
        "energy": ood_score(logits, outputs, temperature),
        "top_probability": 1 - p.max(axis=1),
    }
    return {**scores, GATE: p[:, outputs.index(GATE)]} if GATE in outputs else scores


def _sources(rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """Return, by data set, how many photos and under which licence."""
    counts = Counter(row.dataset for row in rows)
    licences = {row.dataset: row.licence for row in rows}
    return {name: {"n": n, "licence": licences[name]} for name, n in sorted(counts.items())}


def _simulated(predicted: CheckpointOutput) -> dict[str, dict[str, Any]]:
    """Return how well each simulated output's ratio finds it among all else, by group."""
    names = _groups([*predicted.rows, *predicted.strange])
    groups = np.unique(names, return_inverse=True)[1].reshape(-1)
    return {
        output: {
            "n": int(shows.sum()),
            "others": int((~shows).sum()),
            "auroc": auroc(score, shows),
            "auroc_ci": area_interval(score, shows, groups),
        }
        for output, (score, shows) in predicted.simulated.items()
        if shows.any() and not shows.all()
    }
