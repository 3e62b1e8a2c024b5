"""Object detector for spots: an exported network run by ONNX Runtime, and its decoding."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from reddots.classifier.onnx_runtime import open_session
from reddots.spots.peaks import MOST_PEAKS, MOST_SPOTS, Rows, decode_peaks, suppress
from reddots.spots.sampling import like_skin, spot_colours
from reddots.spots.side_car import SpotSideCar, newest_detector, open_side_car
from reddots.spots.spot import Spot, Spots

_OVERLAP = 128  # pixels that neighbouring tiles share
_MOST_TILES = 16


class SpotDetector:
    """An opened spot detector. One session, one thread.

    Example:
        detector = SpotDetector.load()
        spots = detector.detect(load_photo(path, long_side=detector.long_side).pixels)
    """

    def __init__(self, side_car: SpotSideCar, session: Any) -> None:
        """Use :meth:`load`."""
        self.side_car = side_car
        self._session = session

    @classmethod
    def load(cls, path: Path | None = None) -> "SpotDetector":
        """Open the detector whose side-car is ``path``, or the newest shipped one.

        Raises:
            CheckpointError: it is missing, not in order, or tampered with.
        """
        path = path or newest_detector()
        side_car, network = open_side_car(path)
        return cls(side_car, open_session(network, path.stem, fixed_size=False))

    @property
    def long_side(self) -> int:
        """Pixels that a photo's longer side needs at most, for the loader."""
        return self.side_car.input.long_side

    def detect(self, pixels: npt.NDArray[np.uint8], *, tiles: bool = False) -> Spots:
        """Return the spots of one upright sRGB photo (H × W × 3, uint8).

        Args:
            pixels: the photo; its longer side is brought to that of the side-car.
            tiles: look at a larger photo at its own size, in overlapping tiles, for dots that
                would be lost: at most 16 tiles, beyond which it is brought down to fit.
        """
        height, width = pixels.shape[:2]
        found = self._tiled(pixels) if tiles else self._scaled(pixels)
        limits, cut_off = self.side_car.thresholds, len(found) == MOST_SPOTS
        if not len(found):
            return Spots((), width, height)
        colour, around = spot_colours(pixels, found)
        difference = colour - around
        lighter, redder = difference[:, 0], difference[:, 1]
        # On dark skin blood is seen by being darker.
        is_red = (redder >= limits.redder) | ((lighter <= -limits.redder) & (redder > -1))
        kept = np.flatnonzero(is_red)
        if not len(kept):
            return Spots((), width, height)
        rows = np.column_stack([found, difference, colour])[kept].tolist()
        spots = tuple(
            Spot(x, y, wide, strength, (dl, da, db), (light, red, yellow))
            for x, y, wide, strength, dl, da, db, light, red, yellow in rows
        )
        return Spots(spots, width, height, like_skin(pixels, around[kept]), cut_off)

    def maps(self, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Return the network's maps (3 × H/stride × W/stride) of pixels at the network's size."""
        height, width = pixels.shape[:2]
        multiple = self.side_car.input.multiple
        down, right = -height % multiple, -width % multiple
        planes = np.empty((1, 3, height + down, width + right), np.float32)
        np.multiply(
            pixels.transpose(2, 0, 1), np.float32(1 / 127.5), out=planes[0, :, :height, :width]
        )
        planes[0, :, :height, width:] = planes[0, :, :height, width - 1 : width]
        planes[0, :, height:] = planes[0, :, height - 1 : height]
        planes -= 1
        maps: npt.NDArray[np.float32] = self._session.run(["maps"], {"photo": planes})[0][0]
        stride = self.side_car.input.stride
        return maps[:, : -(-height // stride), : -(-width // stride)]

    def _scaled(self, pixels: npt.NDArray[np.uint8]) -> Rows:
        spec = self.side_car.input
        return self._at_scale(pixels, min(spec.long_side / max(pixels.shape[:2]), spec.enlarge))

    def _at_scale(self, pixels: npt.NDArray[np.uint8], scale: float) -> Rows:
        spec, limits = self.side_car.input, self.side_car.thresholds
        small = _resized(pixels, scale)
        found = decode_peaks(self.maps(small), spec.stride, limits.strength, limits.apart)
        height, width = pixels.shape[:2]
        found[:, 0] *= width / small.shape[1]
        found[:, 1] *= height / small.shape[0]
        found[:, 2] /= scale
        return found

    def _tiled(self, pixels: npt.NDArray[np.uint8]) -> Rows:
        side = self.side_car.input.long_side
        height, width = pixels.shape[:2]
        if max(height, width) <= side:
            return self._scaled(pixels)
        step = side - _OVERLAP
        most = int(np.sqrt(_MOST_TILES)) * step
        shrink = min(1.0, most / max(height, width))
        whole = _resized(pixels, shrink)
        parts = [self._scaled(pixels)]
        for top in range(0, max(whole.shape[0] - _OVERLAP, 1), step):
            for left in range(0, max(whole.shape[1] - _OVERLAP, 1), step):
                found = self._at_scale(whole[top : top + side, left : left + side], 1.0)
                found[:, :2] += (left, top)
                found[:, :3] /= shrink
                parts.append(found)
        found = np.concatenate(parts)
        found = found[np.argsort(-found[:, 3], kind="stable")][:MOST_PEAKS]
        return found[suppress(found, max(self.side_car.thresholds.apart, 0.5))][:MOST_SPOTS]


def _resized(pixels: npt.NDArray[np.uint8], scale: float) -> npt.NDArray[np.uint8]:
    if scale == 1:
        return pixels
    height, width = pixels.shape[:2]
    size = max(1, round(width * scale)), max(1, round(height * scale))
    image = Image.fromarray(pixels)
    return np.asarray(image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0))
