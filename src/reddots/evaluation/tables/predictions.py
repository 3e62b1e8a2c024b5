"""Prediction table, ours or anyone's: one probability a photo and class.

Several classes of which one holds, several of which any may hold, or one class and the rest.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from reddots.errors import TableError
from reddots.evaluation.core.scored import is_off
from reddots.evaluation.tables.column_map import (
    AUTO,
    BINARY,
    MULTICLASS,
    MULTILABEL,
    TASKS,
    ColumnMap,
)
from reddots.evaluation.tables.detect import PHOTOS, named_or_detected, probability_columns
from reddots.evaluation.tables.formats import read_any, without_heading
from reddots.tabular.columns import Columns, Numbers, Texts

REST = "not "  # begins the name of the other class of a binary table
_SLACK = 1e-6
YES, NO = ("1", "1.0", "true", "yes"), ("0", "0.0", "false", "no")
_COLUMNS = (
    *("sha256", "status", "quality", "abstained", "prediction_set", "see_doctor"),
    *("category", "category_training"),
)


@dataclass(frozen=True, eq=False)
class Predictions:
    """What a model said, in the file's order.

    Attributes:
        path: the file.
        outputs: K names.
        photo: N paths or names, as an Arrow text array.
        sha256: N hashes, empty where unknown, as an Arrow text array.
        status: N words: ``ok``, ``rejected``, ``error``; empty where the file does not say.
        probabilities: N × K, 0 to 1, rows summing to 1; a row without a prediction is NaN.
        sums: N, what the rows of probabilities summed to in the file.
        missing: N, whether a row has some probabilities and lacks others.
        abstained: N, 1, 0 or NaN.
        sets: N × K, which outputs the file's prediction set holds; None without that column.
        see_doctor: N, 1, 0 or NaN.
        quality: N, problems joined by ``;``.
        model: the names of the models in the file.
        unknown_in_sets: rows whose set names something that is no output, by its name.
        disagreeing: rows whose ``category`` is not the likeliest output.
        task: ``multiclass``, ``binary`` or ``multilabel``.
        decision: N, the class that the table decided for, −1 where it names none of its classes;
            None for the likeliest.
        columns: the table itself, for places of cells.
    """

    path: Path
    outputs: tuple[str, ...]
    photo: Any
    sha256: Any
    status: Texts
    probabilities: npt.NDArray[np.float64]
    sums: Numbers
    missing: npt.NDArray[np.bool_]
    abstained: Numbers
    sets: npt.NDArray[np.bool_] | None
    see_doctor: Numbers
    quality: Texts
    model: tuple[str, ...]
    unknown_in_sets: Mapping[str, int]
    disagreeing: int
    task: str
    decision: npt.NDArray[np.intp] | None
    columns: Columns


def read_predictions(path: Path, mapping: ColumnMap | None = None) -> Predictions:
    """Read a prediction table in CSV, JSON Lines or Parquet.

    Probabilities whose sum is further than 0.001 from 1 are divided by it; a row with none, or with
    a missing one, is no prediction.

    Raises:
        TableError: it cannot be read, lacks columns, or has a cell that is no probability.
    """
    mapping = mapping or ColumnMap()
    columns = read_any(path) if mapping.headed else without_heading(path)
    photo = named_or_detected(columns, mapping.photo, PHOTOS, "Name yours with --photo-column.")
    columns.require(known=_COLUMNS)
    known = (*_COLUMNS, "model", "error", "urgency", "confidence", mapping.decision)
    sources = probability_columns(columns, mapping.outputs, photo, known)
    raw = np.stack([_summed(columns, own) for own in sources.values()], axis=1) if sources else None
    task = _task(columns, mapping, len(sources))
    outputs = tuple(sources)
    if raw is None:
        raise TableError(f"{path} has no column of probabilities.")
    if task == BINARY and len(outputs) == 1:
        positive = mapping.positive or outputs[0]
        outputs = (positive, f"{REST}{positive}")
        raw = np.concatenate([raw, 1 - raw], axis=1)
    gone = np.isnan(raw)
    with np.errstate(invalid="ignore"):
        sums = raw.sum(axis=1)
    some, every = np.any(gone, axis=1), np.all(gone, axis=1)
    if task == MULTILABEL:
        sums = np.ones(len(raw))
    empty = some | (sums <= 0)
    far = is_off(sums)
    scale = np.where(far & ~empty, np.where(empty, 1.0, sums), 1.0)
    probabilities = np.where(empty[:, None], np.nan, raw / scale[:, None])
    sets, unknown_in_sets = _sets(columns, outputs)
    return Predictions(
        path=path,
        outputs=outputs,
        photo=columns.arrow(photo),
        sha256=columns.arrow("sha256"),
        status=columns.texts("status"),
        probabilities=probabilities,
        sums=sums,
        missing=some & ~every,
        abstained=columns.flags("abstained"),
        sets=sets,
        unknown_in_sets=unknown_in_sets,
        see_doctor=columns.flags("see_doctor"),
        quality=columns.texts("quality"),
        model=tuple(sorted({m for m in set(columns.texts("model")) if m})),
        disagreeing=_disagreeing(columns, outputs, probabilities),
        task=task,
        decision=_decision(columns, mapping, outputs, probabilities),
        columns=columns,
    )


def _task(columns: Columns, mapping: ColumnMap, classes: int) -> str:
    """Return the task, by the number of columns where it was not named."""
    if mapping.task not in TASKS:
        raise TableError(f"“{mapping.task}” is no task; they are {', '.join(TASKS)}.")
    task = mapping.task
    if task == AUTO:
        task = BINARY if classes == 1 else MULTICLASS
    least = 1 if task in {BINARY, MULTILABEL} else 2
    if classes < least or (task == BINARY and classes > 2):
        raise TableError(
            f"{columns.path} needs at least {least} columns of probabilities, called p_<output>; "
            f"it has {classes}. Other names can be mapped: --map COLUMN=OUTPUT. A table of one "
            "class is --task binary."
        )
    return task


def _decision(
    columns: Columns,
    mapping: ColumnMap,
    outputs: tuple[str, ...],
    probabilities: npt.NDArray[np.float64],
) -> npt.NDArray[np.intp] | None:
    """Return the class that the table decided for, or that a threshold of a binary table gives.

    Raises:
        TableError: the column is not there, or never names a class of the table.
    """
    if mapping.decision:
        columns.require(mapping.decision, hint="It was named by --decision-column.")
        places = {output: i for i, output in enumerate(outputs)}
        if len(outputs) == 2 and outputs[1].startswith(REST):
            places |= dict.fromkeys(YES, 0) | dict.fromkeys(NO, 1)
        words = columns.texts(mapping.decision)
        renamed = [mapping.outputs.get(word) or word for word in words]
        found = np.array([places.get(w, places.get(w.lower(), -1)) for w in renamed], dtype=np.intp)
        if (found < 0).all():
            raise TableError(
                f"{columns.path}: the column “{mapping.decision}” names none of the classes "
                f"{', '.join(outputs)}."
            )
        return found
    own = [o for o in outputs if o in mapping.thresholds]
    if len(outputs) == 2 and own:
        first = outputs.index(own[0])
        with np.errstate(invalid="ignore"):
            reached = probabilities[:, first] >= mapping.thresholds[own[0]]
        return np.where(reached, first, 1 - first).astype(np.intp)
    return None


def _summed(columns: Columns, names: list[str]) -> Numbers:
    total = np.zeros(len(columns))
    for name in names:
        values = columns.numbers(name)
        with np.errstate(invalid="ignore"):
            bad = np.flatnonzero((values < -_SLACK) | (values > 1 + _SLACK))
        if len(bad):
            row = int(bad[0])
            raise TableError(
                f"{columns.at(row, name)}: {values[row]:g} is no probability; it must be from 0 "
                "to 1. Logits and percentages must be turned into probabilities first."
            )
        total = total + np.clip(values, 0, 1)
    return total


def _sets(
    columns: Columns, outputs: tuple[str, ...]
) -> tuple[npt.NDArray[np.bool_] | None, Mapping[str, int]]:
    """Return the sets, and how many rows name what is no output, by that name."""
    if "prediction_set" not in columns.names:
        return None, {}
    words = columns.texts("prediction_set")
    counts = Counter(words)
    if not any(counts):
        return None, {}
    named = {word: {part.strip() for part in word.split(";")} - {""} for word in counts}
    unknown: Counter[str] = Counter()
    for word, rows in counts.items():
        unknown.update(dict.fromkeys(named[word] - set(outputs), rows))
    sets = np.array([[o in named[w] for o in outputs] for w in words], dtype=bool)
    return sets, dict(sorted(unknown.items()))


def _disagreeing(
    columns: Columns, outputs: tuple[str, ...], probabilities: npt.NDArray[np.float64]
) -> int:
    """Count rows whose first choice, by training's priors, is not the likeliest, ties apart."""
    column = "category_training" if "category_training" in columns.names else "category"
    if column not in columns.names:
        return 0
    place = {o: i for i, o in enumerate(outputs)}
    named = np.array([place.get(w, -1) for w in columns.texts(column)])
    known = (named >= 0) & ~np.isnan(probabilities).any(axis=1)
    rows = np.flatnonzero(known)
    own = probabilities[rows, named[rows]]
    return int((own < probabilities[rows].max(axis=1)).sum()) if len(rows) else 0
