"""ImageFolder layout: one folder of photos for each label, such as SD-198 or one's own photos."""

from collections.abc import Iterator
from pathlib import Path

from reddots.datasets.sources.label_map import Meanings
from reddots.datasets.sources.photo_files import is_photo_name, photo_files
from reddots.datasets.sources.record import Record, Skipped


def records(folder: Path, meanings: Meanings) -> Iterator[Record | Skipped]:
    """Yield every file in the folders; a folder's name is the label, and a photo is its own group.

    The name is one of our ids, or else one of the set's table.
    """
    for path in photo_files(folder):
        if isinstance(path, Skipped):
            yield path
            continue
        if path.parent == folder:
            if is_photo_name(path):
                yield Skipped(str(path), "it lies beside the label folders")
            continue
        raw = path.relative_to(folder).parts[0]
        yield Record(path, raw, label=raw if meanings.outputs(raw) else meanings.label(raw) or "")
