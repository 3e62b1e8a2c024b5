"""CSV reader for a set's own table; refused when it lacks the columns of its documentation."""

import ast
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from reddots.errors import ManifestError
from reddots.tabular.cells import YES
from reddots.tabular.reader import open_table

_NOTHING: Final = {"", "nan", "none", "null", "unk", "unknown", "<na>"}


def read_source(path: Path, columns: Iterable[str], *, own: bool = False) -> list[dict[str, str]]:
    """Return the rows of a table; words for missing values are empty strings.

    In a table of one's ``own`` they are not: a photo or a person may be called ``nan``.

    Raises:
        ManifestError: it cannot be read, or lacks one of ``columns``.
    """
    table = open_table(path, ManifestError)
    table.require(*columns, hint="" if own else "Is it the set's own table?")
    return [row.texts() if own else _tidy(row.texts()) for row in table]


def described(row: Mapping[str, str], **columns: str) -> dict[str, str]:
    """Return a row's cells under our names of columns; a cell that the table lacks is empty.

    Example:
        >>> described({"gender": "FEMALE"}, age="age", sex="gender")
        {'age': '', 'sex': 'female'}
    """
    return {ours: row.get(theirs, "").lower() for ours, theirs in columns.items()}


def find_table(folder: Path, *names: str) -> Path:
    """Return the first of ``names`` that is in the folder.

    Raises:
        ManifestError: none is.
    """
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise ManifestError(f"There is no {' or '.join(names)} in {folder}.")


def is_yes(value: str) -> bool:
    """Return whether a field says yes, in any of the usual spellings."""
    return value.casefold() in YES


def weights(value: str) -> Mapping[str, float]:
    """Return the weights of a field such as ``{'Eczema': 0.7, 'Acne': 0.3}``; empty if none."""
    try:
        parsed = ast.literal_eval(value or "{}")
        return {str(k): float(v) for k, v in parsed.items()}
    except (ValueError, SyntaxError, TypeError, AttributeError, MemoryError, RecursionError):
        return {}


def _tidy(row: dict[str, str]) -> dict[str, str]:
    return {k: "" if v.casefold() in _NOTHING else v for k, v in row.items()}
