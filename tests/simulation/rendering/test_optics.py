"""The colours of rendered skin follow from published spectra."""

import numpy as np
import pytest

from reddots.photo.colour import to_linear, to_srgb
from reddots.simulation.rendering.chromophores import read_chromophores
from reddots.simulation.rendering.optics import (
    Layer,
    linear_rgb,
    reach,
    skin_reflectance,
)

RED, GREEN, BLUE = range(3)
LIGHT, DARK = 0.015, 0.4  # melanosomes


def seen(
    days: float, thickness: float = 0.06, depth: float = 0.1, tone: float = LIGHT
) -> np.ndarray:
    """Factors on red, green and blue light through a bleed."""
    layer = Layer(read_chromophores().bleed(days), depth, tone)
    return layer.apply(np.ones((1, 1, 3), np.float32), np.full((1, 1), thickness, np.float32))[0, 0]


def test_every_number_of_the_spectra_has_a_source() -> None:
    known = read_chromophores()
    assert all(age.source for age in known.ages)
    assert {"oxyhaemoglobin", "deoxyhaemoglobin", "bilirubin"} <= set(known.extinction)
    assert all((spectrum > 0).any() for spectrum in known.extinction.values())


# days, channel that is least dimmed, channel that is most dimmed, why
AGES = [
    (0.0, RED, GREEN, "fresh blood is red"),
    (9.0, RED, BLUE, "bilirubin and haemosiderin take blue light"),
    (21.0, RED, BLUE, "haemosiderin is brown"),
]


@pytest.mark.parametrize(("days", "bright", "dim", "why"), AGES)
def test_a_bleed_changes_colour_with_age(days: float, bright: int, dim: int, why: str) -> None:
    factors = seen(days)
    assert factors.argmax() == bright, why
    assert factors.argmin() == dim, why
    assert (factors < 1.1).all(), "a pigment takes light; sRGB mixes the channels a little"


def test_blood_without_oxygen_is_darker_in_red() -> None:
    assert seen(1.5)[RED] < seen(0.0)[RED]


def test_deep_blood_looks_bluer() -> None:
    shallow, deep = seen(1.5, depth=0.05), seen(1.5, depth=0.8)
    assert deep[BLUE] / deep[RED] > shallow[BLUE] / shallow[RED]
    assert (np.diff(reach(0.5)[20:]) >= -1e-9).all(), "red light reaches furthest"


def test_thicker_is_darker_and_nothing_changes_nothing() -> None:
    assert seen(0.0, thickness=0.0) == pytest.approx(1, abs=0.01)
    assert (seen(0.0, thickness=0.2) < seen(0.0, thickness=0.05)).all()


def test_skin_darkens_from_type_1_to_6_and_red_leads() -> None:
    tones = [np.mean(pair) for pair in read_chromophores().skin.melanosomes.values()]
    colours = linear_rgb(np.stack([skin_reflectance(tone, 0.008) for tone in tones]))
    assert (np.diff(colours.sum(axis=1)) < 0).all()
    assert (colours[:, RED] > colours[:, GREEN]).all()
    assert (colours[:, GREEN] > colours[:, BLUE]).all()
    assert (colours > 0).all()
    assert (colours < 1).all()


def test_the_same_bleed_shows_less_on_dark_skin() -> None:
    def step(tone: float) -> float:
        base = linear_rgb(skin_reflectance(tone, 0.008)[None])[0]
        return float((base * (1 - seen(0.0, tone=tone))).sum())

    assert step(DARK) < step(LIGHT) / 2


def test_melanin_near_the_surface_is_brown_and_deep_melanin_blue_grey() -> None:
    base = linear_rgb(skin_reflectance(LIGHT, 0.008)[None]).astype(np.float32)[None]
    amount = np.full((1, 1), 0.03, np.float32)
    shallow, deep = (
        Layer(read_chromophores().melanosome(), depth, LIGHT).apply(base, amount)[0, 0]
        for depth in (0.0, 0.3)
    )
    assert shallow[RED] > 1.5 * shallow[GREEN] > 2 * shallow[BLUE], "a mole"
    assert deep[RED] < 1.5 * deep[BLUE], "a blue naevus"


def test_white_paper_is_white() -> None:
    white = linear_rgb(np.ones((1, len(read_chromophores().wavelengths))))
    assert white == pytest.approx(1, abs=0.03), "the grid of wavelengths is fine enough"


def test_srgb_there_and_back() -> None:
    values = np.arange(256, dtype=np.uint8)
    assert np.abs(to_srgb(to_linear(values)).astype(int) - values).max() <= 1
