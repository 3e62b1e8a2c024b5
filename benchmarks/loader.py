"""What it costs to decode photos in a process of their own: isolated against in-process.

Run ``python benchmarks/loader.py``; it writes ``benchmarks/results/loader.json``. All ways take
turns in one run, photo by photo, so that other load hits all alike. ``isolated`` has a process for
each photo, as on the page; ``together`` has one for 25, as in a batch of one owner's photos.
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

from reddots.photo.loader import load_photo
from reddots.photo.sandbox import decoder
from reddots.photo.sandbox.limits import Limits
from reddots.photo.sandbox.pool import Pool

RESULTS = Path(__file__).parent / "results" / "loader.json"
SIZES = {"2 megapixels": (1632, 1224), "12 megapixels": (4032, 3024)}
FORMATS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 90},
    "PNG": {"compress_level": 3},
    "HEIF": {"quality": 60},
}
SIDES = {"a shorter side of 288": 288, "full size": None}
TURNS = 80  # of every way, or as many as fit into the seconds
SECONDS = 15.0


def main() -> None:
    """Measure and write."""
    decoder.prepare()
    together = Pool(1, Limits(photos=25))
    rows = []
    for size_name, size in SIZES.items():
        for file_format, options in FORMATS.items():
            data = photo(size, file_format, options)
            for side_name, side in SIDES.items():
                rows.append(
                    row(data, side, together) | {"photo": f"{size_name} {file_format}, {side_name}"}
                )
    RESULTS.write_text(
        json.dumps(
            {
                "what": "least milliseconds of the turns; ratios are to in-process",
                "machine": f"{platform.machine()}, Python {platform.python_version()}, "
                f"Pillow {PIL.__version__}, pillow-heif {pillow_heif.__version__}",
                "rows": rows,
            },
            indent=1,
        )
        + "\n",
        encoding="utf-8",
    )


def row(data: bytes, side: int | None, together: Pool) -> dict[str, Any]:
    """Compare the ways for one photo."""

    def here() -> None:
        decoded = decoder.decode(data, side)
        np.array(decoded.picture, dtype=np.uint8)
        sha256(data).hexdigest()

    ways: dict[str, Callable[[], object]] = {
        "in_process": here,
        "isolated": lambda: load_photo(data, short_side=side),
        "together": lambda: together.decode(data, side),
    }
    for act in ways.values():
        act()
    times: dict[str, list[float]] = {name: [] for name in ways}
    began = time.monotonic()
    for _ in range(TURNS):
        for name, act in ways.items():
            times[name].append(timed(act))
        if time.monotonic() - began > SECONDS:
            break
    least = {name: min(found) * 1000 for name, found in times.items()}
    usual = {name: statistics.median(found) for name, found in times.items()}
    return {
        **{name: round(found, 2) for name, found in least.items()},
        "ratio_isolated": round(least["isolated"] / least["in_process"], 3),
        "ratio_together": round(least["together"] / least["in_process"], 3),
        "median_ratio_isolated": round(usual["isolated"] / usual["in_process"], 3),
        "median_ratio_together": round(usual["together"] / usual["in_process"], 3),
        "turns": len(times["isolated"]),
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
