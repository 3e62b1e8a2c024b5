"""JPEG entropy coding: whether baseline coded data can be what an encoder wrote.

A decoder goes on after lost bytes as if nothing had happened: Huffman codes fall into step again.
On the way, though, they often give what no encoder writes. Source: ITU-T T.81, F.2.2.
"""

from dataclasses import dataclass, field
from typing import Final

from reddots.photo.sandbox.decoding.jpeg_scans import MARKER

_CODES, _QUANTISERS, _INTERVAL, _SCAN = 0xC4, 0xDB, 0xDD, 0xDA
_BASELINE: Final = frozenset((0xC0, 0xC1))
_OTHER_FRAMES: Final = frozenset(range(0xC2, 0xD0)) - {_CODES, 0xC8}
_BITS: Final = 16  # of the longest code
_LARGEST_AC, _LARGEST_DC = 10, 11  # bits of a coefficient and of a difference, of 8-bit samples
_COEFFICIENTS: Final = 64  # of a block
_ZEROS: Final = 0xF0  # sixteen of them; all other values without bits end a block
_HIGHEST_DC: Final = 1024  # of 64 samples from -128 to 127
_AC: Final = 16  # the class of a table, in its name
_NONE: Final = (1 << _BITS, 0)  # no code: longer than all bits that there are
_PADDING: Final = 4  # bytes behind the data, so that its last codes can be looked up
Table = list[tuple[int, int]]  # by the next 16 bits: a code's length, and its value


@dataclass(frozen=True, slots=True)
class _Part:
    """One colour component."""

    blocks: int  # in a unit
    quantiser: int  # of its DC coefficient
    dc: Table
    ac: Table


@dataclass(frozen=True, slots=True)
class _Scan:
    """A scan of all components together."""

    parts: tuple[_Part, ...]
    units: int
    interval: int  # units between restarts; 0 for none
    start: int  # of the coded data, in bytes


def is_possible(data: bytes) -> bool:
    """Return whether the coded data of a baseline JPEG is what an encoder may have written.

    True where nothing can be said: another kind of JPEG, or one whose head is odd.

    Example:
        >>> is_possible(b"no JPEG")
        True
    """
    try:
        scan = _read_head(data)
    except (IndexError, KeyError, ValueError):
        return True
    if scan is None:
        return True
    found = MARKER.search(data, scan.start)
    coded = data[scan.start : found.start() if found else len(data)]
    pieces = _split(coded)
    left = scan.units
    for number, piece in enumerate(pieces):
        units = min(left, scan.interval) if scan.interval else left
        last = number == len(pieces) - 1
        if not units or not _is_possible_piece(piece, scan.parts, units, last=last):
            return False
        left -= units
    return not left


def _split(coded: bytes) -> list[bytes]:
    """Return the data between restarts, stuffed zeros removed."""
    pieces, begin = [], 0
    place = coded.find(b"\xff")
    while place >= 0:
        if coded[place + 1 : place + 2] != b"\0":  # a restart; the first other marker is the end
            pieces.append(coded[begin:place].replace(b"\xff\0", b"\xff"))
            begin = place + 2
        place = coded.find(b"\xff", place + 2)
    return [*pieces, coded[begin:].replace(b"\xff\0", b"\xff")]


