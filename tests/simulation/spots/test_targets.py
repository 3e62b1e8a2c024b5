import numpy as np
import pytest

from reddots.simulation.spots.targets import make_target

NONE = np.zeros((0, 3), np.float32)
SAID = np.ones((32, 32), np.float32)


def spots(*rows) -> np.ndarray:
    return np.array(rows, np.float32).reshape(-1, 4)


@pytest.mark.parametrize(
    ("row", "centres"),
    [
        ((20, 40, 8, 10), 1),  # surely visible
        ((20, 40, 8, 3), 0),  # doubtful: nothing is said
        ((20, 40, 8, 1), 0),  # not to be seen
        ((20, 40, 1, 10), 0),  # too small
        ((20, 40, 150, 10), 0),  # too large
    ],
)
def test_only_visible_spots_of_fitting_size_have_a_centre(row, centres):
    assert (make_target(spots(row), NONE, SAID, 2).centre == 1).sum() == centres


def test_a_centre_lies_in_its_cell_with_its_diameter():
    target = make_target(spots((20, 40, 8, 10)), NONE, SAID, 2)
    assert target.centre[20, 10] == 1
    assert target.diameter[20, 10] == 3  # log2
    assert target.near[20, 10] == target.cover[20, 10] == target.weight[20, 10] == 1
    assert target.centre[0, 31] == target.cover[0, 31] == 0


@pytest.mark.parametrize(
    ("row", "weight"),
    [
        ((20, 40, 8, 3), 0),  # doubtful
        ((20, 40, 150, 10), 0),  # large
        ((20, 40, 300, 10), 1),  # a sheet is no spot
        ((20, 40, 8, 1), 1),  # what cannot be seen is none
    ],
)
def test_what_is_left_open_has_no_weight(row, weight):
    assert make_target(spots(row), NONE, SAID, 2).weight[20, 10] == weight


def test_a_spot_counts_even_where_little_is_said():
    unsaid = np.array([[20, 40, 30]], np.float32)
    target = make_target(spots((20, 40, 8, 10)), unsaid, SAID * 0, 2)
    assert target.weight[20, 10] == 1
    assert target.weight[0, 31] == 0


def test_a_spot_at_the_very_edge_is_kept():
    target = make_target(spots((63.9, 0.0, 6, 9)), NONE, SAID, 2)
    assert target.centre[0, 31] == 1


def test_the_maps_are_stacked_in_their_order():
    target = make_target(spots((20, 40, 8, 10)), NONE, SAID, 2)
    assert (target.stacked()[0] == target.centre).all()
    assert (target.stacked()[4] == target.weight).all()
