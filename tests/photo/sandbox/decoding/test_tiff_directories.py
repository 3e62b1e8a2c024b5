"""Of a TIFF the largest page is read; raw data and samples that would come out wrong are refused."""

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from photo.tiff_bytes import Directory, plain, tiff
from reddots.errors import PhotoError
from reddots.photo.loader import load_photo

RED, BLUE = (200, 30, 30), (30, 30, 200)
REDUCED = {254: [1]}
RAW = {262: [32803], 258: [16], 277: [1]}


def written(image: Image.Image, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, "TIFF", **options)
    return file.getvalue()


def pages(*sizes: tuple[int, int]) -> bytes:
    """As Pillow writes them: the largest red, the others blue."""
    most = max(w * h for w, h in sizes)
    images = [Image.new("RGB", s, RED if s[0] * s[1] == most else BLUE) for s in sizes]
    return written(images[0], save_all=True, append_images=images[1:])


# file, size that is read, why
LARGEST: list[tuple[Callable[[], bytes], tuple[int, int], str]] = [
    (lambda: pages((8, 6), (64, 48)), (64, 48), "the first page is a thumbnail"),
    (lambda: pages((64, 48), (8, 6)), (64, 48), "the first page is the photo"),
    (lambda: pages((8, 6), (64, 48), (20, 10)), (64, 48), "the photo lies in the middle"),
    (lambda: pages((9, 9), *[(8, 6)] * 50), (9, 9), "of many pages"),
    (
        lambda: tiff(plain(BLUE, (8, 6), tags=REDUCED, below=[plain(RED, (64, 48))])),
        (64, 48),
        "the photo lies below its thumbnail",
    ),
    (
        lambda: tiff(plain(BLUE, (8, 6), tags=REDUCED), plain(RED, (64, 48)), order=">"),
        (64, 48),
        "of the other byte order",
    ),
    (
        lambda: tiff(plain(RED, (64, 48), below=[plain(BLUE, (32, 24), tags=REDUCED)])),
        (64, 48),
        "smaller ones lie below, as in a pyramid",
    ),
    (
        lambda: tiff(plain(RED, (8, 6)), plain(BLUE, (64, 48), tags={254: [4]})),
        (8, 6),
        "a mask is no photo",
    ),
    (lambda: written(Image.new("RGB", (9, 7), RED), big_tiff=True), (9, 7), "a BigTIFF"),
]


@pytest.mark.parametrize(("make", "size", "why"), LARGEST, ids=[row[2] for row in LARGEST])
def test_the_largest_page_is_read(
    make: Callable[[], bytes], size: tuple[int, int], why: str
) -> None:
    photo = load_photo(make())
    assert (photo.width, photo.height) == size, why
    assert np.abs(photo.pixels.astype(int) - RED).max() <= 1


def test_a_page_takes_its_own_orientation_and_else_the_first_pages() -> None:
    for first, second, size in (
        ({}, {274: [6]}, (48, 64)),
        ({274: [6]}, {}, (48, 64)),
        ({274: [6]}, {274: [1]}, (64, 48)),
        ({}, {}, (64, 48)),
    ):
        data = tiff(plain(BLUE, (8, 6), tags=first), plain(RED, (64, 48), tags=second))
        photo = load_photo(data)
        assert (photo.width, photo.height) == size, (first, second)
        assert photo.pixels.shape[:2] == size[::-1]


def grey(bits: int, photometric: int, values: bytes, format_: int = 1, **more: Any) -> Directory:
    tags = {258: [bits], 262: [photometric], 277: [1], 339: [format_], **more.pop("tags", {})}
    return Directory((4, 1), values, tags)


def colour(bits: int, photometric: int, pixel: bytes, tags: dict[int, list[int]]) -> Directory:
    return Directory((4, 1), pixel * 4, {258: [bits] * 3, 262: [photometric], **tags})


def raw(**tags: list[int]) -> Directory:
    del tags
    return Directory((64, 48), bytes(64 * 48 * 2), RAW)


