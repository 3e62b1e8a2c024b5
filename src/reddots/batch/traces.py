"""What runs leave in folders: their tables and what is beside them. None of it is a photo."""

import os
from collections.abc import Collection
from pathlib import Path
from typing import Final

TABLES: Final = (".csv", ".jsonl", ".parquet")
JOURNAL, PARTIAL, PART = ".journal", ".partial", ".part"
_BESIDE: Final = tuple(
    table + ending for table in TABLES for ending in (JOURNAL, PARTIAL, PART, PART + PARTIAL)
)


def beside(table: Path, ending: str) -> Path:
    """Return the path of what is written beside ``table``: its name with one more ending."""
    return table.with_name(table.name + ending)


def is_beside(name: str) -> bool:
    """Whether a run writes files of this name beside its table."""
    return name.lower().endswith(_BESIDE)


def is_trace(name: str, names: Collection[str]) -> bool:
    """Whether a file is a run's, told by its name and by the ``names`` in its folder.

    So is a table that is a shard's, or that a run is about to replace.
    """
    return is_beside(name) or (
        name.lower().endswith(TABLES)
        and any(name + ending in names for ending in (JOURNAL, PARTIAL, PART))
    )


def is_same_file(one: str | os.PathLike[str], other: str | os.PathLike[str]) -> bool:
    """Whether both paths lead to one file that exists; an empty path leads to none."""
    try:
        return os.path.samefile(one, other)  # noqa: PTH121 - takes any kind of path
    except (OSError, ValueError):
        return False
