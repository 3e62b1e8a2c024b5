"""Image registration of two photos of the same place: SIFT features, RANSAC, affine transform.

Lowe, Int J Comput Vis 2004;60:91; Fischler and Bolles, Commun ACM 1981;24:381. Needs the extra
``compare`` (OpenCV).
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from reddots.errors import ComparisonError

Pixels = npt.NDArray[np.uint8]
Matrix = npt.NDArray[np.float64]

_LONG_SIDE: Final = 1024
_FEATURES: Final = 3000
_RATIO: Final = 0.8  # best over second-best distance of a match: Lowe 2004
_REACH: Final = 4.0  # pixels that a match may lie beside the transform
_LEAST_INLIERS: Final = 12
_LEAST_SHARE: Final = 0.12  # of the matches
_SCALES: Final = (0.3, 3.3)
_MOST_SHEAR: Final = 1.6  # ratio of the transform's singular values


@dataclass(frozen=True, eq=False)
class Alignment:
    """How the second photo lies on the first.

    Attributes:
        matrix: 2 × 3; takes pixels (x, y, 1) of the second photo to pixels of the first.
        inliers: matches that fit it.
    """

    matrix: Matrix
    inliers: int

    @property
    def scale(self) -> float:
        """Pixels of the first photo to one of the second."""
        return float(np.sqrt(abs(np.linalg.det(self.matrix[:, :2]))))

    def onto_first(self, points: Matrix) -> Matrix:
        """Return points (N × 2) of the second photo in pixels of the first."""
        moved: Matrix = points @ self.matrix[:, :2].T + self.matrix[:, 2]
        return moved

    def onto_second(self, points: Matrix) -> Matrix:
        """Return points (N × 2) of the first photo in pixels of the second."""
        moved: Matrix = (points - self.matrix[:, 2]) @ np.linalg.inv(self.matrix[:, :2]).T
        return moved


def align(first: Pixels, second: Pixels) -> Alignment:
    """Return how the second photo (H × W × 3, uint8) lies on the first.

    Raises:
        ComparisonError: they do not seem to show the same place, or show nothing to go by.
        ModuleNotFoundError: the extra ``compare`` is not installed.
    """
    import cv2

    places, words = zip(*(_features(cv2, p) for p in (first, second)), strict=True)
    if min(len(p) for p in places) < _LEAST_INLIERS:
        raise ComparisonError(_APART)
    pairs = cv2.BFMatcher(cv2.NORM_L2).knnMatch(words[1], words[0], k=2)
    good = [p[0] for p in pairs if len(p) == 2 and p[0].distance < _RATIO * p[1].distance]
    if len(good) < _LEAST_INLIERS:
        raise ComparisonError(_APART)
    source = np.array([places[1][m.queryIdx] for m in good])
    target = np.array([places[0][m.trainIdx] for m in good])
    cv2.setRNGSeed(0)  # the same photos give the same answer
    reach = _REACH * max(1.0, max(first.shape[:2]) / _LONG_SIDE)
    matrix, inside = cv2.estimateAffine2D(
        source, target, method=cv2.RANSAC, ransacReprojThreshold=reach, maxIters=5000
    )
    inliers = 0 if inside is None else int(inside.sum())
    if matrix is None or inliers < max(_LEAST_INLIERS, _LEAST_SHARE * len(good)):
        raise ComparisonError(_APART)
    stretch = np.linalg.svd(matrix[:, :2], compute_uv=False)
    if not (_SCALES[0] < stretch[1] and stretch[0] < _SCALES[1]):
        raise ComparisonError(_APART)
    if stretch[0] > _MOST_SHEAR * stretch[1] or np.linalg.det(matrix[:, :2]) < 0:
        raise ComparisonError(_APART)
    return Alignment(np.asarray(matrix, np.float64), inliers)


def warp(second: Pixels, alignment: Alignment, width: int, height: int) -> Pixels:
    """Return the second photo as it lies on the first, of that size; black beyond its edge."""
    import cv2

    return np.asarray(cv2.warpAffine(second, alignment.matrix, (width, height)), np.uint8)


def _features(cv2: Any, pixels: Pixels) -> tuple[Matrix, npt.NDArray[np.float32]]:
    height, width = pixels.shape[:2]
    scale = min(1.0, _LONG_SIDE / max(height, width))
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    grey = cv2.createCLAHE(clipLimit=3.0, tileGridSize=(8, 8)).apply(grey)
    found, words = cv2.SIFT_create(_FEATURES, contrastThreshold=0.01).detectAndCompute(grey, None)
    places = np.array([point.pt for point in found], np.float64).reshape(-1, 2)
    return places * (width / size[0]), words if words is not None else np.zeros((0, 128), "f4")


_APART: Final = (
    "The two photos do not seem to show the same place, or there is too little on the skin to tell "
    "by. Take the second from the same side and distance as the first, sharp and in the same light."
)
