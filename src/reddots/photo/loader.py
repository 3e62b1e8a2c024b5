"""Untrusted bytes in, one upright sRGB array out; whatever is wrong becomes a ``PhotoError``.

The page, the command line, the batch and the training all decode through here, bit for bit.
"""

import hashlib
import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pillow_heif
from PIL import ExifTags, Image, ImageCms, UnidentifiedImageError

from reddots.errors import PhotoError

# MPO comes by way of JPEG: Pillow has no opener of that name, and stops at a name it lacks.
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF", "TIFF", "BMP", "GIF")
MAX_PIXELS = 50_000_000  # read from the header, before anything is decoded
MAX_BYTES = 100_000_000
# ISO 23008-12, annex B, and the AVIF specification: the file holds still pictures.
_PHOTO_BRANDS = (
    b"heic",
    b"heix",
    b"heim",
    b"heis",
    b"hevc",
    b"hevx",
    b"mif1",
    b"msf1",
    b"avif",
    b"avis",
)
_DRAFT_MARGIN = 2  # a JPEG is decoded at no less than twice the wanted size, then resampled
_SENTENCES = {
    "missing": "The photo {name} is not there.",
    "not_a_file": "{name} is not a file that can hold a photo.",
    "empty": "The file {name} is empty.",
    "too_large": "The photo {name} is too large: at most 50 megapixels and 100 MB can be read.",
    "unsupported_format": (
        "The file {name} is not a kind of photo that can be read here. "
        "Use JPEG, PNG, WebP, HEIC, AVIF, TIFF, BMP or GIF."
    ),
    "unreadable": "The photo {name} is damaged or incomplete and cannot be read.",
}
_ROTATE = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, eq=False)
class Photo:
    """One decoded photo.

    Attributes:
        pixels: uint8, height × width × 3, sRGB, upright, C-contiguous.
        format: the file's format by its content, such as ``JPEG``.
        width, height: size of the original in pixels, upright; ``pixels`` may be smaller.
        sha256: of the file's bytes, in hexadecimal.
    """

    pixels: npt.NDArray[np.uint8]
    format: str
    width: int
    height: int
    sha256: str


def load_photo(source: Path | bytes, *, short_side: int | None = None) -> Photo:
    """Decode a photo.

    Args:
        source: a path, or the file's bytes.
        short_side: where given, the shorter side in pixels is brought down to this; a smaller photo
            is left as it is.

    Raises:
        PhotoError: its ``problem`` is one of ``missing``, ``not_a_file``, ``empty``, ``too_large``,
            ``unsupported_format`` and ``unreadable``.
    """
    name = f"“{source.name}”" if isinstance(source, Path) else "you sent"
    with _only_photo_errors(name):
        data = _read(source, name) if isinstance(source, Path) else source
        if not data:
            raise _error("empty", name)
        if len(data) > MAX_BYTES:
            raise _error("too_large", name)
        return _decode(data, short_side, name)


def _error(problem: str, name: str) -> PhotoError:
    return PhotoError(problem, _SENTENCES[problem].format(name=name))


@contextmanager
def _only_photo_errors(name: str) -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of what is checked here anyway
            yield
    except PhotoError:
        raise
    except Image.DecompressionBombError as error:
        raise _error("too_large", name) from error
    except (Exception, RecursionError) as error:  # a decoder of untrusted bytes may raise anything
        raise _error("unreadable", name) from error


def _read(path: Path, name: str) -> bytes:
    try:
        if not path.exists():
            raise _error("missing", name)
        if not path.is_file():  # a folder, a device or a pipe may never end
            raise _error("not_a_file", name)
        if path.stat().st_size > MAX_BYTES:
            raise _error("too_large", name)
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise _error("unreadable", name) from error


@cache
def _register_heif() -> None:
    pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)


@cache
def _srgb() -> Any:
    return ImageCms.createProfile("sRGB")


def _decode(data: bytes, short_side: int | None, name: str) -> Photo:
    _register_heif()
    try:
        image: Image.Image = Image.open(io.BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError as error:
        known = _looks_like_a_photo(data)
        raise _error("unreadable" if known else "unsupported_format", name) from error
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise _error("too_large", name)
    if width < 1 or height < 1:
        raise _error("unreadable", name)
    file_format = str(image.format)
    shrink = 1.0 if short_side is None else min(1.0, short_side / min(width, height))
    if shrink * _DRAFT_MARGIN < 1:
        draft = (round(width * shrink * _DRAFT_MARGIN), round(height * shrink * _DRAFT_MARGIN))
        image.draft("RGB", draft)
    image.load()
    turned = _orientation(image)
    profile = image.info.get("icc_profile")
    image = _eight_bits(image)
    if shrink < 1:
        size = (max(1, round(width * shrink)), max(1, round(height * shrink)))
        image = image.resize(size, Image.Resampling.BICUBIC, reducing_gap=3.0)
    image = _over_white(_to_srgb(image, profile))
    if turned is not None:
        image = image.transpose(turned)
        if turned not in (_ROTATE[2], _ROTATE[3], _ROTATE[4]):
            width, height = height, width
    pixels = np.array(image, dtype=np.uint8, order="C")
    return Photo(pixels, file_format, width, height, hashlib.sha256(data).hexdigest())


def _looks_like_a_photo(data: bytes) -> bool:
    """Whether the first bytes are those of an allowed format, so that the file is a damaged one."""
    head = data[:16]
    starts = (b"\xff\xd8", b"\x89PNG", b"GIF8", b"BM", b"II*\0", b"MM\0*")
    if head[4:8] == b"ftyp":  # a film starts so too, and differs in the brand
        return head[8:12] in _PHOTO_BRANDS
    return head.startswith(starts) or head[8:12] == b"WEBP"


def _orientation(image: Image.Image) -> Image.Transpose | None:
    try:
        return _ROTATE.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # noqa: BLE001 - damaged EXIF costs the rotation, not the photo
        return None


def _eight_bits(image: Image.Image) -> Image.Image:
    """Bring any mode to L, RGB, RGBA or CMYK, 8 bits a channel."""
    if image.mode.startswith("I;16") or image.mode == "I":
        wide = np.asarray(image).astype(np.float64)
        top = 65535.0 if wide.max(initial=0) > 255 else 255.0  # noqa: PLR2004
        return Image.fromarray(np.clip(wide / top * 255, 0, 255).round().astype(np.uint8))
    if image.mode == "F":
        values = np.nan_to_num(np.asarray(image).astype(np.float64))
        top = 1.0 if values.max(initial=0) <= 1 else 255.0
        return Image.fromarray(np.clip(values / top * 255, 0, 255).round().astype(np.uint8))
    if "transparency" in image.info or image.mode in {"LA", "La", "PA", "RGBa"}:
        return image.convert("RGBA")
    return image if image.mode in {"L", "RGB", "RGBA", "CMYK"} else image.convert("RGB")


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


def _over_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image.convert("RGB")
    white = Image.new("RGBA", image.size, (255, 255, 255, 255))
    return Image.alpha_composite(white, image).convert("RGB")
