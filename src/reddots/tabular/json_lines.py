"""JSON Lines: one object a line, each key once."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from reddots.tabular.dialect import peek, what_else, without_bom


def decode_object(line: bytes) -> dict[str, Any]:
    """Return the JSON object in a line.

    Raises:
        ValueError: it is no object, or a key stands in it twice; the message completes “line 3 …”.
    """
    try:
        found = _decode_plain(line)
        if found is None:
            found = json.loads(line, object_pairs_hook=_once)
            json.dumps(found, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except _TwiceError as error:
        raise ValueError(f"has “{error}” twice") from error
    except UnicodeError as error:
        raise ValueError("is not in UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise ValueError("is no JSON") from error
    if not isinstance(found, dict):
        raise ValueError("is no JSON object")  # noqa: TRY004 - of the file, not the code
    return found


def json_objects(file: BinaryIO) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the number of each line, from 1, and the object in it; blank lines are skipped.

    Raises:
        ValueError: a line is no object; the message begins with its number, or says that the whole
            is no text in UTF-8.
    """
    if other := what_else(peek(file)):
        raise ValueError(other)
    for number, line in enumerate(file, start=1):
        content = without_bom(line) if number == 1 else line
        if not content.strip():
            continue
        try:
            yield number, decode_object(content)
        except ValueError as error:
            raise ValueError(f", line {number} {error}") from error


class _TwiceError(ValueError):
    """A key stands twice in one object."""


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
        raise _TwiceError(next(key for key, count in counts.items() if count > 1))
    return found
