"""Input expansion: the photos that files, folders, globs, manifests and lists name, in order."""

import glob
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from reddots.batch.artifacts import is_beside
from reddots.batch.walk import Found, OnLeftOut, files_below, files_that_fit
from reddots.errors import ManifestError, PhotoError
from reddots.tabular.dialect import is_utf16, without_bom
from reddots.tabular.reader import FORMATS, open_table

LIST = "-"  # the argument that means a list of photos on standard input
_LONGEST_NAME = 4096  # bytes of a path on Linux; elsewhere less
_BLOCK = 1 << 16  # bytes


@dataclass(frozen=True, slots=True)
class PhotoInput:
    """One input: its name as given, for the table, and where it is.

    Attributes:
        name: as in the table.
        path: where the photo is.
        fault: why there can be no photo, a sentence; empty as long as nothing is known.
    """

    name: str
    path: Path
    fault: str = ""


def expand(arguments: Iterable[str], on_left_out: OnLeftOut | None = None) -> Iterator[PhotoInput]:
    """Return the photos that the arguments mean, in order, folders sorted by name, one by one.

    A folder gives all files in it and below, but hidden ones, linked folders and those of a disk's
    thumbnails, with each of which ``on_left_out`` is called; a table is
    a manifest; ``-`` is a list on standard input, of lines, or ended by NUL where one is in it.
    What does not exist, a pattern that nothing fits, and a folder that cannot be opened is an input
    too, so that it gets its row. A run's own journal and partial files are none, however they are
    named: a shell's pattern or ``find`` may see them when the run goes on.

    Raises:
        ManifestError: a table has no column ``photo`` or cannot be read; raised at once.
    """
    given = list(arguments)
    for argument in given:
        if _is_manifest(Path(argument)):
            for _ in _manifest(Path(argument)):
                pass
    return (photo for argument in given for photo in _meant(argument, on_left_out))


def _meant(argument: str, on_left_out: OnLeftOut | None) -> Iterator[PhotoInput]:
    path = Path(argument)
    if argument == LIST:
        yield from (_input(name) for name in read_list(sys.stdin.buffer) if not is_beside(name))
    elif path.is_dir():
        yield from map(_found, files_below(argument, on_left_out))
    elif _is_manifest(path):
        yield from _manifest(path)
    elif glob.has_magic(argument) and not os.path.lexists(path):
        nothing = True
        for found in files_that_fit(argument):
            nothing = False
            yield _found(found)
        if nothing:
            yield _input(argument)
    elif not is_beside(argument):
        yield _input(argument)


def read_list(file: BinaryIO) -> Iterator[str]:
    """Yield the names in a list: ended by NUL if its beginning has one, else lines.

    Names may be in any encoding; empty ones are left out.
    """
    block = file.read(2 * _LONGEST_NAME)  # long enough to have the end of a first name
    if is_utf16(block):
        raise ManifestError("The list of photos is in UTF-16, not in UTF-8: save it as UTF-8.")
    block = without_bom(block)
    end = b"\0" if b"\0" in block else b"\n"
    rest = b""
    while block:
        *names, rest = (rest + block).split(end)
        yield from (_name(name, end) for name in names if name.strip(b"\r"))
        block = file.read(_BLOCK)
    if rest.strip(b"\r"):
        yield _name(rest, end)


def _name(name: bytes, end: bytes) -> str:
    # Lists from Windows end their lines so; a name that does needs a list with NUL.
    return os.fsdecode(name.removesuffix(b"\r") if end == b"\n" else name)


def _is_manifest(path: Path) -> bool:
    return path.suffix.lower() in FORMATS and path.is_file()


def _manifest(path: Path) -> Iterator[PhotoInput]:
    table = open_table(path, ManifestError)
    table.require("photo")
    for row in table:
        photo = row.text("photo")
        yield PhotoInput(printable(photo), path.parent / photo)


def _input(name: str) -> PhotoInput:
    return PhotoInput(printable(name), Path(name))


def _found(found: Found) -> PhotoInput:
    return PhotoInput(printable(found.name), Path(found.name), printable(found.fault))


def require_sound(photo: PhotoInput) -> None:
    """Check that nothing is known against a photo.

    Raises:
        PhotoError: there can be none.
    """
    if photo.fault:
        raise PhotoError("unreadable", photo.fault)


def printable(text: str) -> str:
    """Return ``text`` so that it fits into every kind of table, though a name is no UTF-8."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
