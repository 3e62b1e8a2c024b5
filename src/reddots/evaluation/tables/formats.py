"""File formats of evaluation tables: those of the table reader, and ``.csv.gz`` and ``.npz``."""

import gzip
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import numpy as np
import pyarrow as pa

from reddots.errors import RedDotsError, TableError
from reddots.tabular.columns import Columns, read_columns
from reddots.tabular.reader import FORMATS, open_table

_MOST_BYTES = 4 * 1024**3  # of a table when unpacked
_PIECE = 1024**2
_MEDMNIST = ("train", "val", "test")  # splits of its archives


def read_any(path: Path, error: type[RedDotsError] = TableError) -> Columns:
    """Read a table of any format that the kit takes.

    ``.npz`` holds one array a column: one-dimensional ones are columns of their name, and of a
    two-dimensional one each column is ``p_<class>`` by the array ``classes``, or ``p_0`` and so on.
    One of MedMNIST, with ``test_labels``, is its labels; a photo is called by its place in a split.

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


def names_of(path: Path, error: type[RedDotsError] = TableError) -> tuple[str, ...]:
    """Return the headings of a table of any of these formats, as little of it being read as can be.

    Raises:
        TableError: it cannot be read (or ``error``).
    """
    if path.suffix.lower() not in FORMATS:
        return tuple(read_any(path, error).names)
    table = open_table(path, error)
    with closing(table.records()) as rows:  # which closes the file
        next(rows, None)
    return table.names


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


def without_heading(path: Path, error: type[RedDotsError] = TableError) -> Columns:
    """Read a CSV file of numbers without a heading: a photo's place, then one score a class.

    So MedMNIST's evaluator writes its results. Columns are ``index``, ``p_0``, ``p_1`` and so on.

    Raises:
        TableError: it cannot be read (or ``error``).
    """
    try:
        values = np.loadtxt(path, delimiter=",", ndmin=2)
    except (OSError, ValueError) as problem:
        raise error(f"{path} is no table of numbers without a heading: {problem}.") from problem
    if values.shape[0] < 1 or values.shape[1] < 2:
        raise error(f"{path} needs a place and at least one score in each line.")
    columns = {"index": pa.array([f"{place:g}" for place in values[:, 0]], pa.string())}
    columns |= {f"p_{i}": pa.array(own) for i, own in enumerate(values[:, 1:].T)}
    return Columns(path, pa.table(columns), None, error)


def _npz(path: Path, error: type[RedDotsError]) -> Columns:
    with np.load(path, allow_pickle=False) as arrays:
        splits = [s for s in _MEDMNIST if f"{s}_labels" in arrays.files]
        if splits:
            return Columns(path, _medmnist({s: arrays[f"{s}_labels"] for s in splits}), None, error)
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


def _medmnist(labels: Mapping[str, np.ndarray]) -> pa.Table:
    """Return MedMNIST's labels by split, N × 1, or N × K ones and zeros, of which any may hold."""
    index, words, split = [], [], []
    for name, own in labels.items():
        index += [str(place) for place in range(len(own))]
        split += [name] * len(own)
        if own.ndim == 2 and own.shape[1] > 1:
            words += [";".join(map(str, np.flatnonzero(row))) or "none" for row in own]
        else:
            words += [str(int(label)) for label in own.reshape(-1)]
    text = pa.string()
    return pa.table(
        {
            "index": pa.array(index, text),
            "label": pa.array(words, text),
            "split": pa.array(split, text),
        }
    )


def _column(array: np.ndarray) -> pa.Array:
    if array.dtype.kind in "fiub":
        return pa.array(array)
    return pa.array([str(value) for value in array], pa.string())
