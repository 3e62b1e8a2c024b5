"""Column map: which columns of somebody else's prediction table mean what, and the kind of task."""

from collections.abc import Mapping
from dataclasses import dataclass, field

AUTO, BINARY, MULTICLASS, MULTILABEL = "auto", "binary", "multiclass", "multilabel"
TASKS = (AUTO, MULTICLASS, BINARY, MULTILABEL)


@dataclass(frozen=True)
class ColumnMap:
    """Which column means what in a file that is not in the contract's format.

    Attributes:
        outputs: class by column, wildcards allowed; several columns of one class are summed, and an
            empty class leaves the column out. Columns ``p_<output>`` need no entry.
        photo: the column with the photo's path or name; detected where empty.
        decision: a column with the class that the table decided for; the likeliest where empty.
        task: ``multiclass``, ``binary``, ``multilabel``, or ``auto`` by the number of columns.
        positive: the positive class of a binary table; its only class by default.
        thresholds: by class, from which probability on it is predicted; of a binary table they
            change what counts as predicted, otherwise they are operating points only.
        headed: whether the file has a heading.
    """

    outputs: Mapping[str, str] = field(default_factory=dict)
    photo: str = ""
    decision: str = ""
    task: str = AUTO
    positive: str = ""
    thresholds: Mapping[str, float] = field(default_factory=dict)
    headed: bool = True
