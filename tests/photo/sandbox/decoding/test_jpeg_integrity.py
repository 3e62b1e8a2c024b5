"""A JPEG without its end marker is read; rare kinds and one changed by line ends are refused."""

import io
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from reddots.errors import PhotoError
from reddots.photo.loader import load_photo
from reddots.photo.problems import DecodeError
from reddots.photo.sandbox.decoding.jpeg_integrity import Frame, read_frame, require_no_lost_bytes


@cache
def jpeg(width: int = 320, height: int = 240, seed: int = 0, **options: Any) -> bytes:
    noise = np.random.default_rng(seed).integers(-25, 25, (height, width, 3))
    pixels = (np.array([205, 160, 140]) + noise).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", **options)
    return file.getvalue()


def flat(width: int = 400, height: int = 300, colour: int = 128) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), (colour,) * 3).save(file, "JPEG", quality=90)
    return file.getvalue()


pillow_heif.register_heif_opener()
KINDS = [{}, {"progressive": True}, {"subsampling": 0}, {"restart_marker_blocks": 9}]


@pytest.mark.parametrize("short_side", [None, 30])
@pytest.mark.parametrize("options", KINDS, ids=[str(o) for o in KINDS])
@pytest.mark.parametrize("left", [b"", b"\xff", b"\xff\xff"], ids=["nothing", "half", "padding"])
def test_one_that_lacks_only_its_end_is_read(
    left: bytes, options: dict[str, Any], short_side: int | None
) -> None:
    whole = jpeg(**options)
    photo = load_photo(whole[:-2] + left, short_side=short_side)
    assert np.array_equal(photo.pixels, load_photo(whole, short_side=short_side).pixels)


@pytest.mark.parametrize("options", KINDS[:3], ids=[str(o) for o in KINDS[:3]])
@pytest.mark.parametrize("missing", [12, 100, 2000])
def test_one_that_lacks_more_is_unreadable(missing: int, options: dict[str, Any]) -> None:
    with pytest.raises(PhotoError) as caught:
        load_photo(jpeg(**options)[:-missing])
    assert caught.value.problem == "unreadable"


@pytest.mark.parametrize("short_side", [None, 30])
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_one_that_was_cut_and_closed_again_is_unreadable(mode: str, short_side: int | None) -> None:
    file = io.BytesIO()
    Image.open(io.BytesIO(jpeg(640, 480))).convert(mode).save(file, "JPEG", quality=90)
    whole = file.getvalue()
    assert load_photo(whole, short_side=short_side).width == 640
    for share in (0.3, 0.9):
        cut = whole[: int(len(whole) * share)].rstrip(b"\xff") + b"\xff\xd9"
        with pytest.raises(PhotoError) as caught:
            load_photo(cut, short_side=short_side)
        assert caught.value.problem == "unreadable"


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_one_that_ends_in_grey_of_its_own_is_whole(mode: str) -> None:
    image = Image.open(io.BytesIO(jpeg(320, 240))).convert(mode)
    image.paste((128,) * len(image.getbands()), (0, 200, 320, 240))
    for options in ({}, {"progressive": True}, {"restart_marker_blocks": 5}):
        file = io.BytesIO()
        image.save(file, "JPEG", quality=95, **options)
        assert load_photo(file.getvalue()).width == 320


def arithmetic(size: int) -> bytes:
    """By its marker: nothing here writes arithmetic coding, and none may be tried."""
    return jpeg(size, size).replace(b"\xff\xc0", b"\xff\xc9", 1)


# bytes, why
RARE: list[tuple[Callable[[], bytes], str]] = [
    (lambda: arithmetic(32), "arithmetic coding, small"),
    (lambda: arithmetic(700), "arithmetic coding, more than a buffer"),
    (lambda: jpeg(progressive=True).replace(b"\xff\xc2", b"\xff\xca", 1), "and progressive"),
    (lambda: jpeg().replace(b"\xff\xc0", b"\xff\xc3", 1), "lossless"),
    (lambda: jpeg().replace(b"\xff\xc0\x00\x11\x08", b"\xff\xc1\x00\x11\x0c", 1), "12 bits"),
]


@pytest.mark.parametrize(("make", "why"), RARE, ids=[row[1] for row in RARE])
def test_rare_kinds_are_refused_by_name(make: Callable[[], bytes], why: str) -> None:
    with pytest.raises(PhotoError, match="of a rare kind") as caught:
        load_photo(make())
    assert caught.value.problem == "unsupported_format", why


