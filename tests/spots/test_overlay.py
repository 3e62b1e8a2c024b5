import numpy as np
import pytest

from reddots.spots.overlay import COLOUR, draw_spots
from reddots.spots.spot import Spot, Spots


def drawn(diameter: float, side: int = 200) -> np.ndarray:
    photo = np.full((side, side, 3), 200, np.uint8)
    return draw_spots(photo, Spots((Spot(100, 100, diameter, 0.9),), 200, 200))


@pytest.mark.parametrize("diameter", [3, 10, 60])
def test_the_lesion_itself_stays_free(diameter):
    y, x = np.mgrid[:200, :200] + 0.5
    within = np.hypot(y - 100, x - 100) <= diameter / 2
    assert (drawn(diameter)[within] == 200).all()


def test_the_circle_is_in_the_safe_colour():
    nearest = np.abs(drawn(20).astype(int) - COLOUR).sum(axis=2).min()
    assert nearest < 60


def test_no_spots_change_nothing():
    photo = np.random.default_rng(0).integers(0, 255, (30, 40, 3)).astype(np.uint8)
    assert (draw_spots(photo, Spots((), 40, 30)) == photo).all()


def test_circles_lie_right_on_a_photo_of_another_size():
    photo = np.full((400, 400, 3), 200, np.uint8)
    changed = (draw_spots(photo, Spots((Spot(50, 50, 20, 0.9),), 200, 200)) != 200).any(axis=2)
    rows, columns = np.nonzero(changed)
    assert (rows.mean(), columns.mean()) == pytest.approx((99.5, 99.5), abs=1)
