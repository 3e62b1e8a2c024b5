"""Reader table: what each person or model decided for each photo, with or without help.

One row a photo and reader: ``photo``, ``reader``, ``decision`` (a class), and where they are there
``score`` (of the positive class), ``aided`` (yes or no) and ``kind`` (``person`` or ``model``).
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from reddots.errors import TableError
from reddots.evaluation.core.scored import Flags, Floats, Whole
from reddots.evaluation.tables.detect import PHOTOS, named_or_detected
from reddots.evaluation.tables.formats import names_of, read_any
from reddots.evaluation.tables.ground_truth import Truth

NEEDED = ("reader", "decision")
_KNOWN = ("score", "aided", "kind")


@dataclass(frozen=True, eq=False)
class Readings:
    """Readers on N photos with a known truth, over K classes.

    Attributes:
        classes: K names.
        truth: N, the class of each photo.
        groups: N, from 0.
        names: R readers; the same person with and without help is two of them.
        aided: R, whether they had help.
        models: R, whether they are models.
        people: R, the person's or model's own name, without the help.
        decisions: R × N, the class that each decided for; −1 where a photo was not read.
        scores: R × N, NaN where there is none.
    """

    classes: tuple[str, ...]
    truth: Whole
    groups: Whole
    names: tuple[str, ...]
    aided: Flags
    models: Flags
    people: tuple[str, ...]
    decisions: Whole
    scores: Floats


def is_reader_table(path: Path) -> bool:
    """Return whether a table has readers, though its headings be in capitals.

    Raises:
        TableError: it cannot be read.
    """
    return set(NEEDED) <= {name.lower() for name in names_of(path)}


def read_readings(path: Path, truth: Truth) -> Readings:
    """Read a table of readers and join it to the truth, by the photos' names.

    Raises:
        TableError: a column is missing, a decision is no label of the truth, a reader has two rows
            of one photo, or no photo is in the manifest.
    """
    table = read_any(path)
    table.require(*NEEDED, known=_KNOWN)
    photos = table.texts(named_or_detected(table, "", PHOTOS, "Name it “photo”."))
    listed = {str(p): i for i, p in enumerate(truth.photo.to_pylist())}
    labels = np.array([str(word) for word in truth.label])
    classes = tuple(sorted(set(labels) - {""}))
    places = {name: i for i, name in enumerate(classes)}
    help_ = table.flags("aided") if "aided" in table.names else np.zeros(len(table))
    kinds = table.texts("kind")
    scores = table.numbers("score") if "score" in table.names else np.full(len(table), np.nan)
    rows = [i for i, photo in enumerate(photos) if photo in listed and labels[listed[photo]]]
    if not rows:
        raise TableError(f"No photo of {path} has a label in {truth.path}; their names must agree.")
    readers, words = table.texts("reader"), table.texts("decision")
    used = sorted({listed[photos[i]] for i in rows})
    place = {row: i for i, row in enumerate(used)}
    keys: dict[tuple[str, bool], int] = {}
    for i in rows:
        keys.setdefault((str(readers[i]), bool(help_[i] == 1)), len(keys))
    decisions = np.full((len(keys), len(used)), -1, dtype=np.intp)
    values = np.full((len(keys), len(used)), np.nan)
    models = np.zeros(len(keys), dtype=bool)
    for i in rows:
        reader = keys[str(readers[i]), bool(help_[i] == 1)]
        photo = place[listed[photos[i]]]
        if decisions[reader, photo] >= 0:
            raise TableError(f"{table.at(i, 'reader')}: “{readers[i]}” read this photo twice.")
        if words[i] not in places:
            raise TableError(
                f"{table.at(i, 'decision')}: “{words[i]}” is no label of the truth; they are "
                f"{', '.join(classes)}."
            )
        decisions[reader, photo] = places[words[i]]
        values[reader, photo] = scores[i]
        models[reader] |= kinds[i] == "model"
    groups = np.unique(truth.group[used].astype(str), return_inverse=True)[1].reshape(-1)
    return Readings(
        classes=classes,
        truth=np.array([places[labels[row]] for row in used], dtype=np.intp),
        groups=groups,
        names=tuple(f"{name} (aided)" if aided else name for name, aided in keys),
        aided=np.array([aided for _, aided in keys]),
        models=models,
        people=tuple(name for name, _ in keys),
        decisions=decisions,
        scores=values,
    )
