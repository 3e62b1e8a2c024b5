"""Image decoder: bytes to an upright sRGB picture, in this very process; only a worker calls it.

It needs Pillow and libheif alone: whatever is imported here costs every worker its start.
Everything it will ever need is imported by ``prepare``, for a worker cannot open files any more.
"""

import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Final

# Each of these teaches Pillow a format; with one missing it would import every format it knows.
from PIL import (  # isort: skip
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)
import pillow_heif
from PIL import Image, UnidentifiedImageError

from reddots.photo.problems import DecodeError
from reddots.photo.sandbox.decoding import jpeg_integrity
from reddots.photo.sandbox.decoding.colour_management import (
    Meaning,
    meaning_of,
    meaning_of_heif,
    srgb,
    to_srgb,
)
from reddots.photo.sandbox.decoding.file_type import looks_like_a_photo
from reddots.photo.sandbox.decoding.jpeg_scans import has_more_scans
from reddots.photo.sandbox.decoding.orientation import orientation_of, swaps_sides, upright
from reddots.photo.sandbox.decoding.pixel_modes import Rows, brought_down, rows_of, rows_of_buffer
from reddots.photo.sandbox.decoding.tiff_directories import is_tiff, largest_page
from reddots.photo.sandbox.protocol import MAX_PIXELS, Sides, shrunk

# MPO comes by way of JPEG: Pillow has no opener of that name, and stops at a name it lacks.
FORMATS: Final = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF", "TIFF", "BMP", "GIF")
_SCANNED: Final = frozenset(("JPEG", "MPO"))
# Formats whose bytes are packed, so that none follows another as in text.
_PACKED: Final = frozenset(("JPEG", "MPO", "WEBP", "HEIF", "AVIF", "GIF"))
# Pixels × scans of a JPEG: 20 scans of the largest one. Progressive ones have 6 to 18 as a rule.
_MOST_SCANNED: Final = 1_600_000_000
Allow = Callable[[int], None]
_DRAFT_MARGIN: Final = 2  # a JPEG is decoded at no less than twice the wanted size, then resampled
_SAMPLE_SIDE: Final = 512


@dataclass(frozen=True, eq=False)
class Decoded:
    """One decoded photo.

    Attributes:
        picture: mode RGB, 8 bits, sRGB, upright.
        format: the file's format by its content, such as ``JPEG``.
        width, height: size of the original in pixels, upright.
    """

    picture: Image.Image
    format: str
    width: int
    height: int


def prepare() -> None:
    """Make ready what decoding needs, once in a process, so that no file is opened later."""
    Image.preinit()
    pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
    # Photos are spread over processes; a worker may not start threads.
    pillow_heif.options.DECODE_THREADS = 1
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    srgb()
    rehearse()


def rehearse() -> None:
    """Decode a picture of our own: a process that was just forked gets its memory while it waits.

    Each page that a fork shares costs its first touch, which together is a third of a small photo.
    """
    decode(_sample(), _SAMPLE_SIDE // 4)


@cache
def _sample() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (_SAMPLE_SIDE, _SAMPLE_SIDE)).save(file, "JPEG")
    return file.getvalue()


def decode(
    data: bytes, short: int | None, long: int | None = None, allow: Allow = lambda _: None
) -> Decoded:
    """Decode the first picture of a file, of a TIFF the largest.

    Args:
        data: the file's bytes.
        short: most pixels of the shorter side, to which a larger photo is brought down.
        long: likewise of the longer side.
        allow: called with the number of pixels once it is known, before they are decoded.

    Raises:
        DecodeError: nothing else leaves, whatever the bytes are.
    """
    with _only_known_causes():
        return _decode(data, (short, long), allow)


@contextmanager
def _only_known_causes() -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of what is checked here anyway
            yield
    except DecodeError:
        raise
    except Image.DecompressionBombError as error:
        raise DecodeError("too_large") from error
    except MemoryError as error:
        raise DecodeError("took_too_much") from error
    except (Exception, RecursionError) as error:  # a decoder of untrusted bytes may raise anything
        raise DecodeError("unreadable") from error


