"""Cost of the integrity checks of a JPEG: decoding with them against without, in turns.

Run ``python benchmarks/jpeg_integrity.py``; it writes ``benchmarks/results/jpeg-integrity.json``.
12-megapixel JPEGs at the network's scale, decoded in this process, the least processor time of the
turns. An ordinary photo is only searched; the others are those of which a second reading is needed.
"""

import io
import json
import platform
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from unittest import mock

import numpy as np
import PIL
from PIL import Image

from reddots.photo.problems import DecodeError
from reddots.photo.sandbox import decoder
from reddots.photo.sandbox.decoding import jpeg_integrity

RESULTS = Path(__file__).parent / "results" / "jpeg-integrity.json"
SIZE = (4032, 3024)
SIDE = 288
TURNS = 15
_GREY = 128
_SMALL = 600_000  # bytes; a missing pair of CR and LF may be chance there


def main() -> None:
    """Measure and write."""
    decoder.prepare()
    rows = []
    for name, data in photos():
        best, says = {True: float("inf"), False: float("inf")}, {}
        for _ in range(TURNS):
            for checked in (True, False):
                with nullcontext() if checked else unchecked():
                    began = time.process_time()
                    says[checked] = outcome(data)
                    best[checked] = min(best[checked], time.process_time() - began)
        rows.append(
            {
                "photo": name,
                "megabytes": round(len(data) / 1e6, 2),
                "with": says[True],
                "without": says[False],
                "milliseconds_with": round(1000 * best[True], 1),
                "milliseconds_without": round(1000 * best[False], 1),
            }
        )
        sys.stdout.write(f"{rows[-1]}\n")
    machine = f"{platform.machine()}, Python {platform.python_version()}, Pillow {PIL.__version__}"
    RESULTS.write_text(json.dumps({"machine": machine, "turns": TURNS, "rows": rows}, indent=1))


@contextmanager
def unchecked() -> Iterator[None]:
    """Decode without looking for lost bytes and a lost end."""
    nothing = {"require_no_lost_bytes": mock.DEFAULT, "require_no_lost_end": mock.DEFAULT}
    with mock.patch.multiple(jpeg_integrity, **nothing):
        yield


def outcome(data: bytes) -> str:
    """Return what becomes of a photo."""
    try:
        decoder.decode(data, SIDE)
    except DecodeError as error:
        return error.cause
    return "read"


def photos() -> Iterator[tuple[str, bytes]]:
    """Yield the kinds of photo by name."""
    whole = jpeg(90)
    yield "whole", whole
    yield "without its end marker", whole[:-2]
    yield "ending in grey of its own", jpeg(90, grey=True)
    yield "cut in the middle and closed", whole[: len(whole) // 2] + jpeg_integrity.END
    yield "each CR before LF dropped", whole.replace(b"\r\n", b"\n")
    small = next(data for data in map(jpeg, range(10, 90, 5)) if len(data) > _SMALL)
    yield "the same of a smaller file", small.replace(b"\r\n", b"\n")


def jpeg(quality: int, *, grey: bool = False) -> bytes:
    """Return a picture of skin with noise; with ``grey`` its last corner is what decoders fill."""
    rng = np.random.default_rng(0)
    small = Image.fromarray(rng.integers(150, 230, (9, 12, 3), np.uint8))
    pixels = np.asarray(small.resize(SIZE, Image.Resampling.BICUBIC)).astype(np.int16)
    pixels += rng.integers(-12, 13, pixels.shape, dtype=np.int16)
    if grey:
        pixels[-256:, -256:] = _GREY
    file = io.BytesIO()
    Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(file, "JPEG", quality=quality)
    return file.getvalue()


if __name__ == "__main__":
    main()
