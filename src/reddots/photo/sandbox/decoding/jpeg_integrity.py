"""JPEG integrity: the kind of coding, a missing end marker, and damage by line-end conversion.

libjpeg fills what is missing with grey and says nothing that Pillow passes on, so that it has to be
found out here. Source: ITU-T T.81, annex B.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from reddots.photo.problems import DecodeError
from reddots.photo.sandbox.decoding.jpeg_entropy import is_possible
from reddots.photo.sandbox.decoding.jpeg_scans import MARKER

END: Final = b"\xff\xd9"
_SCAN_KIND, _END_KIND = 0xDA, 0xD9
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BASELINE: Final = frozenset((0xC0, 0xC1))
_HUFFMAN: Final = frozenset((0xC0, 0xC1, 0xC2))  # the others: lossless, hierarchical, arithmetic
_ALONE: Final = frozenset((0x01, 0xD8))  # markers without a segment
_DEPTH: Final = 8
# Any of its bits decode to something, so that a decoder that still needs bits shows it.
_FILLER: Final = bytes(range(1, 255)) * 64
_FEW_LINE_ENDS: Final = 3  # each follows any other byte by chance 1 time in 256
_ALL_BYTES_LENGTH: Final = 6144  # bytes that hold each of the 256 some 24 times
_LEAST_LENGTH: Final = 65536  # bytes that hold one pair of CR and LF as a rule
_ODD_LENGTH: Final = 3 * 65536  # 1 whole photo in 20 lacks the pair: few are decoded a second time
_SURE_LENGTH: Final = 20 * 65536  # bytes that hold 20 pairs of CR and LF as a rule
_FILLING: Final = frozenset((127, 128))  # samples of what is missing; 127 in an inverted CMYK


@dataclass(frozen=True, slots=True)
class Frame:
    """The head of a JPEG.

    Attributes:
        marker: the second byte of its start of frame, 0xC0 to 0xCF.
        depth: bits of a sample.
        scan: where its first scan starts, in bytes.
    """

    marker: int
    depth: int
    scan: int


def read_frame(data: bytes) -> Frame | None:
    """Return the head of a JPEG's first picture, thumbnails aside; None where there is none."""
    place, marker, depth = 2, 0, 0
    while found := MARKER.search(data, place):
        kind, place = found[1][0], found.end()
        if kind == _SCAN_KIND:
            return Frame(marker, depth, found.start()) if marker else None
        if kind == _END_KIND:
            return None
        if kind in _FRAMES:
            marker, depth = kind, int.from_bytes(data[place + 2 : place + 3])
        if kind not in _ALONE:
            place += max(2, int.from_bytes(data[place : place + 2]))
    return None


def require_known_kind(frame: Frame) -> None:
    """Refuse a JPEG that is not coded by Huffman with 8 bits a sample.

    Raises:
        DecodeError: ``jpeg_kind``.
    """
    if frame.marker not in _HUFFMAN or frame.depth != _DEPTH:
        raise DecodeError("jpeg_kind")


def has_text_line_ends(data: bytes) -> bool:
    """Return whether each LF follows a CR: packed bytes that a program took for Windows text."""
    count = data.count(b"\n")
    return count >= _FEW_LINE_ENDS and count == data.count(b"\r\n")


def require_no_lost_bytes(data: bytes, frame: Frame, decode: Callable[[bytes], bytes]) -> None:
    """Refuse a JPEG whose CR or LF bytes were dropped or exchanged by a conversion of text.

    Where, from 6 kB on, one of the two never occurs though all others do, or the pair of them in a
    large file, that is certain. In a smaller one the missing pair may be chance: there the coded
    data must reach the picture's end, and from 192 kB on be what an encoder may have written; lost
    bytes that keep to both stay unknown. Of the pair nothing is said below 64 kB.

    Args:
        data: the file.
        frame: its head.
        decode: gives the pixels of a JPEG's bytes.

    Raises:
        DecodeError: ``line_ends``.
    """
    start = frame.scan
    if data.find(b"\r\n", start) >= 0:
        return
    missing = [byte for byte in range(256) if data.find(bytes([byte]), start) < 0]
    if missing in ([10], [13]) and len(data) - start > _ALL_BYTES_LENGTH:
        raise DecodeError("line_ends")
    if missing or len(data) - start < _LEAST_LENGTH:  # of which nothing can be said
        return
    if len(data) - start > _SURE_LENGTH and _has_all_other_pairs(data, start):
        raise DecodeError("line_ends")
    end = MARKER.search(data, start + 2)
    if frame.marker not in _BASELINE or end is None or end[1][0] != _END_KIND:
        return  # several scans: what one of them lacks does not show in the end
    body = data[: end.start()]
    pixels = decode(body + END)
    is_short = decode(body + _FILLER + END) != pixels
    if is_short or (len(data) > _ODD_LENGTH and not is_possible(data)):
        raise DecodeError("line_ends")


def _has_all_other_pairs(data: bytes, start: int) -> bool:
    """Whether CR comes before all but LF, and LF behind all but CR: no picture of one pattern."""
    others = (byte for byte in range(1, 255) if byte not in b"\r\n")
    return all(
        data.find(bytes([13, byte]), start) >= 0 and data.find(bytes([byte, 10]), start) >= 0
        for byte in others
    )


def closed(data: bytes, decode: Callable[[bytes], bytes]) -> bytes:
    """Return the file with an end marker, for one that lacks nothing else.

    Whatever follows a whole picture changes none of its pixels; where bits are missing, it does.

    Raises:
        DecodeError: ``unreadable``: more is missing.
    """
    body = data.rstrip(b"\xff")
    _require_whole(body, decode)
    return body + END


def require_no_lost_end(data: bytes, corner: bytes, decode: Callable[[bytes], bytes]) -> None:
    """Refuse a JPEG that was cut and closed again, whose end the decoder filled with grey.

    Args:
        data: the file.
        corner: the last pixel of its picture; only where it is grey the picture is decoded again.
        decode: gives the pixels of a JPEG's bytes.

    Raises:
        DecodeError: ``unreadable``.
    """
    end = data.rfind(END)
    if end >= 0 and _FILLING.issuperset(corner):
        _require_whole(data[:end], decode)


def _require_whole(body: bytes, decode: Callable[[bytes], bytes]) -> None:
    if decode(body + END) != decode(body + _FILLER + END):
        raise DecodeError("unreadable")