def _is_possible_piece(data: bytes, parts: tuple[_Part, ...], units: int, *, last: bool) -> bool:
    """Decode the symbols of a piece; their values are not needed but for DC."""
    plan = [(i, p.dc, p.ac, _HIGHEST_DC // p.quantiser + 1) for i, p in enumerate(parts)]
    plan = [own for own, part in zip(plan, parts, strict=True) for _ in range(part.blocks)]
    predicted = [0] * len(parts)
    padded = data + b"\xff" * _PADDING
    window, held, place = 0, 0, 0  # bits not yet used, how many, and the next byte
    size = len(padded)
    for _ in range(units):
        for part, dc, ac, highest in plan:
            k, table = 0, dc
            while k < _COEFFICIENTS:
                while held < 32 and place < size:
                    window = (window << 8 | padded[place]) & 0xFFFFFFFFFF
                    held += 8
                    place += 1
                length, symbol = table[window >> held - _BITS & 0xFFFF] if held >= _BITS else _NONE
                bits = symbol & 15
                held -= length + bits
                if held < 0:
                    return False
                if not k:
                    value = window >> held & (1 << bits) - 1
                    negative = bits and not value >> bits - 1
                    predicted[part] += value - (1 << bits) + 1 if negative else value
                    if not -highest <= predicted[part] <= highest:
                        return False
                    k, table = 1, ac
                    continue
                if not bits and symbol != _ZEROS:
                    break
                k += (symbol >> 4) + 1
                if k > _COEFFICIENTS:
                    return False
    unused = held + 8 * (size - place - _PADDING)
    return 0 <= unused < 8 or (last and unused >= 0 and not data[-(unused // 8) :].strip(b"\0\xff"))


@dataclass(slots=True)
class _Head:
    """What the segments before a scan say; it grows from one to the next."""

    quantisers: dict[int, int] = field(default_factory=dict)  # of DC, by number
    codes: dict[int, Table] = field(default_factory=dict)  # by class and number
    frame: bytes = b""
    interval: int = 0


def _read_head(data: bytes) -> _Scan | None:
    place, head = 2, _Head()
    while found := MARKER.search(data, place):
        kind, place = found[1][0], found.end()
        length = int.from_bytes(data[place : place + 2])
        body = data[place + 2 : place + length]
        place += length
        if kind == _CODES:
            head.codes |= _read_codes(body)
        elif kind == _QUANTISERS:
            head.quantisers |= _read_quantisers(body)
        elif kind in _BASELINE:
            head.frame = body
        elif kind == _INTERVAL:
            head.interval = int.from_bytes(body[:2])
        elif kind == _SCAN:
            return _read_scan(body, head, place)
        elif kind in _OTHER_FRAMES:
            return None
    return None


def _read_scan(body: bytes, head: _Head, start: int) -> _Scan | None:
    frame = head.frame
    height, width, count = int.from_bytes(frame[1:3]), int.from_bytes(frame[3:5]), frame[5]
    if body[0] != count or not height:
        return None
    shapes = {frame[6 + 3 * i]: divmod(frame[7 + 3 * i], 16) for i in range(count)}
    tables = {frame[6 + 3 * i]: frame[8 + 3 * i] for i in range(count)}
    if count == 1:  # whose blocks are not interleaved
        shapes = dict.fromkeys(shapes, (1, 1))
    parts = []
    for name, codes in zip(body[1 : 1 + 2 * count : 2], body[2 : 2 + 2 * count : 2], strict=True):
        across, down = shapes[name]
        quantiser = head.quantisers[tables[name]] or 1
        dc, ac = head.codes[codes >> 4], head.codes[_AC | codes & 15]
        parts.append(_Part(across * down, quantiser, dc, ac))
    across, down = (max(sides) for sides in zip(*shapes.values(), strict=True))
    units = -(-width // (8 * across)) * -(-height // (8 * down))
    return _Scan(tuple(parts), units, head.interval, start)


def _read_codes(body: bytes) -> dict[int, Table]:
    """Return the tables of a segment by class and number (T.81, annex C).

    Codes of values that 8-bit samples cannot have count as none.
    """
    found = {}
    while body:
        name, counts, body = body[0], body[1:17], body[17:]
        largest = _LARGEST_AC if name & _AC else _LARGEST_DC
        table: Table = []
        for length, count in enumerate(counts, 1):
            for symbol in body[:count]:
                size = symbol & 15 if name & _AC else symbol
                entry = (length, symbol) if size <= largest else _NONE
                table += [entry] * (1 << _BITS - length)
            body = body[count:]
        if len(table) > 1 << _BITS:
            raise ValueError("more codes than there can be")
        found[name] = table + [_NONE] * ((1 << _BITS) - len(table))
    return found


def _read_quantisers(body: bytes) -> dict[int, int]:
    """Return the DC quantiser of each table in a segment."""
    found = {}
    while body:
        wide, name = body[0] >> 4, body[0] & 15
        found[name] = int.from_bytes(body[1 : 3 if wide else 2])
        body = body[129 if wide else 65 :]
    return found
