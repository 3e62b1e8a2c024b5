"""Coded data that no encoder writes is recognized, and nothing that one writes is."""

import io
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from reddots.photo.sandbox.decoding.jpeg_entropy import is_possible
from reddots.photo.sandbox.decoding.jpeg_integrity import read_frame

OPTIONS: list[dict[str, Any]] = [
    {},
    {"optimize": True},
    {"subsampling": 0},
    {"subsampling": 1},
    {"restart_marker_blocks": 7},
    {"restart_marker_rows": 1},
    {"quality": 100},
    {"quality": 5},
    {"progressive": True},
]


@cache
def jpeg(width: int, height: int, seed: int = 0, mode: str = "RGB", **options: Any) -> bytes:
    noise = np.random.default_rng(seed).integers(0, 256, (height, width, 3))
    ramp = np.linspace(0, 255, width)[None, :, None]
    file = io.BytesIO()
    image = Image.fromarray((ramp * 0.7 + noise * 0.3).astype(np.uint8)).convert(mode)
    image.save(file, "JPEG", **options)
    return file.getvalue()


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("options", OPTIONS, ids=[str(o) for o in OPTIONS])
def test_what_encoders_write_is_possible(options: dict[str, Any], mode: str) -> None:
    for width, height in ((1, 1), (8, 8), (17, 33), (64, 48)):
        assert is_possible(jpeg(width, height, mode=mode, **options)), (width, height)


@settings(max_examples=40)
@given(
    seed=st.integers(0, 10_000),
    width=st.integers(1, 60),
    height=st.integers(1, 60),
    quality=st.integers(1, 100),
    level=st.sampled_from([0, 255]),
)
def test_so_are_photos_of_any_quality(
    seed: int, width: int, height: int, quality: int, level: int
) -> None:
    """Also of black and white, whose coefficients are the largest."""
    pixels = np.random.default_rng(seed).choice(
        [level, 255 - level], (height, width, 3), p=[0.9, 0.1]
    )
    file = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(file, "JPEG", quality=quality)
    assert is_possible(file.getvalue())


def body(data: bytes) -> int:
    frame = read_frame(data)
    assert frame is not None
    return frame.scan + 14


# what is done to the coded data, why
DAMAGE: list[tuple[Callable[[bytes], bytes], str]] = [
    (lambda data: data[:-300] + data[-2:], "the end is missing"),
    (lambda data: data[:-2] + bytes(range(1, 255)) + data[-2:], "something follows the picture"),
    (lambda data: data[: body(data)] + b"\xff\x00" * 90 + data[-2:], "a code that there is not"),
]


@pytest.mark.parametrize("options", OPTIONS[:8], ids=[str(o) for o in OPTIONS[:8]])
@pytest.mark.parametrize(("damage", "why"), DAMAGE, ids=[row[1] for row in DAMAGE])
def test_damage_is_recognized(
    damage: Callable[[bytes], bytes], why: str, options: dict[str, Any]
) -> None:
    assert not is_possible(damage(jpeg(160, 120, **options))), why


def test_most_photos_that_lost_a_few_bytes_are_recognized() -> None:
    found = 0
    for seed in range(12):
        data = jpeg(160, 120, seed)
        start = body(data)
        rng = np.random.default_rng(seed)
        places = sorted(rng.integers(start, len(data) - 50, 6).tolist(), reverse=True)
        for place in places:
            data = data[:place] + data[place + 1 :]
        found += not is_possible(data)
    assert found >= 9


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", b"\xff\xd8\xff\xc4\0\0", jpeg(9, 9)[:300]])
def test_of_a_broken_head_nothing_is_said(data: bytes) -> None:
    assert is_possible(data)
