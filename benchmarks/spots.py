"""Measures the spot detector on photos whose spots were counted and placed by eye, and its speed.

    python benchmarks/spots.py ../shared/spots ../shared -o benchmarks/results/spots.json

The first folder has ``points.csv``, ``doubtful.csv`` and ``counts.csv`` (see its README), the
second what their columns ``source`` and ``photo`` start from. A plain difference of Gaussians on
redness is measured beside it. Nothing is chosen here.
"""

import argparse
import csv
import hashlib
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from reddots.photo.colour import to_lab
from reddots.spots.detector import SpotDetector
from reddots.spots.matching import PointScore, score_points
from reddots.spots.peaks import suppress

Rows = npt.NDArray[np.float64]
Find = Callable[[npt.NDArray[np.uint8]], Rows]
_NONE = np.zeros((0, 3))
_COUNT = 1 / 3  # a count is right within a third of the range that the marker gave
_FALSE_ALARM = 2
_RATIO = 1.6  # of the two Gaussians
_WIDTHS = (1.2, 2.0, 3.3, 5.5, 9.0, 15.0)  # standard deviations, pixels
_GAUSSIAN_LIMITS = (1.0, 2.0, 3.0)


def read_points(path: Path) -> dict[str, Rows]:
    """Return x, y and diameter of the placed spots, by photo."""
    found: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            found[row["photo"]].append(tuple(float(row[n]) for n in ("x", "y", "diameter")))
    return {photo: np.array(rows) for photo, rows in found.items()}


def measure(find: Find, truth: Path, photos: Path) -> dict[str, Any]:
    """Return recall and precision of points, errors of the count, and false alarms."""
    points, doubtful = (read_points(truth / n) for n in ("points.csv", "doubtful.csv"))
    with (truth / "counts.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    every, certain, errors = PointScore(0, 0, 0), PointScore(0, 0, 0), []
    right, counted, quiet, empty = 0, 0, 0, 0
    by_photo = []
    for row in rows:
        data = (photos / row["source"] / row["photo"]).read_bytes()
        if hashlib.sha256(data).hexdigest() != row["sha256"]:
            raise SystemExit(f"{row['photo']} is another photo than the one that was marked.")
        with Image.open(photos / row["source"] / row["photo"]) as image:
            found = find(np.asarray(image.convert("RGB")))
        low, high = int(row["low"]), int(row["high"])
        noted: dict[str, Any] = {"label": row["label"], "truth": [low, high], "found": len(found)}
        if high:
            counted += 1
            right += low * (1 - _COUNT) <= len(found) <= high * (1 + _COUNT)
            errors.append(abs(np.log(max(len(found), 0.5) / np.sqrt(low * high))))
        else:
            empty += 1
            quiet += len(found) <= _FALSE_ALARM
        if high and row["placed"] == "yes":
            name = row["photo"]
            score = score_points(found, points.get(name, _NONE), (doubtful.get(name, _NONE),))
            every += score
            certain += score if row["certain"] == "yes" else PointScore(0, 0, 0)
            noted |= {"hits": score.hits, "missed": score.missed, "false": score.false}
        by_photo.append(noted)
    return {
        "points": shares(every),
        "points_certain": shares(certain),
        "count_within_a_third": [right, counted],
        "count_median_factor": round(float(np.exp(np.median(errors))), 2),
        "at_most_2_without": [quiet, empty],
        "photos": by_photo,
    }


def shares(score: PointScore) -> dict[str, Any]:
    """Return the counts and shares of a score."""
    return {
        "hits": score.hits,
        "missed": score.missed,
        "false": score.false,
        "recall": round(score.recall, 3),
        "precision": round(score.precision, 3),
        "f1": round(score.f1, 3),
    }


def by_gaussians(limit: float) -> Find:
    """Return a detector by differences of Gaussians of a*, above ``limit``."""
    from scipy.ndimage import gaussian_filter, maximum_filter

    def find(pixels: npt.NDArray[np.uint8]) -> Rows:
        redness = to_lab(pixels)[1]
        parts = []
        for width in _WIDTHS:
            found = gaussian_filter(redness, width) - gaussian_filter(redness, _RATIO * width)
            top = (maximum_filter(found, 2 * int(width) + 1) == found) & (found > limit)
            y, x = np.nonzero(top)
            wide = np.full(len(x), 2 * np.sqrt(2) * width)
            parts.append(np.column_stack([x + 0.5, y + 0.5, wide, found[y, x]]))
        rows = np.concatenate(parts)
        rows = rows[np.argsort(-rows[:, 3], kind="stable")][:3000]
        return rows[suppress(rows, 0.5)]

    return find


def by_detector(detector: SpotDetector) -> Find:
    """Return the detector as a function to rows."""

    def find(pixels: npt.NDArray[np.uint8]) -> Rows:
        spots = detector.detect(pixels)
        return np.array([(s.x, s.y, s.diameter, s.strength) for s in spots]).reshape(-1, 4)

    return find


def milliseconds(detector: SpotDetector, repeats: int = 15) -> dict[str, float]:
    """Return the least and the median time of one decoded photo, one thread, of the processor.

    The processor's time, so that other programs of the machine count less.
    """
    rng = np.random.default_rng(0)
    small = Image.fromarray(rng.integers(90, 220, (300, 400, 3)).astype(np.uint8))
    wide = detector.long_side  # as loaded
    pixels = np.asarray(small.resize((wide, 3 * wide // 4), Image.Resampling.BICUBIC))
    times = []
    for _ in range(repeats):
        began = time.process_time()
        detector.detect(pixels)
        times.append(1000 * (time.process_time() - began))
    return {"least": round(min(times), 1), "median": round(float(np.median(times)), 1)}


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("truth", type=Path)
    parser.add_argument("photos", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--detector", type=Path)
    given = parser.parse_args()
    detector = SpotDetector.load(given.detector)
    found = {
        "detector": detector.side_car.version,
        "sha256": detector.side_car.sha256["onnx"],
        "threshold": detector.side_car.thresholds.strength,
        "milliseconds": milliseconds(detector),
        "ours": measure(by_detector(detector), given.truth, given.photos),
        "difference_of_gaussians": {},
    }
    for limit in _GAUSSIAN_LIMITS:
        plain = measure(by_gaussians(limit), given.truth, given.photos)
        plain.pop("photos")
        found["difference_of_gaussians"][str(limit)] = plain
    given.output.write_text(json.dumps(found, indent=1) + "\n")
    sys.stdout.write(f"{found['ours']['points']}, {found['milliseconds']} ms\n")


if __name__ == "__main__":
    main()
