"""Which photos a command line means: files, folders, globs and manifests, in a steady order."""

import csv
import glob
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reddots.errors import AnswersError, ManifestError, TableError
from reddots.knowledge import load
from reddots.triage.answers import Answers, parse_settings


@dataclass(frozen=True, slots=True)
class PhotoInput:
    """One input: its name as given, for the table, and where it is."""

    name: str
    path: Path


def expand(arguments: Iterable[str]) -> Iterator[PhotoInput]:
    """Yield the photos that the arguments mean, in order, folders sorted by name.

    A folder gives all files in it and below, but hidden ones and linked folders; a ``.csv`` file is
    a manifest; what does not exist, and a pattern that nothing fits, is an input too, so that it
    gets its row.

    Raises:
        ManifestError: a ``.csv`` file has no column ``photo``.
    """
    for argument in arguments:
        path = Path(argument)
        if path.is_dir():
            yield from _folder(argument)
        elif path.suffix.lower() == ".csv" and path.is_file():
            yield from _manifest(path)
        elif not path.exists() and glob.has_magic(argument):
            found = glob.glob(argument, recursive=True)  # noqa: PTH207 - may be absolute
            files = sorted(name for name in found if Path(name).is_file())
            for name in files or [argument]:
                yield _input(name, Path(name))
        else:
            yield _input(argument, path)


def read_answers_table(path: Path) -> Mapping[str, Answers]:
    """Read answers by photo from a CSV file: ``photo`` and one column a question.

    An empty cell is unknown; several choices are joined by ``;``.

    Raises:
        TableError: the file cannot be read or has no column ``photo``.
        AnswersError: a row has an unknown question or an illegal value; the message names it.
    """
    found: dict[str, Answers] = {}
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            if "photo" not in (reader.fieldnames or ()):
                raise TableError(f"The answers file {path} has no column “photo”.")
            for row in reader:
                photo = row.pop("photo")
                if None in row:
                    raise TableError(f"{path}, line {reader.line_num} has more cells than columns.")
                settings = [
                    f"{key}={(value or '').replace(';', ',')}"
                    for key, value in row.items()
                    if value
                ]
                try:
                    found[photo] = parse_settings(settings, load())
                except AnswersError as error:
                    raise AnswersError(f"{path}, line {reader.line_num}: {error}") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TableError(f"The answers file {path} cannot be read: {error}.") from error
    return found


def _folder(folder: str) -> Iterator[PhotoInput]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                path = os.path.join(place, name)  # noqa: PTH118 - keeps the name as given
                yield _input(path, Path(path))


def _manifest(path: Path) -> Iterator[PhotoInput]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            if "photo" not in (reader.fieldnames or ()):
                raise ManifestError(f"The manifest {path} has no column “photo”.")
            for row in reader:
                photo = row["photo"] or ""
                yield _input(photo, path.parent / photo)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ManifestError(f"The manifest {path} cannot be read: {error}.") from error


def _input(name: str, path: Path) -> PhotoInput:
    return PhotoInput(printable(name), path)


def printable(text: str) -> str:
    """Return ``text`` so that it fits into every kind of table, though a name is no UTF-8."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