# file, words of the sentence, why
REFUSED: list[tuple[Callable[[], bytes], str, str]] = [
    (
        lambda: tiff(plain(BLUE, (8, 6), tags=REDUCED, below=[raw()])),
        "raw data",
        "a NEF: raw data below its thumbnail",
    ),
    (
        lambda: tiff(plain(BLUE, (8, 6), tags={**REDUCED, 50706: [1, 4, 0, 0]})),
        "raw data",
        "a DNG by its version alone",
    ),
    (lambda: tiff(raw()), "raw data", "raw data in the first page (PEF)"),
    (lambda: tiff(plain(RED), raw()), "raw data", "raw data behind a photo"),
    (
        lambda: tiff(plain(RED, (8, 6), below=[plain(RED, (64, 48), tags={262: [34892]})])),
        "raw data",
        "linear raw data, as telephones write them",
    ),
    (lambda: written(Image.new("F", (4, 4), 0.5)), "floating-point", "grey floats"),
    (
        lambda: tiff(colour(32, 2, struct.pack("<3f", 0.8, 0.1, 0.1), {339: [3, 3, 3]})),
        "floating-point",
        "floats of RGB",
    ),
    (
        lambda: tiff(grey(32, 1, struct.pack("<4I", 2**31, 2**30, 2**29, 2**32 - 1))),
        "more than 16 bits",
        "unsigned numbers of 32 bits",
    ),
    (lambda: written(Image.new("I", (4, 4), 70_000)), "more than 16 bits", "signed ones"),
    (
        lambda: tiff(grey(16, 1, struct.pack("<4h", -5, 9, 300, 32_000), 2)),
        "signed",
        "signed numbers of 16 bits",
    ),
    (
        lambda: written(Image.new("YCbCr", (4, 4), (80, 90, 240))),
        "YCbCr",
        "YCbCr that no decoder turns into RGB",
    ),
    (lambda: written(Image.new("LAB", (4, 4), (80, 90, 140))), "Lab", "Lab"),
    (
        lambda: tiff(grey(16, 1, struct.pack("<4H", 0, 1000, 4095, 2000))),
        "12 of them",
        "12 bits in 16, grey",
    ),
    (
        lambda: tiff(colour(16, 2, struct.pack("<3H", 4095, 300, 300), {})),
        "12 of them",
        "12 bits in 16, RGB",
    ),
    (
        lambda: tiff(grey(16, 1, struct.pack("<4H", 0, 9, 16_000, 9), tags={281: [16_383]})),
        "12 of them",
        "14 bits in 16, as the file says",
    ),
    (
        lambda: tiff(colour(12, 2, b"\x80\x08\x00\x80\x0f", {})),
        "stores its colours",
        "12 bits, packed, RGB",
    ),
]


@pytest.mark.parametrize(("make", "words", "why"), REFUSED, ids=[row[2] for row in REFUSED])
def test_what_would_come_out_wrong_is_refused_by_name(
    make: Callable[[], bytes], words: str, why: str
) -> None:
    with pytest.raises(PhotoError, match=words) as caught:
        load_photo(make())
    assert caught.value.problem == "unsupported_format", why


def row_of(page: Directory, order: str = "<") -> list[list[int]]:
    found: list[list[int]] = load_photo(tiff(page, order=order)).pixels[0].tolist()
    return found


# page, grey levels that come out, why
GREYS = [
    (grey(8, 0, bytes([0, 64, 255, 191])), [255, 191, 0, 64], "white is zero, 8 bits"),
    (
        grey(16, 0, struct.pack("<4H", 0, 16448, 65535, 49087)),
        [255, 191, 0, 64],
        "white is zero, 16 bits",
    ),
    (grey(16, 1, struct.pack("<4H", 0, 16448, 65535, 49087)), [0, 64, 255, 191], "16 bits"),
    (grey(16, 1, bytes(8)), [0, 0, 0, 0], "black of 16 bits is black"),
    (grey(12, 1, b"\x00\x04\x07\xff\xf8\x00"), [0, 64, 255, 128], "12 bits, packed"),
    (
        grey(8, 0, b"\x03\x00\x40\xff\xbf", tags={259: [32773]}),
        [255, 191, 0, 64],
        "white is zero, run lengths",
    ),
    (
        grey(8, 0, zlib.compress(bytes([0, 64, 255, 191])), tags={259: [8]}),
        [255, 191, 0, 64],
        "white is zero, deflate",
    ),
    (
        grey(16, 0, zlib.compress(struct.pack("<4H", 0, 16448, 65535, 49087)), tags={259: [8]}),
        [255, 191, 0, 64],
        "white is zero, 16 bits, deflate",
    ),
    (grey(1, 0, b"\x50"), [255, 0, 255, 0], "white is zero, 1 bit"),
    (grey(4, 0, b"\x0f\xf0"), [255, 0, 0, 255], "white is zero, 4 bits"),
]


@pytest.mark.parametrize(("page", "levels", "why"), GREYS, ids=[row[2] for row in GREYS])
def test_grey_samples_come_out_right(page: Directory, levels: list[int], why: str) -> None:
    assert [pixel[0] for pixel in row_of(page)] == pytest.approx(levels, abs=1), why


def test_colours_of_16_bits_and_jpeg_in_tiff_come_out_right() -> None:
    assert row_of(colour(16, 2, struct.pack("<3H", 51400, 7710, 7710), {}))[0] == list(RED)
    jpeg = load_photo(written(Image.new("RGB", (64, 64), RED), compression="jpeg"))
    assert np.abs(jpeg.pixels.astype(int) - RED).max() <= 6


def test_a_16_bit_png_of_12_bits_is_refused_and_a_full_one_read() -> None:
    def png(value: int) -> bytes:
        file = io.BytesIO()
        Image.fromarray(np.full((4, 4), value, np.uint16)).save(file, "PNG")
        return file.getvalue()

    assert (load_photo(png(40_000)).pixels == 156).all()
    with pytest.raises(PhotoError, match="12 of them"):
        load_photo(png(4095))


def test_directories_without_end_are_given_up_soon() -> None:
    loop = bytearray(tiff(plain(RED)))
    first = struct.unpack_from("<I", loop, 4)[0]
    loop[-4:] = struct.pack("<I", first)
    assert load_photo(bytes(loop)).width == 8, "it follows itself"
    below = Directory((8, 8), bytes(RED) * 64, {330: [first] * 60})
    assert load_photo(tiff(below)).width == 8, "offsets that lead nowhere"
