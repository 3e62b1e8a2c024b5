"""A prediction table, ours or anyone's: one probability a photo and output."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from reddots.errors import TableError
from reddots.tabular.columns import Columns, Numbers, Texts, read_columns

PREFIX = "p_"
ROUNDING = 1e-3  # a sum this near to 1 is a matter of the decimals written
_SLACK = 1e-6
_COLUMNS = ("sha256", "status", "quality", "abstained", "prediction_set", "see_doctor", "category")


@dataclass(frozen=True)
class ColumnMap:
    """Which column means what in a file that is not in the contract's format.

    Attributes:
        outputs: output by column; several columns of one output are summed, and an output that is
            empty leaves the column out. Columns ``p_<output>`` need no entry.
        photo: the column with the photo's path or name.
    """

    outputs: Mapping[str, str] = field(default_factory=dict)
    photo: str = "photo"


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
        disagreeing: rows whose ``category`` is not the likeliest output.
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
    disagreeing: int
    columns: Columns


def read_predictions(path: Path, mapping: ColumnMap | None = None) -> Predictions:
    """Read a prediction table in CSV, JSON Lines or Parquet.

    Probabilities whose sum is further than 0.001 from 1 are divided by it; a row with none, or with
    a missing one, is no prediction.

    Raises:
        TableError: it cannot be read, lacks columns, or has a cell that is no probability.
    """
    mapping = mapping or ColumnMap()
    columns = read_columns(path)
    columns.require(mapping.photo, hint="Name yours with --photo-column.")
    columns.require(known=_COLUMNS)
    sources = _sources(columns, mapping)
    outputs = tuple(sources)
    raw = np.stack([_summed(columns, sources[o]) for o in outputs], axis=1)
    gone = np.isnan(raw)
    with np.errstate(invalid="ignore"):
        sums = raw.sum(axis=1)
    some, every = np.any(gone, axis=1), np.all(gone, axis=1)
    empty = some | (sums <= 0)
    far = np.abs(sums - 1) > ROUNDING
    scale = np.where(far & ~empty, np.where(empty, 1.0, sums), 1.0)
    probabilities = np.where(empty[:, None], np.nan, raw / scale[:, None])
    return Predictions(
        path=path,
        outputs=outputs,
        photo=columns.arrow(mapping.photo),
        sha256=columns.arrow("sha256"),
        status=columns.texts("status"),
        probabilities=probabilities,
        sums=sums,
        missing=some & ~every,
        abstained=columns.flags("abstained"),
        sets=_sets(columns, outputs),
        see_doctor=columns.flags("see_doctor"),
        quality=columns.texts("quality"),
        model=tuple(sorted({m for m in set(columns.texts("model")) if m})),
        disagreeing=_disagreeing(columns, outputs, probabilities),
        columns=columns,
    )


def _sources(columns: Columns, mapping: ColumnMap) -> dict[str, list[str]]:
    """Return the columns of each output, in the file's order."""
    unknown = [name for name in mapping.outputs if name not in columns.names]
    if unknown:
        raise TableError(
            f"{columns.path} has no column “{unknown[0]}” to map; it has "
            f"{', '.join(columns.names)}."
        )
    sources: dict[str, list[str]] = {}
    for name in columns.names:
        own = name.removeprefix(PREFIX) if name.startswith(PREFIX) else ""
        output = mapping.outputs.get(name, own)
        if output:
            sources.setdefault(output, []).append(name)
    if len(sources) < 2:  # one output has nothing to be told from
        raise TableError(
            f"{columns.path} needs at least two columns of probabilities, called p_<output>; it "
            f"has {len(sources)}. Other names can be mapped: --map COLUMN=OUTPUT."
        )
    return sources


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


def _sets(columns: Columns, outputs: tuple[str, ...]) -> npt.NDArray[np.bool_] | None:
    if "prediction_set" not in columns.names:
        return None
    words = columns.texts("prediction_set")
    if not any(set(words)):
        return None
    meaning = {w: [o in w.split(";") for o in outputs] for w in set(words)}
    return np.array([meaning[w] for w in words], dtype=bool)


def _disagreeing(
    columns: Columns, outputs: tuple[str, ...], probabilities: npt.NDArray[np.float64]
) -> int:
    """Count rows whose ``category`` names an output that is not the likeliest, ties apart."""
    if "category" not in columns.names:
        return 0
    place = {o: i for i, o in enumerate(outputs)}
    named = np.array([place.get(w, -1) for w in columns.texts("category")])
    known = (named >= 0) & ~np.isnan(probabilities).any(axis=1)
    rows = np.flatnonzero(known)
    own = probabilities[rows, named[rows]]
    return int((own < probabilities[rows].max(axis=1)).sum()) if len(rows) else 0
