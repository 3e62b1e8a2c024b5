"""Measures the tourniquet count on painted forearms of six skin types, whose petechiae are known.

    python benchmarks/tourniquet.py -o benchmarks/results/tourniquet.json --arms 10

An arm is generated skin with petechiae in the shape style that trained nothing, a square of 2.5 cm drawn
by hand with a pen, seen aslant and through a camera; or, with --coin, a coin beside them, and the square
that has most petechiae. What counts as true are the petechiae in the
square that can be seen: from the contrast at which the spot detector's training calls them sure.
"""

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from reddots.errors import ComparisonError
from reddots.photo.colour import to_linear
from reddots.simulation.rendering.lesions import PaintLayer
from reddots.simulation.rendering.renderer import Picture
from reddots.simulation.rendering.shading import Light
from reddots.simulation.rendering.shapes import OTHER_STYLE
from reddots.simulation.rendering.synthetic_skin import TONES, generated_skin
from reddots.simulation.spots.scene import contrast, photograph_scene
from reddots.simulation.spots.targets import SURE
from reddots.spots.detector import SpotDetector
from reddots.spots.tourniquet import read_rule, tourniquet_count

SIDE = 900  # pixels
INKS = ((20, 20, 30), (30, 40, 120), (235, 235, 230))  # black, blue; white on dark skin
METALS = ((196, 168, 96), (186, 188, 192), (150, 96, 66))  # brass, nickel, copper
COIN_MM = 23.25  # one euro
Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Arm:
    """A photo of a painted arm, the corners of its square, and how many petechiae are in it."""

    pixels: Pixels
    corners: npt.NDArray[np.float64]
    count: int


def render(tone: int, wanted: int, rng: np.random.Generator, *, coin: bool = False) -> Arm:
    """Return an arm with about so many petechiae in its square, or with a coin."""
    patch = generated_skin(tone, SIDE, rng)
    while patch.mask.mean() < 0.6:
        patch = generated_skin(tone, SIDE, rng)
    field = rng.uniform(55, 90)  # mm across the photo
    side = read_rule().square_mm * SIDE / field
    corners = _aslant(side, rng)
    picture = Picture(patch, SIDE / field, to_linear(patch.pixels), Light(rng), OTHER_STYLE, rng)
    total = round(wanted * (SIDE / side) ** 2)
    if total:
        picture.add(PaintLayer(
            diameter_mm=(1.4, 1.4), count=(total, total), arrangement={"scattered": 1.0},
            edge_mm=(0.1, 0.4), pigment="bleed", amount=(0.06, 0.28), depth_mm=(0.03, 0.15),
            days=(0.0, 3.0),
        ))  # fmt: skip
    ink = INKS[2] if tone >= 5 else INKS[int(rng.integers(2))]
    seed = int(rng.integers(2**32))
    wide = COIN_MM * SIDE / field
    middle = rng.uniform(0.6 * wide, SIDE - 0.6 * wide, 2)

    def seen_through(pixels: Pixels) -> Pixels:
        laid = _laid(pixels, middle, wide, seed) if coin else _drawn(pixels, corners, ink, seed)
        return photograph_scene(laid, SIDE, np.random.default_rng(seed))

    with_, without = seen_through(picture.pixels), seen_through(patch.pixels)
    points = [np.column_stack([xy, 2 * radius]) for _, xy, radius in picture.placed]
    spots = np.concatenate(points) if points else np.zeros((0, 3))
    inside = [
        cv2.pointPolygonTest(corners.astype(np.float32), (float(x), float(y)), False) > 0
        for x, y, _ in spots
    ]
    seen = contrast(with_, without, spots) >= SURE
    if coin:
        bare = np.hypot(*(spots[:, :2] - middle).T) > 0.53 * wide
        return Arm(with_, corners, _most(spots[seen & bare, :2], middle, wide, side))
    return Arm(with_, corners, int((seen & np.array(inside, bool)).sum()))


