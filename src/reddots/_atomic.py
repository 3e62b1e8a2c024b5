"""Atomic write: files that are whole or not there, whatever a kill or a full disk does."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def atomic_file(path: Path) -> Iterator[Path]:
    """Give a partial file to write in place of ``path``; it takes its place when that has ended.

    It is on the disk before it is renamed. If writing fails it is deleted and ``path`` unchanged.
    What is no file, such as ``/dev/stdout``, is written to as it is; a link's end is replaced.
    """
    if path.exists() and not path.is_file():
        yield path
        return
    path = Path(os.path.realpath(path))
    partial = path.with_name(f"{path.name}.partial")
    try:
        yield partial
        _keep(partial, path)
    except BaseException as error:
        partial.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename is None:
            error.filename = str(path)  # a full disk does not say by itself what it is full for
        raise


@contextmanager
def atomic_files(folder: Path, last: str) -> Iterator[Path]:
    """Give a partial folder for files that belong together; all are written before any is there.

    They take their places in ``folder`` when that has ended, the one called ``last`` at the end. If
    writing fails they are deleted and ``folder`` unchanged.
    """
    partial = folder / f"{last}.partial"
    shutil.rmtree(partial, ignore_errors=True)  # of a run that was killed
    partial.mkdir(parents=True)
    try:
        yield partial
        for path in sorted(partial.iterdir(), key=lambda path: (path.name == last, path.name)):
            _keep(path, folder / path.name)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def atomic_write(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path``, whole or not at all."""
    with atomic_file(path) as partial:
        partial.write_bytes(data)


def _keep(partial: Path, path: Path) -> None:
    with partial.open("rb+") as file:
        os.fsync(file.fileno())
    partial.replace(path)
