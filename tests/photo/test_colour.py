"""sRGB and back, luma and L*a*b*: the values of the standards, in one place of the whole tree."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import reddots
from reddots.photo.colour import from_linear, luma, to_lab, to_linear, to_linear_exact, to_srgb
from reddots.photo.sandbox.decoding import colour_spaces

EVERY = np.arange(256, dtype=np.uint8)
# sRGB value, linear light by IEC 61966-2-1
LIGHT = [(0, 0.0), (10, 0.0030353), (11, 0.0033465), (128, 0.2158605), (188, 0.5028865), (255, 1.0)]


@pytest.mark.parametrize(("value", "light"), LIGHT)
def test_light_is_that_of_the_standard(value: int, light: float) -> None:
    pixel = np.array([value], np.uint8)
    assert to_linear(pixel)[0] == pytest.approx(light, abs=1e-6)
    assert to_linear_exact(pixel)[0] == pytest.approx(light, abs=1e-7)
    assert from_linear(np.array([light]))[0] * 255 == pytest.approx(value, abs=1e-3)


def test_there_and_back_is_the_same() -> None:
    assert (np.round(from_linear(to_linear_exact(EVERY)) * 255) == EVERY).all()
    assert np.abs(to_srgb(to_linear(EVERY)).astype(int) - EVERY).max() <= 1


@given(st.floats(-1, 2))
def test_the_table_is_within_one_of_the_curve(light: float) -> None:
    exact = float(from_linear(np.array([light]))[0]) * 255
    assert abs(int(to_srgb(np.array([light]))[0]) - exact) <= 1


def test_the_readers_profile_has_the_same_curve() -> None:
    g, a, b, c, d = colour_spaces._SRGB_PARAMETERS
    value = EVERY / 255
    curve = np.where(value >= d, (a * value + b) ** g, c * value)
    assert np.abs(curve - to_linear_exact(EVERY)).max() < 1e-12


def test_luma_is_that_of_pillow_without_rounding() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (40, 50, 3), np.uint8)
    grey = np.asarray(Image.fromarray(pixels).convert("L")).astype(float)
    assert np.abs(luma(pixels) - grey).max() <= 1
    assert luma(np.full((1, 3), 77, np.uint8))[0] == pytest.approx(77, abs=1e-4)


# sRGB, L*a*b* (D65)
LAB = [
    ((255, 255, 255), (100.0, 0.0, 0.0)),
    ((0, 0, 0), (0.0, 0.0, 0.0)),
    ((255, 0, 0), (53.24, 80.09, 67.20)),
    ((119, 119, 119), (50.03, 0.0, 0.0)),
]


@pytest.mark.parametrize(("colour", "expected"), LAB)
def test_lab_is_that_of_the_standard(
    colour: tuple[int, int, int], expected: tuple[float, float, float]
) -> None:
    found = [float(plane[0, 0]) for plane in to_lab(np.array([[colour]], np.uint8))]
    assert found == pytest.approx(expected, abs=0.15)


def test_the_curve_and_luma_stand_in_one_place() -> None:
    package = Path(reddots.__file__).parent
    own = {Path("photo/colour.py"), Path("photo/sandbox/decoding/colour_spaces.py")}
    numbers = re.compile(r"\b(12\.92|0\.04045|0\.0031308|0?\.587)\b")
    places = {
        path.relative_to(package)
        for path in package.rglob("*.py")
        if numbers.search(path.read_text(encoding="utf-8"))
    }
    assert places <= own, "use reddots.photo.colour"