def _aslant(side: float, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    turn = rng.uniform(0, np.pi / 2)
    square = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * side / 2
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    moved = square @ rotation.T + rng.normal(0, 0.03 * side, (4, 2))
    corners: npt.NDArray[np.float64] = moved + SIDE / 2 + rng.uniform(-0.06, 0.06, 2) * SIDE
    return corners


def _drawn(
    pixels: Pixels, corners: npt.NDArray[np.float64], ink: tuple[int, ...], seed: int
) -> Pixels:
    """Draw the square by hand: sides that waver, corners that overshoot."""
    rng = np.random.default_rng(seed)
    drawn = pixels.copy()
    thick = int(rng.integers(3, 7))
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        along = np.linspace(-0.02, 1.02, 12)[:, None]
        line = start + along * (end - start) + rng.normal(0, 1.5, (12, 2))
        cv2.polylines(drawn, [line.round().astype(np.int32)], False, ink, thick, cv2.LINE_AA)
    return np.asarray(cv2.addWeighted(drawn, 0.85, pixels, 0.15, 0), np.uint8)


def _laid(pixels: Pixels, middle: npt.NDArray[np.float64], wide: float, seed: int) -> Pixels:
    """Lay a coin on the skin: a shadow, a rim, a relief, a gleam."""
    rng = np.random.default_rng(seed)
    metal = np.array(METALS[int(rng.integers(len(METALS)))], float)
    rows, columns = np.mgrid[: pixels.shape[0], : pixels.shape[1]]
    away = np.hypot(columns - middle[0], rows - middle[1]) / (wide / 2)
    shadow = np.hypot(columns - middle[0] - 0.03 * wide, rows - middle[1] - 0.03 * wide) / (
        wide / 2
    )
    gleam = 1 + 0.25 * np.cos(np.arctan2(rows - middle[1], columns - middle[0]) - rng.uniform(0, 6))
    relief = np.where((away > 0.86) & (away < 0.93), 0.8, 1.0) * gleam
    relief *= 1 + 0.12 * np.sin(away * 14 + rng.uniform(0, 6))
    face = metal * relief[..., None] + rng.normal(0, 3, pixels.shape)
    dark = np.clip(1.03 - shadow, 0, 0.03)[..., None] / 0.03 * 0.35
    edge = np.clip((1.0 - away) * wide / 2 + 0.5, 0, 1)[..., None]
    laid = pixels * (1 - dark) * (1 - edge) + face * edge
    return np.clip(laid, 0, 255).astype(np.uint8)


def _most(
    places: npt.NDArray[np.float64], middle: npt.NDArray[np.float64], wide: float, side: float
) -> int:
    """Return how many lie in the square, beside the coin, that has most of them."""
    best = 0
    for x in {0.0, SIDE - side, *places[:, 0]}:
        for y in {0.0, SIDE - side, *places[:, 1]}:
            nearest = np.clip(middle, (x, y), (x + side, y + side))
            if (
                x <= SIDE - side
                and y <= SIDE - side
                and np.hypot(*(nearest - middle)) > 0.53 * wide
            ):
                inside = ((places >= (x, y)) & (places <= (x + side, y + side))).all(axis=1)
                best = max(best, int(inside.sum()))
    return best


def judge(arm: Arm, detector: SpotDetector, *, coin: bool = False) -> dict[str, Any]:
    """Return the count found beside the true one; None where no square was found."""
    try:
        found = tourniquet_count(arm.pixels, detector, coin_mm=COIN_MM if coin else None)
    except ComparisonError:
        return {"true": arm.count, "found": None}
    if coin:
        return {"true": arm.count, "found": found.count}
    apart = np.hypot(*(found.corners[:, None] - arm.corners[None]).transpose(2, 0, 1))
    return {
        "true": arm.count,
        "found": found.count,
        "corner_error": round(float(apart.min(axis=1).max()), 1),
    }


def summary(rows: list[dict[str, Any]]) -> dict[str, int]:
    """Return how many counts are within 2 or a fifth, and on the right side of the threshold."""
    least, known = read_rule().threshold, [r for r in rows if r["found"] is not None]
    return {
        "arms": len(rows),
        "square_found": len(known),
        "within_2_or_a_fifth": sum(
            abs(r["found"] - r["true"]) <= max(2, r["true"] / 5) for r in known
        ),
        "right_side": sum((r["found"] >= least) == (r["true"] >= least) for r in known),
    }


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--arms", type=int, default=10, help="of each skin type")
    parser.add_argument("--detector", type=Path)
    parser.add_argument("--coin", action="store_true", help="a coin in place of the square")
    given = parser.parse_args()
    detector = SpotDetector.load(given.detector)
    rows: dict[int, list[dict[str, Any]]] = {}
    for tone in TONES:
        rng = np.random.default_rng([17, tone])
        counts = [round(float(np.exp(rng.uniform(0, np.log(41)))) - 1) for _ in range(given.arms)]
        rows[tone] = [
            judge(render(tone, count, rng, coin=given.coin), detector, coin=given.coin)
            for count in counts
        ]
        sys.stderr.write(f"type {tone}: {summary(rows[tone])}\n")
    found = {
        "detector": detector.side_car.version,
        "scale": "coin" if given.coin else "square",
        "all": summary([row for each in rows.values() for row in each]),
        "tone": {str(tone): summary(each) for tone, each in rows.items()},
        "arms": {str(tone): each for tone, each in rows.items()},
    }
    given.output.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
