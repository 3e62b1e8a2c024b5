"""A JPEG that goes over its picture very often is turned away; honest ones never are."""

import io
import struct
from typing import Any

import numpy as np
import pytest
from PIL import Image

from reddots.errors import PhotoError
from reddots.photo.loader import load_photo
from reddots.photo.sandbox.decoding.jpeg_scans import has_more_scans

SCAN = b"\xff\xda"


def jpeg(mode: str = "RGB", **options: Any) -> bytes:
    noise = np.random.default_rng(0).integers(0, 256, (48, 64, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).convert(mode).save(file, "JPEG", **options)
    return file.getvalue()


def again(data: bytes, times: int) -> bytes:
    """The last scan once more, and once more."""
    return data[:-2] + data[data.rindex(SCAN) : -2] * times + data[-2:]


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


PLAIN, PROGRESSIVE = jpeg(), jpeg(progressive=True)
RESTARTS = jpeg(progressive=True, restart_marker_blocks=1)
THUMBNAILS = PROGRESSIVE[:2] + segment(0xE1, again(PROGRESSIVE, 9)) + PROGRESSIVE[2:]
# file, scans, why
FILES = [
    (PLAIN, 1, "an ordinary one"),
    (PROGRESSIVE, 10, "a progressive one, as libjpeg writes it"),
    (jpeg("L", progressive=True), 6, "a grey one"),
    (jpeg("CMYK", progressive=True), 18, "one for print"),
    (RESTARTS, 10, "restarts are no scans"),
    (again(PROGRESSIVE, 40), 50, "one that goes over its picture again"),
    (again(PLAIN, 40), 1, "nobody reads what follows the only scan"),
    (again(RESTARTS, 5), 15, "restarts hide no scan"),
    (PROGRESSIVE + SCAN * 99, 10, "what is behind the picture is not looked at"),
    (THUMBNAILS, 10, "a thumbnail's scans are none of the picture's"),
    (PROGRESSIVE[: PROGRESSIVE.rindex(SCAN)], 9, "cut before the last scan"),
    (PROGRESSIVE[: PROGRESSIVE.rindex(SCAN) + 2], 9, "cut in the middle of its header"),
    (SCAN, 0, "a marker alone"),
    (b"", 0, "nothing"),
]


@pytest.mark.parametrize(("data", "scans", "why"), FILES, ids=[row[2] for row in FILES])
def test_scans_are_counted(data: bytes, scans: int, why: str) -> None:
    assert not has_more_scans(data, scans), why
    if scans > 1:
        assert has_more_scans(data, scans - 1), why


def test_it_depends_on_the_size() -> None:
    assert load_photo(again(PROGRESSIVE, 100)).width == 64, "on a small photo it costs nothing"
    large = io.BytesIO()
    Image.new("L", (7000, 7000)).save(large, "JPEG", progressive=True)
    assert load_photo(large.getvalue(), short_side=100).width == 7000
    with pytest.raises(PhotoError, match="takes too long"):
        load_photo(again(large.getvalue(), 40))
