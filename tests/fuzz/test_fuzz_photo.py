"""Whatever is done to a photo of any format, the loader gives a photo or a ``PhotoError``."""

import io
from typing import Any

import numpy as np
import pillow_heif
from fuzzing import damaged, fuzz
from PIL import ExifTags, Image, ImageCms

from reddots.errors import PhotoError
from reddots.photo.loader import load_photo
from reddots.photo.problems import PROBLEMS

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
            image = image.convert("I").convert("I;16")
        told: dict[str, Any] = {"exif": exif.tobytes(), "icc_profile": profile, **options}
        if file_format in {"BMP", "GIF"} or "compression" in options:
            told = options
        if file_format == "MPO":
            told["append_images"] = [image]
        file = io.BytesIO()
        image.save(file, file_format, **told)
        files.append(file.getvalue())
    return files


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


def test_damaged_photos() -> None:
    fuzz(damaged(whole()), photo)


def test_the_photos_are_whole_before_they_are_damaged() -> None:
    for data in whole():
        load_photo(data)
