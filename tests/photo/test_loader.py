"""Whatever the bytes, a photo comes out upright in sRGB, or a ``PhotoError`` says what is wrong."""

import hashlib
import io
import os
import re
import struct
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageCms

from reddots.errors import PhotoError
from reddots.knowledge import load
from reddots.photo import loader
from reddots.photo.loader import Photo, load_photo
from reddots.photo.problems import PROBLEMS, DecodeError

pillow_heif.register_heif_opener()  # so that the tests can write HEIC

COLOURS = {"r": (220, 30, 30), "g": (30, 180, 30), "b": (30, 30, 220), "w": (245, 245, 245)}
UPRIGHT = "rg/bw"  # the quarters of the test picture, in reading order
WIDTH, HEIGHT = 64, 48


def quarters(pattern: str, width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    """A picture of four plain quarters, such as ``rg/bw``."""
    pixels = np.zeros((height, width, 3), np.uint8)
    for row, letters in enumerate(pattern.split("/")):
        for column, letter in enumerate(letters):
            top, left = row * height // 2, column * width // 2
            pixels[top : top + height // 2, left : left + width // 2] = COLOURS[letter]
    return Image.fromarray(pixels)


def pattern_of(pixels: np.ndarray) -> str:
    """Read the four quarters back, at their centres, by the nearest colour."""
    height, width = pixels.shape[:2]
    found = ""
    for row in (height // 4, height * 3 // 4):
        for column in (width // 4, width * 3 // 4):
            colour = pixels[row, column].astype(int)
            far = {k: float(np.abs(colour - v).max()) for k, v in COLOURS.items()}
            nearest = min(far, key=far.__getitem__)
            assert far[nearest] < 40, f"{colour} is none of the colours"
            found += nearest
    return f"{found[:2]}/{found[2:]}"


def encoded(image: Image.Image, file_format: str, **options: Any) -> bytes:
    """The file's bytes."""
    file = io.BytesIO()
    if file_format in {"JPEG", "MPO"}:
        options = {"quality": 95, "subsampling": 0, **options}
    if file_format == "MPO":
        options |= {"save_all": True, "append_images": [quarters("ww/ww", *image.size)]}
    image.save(file, file_format, **options)
    return file.getvalue()


@cache
def spotted(file_format: str, width: int = 160, height: int = 120) -> bytes:
    """A skin-coloured picture with noise, so that half a file is half a picture."""
    noise = np.random.default_rng(0).integers(-25, 25, (height, width, 3))
    pixels = (np.array([205, 160, 140]) + noise).astype(np.uint8)
    return encoded(Image.fromarray(pixels), file_format)


def smooth(width: int, height: int) -> Image.Image:
    """A colourful picture without fine detail."""
    y, x = np.mgrid[0:height, 0:width].astype(float)
    channels = [np.sin(x / 90), np.cos(y / 70), np.sin((x + y) / 110)]
    return Image.fromarray((np.stack(channels, axis=2) * 100 + 128).astype(np.uint8))


def png(width: int, height: int, depth: int, colour_type: int, raw: bytes) -> bytes:
    """A PNG by hand, for what Pillow does not write."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


FORMATS = ["JPEG", "MPO", "PNG", "WEBP", "HEIF", "AVIF", "TIFF", "BMP", "GIF"]


@pytest.mark.parametrize("file_format", FORMATS)
def test_every_format_is_read(tmp_path: Path, file_format: str) -> None:
    data = encoded(quarters(UPRIGHT), file_format)
    path = tmp_path / "photo.dat"
    path.write_bytes(data)
    photo = load_photo(path)
    assert pattern_of(photo.pixels) == UPRIGHT
    assert photo.pixels.shape == (HEIGHT, WIDTH, 3)
    assert photo.pixels.dtype == np.uint8
    assert photo.pixels.flags.c_contiguous
    assert (photo.format, photo.width, photo.height) == (file_format, WIDTH, HEIGHT)
    assert photo.sha256 == hashlib.sha256(data).hexdigest()
    assert np.array_equal(load_photo(data).pixels, photo.pixels), "bytes and path are one photo"


def test_the_content_and_not_the_name_gives_the_format(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(encoded(quarters(UPRIGHT), "PNG"))
    assert load_photo(path).format == "PNG"
    assert load_photo(str(path)).format == "PNG", "a path as text too"


@pytest.mark.parametrize("file_format", ["GIF", "WEBP", "AVIF", "TIFF", "PNG"])
def test_of_several_frames_the_first_is_read(file_format: str) -> None:
    frames: dict[str, Any] = {"save_all": True, "append_images": [quarters("ww/rr")]}
    assert (
        pattern_of(load_photo(encoded(quarters(UPRIGHT), file_format, **frames)).pixels) == UPRIGHT
    )


# EXIF orientation, the quarters as stored, what the standard says of row 0 and column 0
ORIENTATIONS = [
    (1, "rg/bw", "top, left"),
    (2, "gr/wb", "top, right"),
    (3, "wb/gr", "bottom, right"),
    (4, "bw/rg", "bottom, left"),
    (5, "rb/gw", "left, top"),
    (6, "gw/rb", "right, top"),
    (7, "wg/br", "right, bottom"),
    (8, "br/wg", "left, bottom"),
]
TURNABLE = ["JPEG", "MPO", "PNG", "WEBP", "HEIF", "AVIF", "TIFF"]


@pytest.mark.parametrize("short_side", [None, 24])
@pytest.mark.parametrize("file_format", TURNABLE)
@pytest.mark.parametrize(("orientation", "stored", "why"), ORIENTATIONS)
def test_every_orientation_ends_upright(
    orientation: int, stored: str, why: str, file_format: str, short_side: int | None
) -> None:
    size = (WIDTH, HEIGHT) if orientation < 5 else (HEIGHT, WIDTH)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    photo = load_photo(
        encoded(quarters(stored, *size), file_format, exif=exif.tobytes()), short_side=short_side
    )
    assert pattern_of(photo.pixels) == UPRIGHT, why
    assert (photo.width, photo.height) == (WIDTH, HEIGHT), "the original's size, upright"
    assert photo.pixels.shape[:2] == ((HEIGHT, WIDTH) if short_side is None else (24, 32))


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_changes_nothing(orientation: int) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    assert pattern_of(load_photo(encoded(quarters(UPRIGHT), "JPEG", exif=exif)).pixels) == UPRIGHT


def test_damaged_exif_costs_the_rotation_and_not_the_photo() -> None:
    data = encoded(quarters(UPRIGHT), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")
    assert pattern_of(load_photo(data).pixels) == UPRIGHT


def flat(mode: str, colour: Any, file_format: str, **options: Any) -> bytes:
    return encoded(Image.new(mode, (24, 24), colour), file_format, **options)


def palette(transparent: bool) -> bytes:
    image = Image.new("P", (24, 24), 1)
    image.putpalette([0, 0, 0, 200, 100, 50])
    return encoded(image, "PNG", **({"transparency": 1} if transparent else {}))


# bytes, the colour that comes out, why
MODES: list[tuple[Callable[[], bytes], tuple[int, int, int], str]] = [
    (lambda: flat("CMYK", (0, 255, 255, 0), "JPEG"), (255, 0, 0), "CMYK JPEG"),
    (lambda: flat("CMYK", (0, 255, 255, 0), "TIFF"), (255, 0, 0), "CMYK TIFF"),
    (lambda: flat("I;16", 128 * 257, "PNG"), (128, 128, 128), "16-bit grey PNG"),
    (lambda: flat("I;16", 128 * 257, "TIFF"), (128, 128, 128), "16-bit grey TIFF"),
    (
        lambda: png(4, 4, 16, 2, (b"\0" + struct.pack(">HHH", 51400, 25700, 12850) * 4) * 4),
        (200, 100, 50),
        "16-bit colour PNG",
    ),
    (lambda: palette(transparent=False), (200, 100, 50), "palette"),
    (lambda: palette(transparent=True), (255, 255, 255), "a transparent colour of a palette"),
    (lambda: flat("L", 77, "PNG"), (77, 77, 77), "grey"),
    (lambda: flat("L", 77, "JPEG"), (77, 77, 77), "grey JPEG"),
    (lambda: flat("1", 1, "PNG"), (255, 255, 255), "black and white"),
    (lambda: flat("LA", (100, 0), "PNG"), (255, 255, 255), "clear grey shows the white below"),
    (lambda: flat("RGBA", (200, 0, 0, 0), "PNG"), (255, 255, 255), "clear red shows the white"),
    (lambda: flat("RGBA", (200, 0, 0, 255), "PNG"), (200, 0, 0), "opaque red stays"),
    (lambda: flat("RGBA", (0, 0, 0, 128), "PNG"), (127, 127, 127), "half clear black is grey"),
    (lambda: flat("RGBA", (0, 0, 0, 128), "TIFF"), (127, 127, 127), "and so in TIFF"),
    (
        lambda: flat("RGBA", (0, 0, 0, 128), "WEBP", lossless=True),
        (127, 127, 127),
        "and so in WebP",
    ),
]


@pytest.mark.parametrize(("make", "colour", "why"), MODES, ids=[row[2] for row in MODES])
def test_every_mode_becomes_rgb(
    make: Callable[[], bytes], colour: tuple[int, int, int], why: str
) -> None:
    pixels = load_photo(make()).pixels
    assert pixels.shape[2] == 3
    assert np.abs(pixels.astype(int) - colour).max() <= 2, why


def swapped_profile() -> bytes:
    """The sRGB profile with its red and green primaries exchanged."""
    raw = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    (count,) = struct.unpack_from(">I", raw, 128)
    for at in range(132, 132 + 12 * count, 12):
        name = bytes(raw[at : at + 4])
        raw[at : at + 4] = {b"rXYZ": b"gXYZ", b"gXYZ": b"rXYZ"}.get(name, name)
    return bytes(raw)


# profile, colour in the file, colour that comes out, why
PROFILES: list[tuple[Callable[[], bytes], tuple[int, int, int], tuple[int, int, int], str]] = [
    (swapped_profile, (255, 0, 0), (0, 255, 0), "red is green in this profile"),
    (swapped_profile, (0, 0, 255), (0, 0, 255), "blue is blue"),
    (lambda: b"no profile at all", (255, 0, 0), (255, 0, 0), "a damaged profile is passed over"),
    (
        lambda: ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
        (200, 100, 50),
        (200, 100, 50),
        "sRGB stays",
    ),
]


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP", "TIFF", "AVIF", "HEIF"])
@pytest.mark.parametrize(
    ("profile", "stored", "colour", "why"), PROFILES, ids=[row[3] for row in PROFILES]
)
def test_colour_profiles_become_srgb(
    profile: Callable[[], bytes],
    stored: tuple[int, int, int],
    colour: tuple[int, int, int],
    why: str,
    file_format: str,
) -> None:
    pixels = load_photo(flat("RGB", stored, file_format, icc_profile=profile())).pixels
    assert np.abs(pixels.astype(int) - colour).max() <= 6, why


def test_a_colour_profile_does_not_fit_a_grey_photo_and_is_passed_over() -> None:
    pixels = load_photo(flat("L", 77, "PNG", icc_profile=swapped_profile())).pixels
    assert (pixels == 77).all()


# size of the original, short_side, size of the pixels, why
SIDES = [
    ((400, 300), None, (400, 300), "not asked for"),
    ((400, 300), 150, (200, 150), "lying, halved"),
    ((300, 400), 100, (100, 133), "standing"),
    ((400, 300), 299, (399, 299), "hardly smaller"),
    ((400, 300), 300, (400, 300), "as large already"),
    ((400, 300), 1000, (400, 300), "never enlarged"),
    ((900, 3), 2, (600, 2), "a strip"),
    ((1200, 900), 30, (40, 30), "far smaller, by JPEG's own reduction"),
]


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "HEIF"])
@pytest.mark.parametrize(("size", "short_side", "expected", "why"), SIDES)
def test_the_shorter_side_is_brought_down(
    size: tuple[int, int],
    short_side: int | None,
    expected: tuple[int, int],
    why: str,
    file_format: str,
) -> None:
    data = encoded(Image.new("RGB", size, (200, 150, 120)), file_format)
    photo = load_photo(data, short_side=short_side)
    assert photo.pixels.shape[1::-1] == expected, why
    assert (photo.width, photo.height) == size, "the original's size is told all the same"


# size of the original, short_side, long_side, size of the pixels, why
LONG_SIDES = [
    ((400, 300), None, 200, (200, 150), "lying, halved"),
    ((300, 400), None, 100, (75, 100), "standing"),
    ((400, 300), None, 400, (400, 300), "as large already"),
    ((400, 300), 150, 100, (100, 75), "the longer side asks for less"),
    ((400, 300), 30, 100, (40, 30), "the shorter side asks for less"),
    ((900, 3), None, 100, (100, 1), "a strip keeps a pixel"),
]


@pytest.mark.parametrize(("size", "short_side", "long_side", "expected", "why"), LONG_SIDES)
def test_the_longer_side_is_brought_down(
    size: tuple[int, int],
    short_side: int | None,
    long_side: int,
    expected: tuple[int, int],
    why: str,
) -> None:
    data = encoded(Image.new("RGB", size, (200, 150, 120)), "JPEG")
    photo = load_photo(data, short_side=short_side, long_side=long_side)
    assert photo.pixels.shape[1::-1] == expected, why
    assert (photo.width, photo.height) == size, "the original's size is told all the same"


@pytest.mark.parametrize("short_side", [60, 100, 149, 160, 250])
def test_a_jpeg_reduced_while_decoding_looks_like_one_decoded_whole(short_side: int) -> None:
    data = encoded(smooth(1600, 1200), "JPEG")
    reduced = load_photo(data, short_side=short_side).pixels.astype(float)
    whole = Image.fromarray(load_photo(data).pixels)
    size = (reduced.shape[1], reduced.shape[0])
    expected = np.asarray(whole.resize(size, Image.Resampling.BICUBIC), dtype=float)
    assert np.abs(reduced - expected).mean() < 1
    assert np.abs(reduced - expected).max() < 12


POSIX = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="files of POSIX")


def problem_of(source: Path | bytes) -> str:
    with pytest.raises(PhotoError) as caught:
        load_photo(source)
    return caught.value.problem


@pytest.mark.parametrize(
    ("make", "problem", "why"),
    [
        (lambda folder: folder / "nothing.jpg", "missing", "no such file"),
        (lambda folder: folder / "a" / "b.jpg", "missing", "no such folder"),
        (lambda folder: folder, "not_a_file", "a folder"),
        pytest.param(
            lambda _: Path("/dev/zero"), "not_a_file", "a device that never ends", marks=POSIX
        ),
        pytest.param(
            lambda folder: (os.mkfifo(folder / "p"), folder / "p")[1],
            "not_a_file",
            "a pipe",
            marks=POSIX,
        ),
        (lambda folder: (folder / "e", (folder / "e").touch())[0], "empty", "an empty file"),
        (lambda folder: folder / ("n" * 5000), "unreadable", "a name that is too long"),
    ],
)
def test_a_path_without_a_photo_is_named(
    tmp_path: Path, make: Callable[[Path], Path], problem: str, why: str
) -> None:
    assert problem_of(make(tmp_path)) == problem, why


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
# bytes, problem, why
BAD: list[tuple[Callable[[], bytes], str, str]] = [
    (lambda: b"", "empty", "no bytes"),
    (lambda: png(30_000, 30_000, 8, 2, b""), "too_large", "a small PNG that claims 900 megapixels"),
    (lambda: png(9_000, 9_000, 8, 2, b""), "too_large", "a small PNG that claims 81 megapixels"),
    (lambda: png(2**31 - 1, 1, 8, 0, b""), "too_large", "a very long line"),
    (lambda: SVG, "unsupported_format", "SVG"),
    (lambda: b"<!DOCTYPE html><title>x</title>" * 9, "unsupported_format", "HTML"),
    (lambda: b"%PDF-1.7\n" + b"0" * 500, "unsupported_format", "PDF"),
    (lambda: b"These are no spots. " * 9, "unsupported_format", "text"),
    (lambda: b"x", "unsupported_format", "one byte"),
    (lambda: bytes(4000), "unsupported_format", "zeros"),
    (lambda: flat("RGB", (9, 9, 9), "ICO"), "unsupported_format", "an icon"),
    (lambda: flat("RGB", (9, 9, 9), "PPM"), "unsupported_format", "PPM"),
    (lambda: flat("RGB", (9, 9, 9), "TGA"), "unsupported_format", "TGA"),
    (
        lambda: b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41" + bytes(900),
        "unsupported_format",
        "a film (MP4) is no damaged photo",
    ),
    (
        lambda: b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + bytes(900),
        "unsupported_format",
        "a phone's film (MOV) is no damaged photo",
    ),
    (lambda: png(0, 0, 8, 2, b""), "unreadable", "a PNG without pixels"),
    (lambda: png(40, 40, 8, 2, b"\0" * 9), "unreadable", "a PNG with too few rows"),
]


@pytest.mark.parametrize(("make", "problem", "why"), BAD, ids=[row[2] for row in BAD])
def test_bytes_that_are_no_photo_are_named(
    make: Callable[[], bytes], problem: str, why: str
) -> None:
    assert problem_of(make()) == problem, why


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.8])
@pytest.mark.parametrize("file_format", FORMATS)
def test_a_cut_photo_is_unreadable(file_format: str, kept: float) -> None:
    data = spotted(file_format)
    assert problem_of(data[: int(len(data) * kept)]) == "unreadable"


def test_a_photo_of_too_many_bytes_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = spotted("PNG")
    path = tmp_path / "photo.png"
    path.write_bytes(data)
    monkeypatch.setattr(loader, "MAX_BYTES", len(data))
    assert load_photo(path).width == 160, "just small enough"
    monkeypatch.setattr(loader, "MAX_BYTES", len(data) - 1)
    assert problem_of(data) == "too_large"
    monkeypatch.setattr(os, "open", lambda *_: pytest.fail("it was opened all the same"))
    assert problem_of(path) == "too_large"


# what goes wrong, bytes that show it
SENT = [
    ("empty", b""),
    ("too_large", png(30_000, 30_000, 8, 2, b"")),
    ("unsupported_format", SVG),
    ("unreadable", b"\x89PNG\r\n\x1a\n"),
]


@pytest.mark.parametrize(("problem", "data"), SENT, ids=[row[0] for row in SENT])
def test_the_message_is_a_sentence_with_or_without_a_name(
    tmp_path: Path, problem: str, data: bytes
) -> None:
    path = tmp_path / "my spots.jpg"
    path.write_bytes(data)
    for source in (data, path):
        with pytest.raises(PhotoError) as caught:
            load_photo(source)
        message = str(caught.value)
        assert caught.value.problem == problem
        assert re.match(r"[A-Z“].*\.$", message), message
        assert ("my spots.jpg" in message) == (source is path), message


# what became of the process that decoded, problem, words of the sentence
BROKEN = [
    ("broke", "unreadable", "made the reader stop"),
    ("took_too_long", "too_large", "takes too long to read"),
    ("took_too_much", "too_large", "needs too much memory"),
    ("no_reader", "unreadable", "cannot be read just now"),
    ("closed", "unreadable", "cannot be opened"),
]


@pytest.mark.parametrize(("cause", "problem", "words"), BROKEN, ids=[row[0] for row in BROKEN])
def test_a_broken_reader_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, cause: str, problem: str, words: str
) -> None:
    class Broken:
        def decode(self, _data: bytes, *_sides: int | None) -> None:
            raise DecodeError(cause)

    monkeypatch.setattr(loader, "_pool", Broken)
    with pytest.raises(PhotoError, match=rf"^The photo you sent .*{words}.*\.$") as caught:
        load_photo(b"a photo")
    assert caught.value.problem == problem


def test_every_problem_has_a_text_for_people() -> None:
    told = load().guidance.photo_problems
    assert set(told) >= set(PROBLEMS)


def check(data: bytes, short_side: int | None) -> None:
    """Either a whole ``Photo`` or a ``PhotoError`` with a known problem; nothing else."""
    try:
        photo = load_photo(data, short_side=short_side)
    except PhotoError as error:
        problem = error.problem
    else:
        problem = None
    if problem is not None:
        assert problem in set(PROBLEMS) - {"missing", "not_a_file"}
        return
    assert isinstance(photo, Photo)
    assert photo.pixels.dtype == np.uint8
    assert photo.pixels.ndim == 3
    assert photo.pixels.shape[2] == 3
    assert photo.pixels.flags.c_contiguous
    assert min(photo.pixels.shape) >= 1
    assert photo.sha256 == hashlib.sha256(data).hexdigest()


sides = st.sampled_from([None, 1, 20, 500])
STARTS = [b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"BM", b"II*\0", b"MM\0*"]
STARTS += [b"RIFF\0\1\0\0WEBPVP8 ", b"\0\0\0\x1cftypheic", b"\0\0\0\x1cftypavif"]


@given(start=st.sampled_from(STARTS), rest=st.binary(max_size=2000), short_side=sides)
def test_any_bytes_end_in_a_photo_or_a_photo_error(
    start: bytes, rest: bytes, short_side: int | None
) -> None:
    check(start + rest, short_side)


@settings(max_examples=150)
@given(
    file_format=st.sampled_from(FORMATS),
    kept=st.floats(0, 1),
    flips=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), min_size=1, max_size=8
    ),
    at_the_head=st.booleans(),
    whole=st.booleans(),
    short_side=sides,
)
def test_any_damaged_photo_ends_in_a_photo_or_a_photo_error(  # by name
    file_format: str,
    kept: float,
    flips: list[tuple[float, int]],
    at_the_head: bool,
    whole: bool,
    short_side: int | None,
) -> None:
    data = bytearray(spotted(file_format, 40, 30))
    for place, bits in flips:
        data[int(place * (min(len(data), 80) if at_the_head else len(data)))] ^= bits
    check(bytes(data if whole else data[: int(len(data) * kept)]), short_side)
