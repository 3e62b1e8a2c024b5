"""Side-car files: the JSON beside a network, read strictly, and the hash that it states."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from reddots.errors import CheckpointError

Record = TypeVar("Record", bound=msgspec.Struct)
Checks = tuple[tuple[str, bool], ...]


def read_record(
    path: Path, record: type[Record], checks: Callable[[Record], Checks], noun: str
) -> Record:
    """Read a side-car as ``record``, and check that it does not contradict itself.

    Args:
        path: of the JSON file.
        record: a msgspec structure that forbids unknown keys.
        checks: returns what would be wrong, and whether it is right, by check.
        noun: what the file describes, for messages.

    Raises:
        CheckpointError: it is missing, malformed, or contradicts itself.
    """
    try:
        found = msgspec.json.decode(path.read_bytes(), type=record)
    except OSError as error:
        raise CheckpointError(f"The {noun} {path} cannot be read ({error.strerror}).") from error
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"The {noun} {path.name} is not in order: {error}.") from error
    problem = next((problem for problem, fine in checks(found) if not fine), None)
    if problem:
        raise CheckpointError(f"The {noun} {path.name} is not in order: {problem}.")
    return found


def require_untouched(path: Path, sha256: str) -> bytes:
    """Return the bytes of ``path`` if their hash is the one that the side-car gives.

    Raises:
        CheckpointError: the file is missing, or is another one.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CheckpointError(
            f"The checkpoint's file {path.name} cannot be read ({error.strerror})."
        ) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise CheckpointError(
            f"The file {path.name} is not the one that its side-car describes: it was changed or "
            "only partly copied. Install Red Dots again."
        )
    return data
