"""Evaluation of the spot detector on synthetic scenes and on photos without spots."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from reddots.simulation.spots.scene import Scene
from reddots.simulation.spots.targets import DOUBTFUL, LEAST, MOST, SURE
from reddots.spots.matching import PointScore, score_points
from reddots.spots.spot import Spots

Pixels = npt.NDArray[np.uint8]
Rows = npt.NDArray[np.float64]
Detect = Callable[[Pixels], Spots]

SIZES: Final = ((2.0, 4.0), (4.0, 8.0), (8.0, 16.0), (16.0, 32.0), (32.0, MOST))  # pixels
_THRESHOLDS: Final = tuple(round(0.06 + 0.02 * n, 2) for n in range(45))
_FALSE_ALARM: Final = 2  # spots that a photo without any may show


@dataclass(frozen=True, eq=False)
class Detected:
    """One picture's truth and its detections at the lowest threshold.

    Attributes:
        found: N × 4: x, y, diameter in pixels and strength, surest first.
        true: M × 3: spots that are surely visible.
        open_: K × 3: what may or may not be seen.
        tone: Fitzpatrick type of generated skin, else None.
    """

    found: Rows
    true: Rows
    open_: Rows
    tone: int | None = None

    def score(self, threshold: float, sizes: tuple[float, float] | None = None) -> PointScore:
        """Return the counts at a threshold, of spots of all sizes or of some.

        Of some sizes, a detection counts by its own diameter, and spots of others are left open.
        """
        found = self.found[self.found[:, 3] >= threshold]
        if sizes is None:
            return score_points(found, self.true, (self.open_,))
        chosen = (self.true[:, 2] >= sizes[0]) & (self.true[:, 2] < sizes[1])
        of_size = score_points(found, self.true[chosen], ())
        alike = found[(found[:, 2] >= sizes[0]) & (found[:, 2] < sizes[1])]
        false = score_points(alike, self.true, (self.open_,)).false
        return PointScore(of_size.hits, of_size.missed, false)


def detect_scenes(detect: Detect, scenes: Iterable[Scene]) -> list[Detected]:
    """Return the detections on scenes; ``detect`` is to use the lowest threshold."""
    found = []
    for scene in scenes:
        spots = scene.spots.astype(np.float64)
        seen = spots[spots[:, 3] >= DOUBTFUL]
        sure = (seen[:, 3] >= SURE) & (seen[:, 2] >= LEAST) & (seen[:, 2] <= MOST)
        open_ = np.concatenate([seen[~sure, :3], scene.unsaid.astype(np.float64)])
        found.append(Detected(_rows(detect(scene.pixels)), seen[sure, :3], open_, scene.tone))
    return found


def detect_photos(detect: Detect, photos: Iterable[Pixels]) -> list[Detected]:
    """Return the detections on photos without spots."""
    none = np.zeros((0, 3))
    return [Detected(_rows(detect(pixels)), none, none) for pixels in photos]


def choose_threshold(scenes: Sequence[Detected], photos: Sequence[Detected]) -> float:
    """Return the threshold at which F1 times the share of quiet photos is greatest.

    F1 is over scenes and photos without spots together; quiet is a photo without spots that shows
    at most two.
    """

    def worth(threshold: float) -> float:
        quiet = _quiet(photos, threshold) / len(photos) if photos else 1.0
        return _total([*scenes, *photos], threshold).f1 * quiet

    return max(_THRESHOLDS, key=worth)


def metrics(
    scenes: Sequence[Detected], photos: Sequence[Detected], threshold: float
) -> dict[str, Any]:
    """Return recall, precision and F1: overall, by size in pixels, by tone; and false alarms."""
    tones = sorted({s.tone for s in scenes if s.tone})
    return {
        "threshold": threshold,
        "scenes": len(scenes),
        "all": _values(_total(scenes, threshold)),
        "diameter": {
            f"{low:g} to {high:g}": _values(_total(scenes, threshold, (low, high)))
            for low, high in SIZES
        },
        "tone": {
            str(tone): _values(_total([s for s in scenes if s.tone == tone], threshold))
            for tone in tones
        },
        "photos_without": {
            "n": len(photos),
            "at_most_2": _quiet(photos, threshold),
        },
    }


def _quiet(photos: Sequence[Detected], threshold: float) -> int:
    return sum(int((p.found[:, 3] >= threshold).sum()) <= _FALSE_ALARM for p in photos)


def _total(
    pictures: Sequence[Detected], threshold: float, sizes: tuple[float, float] | None = None
) -> PointScore:
    return sum((p.score(threshold, sizes) for p in pictures), PointScore(0, 0, 0))


def _values(score: PointScore) -> dict[str, Any]:
    shares = {name: getattr(score, name) for name in ("recall", "precision", "f1")}
    rounded = {k: None if np.isnan(v) else round(v, 3) for k, v in shares.items()}
    return {**asdict(score), **rounded}


def _rows(spots: Spots) -> Rows:
    return np.array([(s.x, s.y, s.diameter, s.strength) for s in spots]).reshape(-1, 4)
