"""Synthetic scenes with exact ground truth: where each rendered spot lies, how wide, how visible.

A scene is skin (of a photo, or generated), before a background, with things that are no red spots
(moles, hairs, vessels, nipples, writing, the same spots beside the skin), then one kind of lesion
on it, then a camera.
How visible a spot is, is measured: the same scene goes through the same camera once with and once
without the lesion, and the difference at the spot, less that around it, is its contrast.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from PIL import Image

from reddots.photo.colour import to_lab
from reddots.simulation.rendering.camera import CameraSettings, expose
from reddots.simulation.rendering.lesions import Kind, read_kinds
from reddots.simulation.rendering.renderer import Picture, Renderer, SkinPatch
from reddots.simulation.rendering.shapes import Generator, Map, ShapeStyle
from reddots.simulation.rendering.skin_patches import photo_patch
from reddots.simulation.rendering.synthetic_skin import TONES, generated_skin, silhouette
from reddots.simulation.spots.decoys import SKIN_DECOYS, draw_marks

Pixels = npt.NDArray[np.uint8]
Load = Callable[[Generator], Pixels | None]

_OVERSIZE = 1.25  # scenes are rendered larger, then reduced as by a lens
_SPOTTED = 0.6  # share of scenes whose kind has red spots for sure
_RED = ("bleed", "blood")
_OLD_DAYS = 12.0  # from here a bleed is a brown patch: neither a spot nor none
_CAMERA = CameraSettings(
    saturation=0.7, blurred=0.4, blur=1.6, noisy=0.4, noise=9.0, compressed=0.7, quality=(30, 95)
)
_COMPANIONS = ("naevi", "freckles", "hair", "diffuse_redness", "pale_spots", "brown_marks",
               "large_naevus", "vessels")  # fmt: skip


@dataclass(frozen=True, eq=False)
class Scene:
    """One picture and its ground truth.

    Attributes:
        pixels: uint8, side × side × 3, sRGB.
        spots: float32, N × 4: x and y of the centre and the diameter, in pixels, and the contrast
            to the skin around, in units of L*a*b*; invisible ones too.
        unsaid: float32, N × 3: x, y, diameter of discs where neither spot nor none is claimed.
        kind: id of what was rendered.
        tone: Fitzpatrick type of generated skin, else None.
    """

    pixels: Pixels
    spots: npt.NDArray[np.float32]
    unsaid: npt.NDArray[np.float32]
    kind: str
    tone: int | None


class SceneRenderer:
    """Renders scenes."""

    def __init__(
        self,
        load_skin: Load | None,
        load_object: Load | None,
        *,
        style: ShapeStyle | None = None,
        generated: float = 0.45,
    ) -> None:
        """Prepare to render.

        Args:
            load_skin: gives a photo of skin without red spots, or None where it fails.
            load_object: gives a photo of something else, for backgrounds.
            style: edges and outlines.
            generated: share of scenes on generated skin; all where ``load_skin`` is None.
        """
        self._load_skin, self._load_object = load_skin, load_object
        self._renderer, self._generated = Renderer(style), generated
        self._kinds = read_kinds()
        self._spotted = [
            k
            for k in self._kinds
            if any(y.shape == "spots" and y.pigment in _RED and not y.together for y in k.layer)
        ]
        self._by_id = {kind.id: kind for kind in self._kinds}

    def render(self, side: int, rng: Generator, tone: int | None = None) -> Scene:
        """Return one scene of ``side`` pixels; ``tone`` forces generated skin of that type."""
        large = round(side * _OVERSIZE)
        patch, tone = self._patch(large, rng, tone)
        decoys = [k for k in _COMPANIONS if rng.random() < 0.12]
        patch = self._rendered(patch, [self._by_id[k] for k in decoys], rng)
        patch = self._rendered(patch, [k for k in SKIN_DECOYS if rng.random() < 0.06], rng)
        if patch.mask.mean() < 0.93 and rng.random() < 0.35:
            patch = self._beside_the_skin(patch, rng)
        kind = self._kind(rng)
        picture = self._renderer.picture(patch, kind, rng)
        with_, without = self._over(patch, picture.pixels, patch.pixels, rng)
        seed = int(rng.integers(2**32))
        seen, bare = (
            photograph_scene(p, side, np.random.default_rng(seed)) for p in (with_, without)
        )
        scale = side / large
        spots, unsaid = _truth(picture)
        red = _merged(spots * scale, side)
        return Scene(
            seen,
            np.column_stack([red, contrast(seen, bare, red)]).astype(np.float32),
            (unsaid * scale).astype(np.float32),
            kind.id,
            tone,
        )

    def _patch(self, side: int, rng: Generator, tone: int | None) -> tuple[SkinPatch, int | None]:
        if tone is None and self._load_skin is not None and rng.random() > self._generated:
            for _ in range(20):
                photo = self._load_skin(rng)
                patch = photo_patch(photo, side, rng, (0.35, 1.0)) if photo is not None else None
                if patch is not None:
                    return self._before_background(patch, rng), None
        tone = tone or TONES[rng.integers(len(TONES))]
        return self._before_background(generated_skin(tone, side, rng), rng), tone

    def _before_background(self, patch: SkinPatch, rng: Generator) -> SkinPatch:
        """Put the skin before a photo of something else, sometimes cut to a limb."""
        if self._load_object is None or rng.random() < 0.4:
            return patch
        mask = patch.mask
        if mask.mean() > 0.9:
            if rng.random() < 0.5:
                return patch
            mask = np.minimum(mask, silhouette(len(mask), rng)[0])
        if mask.mean() > 0.97:
            return patch
        photo = self._load_object(rng)
        if photo is None:
            return patch
        side = len(mask)
        behind = np.asarray(Image.fromarray(photo).resize((side, side), Image.Resampling.BICUBIC))
        mixed = patch.pixels * mask[..., None] + behind * (1 - mask[..., None])
        return replace(patch, pixels=mixed.astype(np.uint8), mask=mask.astype(np.float32))

    def _rendered(self, patch: SkinPatch, kinds: Sequence[Kind], rng: Generator) -> SkinPatch:
        for kind in kinds:
            patch = replace(patch, pixels=self._renderer.render(patch, kind, rng))
        return patch

    def _beside_the_skin(self, patch: SkinPatch, rng: Generator) -> SkinPatch:
        """Render spots by the same style on the background, where they are none."""
        outside = replace(patch, mask=(1 - patch.mask) * (patch.mask < 0.02))
        rendered = self._rendered(outside, [self._kind(rng)], rng)
        return replace(patch, pixels=rendered.pixels)

    def _over(
        self, patch: SkinPatch, with_: Pixels, without: Pixels, rng: Generator
    ) -> tuple[Pixels, Pixels]:
        """Draw what lies over the spots too: hairs, and marks that people put on pictures."""
        if rng.random() < 0.15:
            seed = int(rng.integers(2**32))
            with_, without = (
                self._rendered(replace(patch, pixels=p), [self._by_id["hair"]],
                              np.random.default_rng(seed)).pixels
                for p in (with_, without)
            )  # fmt: skip
        if rng.random() < 0.25:
            seed = int(rng.integers(2**32))
            with_, without = (draw_marks(p, np.random.default_rng(seed)) for p in (with_, without))
        return with_, without

    def _kind(self, rng: Generator) -> Kind:
        kinds = self._spotted if rng.random() < _SPOTTED else self._kinds
        weights = np.array([k.weight for k in kinds])
        return kinds[int(rng.choice(len(kinds), p=weights / weights.sum()))]


def photograph_scene(pixels: Pixels, side: int, rng: Generator) -> Pixels:
    """Return a photo (uint8, side × side × 3) of a scene, neither turned nor mirrored."""
    taken = int(side * rng.uniform(0.3, 0.95)) if rng.random() < 0.4 else side
    return expose(pixels, taken, side, rng, _CAMERA)


def contrast(
    with_: Pixels, without: Pixels, spots: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return how far each spot (N × 3: x, y, diameter) stands out, in units of L*a*b*.

    The change that the lesion made at the spot, less the change around it; 0 where the spot is
    less red than its surroundings.
    """
    if not len(spots):
        return np.zeros(0)
    side = len(with_)
    radius = spots[:, 2:3] / 2
    turn = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    core = np.concatenate([[0.0], np.full(6, 0.5)]), np.concatenate([[0.0], turn[::2]])
    around = 1.5 * radius + 1.5

    def change(reach: npt.NDArray[np.float64], angle: npt.NDArray[np.float64]) -> Map:
        x = np.clip(spots[:, :1] + reach * np.cos(angle), 0, side - 1).astype(int)
        y = np.clip(spots[:, 1:2] + reach * np.sin(angle), 0, side - 1).astype(int)
        lab = [np.stack(to_lab(p[y, x]), axis=-1) for p in (with_, without)]
        found: Map = lab[0] - lab[1]
        return found

    inner = change(radius * core[0], core[1]).mean(axis=1)
    outer = np.median(change(around, turn), axis=1)
    difference = inner - outer
    found = np.sqrt((difference**2).sum(axis=1))
    lighter, redder = difference[:, 0], difference[:, 1]
    is_red = (redder > 1) | ((redder > -0.5) & (lighter < -2))  # on dark skin it is mostly darker
    result: npt.NDArray[np.float64] = np.where(is_red, found, 0)
    return result


