"""Visualisation: detected spots as thin circles over the photo."""

from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from reddots.spots.spot import Spots

# Sky blue of Okabe and Ito's palette (2008): told from red and brown by every colour vision.
COLOUR: Final = (86, 180, 233)
_EDGE: Final = (0, 0, 0)
_GAP: Final = 1.15  # the circle's radius over the spot's, so that the spot stays free
_SMOOTH: Final = 2  # times the size at which circles are drawn, for smooth lines
_LONGEST: Final = 2048


def draw_spots(pixels: npt.NDArray[np.uint8], spots: Spots) -> npt.NDArray[np.uint8]:
    """Return the photo (H × W × 3, uint8) with a circle around each spot.

    Args:
        pixels: the photo, at any size.
        spots: of this photo.

    Example:
        >>> import numpy as np
        >>> photo = np.zeros((40, 40, 3), np.uint8)
        >>> draw_spots(photo, Spots((), 40, 40)).shape
        (40, 40, 3)
    """
    height, width = pixels.shape[:2]
    placed = spots.at_width(width, height)
    line = max(1.0, max(height, width) / 700)
    smooth = _SMOOTH if max(height, width) <= _LONGEST else 1
    layer = Image.new("RGBA", (width * smooth, height * smooth))
    draw = ImageDraw.Draw(layer)
    for wide, ink in ((2.2 * line, (*_EDGE, 150)), (line, (*COLOUR, 255))):
        for spot in placed:
            inner = _GAP * spot.diameter / 2 + 1.5 * line
            radius = (inner + line + (wide - line) / 2) * smooth
            x, y = spot.x * smooth, spot.y * smooth
            box = (x - radius, y - radius, x + radius, y + radius)
            draw.ellipse(box, outline=ink, width=max(1, round(wide * smooth)))
    if smooth > 1:
        layer = layer.resize((width, height), Image.Resampling.BOX)
    marked = Image.alpha_composite(Image.fromarray(pixels).convert("RGBA"), layer)
    return np.asarray(marked.convert("RGB"))
