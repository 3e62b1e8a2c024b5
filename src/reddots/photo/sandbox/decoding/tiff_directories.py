"""TIFF directories: which page of a file is the photo, and whether its samples can be read right.

A TIFF may open with a thumbnail and keep the photo in a later page or in a directory below one
(DNG, NEF, scanners). The largest page is read, whatever its place; a camera's raw data, and numbers
that Pillow would read as something else, are refused by name. Source: TIFF 6.0, DNG 1.7 (Adobe).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reddots.photo.problems import DecodeError

Tags = dict[int, tuple[int, ...]]

_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC = 256, 257, 258, 259, 262
_SUBFILE_TYPE, _ORIENTATION, _MOST_SAMPLE, _DIRECTORIES_BELOW, _SAMPLE_FORMAT = (
    254,
    274,
    281,
    330,
    339,
)
_DNG_VERSION: Final = 50706
_MASK: Final = 4  # bit of the subfile type: a page that says where another one is transparent
_RAW_PHOTOMETRIC: Final = frozenset((32803, 34892))  # colour filter array, linear raw
_RAW_COMPRESSION: Final = frozenset((32767, 32769, 32770, 34713, 34892, 65000, 65535))
_WHITE_IS_ZERO, _YCBCR = 0, 6
_GREY_RGB_PALETTE_CMYK: Final = frozenset((0, 1, 2, 3, 5))
_OLD_JPEG, _JPEG = 6, 7
_UNSIGNED, _UNDEFINED = 1, 4  # sample formats; the rest are signed, floating-point or complex
_FLOATS: Final = frozenset((3, 6))
_WIDEST: Final = 16  # bits of a sample
# Type of an entry: struct's letter. Others, such as fractions, are of no concern here.
_TYPES: Final = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
_SIZES: Final = (1, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8)  # bytes, by type
_MOST_DIRECTORIES: Final = 2000
_MOST_VALUES: Final = 64


@dataclass(frozen=True, slots=True)
class Page:
    """The page of a TIFF that is the photo.

    Attributes:
        data: the file, opening with that page.
        bits: of a sample, as declared; 8, 12 or 16 as a rule.
        inverted: 0 is white, and Pillow does not know it of this kind.
        orientation: the EXIF orientation, 1 to 8, where the file's first page has it and this one
            does not.
    """

    data: bytes
    bits: int
    inverted: bool
    orientation: int | None


def is_tiff(data: bytes) -> bool:
    """Return whether the bytes start as a TIFF or BigTIFF."""
    return data[:4] in {b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"}


def largest_page(data: bytes) -> Page | None:
    """Return the page with the most pixels; None where no directory can be read.

    Raises:
        DecodeError: ``camera_raw``, or one of ``tiff_float``, ``tiff_wide``, ``narrow`` and
            ``tiff_colour`` when the page's samples are of a kind that would come out wrong.
    """
    directories = list(_directories(data))
    if data[8:10] == b"CR" or any(map(_is_raw, directories)):
        raise DecodeError("camera_raw")
    pages = [tags for tags in directories if _area(tags) > 0 and not _first(tags, 254, 0) & _MASK]
    if not pages:
        return None
    page = max(pages, key=_area)  # of equals the first
    _require_readable(page)
    bits = _first(page, _BITS, 1)
    inverted = _first(page, _PHOTOMETRIC, 1) == _WHITE_IS_ZERO and bits == _WIDEST
    orientation = None if _ORIENTATION in page else _first(directories[0], _ORIENTATION, 1)
    return Page(_opening_with(data, page), bits, inverted, orientation)


def _is_raw(tags: Tags) -> bool:
    return (
        _DNG_VERSION in tags
        or _first(tags, _PHOTOMETRIC, 0) in _RAW_PHOTOMETRIC
        or _first(tags, _COMPRESSION, 1) in _RAW_COMPRESSION
    )


def _area(tags: Tags) -> int:
    return _first(tags, _WIDTH, 0) * _first(tags, _HEIGHT, 0)


def _require_readable(tags: Tags) -> None:
    formats = set(tags.get(_SAMPLE_FORMAT, (_UNSIGNED,)))
    bits = set(tags.get(_BITS, (1,)))
    if formats & _FLOATS:
        raise DecodeError("tiff_float")
    if max(bits) > _WIDEST:
        raise DecodeError("tiff_wide")
    compression, photometric = _first(tags, _COMPRESSION, 1), _first(tags, _PHOTOMETRIC, 1)
    is_jpeg = photometric == _YCBCR and compression == _JPEG  # its decoder turns it into RGB
    if (not is_jpeg and photometric not in _GREY_RGB_PALETTE_CMYK) or compression == _OLD_JPEG:
        raise DecodeError("tiff_colour")
    if not formats <= {_UNSIGNED, _UNDEFINED} or len(bits) > 1:
        raise DecodeError("tiff_colour")
    most = _first(tags, _MOST_SAMPLE, 0)
    if (
        max(bits) == _WIDEST
        and most.bit_count() == most.bit_length()
        and 8 < most.bit_length() < 16
    ):
        raise DecodeError("narrow")


def _first(tags: Tags, tag: int, default: int) -> int:
    values = tags.get(tag)
    return values[0] if values else default


_PLACE: Final = -1  # under this number the tags have their directory's offset


def _opening_with(data: bytes, page: Tags) -> bytes:
    order, is_big = _layout(data)
    at, letter = (8, "Q") if is_big else (4, "I")
    place = struct.pack(order + letter, page[_PLACE][0])
    end = at + len(place)
    return data if data[at:end] == place else data[:at] + place + data[end:]


def _layout(data: bytes) -> tuple[str, bool]:
    return ("<" if data[:2] == b"II" else ">"), b"+" in data[2:4]


def _directories(data: bytes) -> Iterator[Tags]:
    """Yield the tags of each directory of the chain, and of those below it, each once."""
    order, is_big = _layout(data)
    try:
        (first,) = struct.unpack_from(order + ("Q" if is_big else "I"), data, 8 if is_big else 4)
    except struct.error:
        return
    waiting, known = [first], {0}
    while waiting and len(known) <= _MOST_DIRECTORIES:
        place = waiting.pop(0)
        if place in known:
            continue
        known.add(place)
        try:
            tags, following = _tags(data, place, order, is_big=is_big)
        except (struct.error, OverflowError):  # it lies out of the file
            continue
        yield tags
        waiting += [following, *tags.get(_DIRECTORIES_BELOW, ())]


def _tags(data: bytes, place: int, order: str, *, is_big: bool) -> tuple[Tags, int]:
    wide = "Q" if is_big else "I"
    (count,) = struct.unpack_from(order + ("Q" if is_big else "H"), data, place)
    at, step = place + (8 if is_big else 2), 20 if is_big else 12
    if at + count * step > len(data):
        raise struct.error
    tags: Tags = {_PLACE: (place,)}
    for number in range(count):
        tag, kind, length = struct.unpack_from(order + "HH" + wide, data, at + number * step)
        if kind not in _TYPES or not 0 < length <= _MOST_VALUES:
            continue
        value = at + number * step + (12 if is_big else 8)
        if length * _SIZES[kind] > struct.calcsize(order + wide):
            (value,) = struct.unpack_from(order + wide, data, value)
        if value + length * _SIZES[kind] <= len(data):
            tags[tag] = struct.unpack_from(f"{order}{length}{_TYPES[kind]}", data, value)
    (following,) = struct.unpack_from(order + wide, data, at + count * step)
    return tags, following
