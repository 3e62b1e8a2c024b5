"""Output paths: validated and locked before the work begins, and never one of the inputs.

A lock is an advisory lock of the operating system on a hidden file beside the output, so the lock
of a run that was killed is free at once. Writing itself is ``_atomic``'s.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from reddots.errors import OutputError

STDIN: Final = "-"
_FOLDER_LOCK: Final = ".reddots.lock"
Source = str | os.PathLike[str]


@contextmanager
def reserved_file(path: Path, inputs: Iterable[Source | None] = ()) -> Iterator[None]:
    """Reserve a file to write, for as long as the context lasts.

    Args:
        path: the file, which need not be there. What is no file, such as ``/dev/stdout``, is
            neither validated nor locked.
        inputs: what the same run reads; ``-`` is standard input, None and empty ones are nothing.

    Raises:
        OutputError: it is a folder, one of the inputs (also by a link), or being written by another
            run; or its folder is missing or cannot be written to.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        yield
        return
    if path.is_dir():
        raise OutputError(f"{path} cannot be written: it is a folder, not a file.")
    _require_no_input(path, inputs)
    place = Path(os.path.realpath(path))
    if not place.parent.is_dir():
        raise OutputError(f"{path} cannot be written: there is no folder {place.parent}.")
    with _lock(place.with_name(f".{place.name}.lock"), path):
        yield


@contextmanager
def reserved_folder(
    folder: Path, inputs: Iterable[Source | None] = (), files: Iterable[str] = ()
) -> Iterator[None]:
    """Reserve a folder to write into, which is made; see ``reserved_file``.

    Args:
        folder: where a run writes several files.
        inputs: what the same run reads.
        files: names, in the folder, of files that will be written and may be inputs by mistake.

    Raises:
        OutputError: it cannot be made or written to, another run writes there, or one of ``files``
            is an input.
    """
    inputs = list(inputs)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise OutputError(f"{folder} cannot be written: it is a file, not a folder.") from error
    except OSError as error:
        raise OutputError(f"{folder} cannot be made: {error.strerror or error}.") from error
    for name in files:
        if (folder / name).is_dir():
            raise OutputError(f"{folder / name} is a folder, where a file is to be written.")
        _require_no_input(folder / name, inputs)
    with _lock(folder / _FOLDER_LOCK, folder):
        yield


@contextmanager
def reserved_files(paths: Iterable[Path | None], inputs: Iterable[Source | None]) -> Iterator[None]:
    """Reserve several files at once; None is no file.

    Raises:
        OutputError: see ``reserved_file``; or two of them are the same.
    """
    given, chosen = list(inputs), [path for path in paths if path is not None]
    places = [os.path.realpath(path) for path in chosen]
    if len(set(places)) < len(places):
        raise OutputError(f"{chosen[-1]} is to be written twice: name two files.")
    with ExitStack() as stack:
        for path in chosen:
            stack.enter_context(reserved_file(path, given))
        yield


def is_same_file(one: Source, other: Source) -> bool:
    """Return whether both paths lead to one file that exists; an empty path leads to none."""
    try:
        own = os.fstat(0) if os.fspath(one) == STDIN else Path(one).stat()
        return os.path.samestat(own, Path(other).stat())
    except (OSError, ValueError):
        return False


def _require_no_input(path: Path, inputs: Iterable[Source | None]) -> None:
    for source in inputs:
        if source and is_same_file(source, path):
            raise OutputError(f"{path} is read by this run: name another file to write.")


@contextmanager
def _lock(lock_file: Path, output: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    lock = FileLock(lock_file)
    try:
        lock_file.touch()  # or the library would take a folder without a right to it for a lock
        lock.acquire(blocking=False)
    except Timeout as error:
        raise OutputError(
            f"{output} is being written by another run: wait until it has ended, or name another "
            "output."
        ) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"{output} cannot be written: {reason}.") from error
    try:
        yield
    finally:
        with suppress(OSError):  # while it is held, so that no other run's is taken away
            lock_file.unlink()
        lock.release()
