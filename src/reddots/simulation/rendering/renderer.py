"""Renderer: one kind of lesion on one patch of skin."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter

from reddots.photo.colour import to_linear, to_srgb
from reddots.simulation.rendering.chromophores import Spectrum, read_chromophores
from reddots.simulation.rendering.lesions import Kind, PaintLayer, Range
from reddots.simulation.rendering.optics import Layer
from reddots.simulation.rendering.placement import Points, place
from reddots.simulation.rendering.shading import Light
from reddots.simulation.rendering.shapes import (
    Generator,
    Map,
    ShapeStyle,
    Spots,
    cloud,
    draw_lines,
    draw_rings,
    draw_spots,
)

_SCALE_WHITE = np.array([1.0, 0.97, 0.92], np.float32)
_PUS = np.array([1.0, 0.93, 0.66], np.float32)


@dataclass(frozen=True, eq=False)
class SkinPatch:
    """Skin to render on.

    Attributes:
        pixels: uint8, side × side × 3, sRGB.
        mask: side × side, 0 to 1: where skin is.
        melanosomes: their share of the epidermis.
    """

    pixels: npt.NDArray[np.uint8]
    mask: Map
    melanosomes: float


class Renderer:
    """Renders kinds with one style."""

    def __init__(self, style: ShapeStyle | None = None) -> None:
        self._style = style or ShapeStyle()

    def render(self, patch: SkinPatch, kind: Kind, rng: Generator) -> npt.NDArray[np.uint8]:
        """Return the patch with one picture of ``kind`` on it (uint8, side × side × 3)."""
        return self.picture(patch, kind, rng).pixels

    def picture(self, patch: SkinPatch, kind: Kind, rng: Generator) -> "Picture":
        """Return the finished picture, which also knows where its spots lie."""
        field = np.exp(rng.uniform(*np.log(kind.field_mm)))
        scale = len(patch.pixels) / field
        picture = Picture(patch, scale, to_linear(patch.pixels), Light(rng), self._style, rng)
        for layer in kind.layer:
            if rng.random() < layer.chance:
                picture.add(layer)
        return picture


class Picture:
    """A picture that is being rendered.

    Attributes:
        light: side × side × 3, linear.
        placed: of each layer of spots, rings or lines: the centres (N × 2) and radii (N), pixels.
    """

    def __init__(  # all that a picture is rendered from
        self,
        patch: SkinPatch,
        scale: float,
        light: Map,
        lamp: Light,
        style: ShapeStyle,
        rng: Generator,
    ) -> None:
        self.light = light
        self.placed: list[tuple[PaintLayer, Points, npt.NDArray[np.float64]]] = []
        self._patch, self._scale, self._lamp = patch, scale, lamp
        self._style, self._rng = style, rng
        self._side = len(patch.pixels)
        self._places: tuple[Points, npt.NDArray[np.float64]] | None = None
        # White things are as bright as the light on this skin makes them.
        bright = light[patch.mask > 0.5][::7]
        self._white = float(np.quantile(bright, 0.98)) if bright.size else 0.8

    @property
    def pixels(self) -> npt.NDArray[np.uint8]:
        """The picture so far (uint8, side × side × 3)."""
        # The shadow of a relief at the edge of skin would fall on what is behind it.
        skin = self._patch.mask[..., None] > 0
        return np.where(skin, to_srgb(self.light), self._patch.pixels)

    def add(self, layer: PaintLayer) -> None:
        """Render one layer over what is there."""
        coverage, dome = self._draw(layer)
        coverage = coverage * self._patch.mask
        if layer.pigment != "none":
            self._stain(layer, coverage)
        height = self._draw_value(layer.height_mm)
        if height > 0:
            # A blur rounds the rim; relief finer than a pixel cannot be seen anyway.
            relief = gaussian_filter(dome * self._patch.mask, max(0.08 * self._scale, 0.6))
            gloss = self._draw_value(layer.gloss) * self._white
            self.light = self._lamp.shade(self.light, height * relief, self._scale, gloss)
        self._whiten(layer, coverage, dome)

    def _draw(self, layer: PaintLayer) -> tuple[Map, Map]:
        rng, scale, side = self._rng, self._scale, self._side
        if layer.shape == "cloud":
            size = side * np.exp(rng.uniform(np.log(0.04), np.log(0.2)))
            threshold = rng.uniform(-0.8, 0.8)
            found = np.clip((cloud(side, size, rng) - threshold) * rng.uniform(0.5, 2), 0, 1)
            return found.astype(np.float32), np.zeros((side, side), np.float32)
        points, radius = self._spread(layer)
        self.placed.append((layer, points, radius))
        strength = rng.uniform(0.55, 1, len(points))
        if layer.shape == "lines":
            coverage = draw_lines(
                points, self._draw_value(layer.length_mm) * scale,
                self._draw_value(layer.width_mm) * scale, layer.bend, side, self._style, rng,
            )  # fmt: skip
            return coverage, coverage
        spots = Spots(
            points[:, 0], points[:, 1], radius, strength,
            max(self._draw_value(layer.edge_mm) * scale, 0.35),
            self._draw_value(layer.irregular), max(self._draw_value(layer.elongation), 1.0),
        )  # fmt: skip
        if layer.shape == "rings":
            width = self._draw_value(layer.width_mm) * scale
            coverage = draw_rings(spots, side, width, self._style, rng)
            return coverage, coverage
        return draw_spots(spots, side, self._style, rng)

    def _spread(self, layer: PaintLayer) -> tuple[Points, npt.NDArray[np.float64]]:
        rng = self._rng
        if layer.together and self._places is not None:
            points, before = self._places
            median = layer.diameter_mm[0] / 2 * self._scale
            return points, before * median / max(float(np.median(before)), 1e-6)
        names = list(layer.arrangement)
        chances = np.array([layer.arrangement[n] for n in names])
        arrangement = names[int(rng.choice(len(names), p=chances / chances.sum()))]
        low, high = layer.count
        count = round(float(np.exp(rng.uniform(np.log(low), np.log(high)))))
        points = place(self._patch.mask, count, arrangement, self._scale, rng)
        median, spread = layer.diameter_mm
        own = np.exp(rng.normal(0, 0.5 * np.log(spread)))  # this person's, then each spot's
        diameters = median * own * np.exp(rng.normal(0, 0.85 * np.log(spread), len(points)))
        radius = diameters / 2 * self._scale
        if len(points):
            self._places = points, radius
        return points, radius

    def _stain(self, layer: PaintLayer, coverage: Map) -> None:
        rng, scale = self._rng, self._scale
        amount = float(np.exp(rng.uniform(*np.log(layer.amount))))
        depth = self._draw_value(layer.depth_mm)
        halo = self._draw_value(layer.halo)
        grain = cloud(self._side, rng.uniform(*self._style.grain), rng)
        grain = np.clip(1 + self._draw_value(layer.uneven) * grain, 0.2, 1.8)
        stain = (coverage * grain).astype(np.float32)
        pigment = Layer(amount * self._spectrum(layer), depth, self._patch.melanosomes)
        self.light = pigment.apply(self.light, np.clip(stain, 0, 1.6))
        if halo > 0:
            around = gaussian_filter(coverage, np.clip(rng.uniform(0.8, 3) * scale, 1, 20))
            blood = read_chromophores().blood(0.8)
            red = Layer(halo * 0.05 * blood, 0.15, self._patch.melanosomes)
            around = np.clip(around * 1.5, 0, 1) * self._patch.mask
            self.light = red.apply(self.light, around.astype(np.float32))

    def _spectrum(self, layer: PaintLayer) -> Spectrum:
        known = read_chromophores()
        if layer.pigment == "bleed":
            return known.bleed(self._draw_value(layer.days))
        if layer.pigment == "blood":
            return known.blood(self._draw_value(layer.saturation))
        if layer.pigment == "pallor":
            return -known.melanosome()
        return known.melanosome()

    def _whiten(self, layer: PaintLayer, coverage: Map, dome: Map) -> None:
        rng = self._rng
        flakes, pus = self._draw_value(layer.flakes), self._draw_value(layer.pus)
        if flakes > 0:
            size = np.clip(rng.uniform(0.15, 0.8) * self._scale, 0.7, 6)
            scale = np.clip(cloud(self._side, size, rng) - 0.5, 0, 1) * coverage * flakes
            scale = scale[..., None].astype(np.float32)
            self.light = self.light * (1 - scale) + self._white * _SCALE_WHITE * scale
        if pus > 0:
            centre = np.clip((dome * coverage - 0.6) * 4, 0, 1)[..., None] * np.float32(pus)
            self.light = self.light * (1 - centre) + self._white * _PUS * centre

    def _draw_value(self, values: Range) -> float:
        return float(self._rng.uniform(*values))
