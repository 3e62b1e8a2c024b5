import math

import numpy as np
import pytest

from reddots.spots.matching import PointScore, match_points, score_points

TRUE = np.array([[10.0, 10, 4], [50, 50, 20]])


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([(10.0, 12.0)], [0]),  # 2 px beside a spot of 4: within the least reach of 3
        ([(10.0, 14.0)], [-1]),  # too far
        ([(59.0, 50.0)], [1]),  # within half of a large one's diameter
        ([(10.0, 10.0), (10.5, 10.0)], [0, -1]),  # a spot counts once, for the surest
        ([], []),
    ],
)
def test_a_detection_is_matched(found, expected):
    assert match_points(np.array(found).reshape(-1, 2), TRUE).tolist() == expected


def test_what_is_left_open_is_neither_hit_nor_false():
    found = np.array([[10.0, 10], [80, 80], [30, 30]])
    score = score_points(found, TRUE, [np.array([[80.0, 80, 4]])])
    assert score == PointScore(hits=1, missed=1, false=1)
    assert (score.recall, score.precision, score.f1) == (0.5, 0.5, 0.5)


def test_without_anything_shares_are_unknown():
    none = PointScore(0, 0, 0)
    assert all(math.isnan(v) for v in (none.recall, none.precision, none.f1))


def test_scores_add_up():
    assert PointScore(1, 2, 3) + PointScore(4, 5, 6) == PointScore(5, 7, 9)