def _truth(picture: Picture) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the red spots, and the discs about which nothing is said (each N × 3)."""
    red, unsaid = [np.zeros((0, 3))], [np.zeros((0, 3))]
    for layer, points, radius in picture.placed:
        discs = np.column_stack([points, 2 * radius])
        if layer.shape == "rings" or (layer.pigment == "bleed" and layer.days[0] >= _OLD_DAYS):
            unsaid.append(discs)
        elif layer.shape == "spots" and layer.pigment in _RED and not layer.together:
            red.append(discs)
    return np.concatenate(red), np.concatenate(unsaid)


def _merged(spots: npt.NDArray[np.float64], side: int) -> npt.NDArray[np.float64]:
    """Drop spots that lie within a larger one, or beyond the frame."""
    inside = np.all((spots[:, :2] >= 0) & (spots[:, :2] < side), axis=1)
    spots = spots[inside]
    spots = spots[np.argsort(-spots[:, 2])]
    if len(spots) < 2:
        return spots
    apart = np.hypot(*(spots[:, None, :2] - spots[None, :, :2]).transpose(2, 0, 1))
    within = np.triu(apart < 0.35 * spots[:, None, 2], 1)
    kept = np.ones(len(spots), bool)
    for number in range(len(spots)):
        if kept[number]:
            kept &= ~within[number]
    return spots[kept]
