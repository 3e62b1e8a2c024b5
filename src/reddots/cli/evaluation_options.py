"""Options of ``evaluate`` and ``compare``: which columns mean what in other people's tables."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from reddots.cli.options import LabelMaps, OutputMaps, Split

if TYPE_CHECKING:
    from reddots.evaluation.tables.reader import Reading

PhotoColumn = Annotated[str, typer.Option(help="The table's column of photos; detected.")]
TruthPhotoColumn = Annotated[str, typer.Option(help="The manifest's column of photos; detected.")]
LabelColumn = Annotated[
    str, typer.Option(help="The manifest's column of truth; detected, one-hot columns as well.")
]
GroupColumn = Annotated[
    str, typer.Option(help="The manifest's column of patients, lesions or clusters; detected.")
]
WeightColumn = Annotated[str, typer.Option(help="The manifest's column of weights.")]
PresetOption = Annotated[
    str, typer.Option("--preset", help="Column names of isic, ham10000, medmnist or kaggle.")
]
Match = Annotated[
    str, typer.Option(help="How photos are matched: path, name or stem; auto tries them in turn.")
]
Task = Annotated[str, typer.Option(help="multiclass, binary or multilabel; auto by the columns.")]
Positive = Annotated[str, typer.Option(help="The positive class of a table of one column.")]
DecisionColumn = Annotated[
    str, typer.Option(help="The table's column of its own decision, instead of the likeliest.")
]
Thresholds = Annotated[
    list[str] | None,
    typer.Option("--threshold", metavar="CLASS=P", help="Predict a class from P on."),
]


# By the name of the option: its kind, and its field of ``Columns``; all are empty by default.
_OPTIONS: Final = {
    "maps": (OutputMaps, "maps"),
    "map_labels": (LabelMaps, "map_labels"),
    "photo_column": (PhotoColumn, "photo"),
    "truth_photo_column": (TruthPhotoColumn, "truth_photo"),
    "label_column": (LabelColumn, "label"),
    "group_column": (GroupColumn, "group"),
    "weight_column": (WeightColumn, "weight"),
    "preset": (PresetOption, "preset"),
    "match": (Match, "match"),
    "split": (Split, "split"),
    "task": (Task, "task"),
    "positive": (Positive, "positive"),
    "decision_column": (DecisionColumn, "decision"),
    "thresholds": (Thresholds, "thresholds"),
}
_LISTS: Final = frozenset(("maps", "map_labels", "thresholds"))


@dataclass(frozen=True)
class Columns:
    """What the options say; empty ones are detected."""

    maps: Sequence[str] = ()
    map_labels: Sequence[str] = ()
    photo: str = ""
    truth_photo: str = ""
    label: str = ""
    group: str = ""
    weight: str = ""
    preset: str = ""
    match: str = "auto"
    split: str = ""
    task: str = "auto"
    positive: str = ""
    decision: str = ""
    thresholds: Sequence[str] = ()
    subgroups: Sequence[str] = ()
    dangerous: Sequence[str] | None = None

    def reading(self, predictions: Path, truth: Path) -> "Reading":
        """Return how the two files are read.

        Raises:
            TableError: an option is no pair, a preset is unknown, or a file cannot be read.
        """
        from reddots.evaluation.tables.column_map import ColumnMap
        from reddots.evaluation.tables.ground_truth import TruthMap
        from reddots.evaluation.tables.presets import column_of, preset_named
        from reddots.evaluation.tables.reader import Reading, numbers, pairs

        columns = ColumnMap(
            pairs(self.maps, "--map"),
            self.photo,
            self.decision,
            self.task,
            self.positive,
            numbers(self.thresholds, "--threshold"),
        )
        labels = pairs(self.map_labels, "--map-label")
        listed = TruthMap(self.truth_photo, self.label, self.group, self.weight, labels, self.split)
        match, preset = self.match, preset_named(self.preset)
        if preset is not None:
            named = column_of(predictions, preset.photo) if preset.headed else preset.photo[0]
            columns = replace(columns, photo=self.photo or named, headed=preset.headed)
            listed = replace(
                listed,
                photo=self.truth_photo or column_of(truth, preset.photo),
                label=self.label or column_of(truth, preset.label),
                group=self.group or column_of(truth, preset.group),
                split=self.split or preset.split,
            )
            match = preset.match if match == "auto" else match
        return Reading(columns, listed, self.subgroups, self.dangerous, match)


def with_column_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of columns, in the place of its parameter ``columns``."""
    defaults = Columns()
    options = [
        inspect.Parameter(
            name,
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            default=getattr(defaults, field) or ("" if field not in _LISTS else None),
            annotation=kind,
        )
        for name, (kind, field) in _OPTIONS.items()
    ]
    signature = inspect.signature(command)
    own = signature.parameters.values()
    parameters = [q for p in own for q in (options if p.name == "columns" else [p])]

    @wraps(command)
    def run(**given: Any) -> None:
        named = {field: given.pop(name) for name, (_, field) in _OPTIONS.items()}
        columns = Columns(**{field: value for field, value in named.items() if value is not None})
        command(**given, columns=columns)

    run.__dict__["__signature__"] = signature.replace(parameters=parameters)
    run.__annotations__ = {p.name: p.annotation for p in parameters} | {"return": None}
    return run
