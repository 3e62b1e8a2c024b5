"""A HEIC in tiles, as phones write them: one coded tile that a grid repeats, which is quick."""

import io
import struct

import pillow_heif
from PIL import Image


def grid_heic(tile: Image.Image, columns: int, rows: int, *, quality: int = 60) -> bytes:
    """The bytes of a HEIC of ``columns`` × ``rows`` times the same tile."""
    pillow_heif.register_heif_opener()
    file = io.BytesIO()
    tile.save(file, "HEIF", quality=quality)
    single = file.getvalue()
    at = single.index(b"hvcC") - 4
    config = single[at : at + struct.unpack_from(">I", single, at)[0]]
    at = single.index(b"mdat") + 4
    coded = single[at : at - 8 + struct.unpack_from(">I", single, at - 8)[0]]
    at = single.index(b"colr") - 4 if b"colr" in single else 0
    colour = single[at : at + struct.unpack_from(">I", single, at)[0]] if at else b""
    width, height = tile.width * columns, tile.height * rows
    grid = struct.pack(">BBBBII", 0, 1, rows - 1, columns - 1, width, height)
    tiles = range(2, 2 + columns * rows)

    def box(kind: bytes, body: bytes, version: int | None = None, flags: int = 0) -> bytes:
        head = b"" if version is None else struct.pack(">I", version << 24 | flags)
        return struct.pack(">I", 8 + len(head) + len(body)) + kind + head + body

    def entry(item: int, kind: bytes, flags: int) -> bytes:
        return box(b"infe", struct.pack(">HH4s", item, 0, kind) + b"\0", 2, flags)

    entries = [entry(1, b"grid", 0), *(entry(item, b"hvc1", 1) for item in tiles)]
    parts = struct.pack(">HH", 1, len(tiles)) + b"".join(struct.pack(">H", item) for item in tiles)
    properties = [
        box(b"ispe", struct.pack(">II", width, height), 0),
        box(b"ispe", struct.pack(">II", *tile.size), 0),
        config,
        *([colour] if colour else []),
    ]
    common = [4] if colour else []
    owners = [(1, [1, *common]), *((item, [2, 0x80 | 3, *common]) for item in tiles)]
    owned = b"".join(struct.pack(">HB", item, len(p)) + bytes(p) for item, p in owners)

    def meta(start: int) -> bytes:
        places = struct.pack(">HHHHII", 1, 1, 0, 1, 0, len(grid))  # in idat
        places += b"".join(
            struct.pack(">HHHHII", item, 0, 0, 1, start, len(coded)) for item in tiles
        )
        body = b"".join(
            (
                box(b"hdlr", struct.pack(">I4s12x", 0, b"pict") + b"\0", 0),
                box(b"pitm", struct.pack(">H", 1), 0),
                box(b"iinf", struct.pack(">H", len(entries)) + b"".join(entries), 0),
                box(b"iref", box(b"dimg", parts), 0),
                box(
                    b"iprp",
                    box(b"ipco", b"".join(properties))
                    + box(b"ipma", struct.pack(">I", len(owners)) + owned, 0),
                ),
                box(b"idat", grid),
                box(b"iloc", struct.pack(">BBH", 0x44, 0, 1 + len(tiles)) + places, 1),
            )
        )
        return box(b"meta", body, 0)

    start = box(b"ftyp", b"heic" + struct.pack(">I", 0) + b"mif1heic")
    place = len(start) + len(meta(0)) + 8
    return start + meta(place) + box(b"mdat", coded)
