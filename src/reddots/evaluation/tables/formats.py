"""File formats of evaluation tables: those of the table reader, and ``.csv.gz`` and ``.npz``."""

import gzip
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa

from reddots.errors import RedDotsError, TableError
from reddots.tabular.columns import Columns, read_columns

_MOST_BYTES = 4 * 1024**3  # of a table when unpacked
_PIECE = 1024**2


def read_any(path: Path, error: type[RedDotsError] = TableError) -> Columns:
    """Read a table of any format that the kit takes.

    ``.npz`` holds one array a column: one-dimensional ones are columns of their name, and of a
    two-dimensional one each column is ``p_<class>`` by the array ``classes``, or ``p_0`` and so on.

    Raises:
        TableError: it cannot be read (or ``error``).
    """
    try:
        if path.suffix.lower() == ".gz":
            return _gz(path, error)
        if path.suffix.lower() == ".npz":
            return _npz(path, error)
    except (OSError, EOFError, ValueError) as problem:
        raise error(f"{path} cannot be read: {problem}.") from problem
    return read_columns(path, error)


def _gz(path: Path, error: type[RedDotsError]) -> Columns:
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / path.stem
        with gzip.open(path) as packed, plain.open("wb") as file:
            size = 0
            while piece := packed.read(_PIECE):
                size += len(piece)
                if size > _MOST_BYTES:
                    raise error(f"{path} unpacks to more than {_MOST_BYTES // 1024**3} GB.")
                file.write(piece)
        found = read_columns(plain, error)
    return Columns(path, found.table, found.lines, error, found.delimiter)


def _npz(path: Path, error: type[RedDotsError]) -> Columns:
    with np.load(path, allow_pickle=False) as arrays:
        held = {name: arrays[name] for name in arrays.files}
    classes = held.pop("classes", None)
    columns: dict[str, pa.Array] = {}
    for name, array in held.items():
        if array.ndim == 1:
            columns[name] = _column(array)
        elif array.ndim == 2:
            names = range(array.shape[1]) if classes is None else classes
            columns |= {f"p_{c}": _column(array[:, i]) for i, c in enumerate(names)}
        else:
            raise error(f"{path}: the array “{name}” has {array.ndim} dimensions, not one or two.")
    if len({len(column) for column in columns.values()}) != 1:
        raise error(f"{path}: the arrays do not have the same length.")
    return Columns(path, pa.table(columns), None, error)


def _column(array: np.ndarray) -> pa.Array:
    if array.dtype.kind in "fiub":
        return pa.array(array)
    return pa.array([str(value) for value in array], pa.string())
