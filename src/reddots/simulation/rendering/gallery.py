"""Pictures of every kind on skin that belongs to nobody."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from reddots.simulation.rendering.lesions import Kind, read_kinds
from reddots.simulation.rendering.renderer import Renderer
from reddots.simulation.rendering.synthetic_skin import TONES, generated_skin

_CAPTION = 18  # pixels
_QUALITY = 78


def write_gallery(folder: Path, side: int = 150, seed: int = 0) -> list[Path]:
    """Write one WebP a kind, its picture on each Fitzpatrick type from 1 to 6; return the paths.

    Args:
        folder: made if it is not there.
        side: of one picture, pixels.
        seed: the same seed gives the same pictures.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number, kind in enumerate(read_kinds()):
        path = folder / f"{kind.id.replace('_', '-')}.webp"
        image = Image.fromarray(_row(kind, side, np.random.default_rng([seed, number])))
        _captioned(image, kind.name).save(path, quality=_QUALITY, method=6)
        written.append(path)
    return written


def _row(kind: Kind, side: int, rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    renderer = Renderer()
    pictures = [renderer.render(generated_skin(tone, 2 * side, rng), kind, rng) for tone in TONES]
    halves = [
        np.asarray(Image.fromarray(p).resize((side, side), Image.Resampling.BICUBIC))
        for p in pictures
    ]
    return np.concatenate(halves, axis=1)


def _captioned(image: Image.Image, text: str) -> Image.Image:
    whole = Image.new("RGB", (image.width, image.height + _CAPTION), "white")
    whole.paste(image, (0, _CAPTION))
    ImageDraw.Draw(whole).text((4, 3), text, fill="black", font=ImageFont.load_default(12))
    return whole
