"""What the photos really show: a manifest as columns, and what its labels mean for outputs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from reddots.datasets.labels import label_outputs
from reddots.errors import ManifestError
from reddots.knowledge.categories import Category
from reddots.tabular.cells import skin_type
from reddots.tabular.columns import Columns, Texts, read_columns

EITHER, ALSO = "|", ";"  # one of these; all of these at once
_SKIN = "fitzpatrick"
_COLUMNS = ("sha256", "dataset", _SKIN, "body_site", "age", "split", "quality")


@dataclass(frozen=True)
class TruthMap:
    """Which column means what in a manifest that is not in the contract's format.

    Attributes:
        photo, label, group: names of columns.
        labels: output or category by the file's own label.
        split: only photos of this split; all where empty.
    """

    photo: str = "photo"
    label: str = "label"
    group: str = "group"
    labels: Mapping[str, str] = field(default_factory=dict)
    split: str = ""


@dataclass(frozen=True, eq=False)
class Truth:
    """The photos that are judged on, in the manifest's order.

    Attributes:
        path: the manifest.
        photo, sha256: N each, as Arrow text arrays.
        label: N, after mapping; empty when nobody said.
        group: N, the photo itself where the manifest has none.
        columns: the whole manifest, for subgroups.
    """

    path: Path
    photo: Any
    sha256: Any
    label: Texts
    group: Texts
    columns: Columns


def read_truth(path: Path, mapping: TruthMap | None = None) -> Truth:
    """Read a manifest in CSV, JSON Lines or Parquet.

    Raises:
        ManifestError: it cannot be read, lacks a column, or has a bad row, which is named.
    """
    mapping = mapping or TruthMap()
    columns = read_columns(path, ManifestError)
    for name, option in (
        (mapping.photo, "--truth-photo-column"),
        (mapping.label, "--label-column"),
    ):
        columns.require(name, hint=f"Name yours with {option}.")
    columns.require(known=(mapping.group, *_COLUMNS))
    photos = columns.texts(mapping.photo)
    nameless = np.flatnonzero(photos == "")
    if len(nameless):
        raise ManifestError(f"{columns.at(int(nameless[0]), mapping.photo)}: no photo is named.")
    columns = _with_plain_skin_types(columns)
    if mapping.split:
        kept = columns.texts("split") == mapping.split
        if not kept.any():
            raise ManifestError(f"The manifest {path} has no photo in the split “{mapping.split}”.")
        columns = columns.where(kept)
        photos = photos[kept]
    groups = columns.texts(mapping.group)
    labels = columns.texts(mapping.label)
    if mapping.labels:
        renamed = {word: mapping.labels.get(word, word) for word in set(labels)}
        labels = np.array([renamed[word] for word in labels], dtype=object)
    return Truth(
        path=path,
        photo=columns.arrow(mapping.photo),
        sha256=columns.arrow("sha256"),
        label=labels,
        group=np.where(groups == "", photos, groups),
        columns=columns,
    )


def _with_plain_skin_types(columns: Columns) -> Columns:
    """Return the columns with skin types as 1 to 6, however they are written."""
    words = columns.texts(_SKIN)
    plain: dict[str, str] = {}
    for word in dict.fromkeys(words):
        try:
            found = skin_type(word)
        except ValueError as error:
            place = columns.at(int(np.flatnonzero(words == word)[0]), _SKIN)
            raise ManifestError(
                f"{place}: {error}. Leave it empty where it is not known."
            ) from error
        plain[word] = "" if found is None else str(found)
    if _SKIN not in columns.names:
        return columns
    return columns.replaced(_SKIN, [plain[word] for word in words])


@dataclass(frozen=True)
class Meaning:
    """What one label says about outputs.

    Attributes:
        may: the outputs that it may mean; empty when no output covers it.
        surely: those that it names for certain.
    """

    may: frozenset[str]
    surely: frozenset[str]


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
            frozenset().union(*(p.may for p in parts)),
            frozenset().union(*(p.surely for p in parts)),
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
    """``may`` and ``surely`` of many labels: N × K each."""

    may: npt.NDArray[np.bool_]
    surely: npt.NDArray[np.bool_]


def masks(labels: Texts, outputs: Sequence[str], categories: Mapping[str, Category]) -> Masks:
    """Return what each of N labels says about K outputs."""
    words, places = np.unique(labels.astype(str), return_inverse=True)
    found = [meaning(str(word), outputs, categories) for word in words]
    shape = (len(found), len(outputs))
    may = np.array([[o in m.may for o in outputs] for m in found], dtype=bool).reshape(shape)
    surely = np.array([[o in m.surely for o in outputs] for m in found], dtype=bool).reshape(shape)
    return Masks(may[places], surely[places])
