import numpy as np
import pytest

pytest.importorskip("cv2", reason="the extra “compare” is not installed")

from PIL import Image

from reddots.errors import ComparisonError
from reddots.spots.align import Alignment, align
from reddots.spots.compare import compare_spots, side_by_side
from reddots.spots.glass import spots_under_glass
from reddots.spots.spot import Spot, Spots

SIDE = 400


def skin(seed: int = 0) -> np.ndarray:
    """Skin with brown moles and fine texture to hold on to."""
    rng = np.random.default_rng(seed)
    noise = Image.fromarray(rng.integers(0, 255, (100, 100)).astype(np.uint8))
    fine = np.asarray(noise.resize((SIDE, SIDE), Image.Resampling.BICUBIC), np.float32) - 128
    picture = np.array([205, 160, 135], np.float32) + 0.18 * fine[..., None]
    for x, y in rng.uniform(30, SIDE - 30, (25, 2)):
        picture = stained(picture, x, y, rng.uniform(4, 9), (60, 70, 70))
    return np.clip(picture, 0, 255).astype(np.uint8)


def stained(picture: np.ndarray, x: float, y: float, radius: float, less) -> np.ndarray:
    rows, columns = np.mgrid[: picture.shape[0], : picture.shape[1]]
    cover = np.clip(radius - np.hypot(columns - x, rows - y) + 0.5, 0, 1)[..., None]
    return np.clip(picture - cover * np.array(less), 0, 255).astype(picture.dtype)


def with_spots(places, radius: float = 5.0) -> tuple[np.ndarray, Spots]:
    picture = skin().astype(np.float32)
    for x, y in places:
        picture = stained(picture, x, y, radius, (20, 90, 80))
    spots = tuple(
        Spot(x, y, 2 * radius, 0.9, (-18.0, 34.0, 16.0), (50.0, 48.0, 33.0)) for x, y in places
    )
    return picture.astype(np.uint8), Spots(spots, SIDE, SIDE)


def turned(pixels: np.ndarray, degrees: float, scale: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """A photo taken turned and nearer, and the true matrix from it to the first."""
    import cv2

    forth = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), degrees, scale)
    return cv2.warpAffine(pixels, forth, (SIDE, SIDE), borderValue=(90, 90, 90)), (
        cv2.invertAffineTransform(forth)
    )


BEFORE = [(120, 120), (200, 150), (260, 260), (150, 280), (300, 180), (220, 330)]


@pytest.mark.parametrize(
    ("degrees", "scale", "light"),
    [
        (0, 1.0, 1.0),  # the same
        (12, 1.0, 1.0),  # turned
        (-25, 1.15, 1.0),  # turned and nearer
        (90, 0.9, 1.0),  # on its side and farther
        (5, 1.0, 0.7),  # darker
        (5, 1.0, 1.2),  # brighter
    ],
)
@pytest.mark.slow
def test_photos_of_one_place_are_aligned(degrees, scale, light):
    pixels, spots = with_spots(BEFORE)
    second, matrix = turned(pixels, degrees, scale)
    found = align(pixels, np.clip(second * light, 0, 255).astype(np.uint8))
    corners = np.array([(100.0, 100), (300, 100), (200, 300)])
    true = corners @ matrix[:, :2].T + matrix[:, 2]
    assert np.abs(found.onto_first(corners) - true).max() < 2
    assert np.abs(found.onto_second(found.onto_first(corners)) - corners).max() < 1e-6
    assert found.scale == pytest.approx(1 / scale, rel=0.02)
    assert len(spots) == len(BEFORE)


@pytest.mark.parametrize(
    "other",
    [
        skin(seed=7),  # another place
        np.full((SIDE, SIDE, 3), 128, np.uint8),  # blank
        np.zeros((1, 500, 3), np.uint8),  # a line
        np.random.default_rng(3).integers(0, 255, (SIDE, SIDE, 3)).astype(np.uint8),  # noise
    ],
)
@pytest.mark.slow
def test_photos_of_other_places_are_refused_with_a_sentence(other):
    with pytest.raises(ComparisonError, match="same place"):
        align(skin(), other)


def test_new_gone_and_kept_spots_are_told_apart():
    first, before = with_spots(BEFORE)
    later = [*BEFORE[1:], (320, 320), (80, 200), (330, 90)]
    second, after = with_spots(later)
    found = compare_spots(first, second, before, after, align(first, second))
    assert {(round(s.x), round(s.y)) for s in found.new} == {(320, 320), (80, 200), (330, 90)}
    assert [(s.x, s.y) for s in found.gone] == [BEFORE[0]]
    assert len(found.kept) == len(BEFORE) - 1
    assert found.answers == {"spreading_fast": "yes"}


def test_larger_spots_count_as_spreading():
    first, before = with_spots(BEFORE, 4.0)
    second, after = with_spots(BEFORE, 8.0)
    found = compare_spots(first, second, before, after, align(first, second))
    assert len(found.grown) == len(BEFORE)
    assert found.spreads


def test_spots_that_fade_or_are_fewer_answer_nothing():
    first, before = with_spots(BEFORE)
    second, after = with_spots(BEFORE[:1])
    found = compare_spots(first, second, before, after, align(first, second))
    assert len(found.gone) == len(BEFORE) - 1
    assert found.answers == {}


def test_a_spot_that_the_detector_missed_once_has_neither_come_nor_gone():
    first, before = with_spots(BEFORE)
    second, _ = with_spots(BEFORE)
    fewer = Spots(before.spots[2:], SIDE, SIDE)
    found = compare_spots(first, second, before, fewer, align(first, second))
    assert (found.new, found.gone) == ((), ())


def test_both_photos_stand_side_by_side():
    first, before = with_spots(BEFORE)
    second, after = with_spots(BEFORE[:3])
    found = compare_spots(first, second, before, after, align(first, second))
    assert side_by_side(first, second, found).shape == (SIDE, 2 * SIDE + 4, 3)


@pytest.mark.parametrize(
    ("stay", "answers"),
    [
        (6, {"blanches": "no"}),  # all stay: a person is asked whether they do not fade
        (4, {"blanches": "no"}),
        (1, {}),
        (0, {}),  # that they fade is never believed
    ],
)
@pytest.mark.slow
def test_the_glass_pair_may_only_raise(stay, answers):
    _, before = with_spots(BEFORE)
    pressed, _ = with_spots(BEFORE[:stay])
    paler = np.clip(pressed * 0.95 + 12, 0, 255).astype(np.uint8)  # skin under glass is paler
    found = spots_under_glass(paler, before, Alignment(np.eye(2, 3), 100))
    assert (found.seen, found.stay) == (6, stay)
    assert found.answers == answers
