"""Run artifacts: what a run writes beside its table. None of it is a photo."""

from collections.abc import Collection, Iterator
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


def without_traces(names: Collection[str]) -> Iterator[str]:
    """Yield those ``names`` of files in one folder that are no run's.

    A table that has something beside it is a shard's, or one that a run is about to replace.
    """
    marks = {name for name in names if is_beside(name)}
    for name in names:
        if name not in marks and not any(name + e in marks for e in (JOURNAL, PARTIAL, PART)):
            yield name
