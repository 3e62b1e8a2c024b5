"""Photos of telephones with 48 to 64 megapixels are read, with time and memory to spare."""

import io
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photo.grid_heic import grid_heic
from reddots.errors import PhotoError
from reddots.photo.loader import load_photo
from reddots.photo.sandbox.limits import Limits
from reddots.photo.sandbox.protocol import MAX_PIXELS

SIDE = 288  # as the page and the shipped checkpoint ask for


@cache
def tile(side: int = 512) -> Image.Image:
    """A piece of skin with as much detail as a telephone's photo."""
    rng = np.random.default_rng(0)
    noise = rng.normal(0, 4, (side, side, 3))
    blots = np.asarray(
        Image.fromarray(rng.integers(150, 230, (9, 9, 3), np.uint8)).resize(
            (side, side), Image.Resampling.BICUBIC
        )
    )
    return Image.fromarray(np.clip(blots + noise, 0, 255).astype(np.uint8))


def jpeg(size: tuple[int, int], **options: int | bool) -> bytes:
    image = Image.new("RGB", size)
    for y in range(0, size[1], 512):
        for x in range(0, size[0], 512):
            image.paste(tile(), (x, y))
    file = io.BytesIO()
    image.save(file, "JPEG", **options)
    return file.getvalue()


# bytes, size, what it is
PHONES: list[tuple[Callable[[], bytes], tuple[int, int], str]] = [
    (lambda: jpeg((8160, 6144)), (8160, 6144), "50 megapixels"),
    (lambda: jpeg((8192, 6144), progressive=True), (8192, 6144), "50.3 megapixels, progressive"),
    (lambda: jpeg((16384, 3800)), (16384, 3800), "a panorama of 62 megapixels"),
    (lambda: jpeg((9280, 6944)), (9280, 6944), "64 megapixels"),
    (lambda: grid_heic(tile(), 16, 12), (8192, 6144), "HEIC in tiles"),
]


def require_read(data: bytes, size: tuple[int, int], side: int) -> None:
    photo = load_photo(data, short_side=side)
    assert (photo.width, photo.height) == size
    assert min(photo.pixels.shape[:2]) == side


@pytest.mark.parametrize(("make", "size", "why"), PHONES[:4], ids=[row[2] for row in PHONES[:4]])
@pytest.mark.slow
def test_a_large_photo_is_read(make: Callable[[], bytes], size: tuple[int, int], why: str) -> None:
    del why
    require_read(make(), size, SIDE)


@pytest.mark.slow
@pytest.mark.parametrize("side", [SIDE, 1500])
@pytest.mark.parametrize(("make", "size", "why"), PHONES[2:], ids=[row[2] for row in PHONES[2:]])
def test_and_so_for_the_copy_of_the_page(
    make: Callable[[], bytes], size: tuple[int, int], why: str, side: int
) -> None:
    del why
    require_read(make(), size, side)


def test_more_than_the_most_is_refused_before_it_is_decoded() -> None:
    header = struct.pack(">IIBBBBB", MAX_PIXELS // 1000 + 1, 1000, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, body: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + crc

    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    with pytest.raises(PhotoError, match="at most 80 megapixels"):
        load_photo(data)


def test_the_time_follows_the_pixels() -> None:
    limits = Limits()
    assert limits.seconds(0) == limits.cpu
    assert limits.seconds(48_000_000) >= 12, "a tiled HEIC took up to 6 s where it was measured"
    assert limits.seconds(10**12) == limits.seconds(MAX_PIXELS), "however much a file claims"
    assert limits.seconds(MAX_PIXELS) < limits.wall / 2


MEASURE = """
import sys, time
from pathlib import Path
from reddots.photo.sandbox import decoder
def number(name):
    return int(next(l for l in open("/proc/self/status") if l.startswith(name)).split()[1])
decoder.prepare()
data = Path(sys.argv[1]).read_bytes()
start = number("VmSize")
decoder.decode(data, int(sys.argv[2]))
print((number("VmPeak") - start) * 1024)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="measures by /proc")
@pytest.mark.parametrize("side", [SIDE, 1500])
@pytest.mark.parametrize(("make", "size", "why"), PHONES[2:], ids=[row[2] for row in PHONES[2:]])
def test_memory_is_left_to_spare(
    make: Callable[[], bytes], size: tuple[int, int], why: str, side: int, tmp_path: Path
) -> None:
    path = tmp_path / "photo"
    path.write_bytes(make())
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path), str(side)],
        capture_output=True,
        check=True,
        text=True,
    )
    share = MAX_PIXELS / (size[0] * size[1])
    assert int(done.stdout) * share < Limits().memory * 1_000_000, f"{why}, if it were the largest"
