"""What colours skin, read from ``data/simulation/chromophores.toml``."""

from collections.abc import Mapping
from functools import cache

import numpy as np
import numpy.typing as npt

from reddots._resources import folder
from reddots._toml import Entry, read_toml
from reddots.errors import KnowledgeError

Spectrum = npt.NDArray[np.float64]
_HALF_WIDTH = 4 * np.log(2)


class Table(Entry, frozen=True):
    """Extinction by wavelength, 1/cm per mol/l of haemoglobin."""

    id: str
    extinction: tuple[float, ...]
    source: str


class Banded(Entry, frozen=True):
    """A spectrum as Gaussian bands: peak (nm), height (1/cm per mol/l), width at half (nm)."""

    id: str
    bands: tuple[tuple[float, float, float], ...]
    source: str


class Age(Entry, frozen=True):
    """Shares of the pigments in a bleed that is so many days old; they sum to 1."""

    days: float
    shares: Mapping[str, float]
    source: str


class Text(Entry, frozen=True):
    """A sentence of its own."""

    text: str


class Skin(Entry, frozen=True):
    """The layers of skin; units in the file."""

    melanosome: tuple[float, float]
    melanosome_source: str
    melanin_clump_mm: float
    melanin_clump_source: str
    baseline: tuple[float, float, float, float]
    baseline_source: str
    scattering: tuple[float, float]
    scattering_source: str
    blood_fraction: tuple[float, float]
    blood_source: str
    haemoglobin_mol_l: float
    epidermis_mm: float
    epidermis_source: str
    melanosomes: Mapping[str, tuple[float, float]]
    melanosomes_source: Text


class _File(Entry, frozen=True):
    wavelengths_nm: tuple[float, ...]
    daylight: tuple[float, ...]
    daylight_source: str
    table: tuple[Table, ...]
    banded: tuple[Banded, ...]
    age: tuple[Age, ...]
    skin: Skin


class Chromophores:
    """The spectra, on one grid of wavelengths."""

    def __init__(self, raw: _File) -> None:
        """Use :func:`read_chromophores`."""
        self.wavelengths: Spectrum = np.array(raw.wavelengths_nm)
        self.daylight: Spectrum = np.array(raw.daylight)
        self.skin = raw.skin
        self.ages = raw.age
        self.extinction: dict[str, Spectrum] = {t.id: np.array(t.extinction) for t in raw.table}
        for banded in raw.banded:
            self.extinction[banded.id] = sum(
                (
                    height * np.exp(-_HALF_WIDTH * ((self.wavelengths - peak) / width) ** 2)
                    for peak, height, width in banded.bands
                ),
                np.zeros_like(self.wavelengths),
            )

    def bleed(self, days: float) -> Spectrum:
        """Return the absorption (1/mm) of whole blood that left its vessel ``days`` ago."""
        ages = [a.days for a in self.ages]
        extinction = np.zeros_like(self.wavelengths)
        for name, spectrum in self.extinction.items():
            share = np.interp(days, ages, [a.shares.get(name, 0.0) for a in self.ages])
            extinction += share * spectrum
        return self._absorption(extinction)

    def blood(self, saturation: float) -> Spectrum:
        """Return the absorption (1/mm) of blood in its vessel, at an oxygen saturation 0 to 1."""
        oxy, deoxy = self.extinction["oxyhaemoglobin"], self.extinction["deoxyhaemoglobin"]
        return self._absorption(saturation * oxy + (1 - saturation) * deoxy)

    def _absorption(self, extinction: Spectrum) -> Spectrum:
        per_mm: Spectrum = np.log(10) * extinction * self.skin.haemoglobin_mol_l / 10
        return per_mm

    def melanosome(self) -> Spectrum:
        """Return the absorption (1/mm) of melanosomes, packed as they lie in the epidermis."""
        factor, power = self.skin.melanosome
        per_mm = factor * self.wavelengths**power / 10
        # Pigment in clumps takes less light than the same pigment spread out (van Veen 2002).
        thick = per_mm * self.skin.melanin_clump_mm
        packed: Spectrum = per_mm * (1 - np.exp(-thick)) / thick
        return packed

    def scattering(self) -> Spectrum:
        """Return the reduced scattering (1/mm) of skin."""
        factor, power = self.skin.scattering
        per_mm: Spectrum = factor * (self.wavelengths / 500) ** -power / 10
        return per_mm

    def baseline(self) -> Spectrum:
        """Return the absorption (1/mm) of skin without blood and melanin."""
        a, b, start, length = self.skin.baseline
        per_mm: Spectrum = (a + b * np.exp(-(self.wavelengths - start) / length)) / 10
        return per_mm


@cache
def read_chromophores() -> Chromophores:
    """Read and check the spectra.

    Raises:
        KnowledgeError: the file is missing or does not fit, a spectrum has another number of
            wavelengths, or the shares of an age do not sum to 1.
    """
    raw = read_toml(folder("data") / "simulation" / "chromophores.toml", _File)
    sizes = {len(raw.wavelengths_nm), len(raw.daylight), *(len(t.extinction) for t in raw.table)}
    if len(sizes) != 1:
        raise KnowledgeError("chromophores.toml: the spectra differ in length.")
    known = {t.id for t in raw.table} | {b.id for b in raw.banded}
    for age in raw.age:
        if set(age.shares) - known or abs(sum(age.shares.values()) - 1) > 1e-9:
            raise KnowledgeError(f"chromophores.toml: the shares at {age.days} days do not fit.")
    return Chromophores(raw)
