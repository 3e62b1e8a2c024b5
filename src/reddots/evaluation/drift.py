"""Drift of one model between two dated tables, read from files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from reddots.errors import TableError
from reddots.evaluation.core.sample import Sample
from reddots.evaluation.core.scored import Flags, Scored
from reddots.evaluation.metrics.drift import measure_drift
from reddots.evaluation.metrics.subgroups import binned
from reddots.evaluation.tables.column_map import MULTILABEL, ColumnMap
from reddots.evaluation.tables.predictions import read_predictions
from reddots.evaluation.tables.reader import Reading


def drift_of_files(
    tables: Sequence[Path],
    readings: Sequence[Reading],
    truths: Sequence[Path] = (),
    seed: int = 0,
) -> dict[str, Any]:
    """Return the drift from a model's earlier to its later table, as JSON.

    Args:
        tables: the earlier and the later.
        readings: which of their columns mean what, one each.
        truths: the manifest of each; without them only predictions are compared, and photos count
            as independent.
        seed: of the permutations.

    Raises:
        TableError: a table cannot be read, or their classes differ.
        ManifestError: a manifest cannot be read.
    """
    if not truths:
        plain = [_unlabelled(t, r.columns) for t, r in zip(tables, readings, strict=True)]
        return measure_drift(*_alike(plain, tables), seed=seed) | {"group_column": ""}
    samples = [
        own.sample(table, own.manifest(truth))
        for table, own, truth in zip(tables, readings, truths, strict=True)
    ]
    if any(sample.task == MULTILABEL for sample in samples):
        raise TableError("Drift is measured where one class holds, not where several may.")
    before, after = _alike([sample.scored for sample in samples], tables)
    found = measure_drift(before, after, _attributes(samples), seed)
    return found | {"group_column": samples[0].group_column and samples[1].group_column}


def _unlabelled(path: Path, columns: ColumnMap) -> Scored:
    """Return a table's predictions; any class may be the truth."""
    found = read_predictions(path, columns)
    kept = ~np.isnan(found.probabilities).any(axis=1)
    if found.decision is not None:
        kept &= found.decision >= 0
    if not kept.any():
        raise TableError(f"{path} has no row with a whole prediction.")
    p = found.probabilities[kept]
    anything: Flags = np.ones(p.shape, dtype=bool)
    decision = None if found.decision is None else found.decision[kept]
    rows = np.arange(len(p))
    return Scored(found.outputs, p, anything, ~anything, rows, decision=decision)


def _alike(found: Sequence[Scored], tables: Sequence[Path]) -> tuple[Scored, Scored]:
    """Return both with their classes in the first's order.

    Raises:
        TableError: only one of them has some class.
    """
    before, after = found
    other = set(before.outputs) ^ set(after.outputs)
    if other:
        raise TableError(
            f"{tables[0]} and {tables[1]} do not have the same classes: only one of them has "
            f"{', '.join(sorted(other))}. Columns can be mapped: --map COLUMN=OUTPUT."
        )
    return before, after.ordered(before.outputs)


def _attributes(samples: Sequence[Sample]) -> dict[str, tuple[list[str], list[str]]]:
    """Return the attributes that both manifests have, numbers binned alike; “” is unknown."""
    before, after = samples
    found = {}
    for name in before.attributes.keys() & after.attributes.keys():
        both = np.append(before.attributes[name], after.attributes[name])
        words = [word or "unknown" for word in binned(name, both)]
        if len(set(words)) > 1:
            found[name] = words[: len(before.scored)], words[len(before.scored) :]
    return dict(sorted(found.items()))
