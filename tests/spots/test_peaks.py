import numpy as np
import pytest

from reddots.spots.peaks import MOST_SPOTS, decode_peaks, suppress


def maps_with(*peaks: tuple[int, int, float, float], side: int = 40) -> np.ndarray:
    """Maps with peaks of row, column, logit and log2 of the diameter."""
    maps = np.full((2, side, side), -6.0, np.float32)
    maps[1] = 2.0
    for row, column, logit, size in peaks:
        maps[0, row, column], maps[1, row, column] = logit, size
    return maps


@pytest.mark.parametrize(
    ("peaks", "expected"),
    [
        ([], []),  # nothing above the threshold is nothing
        ([(10, 20, 3.0, 3.0)], [(41.0, 21.0, 8.0)]),  # x is the column, in pixels of the input
        ([(10, 20, -1.0, 3.0)], []),  # below the threshold
        ([(10, 20, 3.0, 3.0), (10, 21, 2.0, 3.0)], [(41.5, 21.0, 8.0)]),  # a shoulder is no peak
        (
            [(10, 10, 2.0, 3.0), (30, 30, 3.0, 4.0)],
            [(61.0, 61.0, 16.0), (21.0, 21.0, 8.0)],
        ),  # surest first
        ([(10, 10, 3.0, 5.0), (12, 12, 2.0, 5.0)], [(21.0, 21.0, 32.0)]),  # two peaks of one spot
        ([(0, 0, 3.0, 2.0), (39, 39, 2.0, 2.0)], [(0.0, 0.0, 4.0), (80.0, 80.0, 4.0)]),  # corners
    ],
)
def test_peaks_become_spots(peaks, expected):
    found = decode_peaks(maps_with(*peaks), 2, 0.5, 0.5)
    assert found[:, :3] == pytest.approx(np.array(expected).reshape(-1, 3), abs=0.6)


def test_a_flat_top_is_one_spot():
    maps = maps_with()
    maps[0, 10:13, 10:13] = 3.0
    assert len(decode_peaks(maps, 2, 0.5, 0.5)) == 1


def test_the_number_of_spots_is_bounded():
    maps = np.full((2, 300, 300), -6.0, np.float32)
    maps[0, ::3, ::3], maps[1] = 3.0, 1.0
    assert len(decode_peaks(maps, 2, 0.5, 0.1)) == MOST_SPOTS


def test_an_absurd_diameter_is_bounded():
    assert decode_peaks(maps_with((5, 5, 3.0, 400.0)), 2, 0.5, 0.5)[0, 2] == 512


def test_suppression_keeps_the_surest_of_near_ones():
    found = np.array([[10, 10, 8, 0.9], [12, 10, 8, 0.8], [40, 10, 8, 0.7]])
    assert suppress(found, 0.5).tolist() == [True, False, True]
