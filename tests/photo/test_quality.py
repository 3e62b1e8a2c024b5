"""What is wrong with a photo is named, so that a better one can be taken."""

import numpy as np
import pytest

from reddots.knowledge import load
from reddots.photo.loader import Photo
from reddots.photo.quality import (
    BRIGHTEST,
    DARKEST,
    LEAST_SHARPNESS,
    LEAST_SIDE,
    assess_quality,
    sharpness,
)


def photo(
    grey: float = 140,
    noise: float = 12,
    pixels: tuple[int, int] = (160, 200),
    original: tuple[int, int] | None = None,
) -> Photo:
    """Grey noise, height × width; ``original`` is the size before it was brought down."""
    grain = np.random.default_rng(0).normal(0, noise, (*pixels, 1))
    values = np.repeat(np.clip(grey + grain, 0, 255), 3, axis=2).astype(np.uint8)
    height, width = original or pixels
    return Photo(values, "JPEG", width, height, "0" * 64)


# photo, its problems, why
PHOTOS = [
    (photo(), (), "fine"),
    (photo(grey=20), ("too_dark",), "dark"),
    (photo(grey=DARKEST + 5), (), "just light enough"),
    (photo(grey=245), ("too_bright",), "bright"),
    (photo(grey=BRIGHTEST - 10), (), "not yet too bright"),
    (photo(noise=0), ("blurred",), "without any detail"),
    (photo(noise=0.3), ("blurred",), "hardly any detail"),
    (photo(noise=3), (), "a little detail is enough"),
    (photo(pixels=(LEAST_SIDE - 1, 400)), ("too_small",), "too few rows"),
    (photo(pixels=(400, LEAST_SIDE - 1)), ("too_small",), "too few columns"),
    (photo(pixels=(LEAST_SIDE, LEAST_SIDE)), (), "just large enough"),
    (photo(pixels=(40, 50), original=(3000, 4000)), (), "a large photo that was brought down"),
    (photo(pixels=(40, 50), grey=0, noise=0), ("too_small", "too_dark", "blurred"), "all at once"),
    (photo(grey=255, noise=0), ("too_bright", "blurred"), "white"),
    (photo(pixels=(1, 1), noise=0), ("too_small", "blurred"), "one pixel"),
    (photo(pixels=(2, 300)), ("too_small", "blurred"), "a strip has no sharpness"),
]


@pytest.mark.parametrize(("given", "problems", "why"), PHOTOS, ids=[row[2] for row in PHOTOS])
def test_problems_are_named_worst_first(given: Photo, problems: tuple[str, ...], why: str) -> None:
    assert assess_quality(given) == problems, why


# colour, problems, why: luma weighs green most and blue least
COLOURS = [
    ((0, 100, 0), (), "green of 100 is luma 59"),
    ((100, 0, 0), ("too_dark",), "red of 100 is luma 30"),
    ((0, 0, 255), ("too_dark",), "the brightest blue is luma 29"),
    ((255, 255, 0), (), "yellow is luma 226"),
    ((255, 255, 100), ("too_bright",), "pale yellow is luma 237"),
]


@pytest.mark.parametrize(("colour", "problems", "why"), COLOURS)
def test_brightness_is_luma(
    colour: tuple[int, int, int], problems: tuple[str, ...], why: str
) -> None:
    pixels = np.full((200, 200, 3), colour, np.uint8)
    found = assess_quality(Photo(pixels, "PNG", 200, 200, ""))
    assert tuple(p for p in found if p != "blurred") == problems, why


def test_sharpness_by_hand() -> None:
    dot = np.zeros((5, 5), np.float32)
    dot[2, 2] = 9
    # The Laplacian is -36 at the dot, 9 at its four neighbours and 0 elsewhere: mean 0.
    assert sharpness(dot) == pytest.approx((36**2 + 4 * 9**2) / 9)
    slope = np.add.outer(np.arange(6), 2 * np.arange(7)).astype(np.float32)
    assert sharpness(slope) == pytest.approx(0), "an even slope of light is no detail"


@pytest.mark.parametrize("shape", [(2, 9), (9, 2), (1, 1)])
def test_sharpness_of_too_few_pixels_is_none(shape: tuple[int, int]) -> None:
    assert sharpness(np.random.default_rng(0).random(shape, dtype=np.float32) * 255) == 0.0


def test_a_blurred_photo_is_less_sharp() -> None:
    sharp = photo(noise=8).pixels[:, :, 0].astype(np.float32)
    smooth = (sharp[:-1, :-1] + sharp[1:, :-1] + sharp[:-1, 1:] + sharp[1:, 1:]) / 4
    smooth = (smooth[:-2, :-2] + smooth[2:, :-2] + smooth[:-2, 2:] + smooth[2:, 2:]) / 4
    assert sharpness(sharp) > LEAST_SHARPNESS
    assert sharpness(smooth) < sharpness(sharp) / 5


# width of the one spot in pixels of 400, problems, why
DISTANCES = [
    (120, (), "a spot from close"),
    (24, ("spots_too_small",), "a spot from far"),
]


@pytest.mark.parametrize(("side", "problems", "why"), DISTANCES)
def test_spots_from_too_far_are_told(side: int, problems: tuple[str, ...], why: str) -> None:
    pixels = photo(pixels=(400, 400)).pixels.copy()
    pixels[200 : 200 + side, 100 : 100 + side, 1:] //= 2
    assert assess_quality(Photo(pixels, "JPEG", 400, 400, "")) == problems, why


def test_every_problem_has_a_text_for_people() -> None:
    told = load().guidance.photo_problems
    found = {problem for row in (*PHOTOS, *DISTANCES) for problem in row[1]}
    assert found == {"too_small", "too_dark", "too_bright", "blurred", "spots_too_small"}
    assert found <= set(told)
