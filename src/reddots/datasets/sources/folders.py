"""ImageFolder layout: one folder of photos for each label, such as SD-198 or one's own photos."""

from collections.abc import Iterator
from pathlib import Path

from reddots.datasets.catalogue import known_set
from reddots.datasets.manifest import Row
from reddots.datasets.sources.label_map import Meanings, read_meanings
from reddots.datasets.sources.record import Record, Skipped, rows_of
from reddots.errors import ManifestError


def records(folder: Path, meanings: Meanings) -> Iterator[Record | Skipped]:
    """Yield every file in the folders; a folder's name is the label, and a photo is its own group.

    The name is one of our ids, or else one of the set's table.
    """
    for path in sorted(p for p in folder.glob("*/**/*") if p.is_file()):
        raw = path.relative_to(folder).parts[0]
        yield Record(path, raw, label=raw if meanings.outputs(raw) else meanings.label(raw) or "")


def manifest_of_folders(
    folder: Path, dataset: str, relative_to: Path
) -> tuple[list[Row], list[str]]:
    """Return a row for each readable photo, and why the others were left out.

    A label that means no output is kept with an empty label, as “no label” is not “absent”.

    Raises:
        ManifestError: there is no such folder, or the data set is unknown.
    """
    photo_set = known_set(dataset)
    if not folder.is_dir():
        raise ManifestError(f"There is no folder {folder}.")
    meanings = read_meanings(dataset)
    found = rows_of(records(folder, meanings), photo_set, meanings, relative_to)
    return list(found.rows), list(found.dropped)
