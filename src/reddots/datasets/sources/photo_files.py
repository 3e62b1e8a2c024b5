"""Photo files of a set's folder: what is in it, and what is left out of it and why."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from reddots.datasets.sources.record import Skipped

# Endings of photos, read or not; only for telling photos from tables and texts beside them.
_ENDINGS: Final = re.compile(
    r"\.(avif|bmp|dng|gif|heic|heif|jfif|jpe|jpe?g|nef|png|tiff?|webp)", re.IGNORECASE
)
_THUMBNAILS: Final = "@eaDir"  # of Synology's disks: small copies of every photo


def photo_files(folder: Path) -> Iterator[Path | Skipped]:
    """Yield every file in a folder and below, sorted, but hidden ones; no link leads into a folder.

    Linked folders and those with a disk's thumbnails are skipped, and said so.
    """
    entries = sorted(p for p in folder.iterdir() if not p.name.startswith("."))
    for path in entries:
        if not path.is_dir():
            yield path
        elif path.is_symlink():
            yield Skipped(str(path), "a linked folder is not entered")
        elif path.name == _THUMBNAILS:
            yield Skipped(str(path), "it holds a disk's thumbnails")
        else:
            yield from photo_files(path)


def is_photo_name(path: Path) -> bool:
    """Whether a file is called like a photo."""
    return _ENDINGS.fullmatch(path.suffix) is not None


def photos_by_name(folder: Path) -> dict[str, Path]:
    """Return the files below a folder by their name without its ending, and by their name.

    Where several have a name, one that is called like a photo comes first: ISIC's ``Descriptions``
    are called as its ``Images`` are, but for the ending.
    """
    found: dict[str, Path] = {}
    files = [p for p in photo_files(folder) if isinstance(p, Path)]
    for path in sorted(files, key=lambda path: (not is_photo_name(path), path)):
        found.setdefault(path.stem, path)
        found.setdefault(path.name, path)
    return found