def _decode(data: bytes, sides: Sides, allow: Allow) -> Decoded:
    page = largest_page(data) if is_tiff(data) else None
    data = page.data if page else data
    image = _opened(data, is_known_tiff=page is not None)
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise DecodeError("too_large")
    if width < 1 or height < 1:
        raise DecodeError("unreadable")
    file_format = str(image.format)
    if file_format in _PACKED and jpeg_integrity.has_text_line_ends(data):
        raise DecodeError("line_ends")
    allow(width * height)
    orientation = 1
    size = shrunk(width, height, *sides)
    if file_format == "HEIF":
        del image  # or the file would be in memory twice
        rows, meaning = _heif(data, (width, height))
    elif file_format in _SCANNED:
        meaning, orientation = meaning_of(image, data), orientation_of(image)
        rows = rows_of(_jpeg(data, image, size))
    else:
        meaning = meaning_of(image, data)
        if file_format == "AVIF":
            meaning = meaning_of_heif(pillow_heif.open_heif(io.BytesIO(data)).info)
        image.load()  # turns a TIFF upright
        orientation = (page.orientation if page else None) or orientation_of(image)
        bits = page.bits if page else _png_bits(image, data)
        rows = rows_of(image, bits=bits, inverted=page is not None and page.inverted)
    picture = _over_white(to_srgb(brought_down(rows, size), meaning))
    if swaps_sides(orientation):
        width, height = height, width
    return Decoded(upright(picture, orientation), file_format, width, height)


def _opened(data: bytes, *, is_known_tiff: bool) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError as error:
        if is_known_tiff:  # its directory is sound, and Pillow has no way to read its samples
            raise DecodeError("tiff_colour") from error
        frame = jpeg_integrity.read_frame(data) if data.startswith(b"\xff\xd8") else None
        if frame is not None:
            jpeg_integrity.require_known_kind(frame)
        known = looks_like_a_photo(data)
        raise DecodeError("unreadable" if known else "unsupported_format") from error


def _heif(data: bytes, size: tuple[int, int]) -> tuple[Rows, Meaning]:
    frame = pillow_heif.open_heif(io.BytesIO(data), remove_stride=False)
    packed = frame.data
    if frame.size != size:  # the container lied
        raise DecodeError("unreadable")
    return rows_of_buffer(frame.mode, size, packed, frame.stride), meaning_of_heif(frame.info)


def _jpeg(data: bytes, image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return the loaded picture, at no less than twice ``size`` where it is larger than that."""
    width, height = image.size
    if has_more_scans(data, _MOST_SCANNED // (width * height)):
        raise DecodeError("took_too_long")
    if (frame := jpeg_integrity.read_frame(data)) is not None:
        jpeg_integrity.require_known_kind(frame)
        tiny = (max(1, width // 8), max(1, height // 8))
        jpeg_integrity.require_no_lost_bytes(data, frame, _pixels_at(tiny))
    draft = (size[0] * _DRAFT_MARGIN, size[1] * _DRAFT_MARGIN)
    try:
        picture = _drafted(data, draft)
    except OSError:
        if data.endswith(jpeg_integrity.END):
            raise
        picture = _drafted(jpeg_integrity.closed(data, _pixels_at(draft)), draft)
    corner = picture.crop((picture.width - 1, picture.height - 1, picture.width, picture.height))
    jpeg_integrity.require_no_lost_end(data, corner.tobytes(), _pixels_at(draft))
    return picture


def _pixels_at(size: tuple[int, int]) -> Callable[[bytes], bytes]:
    return lambda part: _drafted(part, size).tobytes()


def _drafted(data: bytes, size: tuple[int, int]) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=("JPEG",))
    if size[0] < image.width and size[1] < image.height:
        image.draft("RGB", size)
    image.load()
    return image


def _png_bits(image: Image.Image, data: bytes) -> int:
    """Return the bits of a sample; a clear colour of 16 bits becomes one of 8, as the pixels do."""
    bits = data[24] if image.format == "PNG" else 8
    clear = image.info.get("transparency")
    if bits == 16 and isinstance(clear, tuple):
        image.info["transparency"] = tuple(value >> 8 for value in clear)
    return bits


def _over_white(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    if image.mode not in {"LA", "RGBA"}:
        return image.convert("RGB")
    image = image.convert("RGBA")
    white = Image.new("RGBA", image.size, (255, 255, 255, 255))
    return Image.alpha_composite(white, image).convert("RGB")
