"""Custom CSV import: a table whose columns have other names than the manifest's."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from reddots.datasets.sources.csv_table import read_source
from reddots.datasets.sources.record import Record, Skipped
from reddots.errors import ManifestError

COLUMNS: Final = ("photo", "label", "group", "fitzpatrick", "body_site", "source_url", "licence")
EXTRA: Final = ("age", "sex", "skin_tone")  # carried into the manifest where the table has them


def column_map(pairs: list[str]) -> dict[str, str]:
    """Return the map from the manifest's columns to theirs, from pairs as ``label=diagnosis``.

    Raises:
        ManifestError: a pair is none, or names a column that the manifest does not have.
    """
    given = dict(pair.partition("=")[::2] for pair in pairs)
    for ours, theirs in given.items():
        if ours not in (*COLUMNS, *EXTRA) or not theirs:
            raise ManifestError(
                f"“{ours}={theirs}” is no column. Write for example label=diagnosis; "
                f"the columns are {', '.join((*COLUMNS, *EXTRA))}."
            )
    return {"photo": "photo", "label": "label", **given}


def records(table: Path, folder: Path, columns: Mapping[str, str]) -> Iterator[Record | Skipped]:
    """Yield the photos of a table; their paths start from ``folder`` and stay in it.

    Args:
        table: a CSV file.
        folder: where the photos are.
        columns: from the manifest's columns to the table's; see ``column_map``.

    Raises:
        ManifestError: the table cannot be read or lacks a column.
    """
    for row in read_source(table, columns.values(), own=True):
        given = {ours: row[theirs] for ours, theirs in columns.items()}
        own = {**row, **given}  # a column under the manifest's own name needs no mapping
        path = folder / given["photo"]
        if not given["photo"]:
            yield Skipped(f"a row of {table.name}", "it names no photo")
        elif not path.resolve().is_relative_to(folder.resolve()):
            yield Skipped(given["photo"], "it is outside the folder")
        else:
            yield Record(
                path=path,
                raw=given["label"],
                group=own.get("group", ""),
                fitzpatrick=own.get("fitzpatrick", ""),
                body_site=own.get("body_site", ""),
                source_url=own.get("source_url", ""),
                licence=own.get("licence", ""),
                extra={name: v for name in EXTRA if (v := own.get(name, ""))},
            )
