"""Ground truth: a manifest as columns, and what its labels mean for a table's classes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from reddots.datasets.labels import label_outputs
from reddots.errors import ManifestError
from reddots.evaluation.tables.detect import (
    GROUPS,
    LABELS,
    PHOTOS,
    attribute_column,
    named_or_detected,
    one_hot_columns,
)
from reddots.evaluation.tables.formats import read_any
from reddots.knowledge.categories import Category
from reddots.tabular.cells import skin_type
from reddots.tabular.columns import Columns, Numbers, Texts

EITHER, ALSO = "|", ";"  # one of these; all of these at once
NOTHING = "none"  # the label of a photo of which no class holds, where several may
_SKIN = "fitzpatrick"
_COLUMNS = ("group", "sha256", "dataset", _SKIN, "body_site", "age", "split", "quality")


@dataclass(frozen=True)
class TruthMap:
    """Which column means what in a manifest that is not in the contract's format.

    Attributes:
        photo, label, group: names of columns; detected where empty. Without a label column,
            columns of ones and zeros are labels.
        weight: a column of how much each photo counts; all alike where empty.
        labels: output or category by the file's own label.
        split: only photos of this split; all where empty.
    """

    photo: str = ""
    label: str = ""
    group: str = ""
    weight: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    split: str = ""


@dataclass(frozen=True, eq=False)
class Truth:
    """The photos that are evaluated, in the manifest's order.

    Attributes:
        path: the manifest.
        photo, sha256: N each, as Arrow text arrays.
        label: N, after mapping; empty when nobody said.
        group: N, the photo itself where the manifest has none.
        columns: the whole manifest, for subgroups.
        group_column: the column of groups; empty where there is none.
        weight: N, above 0; None where all count alike.
    """

    path: Path
    photo: Any
    sha256: Any
    label: Texts
    group: Texts
    columns: Columns
    group_column: str = ""
    weight: Numbers | None = None


def read_truth(path: Path, mapping: TruthMap | None = None) -> Truth:
    """Read a manifest in CSV, JSON Lines or Parquet.

    Raises:
        ManifestError: it cannot be read, lacks a column, or has a bad row, which is named.
    """
    mapping = mapping or TruthMap()
    columns = read_any(path, ManifestError)
    columns.require(known=_COLUMNS)
    photo = named_or_detected(columns, mapping.photo, PHOTOS, _hint("--truth-photo-column"))
    photos = columns.texts(photo)
    nameless = np.flatnonzero(photos == "")
    if len(nameless):
        raise ManifestError(f"{columns.at(int(nameless[0]), photo)}: no photo is named.")
    columns = _with_plain_skin_types(columns)
    if mapping.split:
        kept = columns.texts("split") == mapping.split
        if not kept.any():
            raise ManifestError(f"The manifest {path} has no photo in the split “{mapping.split}”.")
        columns = columns.where(kept)
        photos = photos[kept]
    if mapping.group:
        columns.require(mapping.group, hint=_hint("--group-column"))
    group = mapping.group or next((name for name in GROUPS if name in columns.names), "")
    groups = columns.texts(group) if group else np.full(len(columns), "", dtype=object)
    labels = _labels(columns, mapping)
    if mapping.labels:
        renamed = {word: mapping.labels.get(word, word) for word in set(labels)}
        labels = np.array([renamed[word] for word in labels], dtype=object)
    return Truth(
        path=path,
        photo=columns.arrow(photo),
        sha256=columns.arrow("sha256"),
        label=labels,
        group=np.where(groups == "", photos, groups),
        columns=columns,
        group_column=group if any(groups) else "",
        weight=_weight(columns, mapping.weight),
    )


def _labels(columns: Columns, mapping: TruthMap) -> Texts:
    """Return the labels, from one column or from columns of ones and zeros."""
    lowered = {name.lower() for name in columns.names}
    if not mapping.label and not lowered & set(LABELS):
        hot = one_hot_columns(columns)
        if hot:
            held = np.stack([columns.numbers(name) for name in hot], axis=1) == 1
            rows, places = np.unique(held, axis=0, return_inverse=True)
            words = [ALSO.join(n for n, h in zip(hot, row, strict=True) if h) for row in rows]
            return np.array([w or NOTHING for w in words], dtype=object)[places.reshape(-1)]
    label = named_or_detected(columns, mapping.label, LABELS, _hint("--label-column"))
    return columns.texts(label)


def _weight(columns: Columns, name: str) -> Numbers | None:
    """Return the photos' weights; None where no column was named.

    Raises:
        ManifestError: it is not there, or a weight is missing or not above 0.
    """
    if not name:
        return None
    columns.require(name, hint=_hint("--weight-column"))
    found = columns.numbers(name)
    bad = np.flatnonzero(~(found > 0))
    if len(bad):
        raise ManifestError(f"{columns.at(int(bad[0]), name)}: a weight is a number above 0.")
    return found


def _hint(option: str) -> str:
    return f"Name yours with {option}."


def _with_plain_skin_types(columns: Columns) -> Columns:
    """Return the columns with skin types as 1 to 6, however they are written."""
    name = attribute_column(columns, _SKIN)
    if name is None:
        return columns
    words = columns.texts(name)
    plain: dict[str, str] = {}
    for word in dict.fromkeys(words):
        try:
            found = skin_type(word)
        except ValueError as error:
            place = columns.at(int(np.flatnonzero(words == word)[0]), name)
            raise ManifestError(
                f"{place}: {error}. Leave it empty where it is not known."
            ) from error
        plain[word] = "" if found is None else str(found)
    return columns.replaced(name, [plain[word] for word in words])


@dataclass(frozen=True)
class Meaning:
    """What one label says about outputs.

    Attributes:
        possible: the classes that it may mean; empty when no output covers it.
        certain: those that it names for certain.
    """

    possible: frozenset[str]
    certain: frozenset[str]


def meaning(label: str, outputs: Sequence[str], categories: Mapping[str, Category]) -> Meaning:
    """Return what ``label`` says about a table's ``outputs``.

    A label is an output of the table, or a category whose output the table has, or an output of
    ours that the table splits into its categories, and is then coarse: one of them, nobody said
    which. ``a|b`` is coarse as well; ``a;b`` is both at once. A part that no output covers leaves
    the whole of a coarse label uncovered, as the truth may be what the table cannot say.
    """
    if ALSO in label:
        parts = [meaning(part, outputs, categories) for part in label.split(ALSO)]
        return Meaning(
            frozenset().union(*(p.possible for p in parts)),
            frozenset().union(*(p.certain for p in parts)),
        )
    found: set[str] = set()
    for part in label.split(EITHER):
        own = _outputs_of(part.strip(), outputs, categories)
        if not own:
            return Meaning(frozenset(), frozenset())
        found |= own
    return Meaning(frozenset(found), frozenset(found) if len(found) == 1 else frozenset())


def _outputs_of(part: str, outputs: Sequence[str], categories: Mapping[str, Category]) -> set[str]:
    if not part:
        return set()
    own = {part} if part in outputs else set(outputs) & label_outputs(part, categories)
    finer = {c.id for c in categories.values() if c.output == part}
    return own | (finer & set(outputs))


@dataclass(frozen=True, eq=False)
class Masks:
    """``possible`` and ``certain`` of many labels: N × K each."""

    possible: npt.NDArray[np.bool_]
    certain: npt.NDArray[np.bool_]


def masks(labels: Texts, outputs: Sequence[str], categories: Mapping[str, Category]) -> Masks:
    """Return what each of N labels says about K outputs."""
    words, places = np.unique(labels.astype(str), return_inverse=True)
    found = [meaning(str(word), outputs, categories) for word in words]
    shape = (len(found), len(outputs))
    possible = np.array([[o in m.possible for o in outputs] for m in found], dtype=bool).reshape(
        shape
    )
    certain = np.array([[o in m.certain for o in outputs] for m in found], dtype=bool).reshape(
        shape
    )
    return Masks(possible[places], certain[places])
