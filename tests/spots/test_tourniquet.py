"""The tourniquet count: the square drawn on skin, seen aslant, and the petechiae in it."""

import numpy as np
import pytest

from reddots.errors import ComparisonError
from reddots.spots.coin import find_coin
from reddots.spots.quadrilateral import find_square
from reddots.spots.tourniquet import poisson_interval, read_rule, tourniquet_count

cv2 = pytest.importorskip("cv2", reason="the extra “compare” is not installed")

SKINS = ((235, 205, 185), (200, 160, 140), (150, 110, 85), (70, 45, 35))
TURNS = (0, 20, 45, 80)


def corners_of(turn: float, side: float = 220, slant: float = 0.0) -> np.ndarray:
    angle = np.radians(turn)
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    square = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * side / 2
    square[:2] *= 1 - slant
    return square @ rotation.T + (320, 240)


def arm(corners, inside, outside=0, skin=SKINS[1], ink=(30, 40, 110), sides=4):
    """Return an arm of 640 × 480 pixels: so many discs in the square, in a grid, and beside it."""
    rng = np.random.default_rng(3)
    pixels = np.full((480, 640, 3), skin, np.uint8) + rng.integers(0, 4, (480, 640, 1), np.uint8)
    for a, b in list(zip(corners, np.roll(corners, -1, 0), strict=True))[:sides]:
        cv2.line(pixels, a.round().astype(int).tolist(), b.round().astype(int).tolist(), ink, 4)
    red = (int(skin[0] * 0.75), int(skin[1] * 0.3), int(skin[2] * 0.3))
    places = [(u, v) for v in np.linspace(0.12, 0.88, 6) for u in np.linspace(0.12, 0.88, 6)]
    for u, v in places[:inside]:
        top, low = (corners[i] * (1 - u) + corners[j] * u for i, j in ((0, 1), (3, 2)))
        x, y = (top * (1 - v) + low * v).round().astype(int).tolist()
        cv2.circle(pixels, (x, y), 6, red, -1)
    for n in range(outside):
        cv2.circle(pixels, (30 + 40 * n, 30), 6, red, -1)
    return pixels


@pytest.mark.parametrize("skin", SKINS)
@pytest.mark.parametrize("turn", TURNS)
def test_the_drawn_square_is_found_on_every_skin_and_turn(turn, skin):
    ink = (235, 235, 230) if sum(skin) < 200 else (30, 40, 110)
    corners = corners_of(turn)
    found = find_square(arm(corners, 5, skin=skin, ink=ink))
    apart = np.hypot(*(found[:, None] - corners[None]).transpose(2, 0, 1))
    assert apart.min(axis=1).max() < 8


@pytest.mark.parametrize(
    ("sides", "why"), [(0, "nothing drawn"), (2, "a corner is no square"), (3, "an open square")]
)
def test_without_a_whole_square_nothing_is_counted(tiny_detector, sides, why):
    with pytest.raises(ComparisonError) as refused:
        tourniquet_count(arm(corners_of(10), 12, sides=sides), tiny_detector)
    assert "Draw all four sides" in str(refused.value), why


@pytest.mark.parametrize(
    "pixels",
    [np.zeros((1, 1, 3), np.uint8), np.zeros((1, 900, 3), np.uint8),
     np.full((300, 300, 3), 255, np.uint8),
     np.random.default_rng(0).integers(0, 255, (400, 500, 3), np.uint8)],
)  # fmt: skip
def test_hostile_photos_are_refused_with_a_sentence(tiny_detector, pixels):
    with pytest.raises(ComparisonError):
        tourniquet_count(pixels, tiny_detector)


@pytest.mark.parametrize(
    ("turn", "slant", "inside"), [(0, 0.0, 0), (0, 0.0, 9), (15, 0.0, 12), (40, 0.15, 30)]
)
def test_only_what_is_in_the_square_is_counted(tiny_detector, turn, slant, inside):
    corners = corners_of(turn, slant=slant)
    found = tourniquet_count(arm(corners, inside, outside=7), tiny_detector)
    assert abs(found.count - inside) <= max(2, inside / 5)
    assert found.is_positive == (found.count >= 10)
    assert found.low <= found.count <= found.high
    for spot in found.spots:
        point = (spot.x, spot.y)
        assert cv2.pointPolygonTest(corners.astype(np.float32), point, False) > 0


