"""Column detection: which column is the photo, the label, the group, or a probability.

Tables of other people name these in their own ways. What was detected is reported; an option that
names a column is never overruled.
"""

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

import numpy as np

from reddots.errors import RedDotsError
from reddots.tabular.cells import shown
from reddots.tabular.columns import Columns

PHOTOS = (
    "photo",
    "image",
    "image_id",
    "image_name",
    "isic_id",
    "filename",
    "file",
    "img",
    "path",
    "id",
    "index",
)
LABELS = ("label", "labels", "diagnosis", "dx", "target", "class", "y_true", "truth")
GROUPS = ("group", "patient_id", "patient", "lesion_id", "lesion")
ALIASES: Mapping[str, Sequence[str]] = {
    "fitzpatrick": ("fitzpatrick_scale", "fitzpatrick_skin_type", "fst"),
    "skin_tone": ("monk_skin_tone", "mst"),
    "sex": ("gender",),
    "age": ("age_approx", "age_years"),
    "body_site": ("localization", "anatom_site_general", "anatom_site_general_challenge", "region"),
    "dataset": ("source", "attribution"),
}
PREFIX = "p_"
_SCORES = frozenset({"p", "prob", "probs", "probability", "score", "scores", "confidence", "pred"})
_MOST_CLASSES = 1000


def named_or_detected(columns: Columns, named: str, known: Sequence[str], hint: str) -> str:
    """Return the column that was named, or the first known name that the table has.

    Raises:
        TableError: there is none (or the table's own error).
    """
    if named:
        columns.require(named, hint=hint)
        return named
    lowered = {name.lower(): name for name in reversed(columns.names)}
    found = next((lowered[name] for name in known if name in lowered), None)
    if found is None:
        columns.require(known[0], hint=hint)
        return known[0]
    return found


def probability_columns(
    columns: Columns, mapping: Mapping[str, str], photo: str, known: Sequence[str]
) -> dict[str, list[str]]:
    """Return the columns of each class, in the file's order.

    They are those that were mapped, by name or wildcard; those called ``p_<class>``; and where
    there is neither, all columns of numbers from 0 to 1.

    Raises:
        TableError: a name that was mapped fits no column, or a column is ``p_<class>`` but for a
            capital.
    """
    for pattern in mapping:
        if not any(fits(name, pattern) for name in columns.names):
            raise columns.error(
                f"{columns.path} has no column “{pattern}” to map; it has "
                f"{', '.join(columns.names)}."
            )
    sources: dict[str, list[str]] = {}
    for name in columns.names:
        if name.startswith(PREFIX.upper()) and not any(fits(name, p) for p in mapping):
            own = shown(name[len(PREFIX) :])
            raise columns.error(
                f"{columns.path} has a column “{shown(name)}”. Did you mean “{PREFIX}{own}”? "
                f"Or map it: --map “{shown(name)}={own}”, without a class to leave it out."
            )
        own = name.removeprefix(PREFIX) if name.startswith(PREFIX) else ""
        output = next((o for p, o in mapping.items() if fits(name, p)), own)
        if output:
            sources.setdefault(output, []).append(name)
    if sources or any(mapping.values()):
        return sources
    skipped = {photo, *known, *mapping}
    found = [name for name in unit_columns(columns) if name not in skipped]
    if not found:  # a submission whose scores stand under the name of the label
        found = [n for n in unit_columns(columns, (*PHOTOS, *GROUPS)) if n not in skipped]
    if len(found) == 1:
        return {plain_class(found[0]): found}
    return {name: [name] for name in found}


def plain_class(column: str) -> str:
    """Return the class that a single column of scores is named after.

    Example:
        >>> plain_class("glaucoma_prob"), plain_class("prob_melanoma"), plain_class("score")
        ('glaucoma', 'melanoma', 'score')
    """
    kept = [part for part in re.split(r"[ _.-]+", column) if part.lower() not in _SCORES]
    return column if not kept or len(kept) == len(re.split(r"[ _.-]+", column)) else "_".join(kept)


def unit_columns(
    columns: Columns, others: Sequence[str] = (*PHOTOS, *LABELS, *GROUPS)
) -> list[str]:
    """Return the columns that hold nothing but numbers from 0 to 1, ``others`` left out."""
    found = []
    for name in columns.names:
        if name.lower() in others:
            continue
        try:
            values = columns.numbers(name)
        except RedDotsError:
            continue
        present = values[~np.isnan(values)]
        if len(present) and present.min() >= 0 and present.max() <= 1:
            found.append(name)
    return found[:_MOST_CLASSES]


def one_hot_columns(columns: Columns) -> list[str]:
    """Return the columns of ones and zeros that are labels together; none from fewer than two."""
    names = [n for n in unit_columns(columns) if set(np.unique(columns.numbers(n))) <= {0.0, 1.0}]
    return names if len(names) > 1 else []


def attribute_column(columns: Columns, name: str) -> str | None:
    """Return the column that holds an attribute, under its own name or another known one."""
    lowered = {own.lower(): own for own in reversed(columns.names)}
    names = (name, *ALIASES.get(name, ()))
    return next((lowered[own] for own in names if own in lowered), None)


def fits(name: str, pattern: str) -> bool:
    """Return whether a column's name is the pattern, or fits its ``*``."""
    return name == pattern or ("*" in pattern and fnmatchcase(name, pattern))
