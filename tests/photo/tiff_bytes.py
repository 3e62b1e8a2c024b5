"""TIFF files by hand, for what Pillow does not write: any directory below or behind another."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

LETTERS = {3: "H", 4: "I"}


@dataclass(frozen=True)
class Directory:
    """One directory.

    Attributes:
        size: width and height.
        samples: the packed pixels.
        tags: of tag to values; those of a plain 8-bit RGB page are filled in.
        below: directories that only this one names (tag 330).
    """

    size: tuple[int, int]
    samples: bytes
    tags: dict[int, Sequence[int]] = field(default_factory=dict)
    below: Sequence["Directory"] = ()


def plain(
    colour: Sequence[int], size: tuple[int, int] = (8, 8), **more: dict[int, Sequence[int]]
) -> Directory:
    """An 8-bit RGB page of one colour."""
    return Directory(size, bytes(colour) * size[0] * size[1], **more)  # type: ignore[arg-type]


def tiff(*pages: Directory, order: str = "<") -> bytes:
    """The bytes of a file of these pages, each naming the next."""
    out = bytearray((b"II*\0" if order == "<" else b"MM\0*") + bytes(4))
    links = [4]
    for page in pages:
        place = _add(out, page, order)
        out[links[-1] : links[-1] + 4] = struct.pack(order + "I", place)
        links.append(place + 2 + 12 * struct.unpack_from(order + "H", out, place)[0])
    return bytes(out)


def _add(out: bytearray, page: Directory, order: str) -> int:
    below = [_add(out, inner, order) for inner in page.below]
    strip = len(out)
    out += page.samples + bytes(len(page.samples) % 2)
    tags: dict[int, Sequence[int]] = {
        256: [page.size[0]],
        257: [page.size[1]],
        258: [8, 8, 8],
        259: [1],
        262: [2],
        273: [strip],
        277: [3],
        278: [page.size[1]],
        279: [len(page.samples)],
        **page.tags,
    }
    if below:
        tags[330] = below
    entries = []
    for tag, values in sorted(tags.items()):
        kind = 4 if tag in {256, 257, 273, 278, 279, 330, 254} else 3
        packed = struct.pack(f"{order}{len(values)}{LETTERS[kind]}", *values)
        if len(packed) > 4:
            place = len(out)
            out += packed
            packed = struct.pack(order + "I", place)
        entries.append(struct.pack(order + "HHI", tag, kind, len(values)) + packed.ljust(4, b"\0"))
    place = len(out)
    out += struct.pack(order + "H", len(entries)) + b"".join(entries) + bytes(4)
    return place
