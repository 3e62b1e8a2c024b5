"""Directory walk in a steady order; no link leads into a folder, so no circle is walked.

What a run has written there is left out, or a table in the photos' own folder would be a photo.
"""

import fnmatch
import glob
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from reddots.batch.artifacts import without_traces

OnLeftOut = Callable[[str], None]
THUMBNAILS: Final = "@eaDir"  # of Synology's disks: small copies of every photo


@dataclass(frozen=True, slots=True)
class Found:
    """A file, or a folder that cannot be opened and then why: ``fault`` is a sentence."""

    name: str
    fault: str = ""


def files_below(folder: str, on_left_out: OnLeftOut | None = None) -> Iterator[Found]:
    """Yield all files in ``folder`` and below, sorted, but hidden ones.

    A folder's files come before those of the folders in it. Names begin as ``folder`` does.
    ``on_left_out`` is called with each linked folder and each folder of a disk's thumbnails.
    """
    for place in _walk(folder):
        if on_left_out:
            for name in place.left_out:
                on_left_out(_join(place.name, name))
        if place.fault:
            yield Found(place.name, place.fault)
        for name in place.files:
            yield Found(_join(place.name, name))


def files_that_fit(pattern: str) -> Iterator[Found]:
    """Yield the files that a shell's pattern means; ``**`` is any number of folders.

    A linked folder is entered only where the pattern has a part of its own for it.
    """
    parts = pattern.replace(os.altsep or os.sep, os.sep).split(os.sep)  # noqa: PTH206 - keeps “./”
    if parts[-1] == "**":
        parts.append("*")
    found = _fit("", parts)
    if parts.count("**") == 1:
        return found
    return iter(dict.fromkeys(found))  # several may lead to the same file


@dataclass(frozen=True, slots=True)
class _Place:
    name: str
    files: Sequence[str]
    folders: Sequence[str]
    fault: str = ""
    left_out: Sequence[str] = ()


def _walk(folder: str) -> Iterator[_Place]:
    # No recursion: folders may be deeper than Python's stack.
    waiting = [folder]
    while waiting:
        place = _open(waiting.pop())
        yield place
        waiting.extend(_join(place.name, name) for name in reversed(place.folders))


def _open(folder: str) -> _Place:
    files: list[str] = []
    folders: list[str] = []
    left_out: list[str] = []
    try:
        with os.scandir(folder or os.curdir) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if _is_linked_folder(entry) or entry.name == THUMBNAILS:
                    left_out.append(entry.name)
                elif entry.is_dir(follow_symlinks=False):
                    folders.append(entry.name)
                else:
                    files.append(entry.name)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        return _Place(folder, (), (), f"The folder “{folder}” cannot be opened: {why}.")
    kept = sorted(without_traces(files))
    return _Place(folder, kept, sorted(folders), left_out=sorted(left_out))


def _is_linked_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_symlink() and entry.is_dir()
    except OSError:  # a link to itself
        return False


def _fit(start: str, parts: Sequence[str]) -> Iterator[Found]:
    """Yield what fits ``parts`` below ``start``, which is empty or ends with a separator."""
    head, rest = parts[0], parts[1:]
    if head == "**":
        for place in _walk(start):
            if place.fault and os.path.isdir(place.name or os.curdir):  # noqa: PTH112
                yield Found(place.name, place.fault)
            yield from _fit(_join(place.name, ""), rest)
    elif rest:
        for name in _matching(start, head):
            if os.path.isdir(start + name + os.sep):  # noqa: PTH112
                yield from _fit(start + name + os.sep, rest)
    else:
        for name in _matching(start, head):
            if os.path.isfile(start + name):  # noqa: PTH113
                yield Found(start + name)


def _matching(start: str, pattern: str) -> Sequence[str]:
    if not glob.has_magic(pattern):
        return [pattern]
    try:
        names = os.listdir(start or os.curdir)  # noqa: PTH208
    except OSError:
        return []
    fitting = fnmatch.filter(without_traces(names), pattern)
    return sorted(n for n in fitting if pattern.startswith(".") or not n.startswith("."))


def _join(folder: str, name: str) -> str:
    return os.path.join(folder, name)  # noqa: PTH118 - keeps the name as given
