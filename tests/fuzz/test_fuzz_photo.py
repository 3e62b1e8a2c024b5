"""Whatever is done to a photo of any format, the loader gives a photo or a ``PhotoError``."""

import io
import struct
from collections import Counter
from typing import Any

import numpy as np
import pillow_heif
import pytest
from fuzzing import damaged, fuzz
from PIL import ExifTags, Image, ImageCms

from photo.grid_heic import grid_heic
from photo.hostile import chunk
from photo.tiff_bytes import Directory, tiff
from reddots.errors import PhotoError
from reddots.photo.loader import load_photo
from reddots.photo.problems import PROBLEMS
from reddots.photo.sandbox.decoding.colour_spaces import PRIMARIES, icc_profile

# format, mode, options of Pillow's writer
KINDS: list[tuple[str, str, dict[str, Any]]] = [
    ("JPEG", "RGB", {}),
    ("JPEG", "RGB", {"progressive": True, "restart_marker_rows": 1}),
    ("JPEG", "CMYK", {}),
    ("PNG", "RGB", {}),
    ("PNG", "I;16", {}),
    ("PNG", "LA", {}),
    ("PNG", "P", {"transparency": 0}),
    ("WEBP", "RGB", {}),
    ("WEBP", "RGBA", {"lossless": True}),
    ("HEIF", "RGB", {}),
    ("HEIF", "RGBA", {}),
    ("AVIF", "RGB", {"speed": 10}),
    ("TIFF", "RGB", {}),
    ("TIFF", "F", {}),
    ("TIFF", "RGB", {"compression": "tiff_lzw"}),
    ("TIFF", "RGB", {"compression": "jpeg"}),
    ("TIFF", "1", {"compression": "group4"}),
    ("BMP", "RGB", {}),
    ("BMP", "P", {}),
    ("GIF", "P", {}),
    ("MPO", "RGB", {"save_all": True}),
]


def whole() -> list[bytes]:
    """One small photo of each kind, with EXIF and a colour profile where it can have them."""
    pillow_heif.register_heif_opener()
    noise = np.random.default_rng(0).integers(0, 256, (24, 32, 3), dtype=np.uint8)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] = b"a remark"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    files = []
    for file_format, mode, options in KINDS:
        image = Image.fromarray(noise)
        image = image.convert("L" if mode == "I;16" else mode)
        if mode == "I;16":
            image = image.convert("I").point(lambda value: value * 257).convert("I;16")
        told: dict[str, Any] = {"exif": exif.tobytes(), "icc_profile": profile, **options}
        if file_format in {"BMP", "GIF"} or "compression" in options:
            told = options
        if file_format == "MPO":
            told["append_images"] = [image]
        file = io.BytesIO()
        image.save(file, file_format, **told)
        files.append(file.getvalue())
    return files


def rare() -> list[bytes]:
    """Photos of the kinds that are taken apart here: TIFF pages, code points, gamma, tiles."""
    pillow_heif.register_heif_opener()
    noise = np.random.default_rng(0).integers(0, 256, (24, 32, 3), dtype=np.uint8)
    image, clear = Image.fromarray(noise), Image.fromarray(noise).convert("RGBA")
    wide = struct.pack("<4H", 0, 9000, 40_000, 65_535)
    grey = Directory((4, 1), wide, {258: [16], 262: [0], 277: [1]})
    raw = Directory((32, 24), noise.tobytes(), {262: [32803]})
    photo_page = Directory((32, 24), noise.tobytes())
    small = Directory((4, 4), noise.tobytes()[:48], {254: [1], 274: [6]}, [photo_page])
    files = [
        tiff(small, grey),
        tiff(grey, small, order=">"),
        tiff(small, Directory((4, 4), noise.tobytes()[:48], {}, [raw])),
        grid_heic(image.resize((64, 64)), 3, 2),
        _saved(image, "TIFF", big_tiff=True),
        _saved(image, "JPEG")[:-2],
    ]
    primaries = icc_profile(PRIMARIES[12], 2.2)
    files += [_saved(clear, f, icc_profile=primaries) for f in ("PNG", "TIFF", "HEIF", "WEBP")]
    plain = _saved(image, "PNG")
    for kind, body in (
        (b"cICP", bytes([9, 16, 0, 1])),
        (b"cICP", bytes([12, 18, 0, 1])),
        (b"gAMA", struct.pack(">I", 100_000)),
        (b"cHRM", struct.pack(">8I", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)),
    ):
        files.append(plain[:33] + chunk(kind, body) + plain[33:])
    for transfer in (13, 16, 18):
        points = {"color_primaries": 9, "transfer_characteristics": transfer}
        files.append(_saved(image, "HEIF", matrix_coefficients=9, full_range_flag=1, **points))
    return files


def _saved(image: Image.Image, file_format: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, file_format, **options)
    return file.getvalue()


def photo(data: bytes) -> None:
    try:
        found = load_photo(data, short_side=20)
    except PhotoError as error:
        known, ends = error.problem in PROBLEMS, str(error).endswith(".")
        assert known
        assert ends
    else:
        assert found.pixels.shape[2] == 3
        assert min(found.pixels.shape[:2]) <= 20 or min(found.width, found.height) > 20


@pytest.mark.slow
def test_damaged_photos() -> None:
    fuzz(damaged(whole()), photo)


@pytest.mark.slow
def test_damaged_photos_of_rare_kinds() -> None:
    fuzz(damaged(rare()), photo)


def test_the_photos_are_whole_before_they_are_damaged() -> None:
    kinds = [*whole(), *rare()]
    outcomes = Counter(outcome(data) for data in kinds)
    assert outcomes == {"photo": len(kinds) - 2, "camera_raw": 1, "tiff_float": 1}


def outcome(data: bytes) -> str:
    try:
        load_photo(data)
    except PhotoError as error:
        return getattr(error.__cause__, "cause", str(error))
    return "photo"
