"""What it costs to decode photos in a process of their own: isolated against in-process.

Run ``python benchmarks/loader.py``; it writes ``benchmarks/results/loader.json``. Both ways take
turns in one run, photo by photo, so that other load hits both alike.
"""

import io
import json
import platform
import statistics
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import PIL
import pillow_heif
from PIL import Image

from reddots.photo import decoder
from reddots.photo.loader import load_photo

RESULTS = Path(__file__).parent / "results" / "loader.json"
SIZES = {"2 megapixels": (1632, 1224), "12 megapixels": (4032, 3024)}
FORMATS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 90},
    "PNG": {"compress_level": 3},
    "HEIF": {"quality": 60},
}
SIDES = {"a shorter side of 288": 288, "full size": None}
TURNS = 25


def main() -> None:
    """Measure and write."""
    decoder.prepare()
    rows = []
    for size_name, size in SIZES.items():
        for file_format, options in FORMATS.items():
            data = photo(size, file_format, options)
            for side_name, side in SIDES.items():
                rows.append(row(data, side) | {"photo": f"{size_name} {file_format}, {side_name}"})
    page = [r["ratio"] for r in rows if r["photo"].endswith("288")]
    RESULTS.write_text(
        json.dumps(
            {
                "what": "milliseconds, medians of turns in one run; ratio: isolated to in-process",
                "turns": TURNS,
                "machine": f"{platform.machine()}, Python {platform.python_version()}, "
                f"Pillow {PIL.__version__}, pillow-heif {pillow_heif.__version__}",
                "worst ratio as the page asks": max(page),
                "rows": rows,
            },
            indent=1,
        )
        + "\n",
        encoding="utf-8",
    )


def row(data: bytes, side: int | None) -> dict[str, Any]:
    """Compare both ways for one photo."""

    def here() -> None:
        decoded = decoder.decode(data, side)
        np.array(decoded.picture, dtype=np.uint8)
        sha256(data).hexdigest()

    def isolated() -> None:
        load_photo(data, short_side=side)

    isolated()
    times: list[tuple[float, float]] = []
    for turn in range(TURNS):
        first, second = (here, isolated) if turn % 2 else (isolated, here)
        one, other = timed(first), timed(second)
        times.append((one, other) if turn % 2 else (other, one))
    inside, outside = (statistics.median(t[i] for t in times) for i in (0, 1))
    return {
        "in_process": round(inside * 1000, 2),
        "isolated": round(outside * 1000, 2),
        "ratio": round(outside / inside, 3),
        "least_ratio": round(min(t[1] for t in times) / min(t[0] for t in times), 3),
    }


def timed(act: Callable[[], None]) -> float:
    """Seconds that ``act`` takes."""
    time.sleep(0.01)  # what comes between two photos: the network
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def photo(size: tuple[int, int], file_format: str, options: dict[str, Any]) -> bytes:
    """Skin-coloured waves with grain, about as hard to pack as a real photo."""
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    grain = np.random.default_rng(0).normal(0, 6, (height, width, 1)).astype(np.float32)
    waves = np.stack([np.sin(x / 90), np.cos(y / 70), np.sin((x + y) / 110)], axis=2) * 20
    pixels = np.clip(np.array([205, 160, 140], np.float32) + waves + grain, 0, 255)
    pillow_heif.register_heif_opener()
    file = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(file, file_format, **options)
    return file.getvalue()


if __name__ == "__main__":
    main()
