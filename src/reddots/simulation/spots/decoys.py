"""Hard negatives: what is taken for a red spot and is none."""

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from reddots.simulation.rendering.lesions import Kind, PaintLayer
from reddots.simulation.rendering.shapes import Generator

_NIPPLE = Kind(
    id="nipple", name="Nipple", side="other", weight=1, field_mm=(120, 350),
    source="Areola of 28 mm on average, men's to women's 15 to 45 mm: judgement",
    layer=(
        PaintLayer(diameter_mm=(26, 1.3), count=(1, 2), arrangement={"scattered": 1.0},
                   edge_mm=(1.0, 4.0), irregular=(0.02, 0.1), pigment="melanin",
                   amount=(0.002, 0.012), depth_mm=(0.0, 0.015), uneven=(0.1, 0.3)),
        PaintLayer(together=True, diameter_mm=(20, 1.2), edge_mm=(1.0, 4.0), pigment="blood",
                   amount=(0.006, 0.03), uneven=(0.1, 0.3)),
        PaintLayer(together=True, diameter_mm=(8, 1.2), edge_mm=(0.6, 2.0), pigment="blood",
                   amount=(0.006, 0.03), height_mm=(1.0, 4.0), gloss=(0.0, 0.3)),
    ),
)  # fmt: skip
_NAVEL = Kind(
    id="navel", name="Navel", side="other", weight=1, field_mm=(120, 350),
    source="10 to 20 mm, a dark hollow: judgement",
    layer=(
        PaintLayer(diameter_mm=(14, 1.3), count=(1, 1), arrangement={"scattered": 1.0},
                   edge_mm=(1.0, 3.0), irregular=(0.05, 0.3), elongation=(1.0, 2.5),
                   pigment="melanin", amount=(0.005, 0.06), depth_mm=(0.0, 0.015),
                   uneven=(0.1, 0.4), height_mm=(0.0, 1.5)),
    ),
)  # fmt: skip
_LIPS = Kind(
    id="lips", name="Lips", side="other", weight=1, field_mm=(60, 260),
    source="About 50 by 20 mm: judgement",
    layer=(
        PaintLayer(diameter_mm=(32, 1.2), count=(1, 1), arrangement={"scattered": 1.0},
                   edge_mm=(0.5, 2.0), irregular=(0.02, 0.15), elongation=(1.8, 3.0),
                   pigment="blood", amount=(0.01, 0.06), uneven=(0.1, 0.3),
                   height_mm=(0.5, 2.5), gloss=(0.1, 0.6)),
    ),
)  # fmt: skip
SKIN_DECOYS = (_NIPPLE, _NAVEL, _LIPS)

_INKS = ((255, 255, 255), (0, 0, 0), (200, 20, 20), (40, 40, 160), (90, 30, 120), (240, 220, 40),
         (120, 120, 120))  # fmt: skip
_WORDS = ("SFS", "www.atlas.org", "12/03", "Fig. 2", "A", "B", "mm", "cm 1 2 3 4", "© clinic",
          "R", "L", "2019-04-02", "A1", "case 14")  # fmt: skip


def draw_marks(pixels: npt.NDArray[np.uint8], rng: Generator) -> npt.NDArray[np.uint8]:
    """Return the picture (H × W × 3) with a few of: writing, arrow, pen ring, ruler, coin, bar."""
    image = Image.fromarray(np.ascontiguousarray(pixels))
    draw = ImageDraw.Draw(image)
    side = min(image.size)
    for _ in range(int(rng.integers(1, 4))):
        ink = _INKS[rng.integers(len(_INKS))]
        x, y = (float(v) for v in rng.uniform(0.03, 0.9, 2) * side)
        mark = int(rng.integers(7))
        size = float(rng.uniform(0.02, 0.12)) * side
        if mark <= 1:
            font = ImageFont.load_default(max(7, int(size)))
            draw.text((x * 0.7, y), _WORDS[rng.integers(len(_WORDS))], fill=ink, font=font)
        elif mark == 2:
            turn = rng.uniform(0, 2 * np.pi)
            tip = np.array([x, y])
            along = np.array([np.cos(turn), np.sin(turn)]) * size
            aside = np.array([-along[1], along[0]]) * 0.4
            draw.polygon([tuple(tip), tuple(tip + along + aside), tuple(tip + along - aside)], ink)
            draw.line([tuple(tip + along), tuple(tip + 2.5 * along)], ink, max(1, int(size / 5)))
        elif mark == 3:
            wide = float(rng.uniform(0.05, 0.3)) * side
            box = (x - wide / 2, y - wide / 2, x + wide / 2, y + wide / 2)
            start = int(rng.integers(360))
            draw.arc(box, start, start + int(rng.integers(90, 360)), ink, int(rng.integers(1, 4)))
        elif mark == 4:
            step = float(rng.uniform(0.008, 0.03)) * side
            draw.rectangle((0, y, side, y + size), fill=(235, 235, 225))
            for tick in range(int(side / step) + 1):
                long = 0.6 if tick % 5 == 0 else 0.3
                draw.line([(tick * step, y), (tick * step, y + size * long)], ink, 1)
        elif mark == 5:
            metal = tuple(int(v) for v in rng.normal((190, 175, 140), 25).clip(0, 255))
            wide = size * float(rng.uniform(0.3, 1.0))
            draw.ellipse((x, y, x + wide, y + wide * float(rng.uniform(0.6, 1))), metal, ink)
        else:
            wide = int(rng.uniform(0.02, 0.12) * side)
            across = (0, 0, image.width, wide), (0, image.height - wide, image.width, image.height)
            along_ = (0, 0, wide, image.height), (image.width - wide, 0, image.width, image.height)
            bars = across if rng.random() < 0.5 else along_
            draw.rectangle(bars[rng.integers(2)], fill=ink)
    return np.asarray(image)
