"""Measures the comparison of two photos, and the glass pair, on rendered pairs whose truth is known.

    python benchmarks/spot_pairs.py MANIFEST -o benchmarks/results/spot-pairs.json --pairs 40

Skin of the manifest's photos, so that there is something to align by; the second picture is turned,
scaled, in another light, and shows the same spots, more, or the same under a pressed glass.
"""

import argparse
import json
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from reddots.datasets.manifest import read_manifest
from reddots.errors import ComparisonError
from reddots.photo.colour import to_linear
from reddots.simulation.rendering.lesions import PaintLayer
from reddots.simulation.rendering.renderer import Picture
from reddots.simulation.rendering.shading import Light
from reddots.simulation.rendering.shapes import ShapeStyle
from reddots.simulation.rendering.skin_patches import photo_patch
from reddots.simulation.spots.dataset import row_loader
from reddots.simulation.spots.photos import skin_loader
from reddots.simulation.spots.scene import photograph_scene
from reddots.spots.align import align
from reddots.spots.compare import compare_spots
from reddots.spots.detector import SpotDetector
from reddots.spots.glass import spots_under_glass

SIDE = 512
KINDS = ("same", "more", "pressed_bleed", "pressed_blood")
Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Pair:
    """Two pictures, and whether the second has more spots, or keeps them under the glass."""

    kind: str
    first: Pixels
    second: Pixels


def layer(pigment: str, count: int) -> PaintLayer:
    """Return plainly visible spots of 3 to 4 mm on 10 cm of skin."""
    amount = (0.08, 0.25) if pigment == "bleed" else (0.05, 0.15)
    return PaintLayer(
        diameter_mm=(3.5, 1.2), count=(count, count), arrangement={"scattered": 1.0},
        edge_mm=(0.2, 0.5), pigment=pigment, amount=amount, days=(0, 2),
    )  # fmt: skip


def render(kind: str, load: Any, rng: np.random.Generator) -> Pair:
    """Return one pair."""
    patch = None
    while patch is None:
        photo = load(rng)
        patch = photo_patch(photo, SIDE, rng, (0.7, 1.0)) if photo is not None else None
    pigment = "blood" if kind == "pressed_blood" else "bleed"
    light = to_linear(patch.pixels)
    picture = Picture(patch, SIDE / 100, light, Light(rng), ShapeStyle(), rng)
    picture.add(layer(pigment, 14))
    first = picture.pixels
    if kind == "more":
        picture.add(layer(pigment, 9))
    second = patch.pixels if kind == "pressed_blood" else picture.pixels
    if kind.startswith("pressed"):  # skin under glass is paler, and mirrors a little
        second = np.clip(second * 0.9 + 24, 0, 255).astype(np.uint8)
    turn = cv2.getRotationMatrix2D(
        (SIDE / 2, SIDE / 2), rng.uniform(-25, 25), rng.uniform(0.9, 1.1)
    )
    turned = cv2.warpAffine(second, turn, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE)
    return Pair(kind, *(mild(p, rng) for p in (first, turned)))


def mild(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Photograph as a careful person would: another exposure, neither moved nor far away."""
    while True:
        seen = photograph_scene(pixels, SIDE, rng)
        grey = seen.mean(axis=2)
        if float(np.abs(np.diff(grey, axis=0)).mean()) > 0.5 * float(
            np.abs(np.diff(pixels.mean(axis=2), axis=0)).mean()
        ):
            return seen


def judge(pair: Pair, detector: SpotDetector) -> str:
    """Return ``refused``, ``raised`` or ``silent``."""
    before, after = detector.detect(pair.first), detector.detect(pair.second)
    try:
        laid = align(pair.first, pair.second)
    except ComparisonError:
        return "refused"
    if pair.kind.startswith("pressed"):
        raised = spots_under_glass(pair.second, before, laid).answers
    else:
        raised = compare_spots(pair.first, pair.second, before, after, laid).answers
    return "raised" if raised else "silent"


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--pairs", type=int, default=40, help="of each kind")
    parser.add_argument("--detector", type=Path)
    given = parser.parse_args()
    manifest = read_manifest(given.manifest)
    load = skin_loader(manifest.rows, row_loader(manifest.folder, manifest.rows))
    detector = SpotDetector.load(given.detector)
    found: dict[str, dict[str, int]] = {}
    for number, kind in enumerate(KINDS):
        counts: dict[str, int] = defaultdict(int)
        for seed in range(given.pairs):
            pair = render(kind, load, np.random.default_rng([number, seed]))
            counts[judge(pair, detector)] += 1
        found[kind] = dict(counts)
        sys.stdout.write(f"{kind}: {found[kind]}\n")
    written = {"detector": detector.side_car.version, "pairs": given.pairs, "found": found}
    given.output.write_text(json.dumps(written, indent=1) + "\n")


if __name__ == "__main__":
    main()
