"""Bytes to an upright sRGB picture, in this very process; only the reader's cell calls it.

It needs Pillow and libheif alone: whatever is imported here costs every cell its start. Everything
it will ever need is imported by ``prepare``, for a cell cannot open files any more.
"""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

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
from PIL import ExifTags, Image, ImageCms, UnidentifiedImageError

from reddots.photo.problems import DecodeError
from reddots.photo.sandbox.jpeg_scans import has_more_scans
from reddots.photo.sandbox.protocol import MAX_PIXELS, shrinkage, shrunk

# MPO comes by way of JPEG: Pillow has no opener of that name, and stops at a name it lacks.
FORMATS: Final = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF", "TIFF", "BMP", "GIF")
_SCANNED: Final = frozenset(("JPEG", "MPO"))
# Pixels × scans of a JPEG: 32 scans of the largest one. Progressive ones have 6 to 20 as a rule.
_MOST_SCANNED: Final = 32 * MAX_PIXELS
# ISO 23008-12, annex B, and the AVIF specification: the file holds still pictures.
_PHOTO_BRANDS: Final = frozenset(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis")
)
_DRAFT_MARGIN: Final = 2  # a JPEG is decoded at no less than twice the wanted size, then resampled
_SAMPLE_SIDE: Final = 512
_TURNED: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_LYING: Final = {_TURNED[2], _TURNED[3], _TURNED[4]}  # these keep width and height apart


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
    import pillow_heif

    Image.preinit()
    pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
    # Photos are spread over processes; a cell may not start threads.
    pillow_heif.options.DECODE_THREADS = 1
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    _srgb()
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


def decode(data: bytes, short_side: int | None) -> Decoded:
    """Decode the first picture of a file.

    Args:
        data: the file's bytes.
        short_side: where given, the shorter side in pixels is brought down to this; a smaller photo
            is left as it is.

    Raises:
        DecodeError: nothing else leaves, whatever the bytes are.
    """
    with _only_known_causes():
        return _decode(data, short_side)


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


def _decode(data: bytes, short_side: int | None) -> Decoded:
    try:
        image: Image.Image = Image.open(io.BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError as error:
        known = _looks_like_a_photo(data)
        raise DecodeError("unreadable" if known else "unsupported_format") from error
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise DecodeError("too_large")
    if width < 1 or height < 1:
        raise DecodeError("unreadable")
    file_format = str(image.format)
    if file_format in _SCANNED and has_more_scans(data, _MOST_SCANNED // (width * height)):
        raise DecodeError("took_too_long")
    shrink = shrinkage(width, height, short_side)
    if shrink * _DRAFT_MARGIN < 1:
        draft = (round(width * shrink * _DRAFT_MARGIN), round(height * shrink * _DRAFT_MARGIN))
        image.draft("RGB", draft)
    image.load()
    turned = _orientation(image)
    profile = image.info.get("icc_profile")
    image = _eight_bits(image)
    if shrink < 1:
        size = shrunk(width, height, short_side)
        image = image.resize(size, Image.Resampling.BICUBIC, reducing_gap=3.0)
    image = _over_white(_to_srgb(image, profile))
    if turned is not None:
        image = image.transpose(turned)
        if turned not in _LYING:
            width, height = height, width
    return Decoded(image, file_format, width, height)


def _looks_like_a_photo(data: bytes) -> bool:
    """Whether the first bytes are those of an allowed format, so that the file is a damaged one."""
    head = data[:16]
    starts = (b"\xff\xd8", b"\x89PNG", b"GIF8", b"BM", b"II*\0", b"MM\0*")
    if head[4:8] == b"ftyp":  # a film starts so too, and differs in the brand
        return head[8:12] in _PHOTO_BRANDS
    return head.startswith(starts) or head[8:12] == b"WEBP"


def _orientation(image: Image.Image) -> Image.Transpose | None:
    try:
        return _TURNED.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # noqa: BLE001 - damaged EXIF costs the rotation, not the photo
        return None


def _eight_bits(image: Image.Image) -> Image.Image:
    """Bring any mode to L, RGB, RGBA or CMYK, 8 bits a channel."""
    if image.mode.startswith("I;16") or image.mode == "I":
        wide = image.convert("I")
        top = 65535 if _largest(wide) > 255 else 255
        return wide.point([min(round(i / top * 255), 255) for i in range(65536)], "L")
    if image.mode == "F":
        scale = 255.0 if _largest(image) <= 1 else 1.0
        return image.point(lambda value: value * scale + 0.5).convert("L")
    if "transparency" in image.info or image.mode in {"LA", "La", "PA", "RGBa"}:
        return image.convert("RGBA")
    return image if image.mode in {"L", "RGB", "RGBA", "CMYK"} else image.convert("RGB")


def _largest(image: Image.Image) -> float:
    _, largest = image.getextrema()
    return float(largest) if isinstance(largest, int | float) else 0.0


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if not profile or image.mode == "RGBA":
        # Pillow's colour management drops alpha; a profiled photo with alpha is a rarity.
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, _srgb(), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):  # a wrong profile costs the hue only
        return image
    return converted or image


@cache
def _srgb() -> Any:
    return ImageCms.createProfile("sRGB")


def _over_white(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    if image.mode != "RGBA":
        return image.convert("RGB")
    white = Image.new("RGBA", image.size, (255, 255, 255, 255))
    return Image.alpha_composite(white, image).convert("RGB")
