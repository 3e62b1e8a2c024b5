"""ONNX validation: a file's structure read without onnx; refused if it could reach outside.

An ONNX file may name other files for its weights, and operators that someone else's library brings.
Neither is needed here, so neither gets as far as ONNX Runtime. The weights themselves are skipped.
The numbers are the fields of ``onnx.proto`` (ONNX IR version 13).
"""

from collections.abc import Iterator
from typing import Final

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5  # wire types of Protocol Buffers
_DEEPEST: Final = 16  # graphs inside graphs, of which a network here has none
_LONGEST: Final = 10  # bytes of a variable-length number
# message: {field: the message it holds}
_INSIDE: Final = {
    "model": {7: "graph", 8: "operator set"},
    "graph": {1: "node", 5: "tensor", 15: "sparse tensor"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse tensor",
                  23: "sparse tensor"},
    "sparse tensor": {1: "tensor", 2: "tensor"},
}  # fmt: skip
_FORBIDDEN: Final = {
    ("model", 20): "brings a training procedure",
    ("model", 25): "brings functions of its own",
    ("tensor", 13): "keeps weights in other files",
}
_DOMAINS: Final = {("operator set", 1), ("node", 7)}
_PLACE_OF_WEIGHTS: Final = ("tensor", 14)
_KNOWN_DOMAINS: Final = (b"", b"ai.onnx")

Value = int | memoryview


def objection(model: bytes) -> str | None:
    """Return why the ONNX file must not be opened, to follow its name; None when it may be."""
    try:
        return next(_objections(memoryview(model), "model", 0), None)
    except ValueError:
        return "is no ONNX file, or is damaged"


def _objections(message: memoryview, kind: str, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        raise ValueError("too deep")
    inside = _INSIDE.get(kind, {})
    for field, value in fields(message):
        if (kind, field) in _FORBIDDEN:
            yield _FORBIDDEN[kind, field]
        elif (kind, field) in _DOMAINS:
            if bytes(_bytes(value)) not in _KNOWN_DOMAINS:
                yield "needs operators that do not belong to ONNX"
        elif (kind, field) == _PLACE_OF_WEIGHTS:
            if value != 0:
                yield _FORBIDDEN["tensor", 13]
        elif field in inside:
            yield from _objections(_bytes(value), inside[field], depth + 1)


def _bytes(value: Value) -> memoryview:
    if isinstance(value, int):
        raise ValueError("a number where a message must be")  # noqa: TRY004 - it is the file's fault
    return value


def fields(message: memoryview) -> Iterator[tuple[int, Value]]:
    """Yield number and value of each field of a message.

    Raises:
        ValueError: it is no Protocol Buffers message, or is cut off.
    """
    place = 0
    while place < len(message):
        key, place = _number(message, place)
        field, wire = key >> 3, key & 7
        value: Value
        if wire == _VARINT:
            value, place = _number(message, place)
        elif wire == _BYTES:
            size, place = _number(message, place)
            value, place = message[place : place + size], place + size
        elif wire in {_FIXED32, _FIXED64}:
            size = 4 if wire == _FIXED32 else 8
            value, place = message[place : place + size], place + size
        else:
            raise ValueError("a kind of field that ONNX does not have")
        if place > len(message) or field == 0:
            raise ValueError("cut off")
        yield field, value


def _number(message: memoryview, place: int) -> tuple[int, int]:
    found = 0
    for count in range(_LONGEST):
        if place + count >= len(message):
            break
        byte = message[place + count]
        found |= (byte & 0x7F) << (7 * count)
        if byte < 0x80:  # the last byte of a number
            return found, place + count + 1
    raise ValueError("a number without an end")
