"""From pigments to the colour of a pixel.

Skin is an epidermis that light crosses twice (Beer-Lambert) on an endless dermis that scatters it
back (Kubelka and Munk 1931). A lesion is a thin layer of pigment at some depth: of the light of
each wavelength, the share that comes back from below that depth crosses it twice as well. Spectra
become linear sRGB by the CIE 1931 observer (fits of Wyman, Sloan and Shirley, JCGT 2013;2:1) under
daylight.
"""

from functools import cache

import numpy as np
import numpy.typing as npt

from reddots.simulation.rendering.chromophores import Spectrum, read_chromophores

# Linear sRGB of CIE XYZ (IEC 61966-2-1).
_FROM_XYZ = np.array(
    [
        [3.2406, -1.5372, -0.4986],
        [-0.9689, 1.8758, 0.0415],
        [0.0557, -0.2040, 1.0570],
    ]
)
_LEVELS = 512  # of a layer's thickness
_THICKEST = 1.6
_LEAST = 1e-3
_SURFACE = 0.025  # reflected by the horny layer: Anderson and Parrish, J Invest Dermatol 1981;77:13


def skin_reflectance(melanosomes: float, blood: float, saturation: float = 0.7) -> Spectrum:
    """Return the share of light that skin sends back, by wavelength.

    Args:
        melanosomes: their share of the epidermis.
        blood: its share of the dermis.
        saturation: the blood's oxygen, 0 to 1.
    """
    known = read_chromophores()
    thickness = known.skin.epidermis_mm
    epidermis = np.exp(-2 * thickness * (melanosomes * known.melanosome() + known.baseline()))
    absorption = blood * known.blood(saturation) + known.baseline()
    ratio = 2 * absorption / (0.75 * known.scattering())
    dermis: Spectrum = 1 + ratio - np.sqrt(ratio**2 + 2 * ratio)
    result: Spectrum = _SURFACE + (1 - _SURFACE) * epidermis * dermis
    return result


def reach(depth_mm: float) -> Spectrum:
    """Return the share of the returning light that was deeper than ``depth_mm``, by wavelength.

    It falls as exp(-2·depth/penetration), where the penetration is 1/√(3·a·(a + s)) (diffusion
    theory: Jacques 2013), so that deep blood is seen in red light only, and looks blue.
    """
    known = read_chromophores()
    absorption = 0.01 * known.blood(0.7) + known.baseline()
    penetration = 1 / np.sqrt(3 * absorption * (absorption + known.scattering()))
    share: Spectrum = np.exp(-2 * depth_mm / penetration)
    return share


class Layer:
    """A pigment's colour by thickness: factors on linear sRGB, as a look-up table."""

    def __init__(self, absorption: Spectrum, depth_mm: float, melanosomes: float) -> None:
        """Prepare a pigment of this absorption (per unit of thickness) under skin of a tone."""
        skin = skin_reflectance(melanosomes, 0.008)
        below = reach(depth_mm)
        thickness = np.linspace(0, _THICKEST, _LEVELS)
        through = np.exp(-2 * thickness[:, None] * absorption)
        spectra = skin * (1 - below * (1 - through))
        factors = linear_rgb(spectra) / np.maximum(linear_rgb(skin[None]), _LEAST)
        self._factors = np.clip(factors, _LEAST, 4).astype(np.float32)

    def apply(
        self, light: npt.NDArray[np.float32], amount: npt.NDArray[np.float32]
    ) -> npt.NDArray[np.float32]:
        """Return linear light (H × W × 3) as seen through ``amount`` (H × W, 0 to 1.6)."""
        level = np.clip(amount, 0, _THICKEST) * np.float32((_LEVELS - 1) / _THICKEST) + 0.5
        return light * self._factors[level.astype(np.int32)]


def linear_rgb(spectra: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return linear sRGB (N × 3) of reflectances (N × wavelengths) under daylight."""
    weights = _observer() * read_chromophores().daylight[:, None]
    xyz = spectra @ weights / weights[:, 1].sum()
    result: npt.NDArray[np.float64] = xyz @ _FROM_XYZ.T
    return result


@cache
def _observer() -> npt.NDArray[np.float64]:
    """Return the CIE 1931 colour-matching functions (wavelengths × 3)."""
    nm = read_chromophores().wavelengths

    def lobe(peak: float, below: float, above: float) -> Spectrum:
        width = np.where(nm < peak, below, above)
        found: Spectrum = np.exp(-0.5 * ((nm - peak) / width) ** 2)
        return found

    x = 1.056 * lobe(599.8, 37.9, 31.0) + 0.362 * lobe(442.0, 16.0, 26.7)
    x -= 0.065 * lobe(501.1, 20.4, 26.2)
    y = 0.821 * lobe(568.8, 46.9, 40.5) + 0.286 * lobe(530.9, 16.3, 31.1)
    z = 1.217 * lobe(437.0, 11.8, 36.0) + 0.681 * lobe(459.0, 26.0, 13.8)
    return np.stack([x, y, z], axis=1)
