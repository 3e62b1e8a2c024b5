"""Pixel modes: any mode of Pillow to 8 bits a channel, brought down in bands.

A band at a time is converted and averaged, so that a large photo with alpha or of 16 bits is in
memory once and not three times.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PIL import Image

from reddots.photo.problems import DecodeError

_GAP: Final = 3.0  # times the wanted size, down to which whole pixels are averaged (Pillow's guide)
_BAND: Final = 256  # rows, about
_FULL: Final = 65535
_NARROW: Final = 4096  # what 12 bits can say; a picture that stays below is not of 16
_NARROW_BYTE: Final = _NARROW >> 8
_PREMULTIPLIED: Final = {"RGBA": "RGBa", "LA": "La"}
_EIGHT_BITS: Final = frozenset(("L", "LA", "RGB", "RGBA", "CMYK"))


@dataclass(frozen=True, eq=False)
class Rows:
    """A picture that is handed out in bands of rows.

    Attributes:
        size: width and height in pixels.
        band: gives the rows from the first to before the second, in a mode of 8 bits.
    """

    size: tuple[int, int]
    band: Callable[[int, int], Image.Image]


def rows_of(image: Image.Image, *, bits: int = 8, inverted: bool = False) -> Rows:
    """Return the rows of a loaded picture of any mode.

    Args:
        image: the picture.
        bits: of a sample as the file declares them.
        inverted: 0 is white, in a 16-bit picture.

    Raises:
        DecodeError: ``narrow``: the numbers fill only a small part of their 16 bits.
    """
    width, height = image.size
    table = _table(image, bits, inverted=inverted) if image.mode.startswith("I") else None
    if bits == 16 and table is None:
        _require_full(max(top for _, top in _colour_extrema(image)), _NARROW_BYTE)

    def band(top: int, bottom: int) -> Image.Image:
        part = image if (top, bottom) == (0, height) else image.crop((0, top, width, bottom))
        return _eight_bits(part, table)

    return Rows((width, height), band)


def rows_of_buffer(
    mode: str, size: tuple[int, int], data: "memoryview | bytes", stride: int
) -> Rows:
    """Return the rows of packed pixels in memory, of which each row takes ``stride`` bytes."""
    view = memoryview(data)

    def band(top: int, bottom: int) -> Image.Image:
        part = view[top * stride : bottom * stride]
        image = Image.frombytes(mode, (size[0], bottom - top), part, "raw", mode, stride)
        return _eight_bits(image, None)

    return Rows(size, band)


def brought_down(rows: Rows, size: tuple[int, int]) -> Image.Image:
    """Return the picture in ``size``: whole pixels averaged first, then bicubic.

    It is what Pillow's ``resize`` with a reducing gap gives, whose first pass is along the rows
    too; clear pixels do not count.
    """
    width, height = rows.size
    if size == rows.size:
        return rows.band(0, height)
    by_x, by_y = int(width / size[0] / _GAP) or 1, int(height / size[1] / _GAP) or 1
    averages = by_x > 1 or by_y > 1
    narrow = -(-width // by_x) if averages else size[0]
    step = by_y * max(1, _BAND // by_y)
    small, mode = None, ""
    for top in range(0, height, step):
        part = rows.band(top, min(top + step, height))
        mode = part.mode
        part = part.convert(_PREMULTIPLIED.get(mode, mode))
        if averages:
            part = part.reduce((by_x, by_y))
        else:
            part = part.resize((narrow, part.height), Image.Resampling.BICUBIC)
        small = small or Image.new(part.mode, (narrow, -(-height // by_y)))
        small.paste(part, (0, top // by_y))
    if small is None:
        raise DecodeError("unreadable")
    box = (0, 0, width / by_x if averages else narrow, height / by_y)
    return small.resize(size, Image.Resampling.BICUBIC, box=box).convert(mode)


def _eight_bits(image: Image.Image, table: list[int] | None) -> Image.Image:
    if table is not None:
        return image.convert("I").point(table, "L")
    if "transparency" in image.info or image.mode in {"PA", "RGBa"}:
        return image.convert("RGBA")
    if image.mode == "La":
        return image.convert("LA")
    return image if image.mode in _EIGHT_BITS else image.convert("RGB")


def _table(image: Image.Image, bits: int, *, inverted: bool) -> list[int]:
    """Return the 8-bit value of each number from 0 to 65535."""
    top = (1 << bits) - 1 if 8 < bits < 16 else _FULL
    if top == _FULL:
        _require_full(_colour_extrema(image)[0][1], _NARROW)
    table = [min(round(value / top * 255), 255) for value in range(_FULL + 1)]
    return [255 - value for value in table] if inverted else table


def _colour_extrema(image: Image.Image) -> list[tuple[float, float]]:
    """Return the least and the largest value of each channel but alpha."""
    names = image.getbands()
    found = image.getextrema()
    pairs = [found] if len(names) == 1 else list(found)
    return [pair for name, pair in zip(names, pairs, strict=True) if name.upper() != "A"]  # type: ignore[misc]


def _require_full(largest: float, least: int) -> None:
    if 0 < largest < least:
        raise DecodeError("narrow")
