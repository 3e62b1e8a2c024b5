"""JPEG scans: how often a file goes over its picture, which costs time and hardly any bytes."""

import re
from typing import Final

# ITU-T T.81, table B.1. In coded data a byte FF is followed by 00 or by a restart (D0 to D7).
MARKER: Final = re.compile(rb"\xff+([\x01-\xcf\xd8-\xfe])")
_SCAN, _END = 0xDA, 0xD9
_ANY_SCAN: Final = b"\xff\xda"  # or a part of a thumbnail, or of a film behind the picture
_WITH_LENGTH: Final = frozenset(range(0xC0, 0xFF)) - {0xD8, _END}
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SEQUENTIAL: Final = {0xC0, 0xC1}  # these have all in one scan, unless they say otherwise in it
_COMPONENTS_AT: Final = 7  # in a frame's segment: two bytes of length, depth, height, width


def has_more_scans(data: bytes, most: int) -> bool:
    """Return whether the first picture of a JPEG's bytes has more than ``most`` scans."""
    if data.count(_ANY_SCAN) <= most:  # a hundred times faster, and so with nearly every one
        return False
    place, scans, sequential, components = 2, 0, False, 0
    while scans <= most and (found := MARKER.search(data, place)):
        kind, place = found[1][0], found.end()
        if kind == _END:
            return False
        if kind not in _WITH_LENGTH or place + 2 > len(data):
            continue
        if kind in _FRAMES:
            sequential = kind in _SEQUENTIAL
            components = int.from_bytes(data[place + _COMPONENTS_AT : place + _COMPONENTS_AT + 1])
        elif kind == _SCAN:
            scans += 1
            if sequential and data[place + 2 : place + 3] == bytes([components]):
                return False  # the decoder reads no more than this one
        place += int.from_bytes(data[place : place + 2])
    return scans > most
