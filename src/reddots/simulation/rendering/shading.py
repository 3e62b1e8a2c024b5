"""Light and shadow of what is raised, and its gloss."""

import numpy as np

from reddots.simulation.rendering.shapes import Generator, Map

_TALLEST = 0.9  # shading factors stay within 1 ± this


class Light:
    """One lamp, the same for everything in a picture."""

    def __init__(self, rng: Generator) -> None:
        self._turn = rng.uniform(0, 2 * np.pi)
        self._flatness = rng.uniform(0.05, 0.6)  # of the light: a flash on the camera shows little

    def shade(self, light: Map, height_mm: Map, pixels_per_mm: float, gloss: float) -> Map:
        """Return linear light (H × W × 3) on skin with this relief (H × W, mm).

        Lambert's cosine to first order in the slope, and a Gaussian lobe around the slope that
        mirrors the lamp (Beckmann's distribution, one roughness).
        """
        down, right = np.gradient(height_mm * pixels_per_mm)
        towards = right * np.cos(self._turn) + down * np.sin(self._turn)
        shading = np.clip(1 + self._flatness * towards, 1 - _TALLEST, 1 + _TALLEST)
        result = light * shading[..., None]
        if gloss > 0:
            across = down * np.cos(self._turn) - right * np.sin(self._turn)
            lobe = np.exp(-((towards - 0.35) ** 2 + across**2) / 0.03)
            raised = np.clip(height_mm / max(float(height_mm.max()), 1e-6), 0, 1)
            result = result + (gloss * lobe * raised)[..., None]
        shaded: Map = result.astype(np.float32)
        return shaded
