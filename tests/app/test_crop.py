"""A frame from a browser is brought inside the photo, and cuts what it covers."""

import numpy as np
import pytest

from reddots_app.crop import LEAST, WHOLE, Cut, read_cut

# what was sent, the cut, why
SENT = [
    ([0, 0, 1, 1], WHOLE, "all of it"),
    ([0.25, 0.5, 0.5, 0.25], Cut(0.25, 0.5, 0.5, 0.25), "a part"),
    ([0.8, 0.9, 0.5, 0.5], Cut(0.5, 0.5, 0.5, 0.5), "over the edge: moved inside"),
    ([-1, -1, 9, 9], WHOLE, "far outside"),
    ([0.5, 0.5, 0, 0.001], Cut(0.5, 0.5, LEAST, LEAST), "nothing: as little as there may be"),
    ([1, 1, 0, 0], Cut(1 - LEAST, 1 - LEAST, LEAST, LEAST), "nothing, in the corner"),
    (None, None, "nothing was sent"),
    ([0, 0, 1], None, "three numbers"),
    (["0", "0", "1", "1"], None, "text"),
    ([0, 0, 1, True], None, "no number"),
    ([0, 0, 1, float("nan")], None, "not a number"),
    ([0, 0, 1, float("inf")], None, "without end"),
    ({"left": 0}, None, "names"),
]


@pytest.mark.parametrize(("sent", "cut", "why"), SENT, ids=[row[2] for row in SENT])
def test_what_a_browser_sent(sent: object, cut: Cut | None, why: str) -> None:
    assert read_cut(sent) == cut, why


PIXELS = np.arange(10 * 20 * 3, dtype=np.uint8).reshape(10, 20, 3)


@pytest.mark.parametrize(
    ("cut", "rows", "columns"),
    [
        (WHOLE, slice(0, 10), slice(0, 20)),  # all
        (Cut(0.5, 0.2, 0.25, 0.3), slice(2, 5), slice(10, 15)),  # a part
        (Cut(1 - LEAST, 1 - LEAST, LEAST, LEAST), slice(9, 10), slice(18, 20)),  # the last corner
    ],
)
def test_what_is_cut_out(cut: Cut, rows: slice, columns: slice) -> None:
    found = cut.of(PIXELS)
    assert (found == PIXELS[rows, columns]).all()
    assert found.flags.c_contiguous


def test_of_a_single_pixel_there_is_always_something() -> None:
    assert Cut(0.9, 0.9, LEAST, LEAST).of(PIXELS[:1, :1]).shape == (1, 1, 3)
