"""Files that are whole or not there: a kill or a full disk leaves the earlier one as it was."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a partial file to write in place of ``path``; it takes its place when that has ended.

    It is on the disk before it is renamed. If writing fails it is deleted and ``path`` unchanged.
    """
    partial = path.with_name(f"{path.name}.partial")
    try:
        yield partial
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def write_whole(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path``, whole or not at all."""
    with whole_file(path) as partial:
        partial.write_bytes(data)