# what a program does that takes a photo for text
MANGLED: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("LF to CR LF", lambda data: data.replace(b"\n", b"\r\n")),
    ("CR LF to LF", lambda data: data.replace(b"\r\n", b"\n")),
    ("CR to LF", lambda data: data.replace(b"\r", b"\n")),
    ("LF to CR", lambda data: data.replace(b"\n", b"\r")),
    ("CR dropped", lambda data: data.replace(b"\r", b"")),
    ("any to CR LF", lambda data: b"\r\n".join(data.replace(b"\r\n", b"\n").split(b"\n"))),
]


@pytest.mark.parametrize(("name", "mangle"), MANGLED, ids=[row[0] for row in MANGLED])
@pytest.mark.parametrize("size", [(320, 240), (1200, 900), (4000, 3000)])
def test_one_changed_by_line_ends_is_refused(
    size: tuple[int, int], name: str, mangle: Callable[[bytes], bytes]
) -> None:
    data = jpeg(*size)
    changed = mangle(data)
    if name == "CR LF to LF" and size != (4000, 3000):
        return  # of a few lost bytes nothing is certain: any photo may lack the pair by chance
    with pytest.raises(PhotoError) as caught:
        load_photo(changed, short_side=200)
    assert caught.value.problem == "unreadable", name


@pytest.mark.parametrize("lost", [10, 13])
def test_a_small_photo_may_lack_a_byte_by_chance(lost: int) -> None:
    all_others = bytes(byte for byte in range(256) if byte != lost)
    head = Frame(marker=0xC0, depth=8, scan=0)
    require_no_lost_bytes(all_others * 16, head, bytes)
    with pytest.raises(DecodeError, match="line_ends"):
        require_no_lost_bytes(all_others * 80, head, bytes)


@pytest.mark.parametrize("file_format", ["WEBP", "HEIF", "AVIF", "GIF", "PNG"])
def test_other_packed_formats_changed_by_line_ends_are_refused(file_format: str) -> None:
    file = io.BytesIO()
    Image.open(io.BytesIO(jpeg())).save(file, file_format)
    with pytest.raises(PhotoError) as caught:
        load_photo(file.getvalue().replace(b"\n", b"\r\n"))
    assert caught.value.problem in {"unreadable", "unsupported_format"}


@settings(max_examples=40)
@given(
    seed=st.integers(0, 10_000),
    width=st.integers(1, 400),
    height=st.integers(1, 400),
    quality=st.integers(30, 98),
    progressive=st.booleans(),
)
def test_no_whole_photo_is_taken_for_a_changed_one(
    seed: int, width: int, height: int, quality: int, progressive: bool
) -> None:
    data = jpeg.__wrapped__(width, height, seed, quality=quality, progressive=progressive)
    assert load_photo(data).width == width


@pytest.mark.parametrize("colour", [0, 13, 127, 128, 255])
def test_flat_photos_are_whole_too(colour: int) -> None:
    assert load_photo(flat(4000, 3000, colour), short_side=100).width == 4000


def test_a_photo_with_bytes_behind_its_end_is_whole() -> None:
    assert load_photo(jpeg() + b"\0" * 5000).width == 320
    assert load_photo(jpeg()[:-2] + b"\0" * 16 + b"\xff\xd9").width == 320, "padded before it"


def test_the_head_is_read_past_a_thumbnail() -> None:
    thumbnail = jpeg(16, 16)
    segment = b"\xff\xe1" + (len(thumbnail) + 2).to_bytes(2) + thumbnail
    data = jpeg(progressive=True)
    frame = read_frame(data[:2] + segment + data[2:])
    assert frame is not None
    assert frame.marker == 0xC2
    assert frame.depth == 8
    assert read_frame(b"\xff\xd8\xff\xd9") is None
    assert read_frame(b"") is None


def test_a_picture_of_one_pattern_is_whole() -> None:
    piece = Image.open(io.BytesIO(jpeg(512, 512)))
    image = Image.new("RGB", (4096, 4096))
    for place in range(64):
        image.paste(piece, (place % 8 * 512, place // 8 * 512))
    file = io.BytesIO()
    image.save(file, "JPEG")
    data = file.getvalue()
    assert len(data) > 2_000_000
    assert load_photo(data, short_side=100).width == 4096
