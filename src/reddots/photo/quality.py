"""Image quality: what is wrong with a photo, in problems that a person can mend.

A problem found here never turns the photo away; it is shown with a way to take a better one. The
limits for light and sharpness lie at or beyond the 1st or 99th percentile of every tenth training
photo (luma 43 and 231, sharpness 9.3, at a shorter side of 288 pixels).
"""

import numpy as np
import numpy.typing as npt

from reddots.photo.colour import luma
from reddots.photo.framing import spots_extent
from reddots.photo.loader import Photo

LEAST_SIDE = 150  # pixels; a 2 mm dot in a 25 cm field is then 1.2 pixels wide
DARKEST = 45.0  # mean luma, 0 to 255
BRIGHTEST = 232.0
LEAST_SHARPNESS = 6.0  # variance of the Laplacian (Pech-Pacheco et al. 2000), grey levels²
LEAST_EXTENT = 0.18  # share of the frame that the spots reach across; measured in spots.py


def assess_quality(photo: Photo) -> tuple[str, ...]:
    """Return the ids of the photo's problems, worst first; empty when there are none."""
    light = luma(photo.pixels)
    brightness = float(light.mean())
    extent = spots_extent(photo.pixels)
    checks = (
        ("too_small", min(photo.width, photo.height) < LEAST_SIDE),
        ("too_dark", brightness < DARKEST),
        ("too_bright", brightness > BRIGHTEST),
        ("blurred", sharpness(light) < LEAST_SHARPNESS),
        ("spots_too_small", extent is not None and extent < LEAST_EXTENT),
    )
    return tuple(problem for problem, found in checks if found)


def sharpness(light: npt.NDArray[np.float32]) -> float:
    """Return the variance of the Laplacian of ``light`` (luma, height × width); 0 if tiny."""
    if min(light.shape) < 3:  # the kernel is 3 × 3
        return 0.0
    laplacian = (
        light[:-2, 1:-1]
        + light[2:, 1:-1]
        + light[1:-1, :-2]
        + light[1:-1, 2:]
        - 4 * light[1:-1, 1:-1]
    )
    return float(laplacian.var())
