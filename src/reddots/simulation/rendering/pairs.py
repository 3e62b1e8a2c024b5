"""Paired pictures: the same skin once with bleeding, once with something else."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from reddots.datasets.manifest import Row
from reddots.errors import PhotoError, TrainingError
from reddots.simulation.rendering.camera import photograph
from reddots.simulation.rendering.lesions import Kind, read_kinds
from reddots.simulation.rendering.renderer import Renderer, SkinPatch
from reddots.simulation.rendering.shapes import Generator, ShapeStyle
from reddots.simulation.rendering.skin_patches import photo_patch
from reddots.simulation.rendering.synthetic_skin import TONES, generated_skin

GENERATED = 0.25  # share of skin patches that are no photo, so that every tone is there
_COMPANY = 0.3  # share of skin patches that have something harmless besides, whatever is rendered
_COMPANIONS = frozenset({"naevi", "freckles", "hair", "diffuse_redness", "pale_spots", "nothing"})
_TRIES = 200


@dataclass(frozen=True, eq=False)
class RenderedImage:
    """One rendered picture.

    Attributes:
        pixels: uint8, side × side × 3, sRGB.
        kind: the id of what was rendered.
        bleeding: whether that is bleeding.
        tone: Fitzpatrick type, where known.
        group: the patch's group; generated skin has one of its own.
    """

    pixels: npt.NDArray[np.uint8]
    kind: str
    bleeding: bool
    tone: int | None
    group: str


class PairRenderer:
    """Draws skin patches and renders pairs on them."""

    def __init__(
        self,
        rows: Sequence[Row],
        load: Callable[[Row], npt.NDArray[np.uint8]],
        *,
        style: ShapeStyle | None = None,
        without: Collection[str] = (),
    ) -> None:
        """Prepare to render.

        Args:
            rows: of the photos whose skin is rendered on; none means generated skin only.
            load: gives a row's photo, uint8, height × width × 3.
            style: the hand; the usual one when None.
            without: ids of kinds that are not rendered.
        """
        self._rows, self._load = rows, load
        cells = Counter((row.label, row.dataset) for row in rows)
        chance = np.array([cells[row.label, row.dataset] ** -0.5 for row in rows])
        self._chance = chance / chance.sum() if len(rows) else chance
        self._renderer = Renderer(style)
        kinds = [k for k in read_kinds() if k.id not in without]
        self._bleeding = [k for k in kinds if k.side == "bleeding"]
        self._other = [k for k in kinds if k.side == "other"]
        self._companions = [k for k in read_kinds() if k.id in _COMPANIONS]

    def pairs(
        self, count: int, side: int, rng: Generator
    ) -> Iterator[tuple[RenderedImage, RenderedImage]]:
        """Yield ``count`` pairs of one patch with bleeding and with something else.

        Raises:
            TrainingError: the photos show too little skin to render on.
        """
        render_side = round(1.25 * side)  # reduced by the camera, as by a lens
        for number in range(count):
            patch, tone, group = self._patch(render_side, rng)
            group = group or f"generated/{number}"
            if rng.random() < _COMPANY:
                companion = self._companions[rng.integers(len(self._companions))]
                rendered = self._renderer.render(patch, companion, rng)
                patch = replace(patch, pixels=rendered)
            yield (
                self._picture(patch, self._draw(self._bleeding, rng), side, tone, group, rng),
                self._picture(patch, self._draw(self._other, rng), side, tone, group, rng),
            )

    def _picture(  # a picture and where it comes from
        self, patch: SkinPatch, kind: Kind, side: int, tone: int | None, group: str, rng: Generator
    ) -> RenderedImage:
        pixels = photograph(self._renderer.render(patch, kind, rng), side, rng)
        return RenderedImage(pixels, kind.id, kind.side == "bleeding", tone, group)

    def _patch(self, side: int, rng: Generator) -> tuple[SkinPatch, int | None, str]:
        if not self._rows or rng.random() < GENERATED:
            tone = TONES[rng.integers(len(TONES))]
            return generated_skin(tone, side, rng), tone, ""
        for _ in range(_TRIES):
            index = int(rng.choice(len(self._rows), p=self._chance))
            row = self._rows[index]
            try:
                patch = photo_patch(self._load(row), side, rng)
            except PhotoError:
                continue  # training has told of it
            if patch is not None:
                return patch, row.fitzpatrick, f"{row.dataset}/{row.group}"
        raise TrainingError("The photos cannot be read, or show too little skin to render on.")

    @staticmethod
    def _draw(kinds: Sequence[Kind], rng: Generator) -> Kind:
        weights = np.array([kind.weight for kind in kinds])
        return kinds[int(rng.choice(len(kinds), p=weights / weights.sum()))]
