"""JSON Lines: one object a line, each key once."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from reddots.tabular.cells import shown
from reddots.tabular.dialect import peek, what_else, without_bom


class RepeatedKeyError(ValueError):
    """A key stands twice in one object, so that one of its values would be lost.

    Attributes:
        key: the key.
    """

    def __init__(self, key: str) -> None:
        super().__init__(f"has “{shown(key)}” twice")
        self.key = key


def decode(line: bytes) -> Any:
    """Return the JSON value in a line or file.

    Raises:
        RepeatedKeyError: a key stands twice in an object.
        ValueError: it is no JSON; the message completes “line 3 …”.
    """
    try:
        found = _decode_plain(line)
        if found is None:
            found = json.loads(line, object_pairs_hook=_once)
    except RepeatedKeyError:
        raise
    except UnicodeError as error:
        raise ValueError("is not in UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise ValueError("is no JSON") from error
    return found


def text_lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a file without its byte-order mark.

    Raises:
        ValueError: it is no text in UTF-8; the message completes a sentence about it.
    """
    if other := what_else(peek(file)):
        raise ValueError(other)
    for number, line in enumerate(file):
        yield line if number else without_bom(line)


def json_objects(file: BinaryIO) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the number of each line, from 1, and the object in it; blank lines are skipped.

    Raises:
        ValueError: a line is no object; the message begins with its number, or says that the whole
            is no text in UTF-8.
    """
    for number, line in enumerate(text_lines(file), start=1):
        if not line.strip():
            continue
        try:
            yield number, _require_row(decode(line), line)
        except ValueError as error:
            raise ValueError(f", line {number} {error}") from error


def _require_row(found: Any, line: bytes) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise ValueError("is no JSON object")  # noqa: TRY004 - of the file, not the code
    try:
        line.decode()
        if b"\\u" in line:
            json.dumps(found, ensure_ascii=False).encode()
    except UnicodeDecodeError as error:
        raise ValueError("is not in UTF-8") from error
    except UnicodeEncodeError as error:
        raise ValueError("has half a character (a lone surrogate)") from error
    return found


def _decode_plain(line: bytes) -> Any:
    """Decode a line that has as many colons as keys, so that none can stand twice; else None.

    It is several times as fast as inspecting each pair, and leaves the rest to the careful way.
    """
    try:
        found = msgspec.json.decode(line)
    except (ValueError, RecursionError):
        return None
    if isinstance(found, dict):
        nested = sum(len(v) for v in found.values() if isinstance(v, dict))
        return found if line.count(b":") == len(found) + nested else None
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        raise RepeatedKeyError(next(key for key, count in counts.items() if count > 1))
    return found
