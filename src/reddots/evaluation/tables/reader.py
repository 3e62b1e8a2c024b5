"""From file names and options to a sample: what every command of the kit begins with."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reddots.errors import TableError
from reddots.evaluation.core.sample import Sample
from reddots.evaluation.metrics.subgroups import ALWAYS
from reddots.evaluation.tables.class_roles import dangerous_outputs
from reddots.evaluation.tables.ground_truth import Truth, TruthMap, read_truth
from reddots.evaluation.tables.join import join
from reddots.evaluation.tables.predictions import ColumnMap, read_predictions
from reddots.knowledge import Knowledge, load
from reddots.tabular.columns import read_columns


@dataclass(frozen=True)
class Reading:
    """How files are read.

    Attributes:
        columns: of the predictions.
        truth: columns of the manifest.
        subgroups: further columns of the manifest to compare by.
        dangerous: outputs that a doctor should see; by the knowledge where None.
    """

    columns: ColumnMap = field(default_factory=ColumnMap)
    truth: TruthMap = field(default_factory=TruthMap)
    subgroups: Sequence[str] = ()
    dangerous: Sequence[str] | None = None

    def manifest(self, path: Path) -> Truth:
        """Read the manifest.

        Raises:
            ManifestError: it cannot be used.
        """
        found = read_truth(path, self.truth)
        for name in self.subgroups:
            if name not in found.columns.names:
                raise found.columns.error(
                    f"The manifest {path} has no column “{name}” to compare by; it has "
                    f"{', '.join(found.columns.names)}."
                )
        return found

    def sample(self, predictions: Path, truth: Truth) -> Sample:
        """Read predictions and join them to the truth.

        Raises:
            TableError: they cannot be used, or none can be judged.
        """
        table = read_predictions(predictions, self.columns)
        attributes = tuple(dict.fromkeys((*ALWAYS, *self.subgroups)))
        return join(table, truth, self.knowledge.categories, attributes)

    def dangerous_of(self, sample: Sample) -> tuple[str, ...]:
        """Return the sample's dangerous outputs.

        Raises:
            TableError: one that was named is no output of the table.
        """
        outputs = sample.scored.outputs
        if self.dangerous is None:
            return dangerous_outputs(outputs, self.knowledge)
        for name in self.dangerous:
            if name not in outputs:
                raise TableError(
                    f"“{name}” was named dangerous but is no output of the table; its outputs "
                    f"are {', '.join(outputs)}."
                )
        return tuple(self.dangerous)

    @property
    def knowledge(self) -> Knowledge:
        """The shipped knowledge."""
        return load()


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
    names = read_columns(path).names
    return ColumnMap({c: o for c, o in mapping.outputs.items() if c in names}, mapping.photo)
