"""Evaluation of a checkpoint on one set of photos, as the JSON that cards are made of."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from reddots.classifier.checkpoint import SideCar
from reddots.classifier.ood import ood_score
from reddots.classifier.softmax import softmax
from reddots.datasets.manifest import Row
from reddots.evaluation.core.scored import Flags, Floats, Scored, Whole
from reddots.evaluation.metrics.calibration.reliability import reliability
from reddots.evaluation.metrics.discrimination.delong import area_interval
from reddots.evaluation.metrics.inference.proportions import share
from reddots.evaluation.metrics.scores import (
    TOO_FEW,
    auroc,
    balanced_accuracy,
    equal_width,
    expected_calibration_error,
)
from reddots.evaluation.metrics.summary import measure_predictions
from reddots.evaluation.metrics.uncertainty.conformal import measure_sets
from reddots.evaluation.metrics.uncertainty.ood import separation
from reddots.evaluation.metrics.uncertainty.selective import Selective
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
    outputs, limits, truth = side_car.outputs, side_car.thresholds, predicted.truth
    before, after = softmax(predicted.logits), softmax(predicted.logits, side_car.temperature)
    groups = [row.group or row.photo for row in predicted.rows]
    codes = np.unique(groups, return_inverse=True)[1].reshape(-1)
    named = after.max(axis=1) >= limits.abstention
    if limits.ood_score is not None:
        named &= _score(side_car, "energy", predicted.logits) <= limits.ood_score
    scored = _scored(outputs, after, truth, codes)
    nothing = np.zeros(len(truth), dtype=bool)
    selective = Selective(scored, nothing, (~named).astype(np.float64)).to_json({})
    found = {
        **measure_predictions(after, truth, outputs, groups),
        "left_out": len(predicted.strange),
        "named": int(named.sum()),
        "named_right": int(scored.correct[named].sum()),
        "confusion": _confusion(after, truth),
        "ece_before": expected_calibration_error(before, truth),
        "reliability": {
            "before": _bins(_scored(outputs, before, truth, codes)),
            "after": _bins(scored),
        },
        "selective": {name: selective[name] for name in ("aurc", "curve", "own_abstention")},
        "sets": measure_sets(prediction_sets(side_car, after), scored),
        "ood_score": _ood(side_car, predicted),
        "subgroups": {
            "fitzpatrick": _subgroups(scored, [str(r.fitzpatrick or "") for r in predicted.rows]),
            "dataset": _subgroups(scored, [r.dataset for r in predicted.rows]),
        },
        "sources": _sources([*predicted.rows, *predicted.strange]),
        "uncovered": _predicted_as(side_car, predicted),
        "simulated": _simulated(predicted),
    }
    plain: dict[str, Any] = json.loads(json.dumps(found))  # numpy's numbers become Python's
    return plain


def prediction_sets(side_car: SideCar, probabilities: Floats) -> Flags:
    """Return which outputs remain possible (N × K): the conformal ones, and always the first."""
    limits = np.array([side_car.thresholds.conformal[o] for o in side_car.outputs])
    sets: Flags = probabilities >= 1 - limits
    sets[np.arange(len(sets)), probabilities.argmax(axis=1)] = True
    return sets


def _scored(outputs: tuple[str, ...], p: Floats, truth: Flags, groups: Whole) -> Scored:
    exact = truth.sum(axis=1, keepdims=True) == 1
    return Scored(outputs, p, truth, truth & exact, groups)


def _bins(scored: Scored) -> list[dict[str, Any]]:
    place = equal_width(scored.confidence)
    return reliability(scored.confidence, scored.correct, place, scored.groups)


def _ood(side_car: SideCar, predicted: CheckpointOutput) -> dict[str, Any]:
    """Return how well strange photos are found: near (skin no output covers) and far (no skin)."""
    skin = predicted.skin(side_car.outputs)
    usual = predicted.logits[skin]
    result: dict[str, Any] = {"usual": len(usual)}
    for name, strange in (("near", predicted.uncovered_logits), ("far", predicted.logits[~skin])):
        result[name] = {"n": len(strange)}
        for score in ("energy", "top_probability", *([GATE] if GATE in side_car.outputs else [])):
            both = [_score(side_car, score, logits) for logits in (strange, usual)]
            result[name][score] = separation(*both)
        limit = side_car.thresholds.ood_score
        if limit is not None and len(strange):
            beyond = _score(side_car, "energy", strange) > limit
            result[name]["beyond_threshold"] = float(beyond.mean())
    return result


def _score(side_car: SideCar, score: str, logits: Logits) -> Floats:
    if not len(logits):
        return np.zeros(0)
    if score == "energy":
        return ood_score(logits, side_car.outputs, side_car.temperature)
    p: Floats = softmax(logits, side_car.temperature)
    return p[:, side_car.outputs.index(GATE)] if score == GATE else 1 - p.max(axis=1)


def _subgroups(scored: Scored, values: Sequence[str]) -> list[dict[str, Any]]:
    column = np.array(values)
    found = []
    for value in sorted(set(values), key=lambda v: (v == "", v)):
        own = column == value
        total = int(own.sum())
        right = share(scored.correct, own, scored.groups)
        found.append(
            {
                "value": value or "not known",
                "n": total,
                "too_few": total < TOO_FEW,
                "accuracy": right.value,
                "accuracy_ci": right.interval,
                "balanced_accuracy": balanced_accuracy(
                    scored.probabilities[own], scored.possible[own]
                ),
            }
        )
    return found


def _sources(rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """Return, by data set, how many photos and under which licence."""
    counts = Counter(row.dataset for row in rows)
    licences = {row.dataset: row.licence for row in rows}
    return {name: {"n": n, "licence": licences[name]} for name, n in sorted(counts.items())}


def _predicted_as(side_car: SideCar, predicted: CheckpointOutput) -> dict[str, dict[str, int]]:
    """Return, for labels that no output covers, how often their photos are called what."""
    called: dict[str, Counter[str]] = {}
    for row, logits in zip(predicted.strange, predicted.uncovered_logits, strict=True):
        top = side_car.outputs[int(logits.argmax())]
        called.setdefault(row.label, Counter())[top] += 1
    return {label: dict(counter.most_common()) for label, counter in called.items()}


def _simulated(predicted: CheckpointOutput) -> dict[str, dict[str, Any]]:
    """Return how well each simulated output's ratio finds it among all else, by group."""
    names = [row.group or row.photo for row in (*predicted.rows, *predicted.strange)]
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


def _confusion(probabilities: Floats, truth: Flags) -> list[list[int]]:
    table = np.zeros((truth.shape[1], truth.shape[1]), dtype=int)
    np.add.at(table, (truth.argmax(axis=1), probabilities.argmax(axis=1)), 1)
    return [[int(n) for n in row] for row in table]
