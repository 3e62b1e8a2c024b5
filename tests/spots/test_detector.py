import json
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from reddots.errors import CheckpointError
from reddots.spots.detector import SpotDetector
from reddots.spots.measure import photo_spots
from reddots.spots.peaks import MOST_SPOTS
from reddots.spots.side_car import newest_detector, open_side_car
from tiny_detector import side_car, write_detector

SKIN, RED = (200, 160, 140), (200, 30, 30)


def photo(places, height: int = 200, width: int = 256, half: int = 4) -> np.ndarray:
    pixels = np.full((height, width, 3), SKIN, np.uint8)
    for x, y in places:
        pixels[max(y - half, 0) : y + half, max(x - half, 0) : x + half] = RED
    return pixels


@pytest.mark.parametrize(
    ("places", "scale"),
    [
        ([(60, 50)], 1),  # one, in a photo of the network's size
        ([(60, 50), (200, 150), (128, 100)], 1),
        ([(60, 50), (200, 150)], 4),  # a larger photo is brought down, and its places brought back
        ([], 1),
    ],
)
def test_spots_are_found_where_they_are(tiny_detector, places, scale):
    pixels = photo(places).repeat(scale, axis=0).repeat(scale, axis=1)
    found = tiny_detector.detect(pixels)
    assert (found.width, found.height) == (256 * scale, 200 * scale)
    expected = sorted((x * scale, y * scale) for x, y in places)
    assert len(found) == len(expected)
    for spot, (x, y) in zip(sorted(found, key=lambda s: s.x), expected, strict=True):
        assert (spot.x, spot.y) == pytest.approx((x, y), abs=2 * scale)
        assert spot.diameter == pytest.approx(8 * scale, rel=0.05)
        assert spot.difference[1] > 10  # redder than the skin around


def test_what_is_no_redder_than_its_surroundings_is_left_out(tiny_detector):
    assert len(tiny_detector.detect(np.full((200, 256, 3), RED, np.uint8))) == 0


def test_tiles_find_in_a_large_photo_what_is_lost_otherwise(tiny_detector):
    places = [(100, 100), (700, 400), (500, 900), (1000, 1000)]
    pixels = photo(places, 1100, 1100, half=4)
    assert len(tiny_detector.detect(pixels)) < len(places)
    found = tiny_detector.detect(pixels, tiles=True)
    centres = np.array(sorted((s.x, s.y) for s in found))
    assert np.abs(centres - np.array(sorted(places))).max() < 3


def test_a_spot_where_tiles_overlap_counts_once(tiny_detector):
    places = [(140, 140), (190, 60), (250, 250)]
    found = tiny_detector.detect(photo(places, 400, 400), tiles=True)
    assert len(found) == len(places)


@pytest.mark.parametrize(
    "shape",
    [(1, 1), (1, 3000), (3000, 1), (2, 2), (31, 33), (5000, 40), (64, 64)],
)
@pytest.mark.parametrize("tiles", [False, True])
def test_any_size_is_looked_at(tiny_detector, shape, tiles):
    pixels = np.random.default_rng(0).integers(0, 255, (*shape, 3)).astype(np.uint8)
    found = tiny_detector.detect(pixels, tiles=tiles)
    assert (found.height, found.width) == shape
    for spot in found:
        assert 0 <= spot.x <= shape[1]
        assert 0 <= spot.y <= shape[0]


@given(arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40), st.just(3))))
def test_any_pixels_give_finite_spots(tmp_path_factory, pixels):
    detector = _made_once(tmp_path_factory)
    for spot in detector.detect(pixels):
        values = (spot.x, spot.y, spot.diameter, spot.strength, *spot.difference, *spot.colour)
        assert np.isfinite(values).all()
        assert 0 < spot.strength <= 1


_made: list[SpotDetector] = []


def _made_once(tmp_path_factory) -> SpotDetector:
    if not _made:
        pytest.importorskip("onnx")
        _made.append(SpotDetector.load(write_detector(tmp_path_factory.mktemp("detector"))))
    return _made[0]


def test_a_thousand_spots_are_bounded_in_number_and_time(tiny_detector):
    grid = range(12, 500, 12)
    pixels = photo([(x, y) for x in grid for y in grid], 512, 512, half=3)
    began = time.process_time()
    found = tiny_detector.detect(pixels, tiles=True)
    assert len(grid) ** 2 > len(found) == MOST_SPOTS
    assert found.cut_off
    assert photo_spots(found).count == MOST_SPOTS
    assert time.process_time() - began < 20


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"input": {**side_car()["input"], "long_side": 100_000}}, "size is out of bounds"),
        ({"input": {**side_car()["input"], "multiple": 7}}, "padding"),
        ({"thresholds": {**side_car()["thresholds"], "strength": 1.5}}, "no share"),
        ({"sha256": {}}, "hash"),
        ({"stranger": 1}, "not in order"),
    ],
)
def test_a_side_car_out_of_order_is_refused(tiny_detector_path, tmp_path, change, said):
    written = json.loads(tiny_detector_path.read_text()) | change
    path = tmp_path / "spots-0.0.0.json"
    path.write_text(json.dumps(written))
    with pytest.raises(CheckpointError, match=said):
        open_side_car(path)


def test_another_network_than_described_is_refused(tmp_path):
    pytest.importorskip("onnx")
    path = write_detector(tmp_path)
    path.with_suffix(".onnx").write_bytes(b"something else")
    with pytest.raises(CheckpointError, match="not the one"):
        SpotDetector.load(path)


def test_a_missing_detector_is_an_error(tmp_path):
    with pytest.raises(CheckpointError, match="cannot be read"):
        SpotDetector.load(tmp_path / "spots-9.json")


def test_the_shipped_detector_is_small_licensed_and_finds_a_plain_red_dot():
    path = newest_detector()
    car, network = open_side_car(path)
    assert len(network) <= 2_000_000
    assert car.licence
    assert path.with_suffix(".md").exists()
    y, x = np.mgrid[:300, :400]
    pixels = np.full((300, 400, 3), (214, 170, 148), np.float32)
    pixels += np.random.default_rng(0).normal(0, 3, pixels.shape)
    places = [(80, 70), (300, 200), (150, 230), (330, 60)]
    for cx, cy in places:
        cover = np.clip(5.5 - np.hypot(x - cx, y - cy), 0, 1)[..., None]
        pixels += cover * (np.array([170, 40, 45]) - pixels)
    found = SpotDetector.load(path).detect(np.clip(pixels, 0, 255).astype(np.uint8))
    near = [any(np.hypot(s.x - cx, s.y - cy) < 4 for s in found) for cx, cy in places]
    assert sum(near) >= 3
    assert len(found) <= 6