@pytest.mark.parametrize(("threshold", "positive"), [(None, False), (5, True), (20, False)])
def test_the_threshold_can_be_set(tiny_detector, threshold, positive):
    found = tourniquet_count(arm(corners_of(0), 7), tiny_detector, threshold)
    assert found.threshold == (threshold or read_rule().threshold)
    assert found.is_positive == positive


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0.0, 3.69), (1, 0.03, 5.57), (10, 4.8, 18.39), (60, 45.79, 77.23)],
)
def test_the_interval_is_garwoods(count, low, high):
    assert poisson_interval(count) == pytest.approx((low, high), abs=0.01)


METALS = ((200, 170, 90), (190, 190, 195), (160, 95, 60))
COIN_MM, PIXELS_PER_MM = 20.0, 6.0


def with_coin(inside, skin=SKINS[1], metal=METALS[0], at=(120, 110)):
    """Return an arm of 107 × 80 mm with a coin, and so many discs within one square of 25 mm."""
    rng = np.random.default_rng(3)
    pixels = np.full((480, 640, 3), skin, np.uint8) + rng.integers(0, 4, (480, 640, 1), np.uint8)
    wide = round(COIN_MM * PIXELS_PER_MM / 2)
    cv2.circle(pixels, at, wide, metal, -1, cv2.LINE_AA)
    cv2.circle(pixels, at, round(0.8 * wide), tuple(int(0.8 * c) for c in metal), 3, cv2.LINE_AA)
    red = (int(skin[0] * 0.75), int(skin[1] * 0.3), int(skin[2] * 0.3))
    for place in range(inside):
        x, y = 330 + 28 * (place % 5), 260 + 26 * (place // 5)
        cv2.circle(pixels, (x, y), 6, red, -1, cv2.LINE_AA)
    return pixels


@pytest.mark.parametrize("metal", METALS)
@pytest.mark.parametrize("skin", SKINS)
def test_a_coin_is_found_on_every_skin_and_gives_the_scale(skin, metal):
    coin = find_coin(with_coin(4, skin, metal))
    assert np.hypot(coin.x - 120, coin.y - 110) < 3
    assert coin.diameter == pytest.approx(COIN_MM * PIXELS_PER_MM, rel=0.04)


@pytest.mark.parametrize("inside", [0, 9, 20])
def test_beside_a_coin_the_square_that_has_most_is_counted(tiny_detector, inside):
    found = tourniquet_count(with_coin(inside), tiny_detector, coin_mm=COIN_MM)
    assert abs(found.count - inside) <= max(2, inside / 5)
    side = np.hypot(*(found.corners[1] - found.corners[0]))
    assert side == pytest.approx(25 * PIXELS_PER_MM, rel=0.04)
    nearest = np.clip((120, 110), found.corners.min(axis=0), found.corners.max(axis=0))
    assert np.hypot(*(nearest - (120, 110))) >= COIN_MM * PIXELS_PER_MM / 2, "not on the coin"


# a photo, a word of the sentence, why
COINLESS = [
    (arm(corners_of(0), 9, sides=0), "No coin", "skin alone"),
    (arm(corners_of(0), 9), "No coin", "a drawn square"),
    (with_coin(4, at=(10, 110)), "No coin", "cut by the photo's edge"),
    (with_coin(9)[20:220, 20:290], "no room", "too close for a square beside it"),
    (np.zeros((1, 900, 3), np.uint8), "No coin", "one pixel high"),
    (np.random.default_rng(0).integers(0, 255, (400, 500, 3), np.uint8), "No coin", "noise"),
]


@pytest.mark.parametrize(("pixels", "said", "why"), COINLESS, ids=[row[2] for row in COINLESS])
def test_without_a_coin_nothing_is_counted(tiny_detector, pixels, said, why):
    with pytest.raises(ComparisonError, match=said):
        pytest.fail(f"{why}: {tourniquet_count(pixels, tiny_detector, coin_mm=COIN_MM).count}")


@pytest.mark.parametrize("width", [0, 3, 9.9, 50.1, 500])
def test_no_coin_is_that_wide(tiny_detector, width):
    with pytest.raises(ComparisonError, match="10 to 50 mm"):
        tourniquet_count(arm(corners_of(10), 12), tiny_detector, coin_mm=width)
