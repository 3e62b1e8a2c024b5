"""Reading of files into a sample: what every command of the kit begins with."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from reddots.errors import TableError
from reddots.evaluation.core.sample import Sample
from reddots.evaluation.core.scored import is_off
from reddots.evaluation.metrics.subgroups import ALWAYS, CROSS
from reddots.evaluation.tables.class_roles import are_ours, categories_for, dangerous_classes
from reddots.evaluation.tables.column_map import AUTO as TASK_AUTO
from reddots.evaluation.tables.column_map import MULTILABEL, ColumnMap
from reddots.evaluation.tables.detect import attribute_column, fits
from reddots.evaluation.tables.formats import read_any
from reddots.evaluation.tables.ground_truth import ALSO, NOTHING, Truth, TruthMap, read_truth
from reddots.evaluation.tables.join import join
from reddots.evaluation.tables.match import AUTO
from reddots.evaluation.tables.predictions import Predictions, read_predictions
from reddots.knowledge import Knowledge, load

_MOSTLY = 0.5  # share of rows


@dataclass(frozen=True)
class Reading:
    """How files are read.

    Attributes:
        columns: of the predictions.
        truth: columns of the manifest.
        subgroups: further columns of the manifest to compare by; ``sex*age`` crosses two.
        dangerous: classes and labels that a doctor should see; by the knowledge where None.
        match: how photos of the two files are matched, see ``join.MATCHES``.
    """

    columns: ColumnMap = field(default_factory=ColumnMap)
    truth: TruthMap = field(default_factory=TruthMap)
    subgroups: Sequence[str] = ()
    dangerous: Sequence[str] | None = None
    match: str = AUTO

    def manifest(self, path: Path) -> Truth:
        """Read the manifest.

        Raises:
            ManifestError: it cannot be used.
        """
        found = read_truth(path, self.truth)
        for name in self._named():
            if attribute_column(found.columns, name) is None:
                raise found.columns.error(
                    f"The manifest {path} has no column “{name}” to compare by; it has "
                    f"{', '.join(found.columns.names)}."
                )
        return found

    def sample(self, predictions: Path, truth: Truth) -> Sample:
        """Read predictions and join them to the truth.

        Raises:
            TableError: they cannot be used, or none can be evaluated.
        """
        table = read_predictions(predictions, self.columns)
        if self.columns.task == TASK_AUTO and _several_hold(table, truth):
            table = read_predictions(predictions, replace(self.columns, task=MULTILABEL))
        attributes = tuple(dict.fromkeys((*ALWAYS, *self._named())))
        categories = categories_for(table.outputs, self.knowledge)
        return join(table, truth, categories, attributes, self.match)

    @property
    def intersections(self) -> tuple[str, ...]:
        """The crossed attributes that were asked for."""
        return tuple(name for name in self.subgroups if CROSS in name)

    def _named(self) -> list[str]:
        return [part for name in self.subgroups for part in name.split(CROSS)]

    def dangerous_of(self, sample: Sample) -> tuple[str, ...]:
        """Return what is dangerous: classes of the sample, and labels that none of them covers.

        Raises:
            TableError: one that was named is no class of the table and no label of the truth.
        """
        outputs = sample.scored.outputs
        labels = sorted({str(w) for w in (*sample.label, *sample.uncovered.label)})
        if self.dangerous is None:
            return dangerous_classes(outputs, labels, self.knowledge)
        for name in self.dangerous:
            if name not in outputs and name not in labels:
                raise TableError(
                    f"“{name}” was named dangerous but is no class of the table and no label of "
                    f"the truth; the classes are {', '.join(outputs)}."
                )
        return tuple(self.dangerous)

    def event_of(self, sample: Sample) -> str:
        """Return the word for what should be referred: ``dangerous`` of ours, else ``positive``."""
        return "dangerous" if are_ours(sample.scored.outputs, self.knowledge) else "positive"

    @property
    def knowledge(self) -> Knowledge:
        """The shipped knowledge."""
        return load()


def _several_hold(table: Predictions, truth: Truth) -> bool:
    """Return whether probabilities do not sum to 1 and photos show several classes, or none."""
    off = is_off(table.sums[~np.isnan(table.sums)])
    words = {str(word) for word in truth.label}
    several = any(ALSO in word for word in words) or NOTHING in words
    return len(table.outputs) > 1 and bool(off.size) and bool(off.mean() > _MOSTLY) and several


def pairs(texts: Sequence[str], option: str) -> dict[str, str]:
    """Return ``a=b`` texts as a mapping.

    Raises:
        TableError: one has no ``=``.
    """
    found = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise TableError(f"“{text}” is no NAME=VALUE pair, as {option} needs it.")
        found[name.strip()] = value.strip()
    return found


def for_table(mapping: ColumnMap, path: Path) -> ColumnMap:
    """Return the part of a mapping whose columns the table has, as tables compared may differ.

    Raises:
        TableError: the table cannot be read.
    """
    names = read_any(path).names
    kept = {c: o for c, o in mapping.outputs.items() if any(fits(name, c) for name in names)}
    return replace(mapping, outputs=kept)


def numbers(texts: Sequence[str], option: str) -> dict[str, float]:
    """Return ``a=0.5`` texts as a mapping to shares from 0 to 1.

    Raises:
        TableError: one is no such pair.
    """
    found = {}
    for name, text in pairs(texts, option).items():
        try:
            found[name] = float(text)
        except ValueError:
            found[name] = -1.0
        if not 0 <= found[name] <= 1:
            raise TableError(f"“{name}={text}”: {option} needs a number from 0 to 1.")
    return found
