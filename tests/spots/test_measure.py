import numpy as np
import pytest

from reddots.spots.measure import photo_spots, summarise
from reddots.spots.spot import Spot, Spots

RED, PURPLE, BROWN, DARK = (50.0, 40.0, 25.0), (45.0, 25.0, 2.0), (45.0, 12.0, 25.0), (25.0, 30.0, 15.0)  # fmt: skip


def spots_of(
    count: int, diameter: float = 8.0, colour=RED, seed: int = 0, skin=(60.0, 15.0, 18.0)
) -> Spots:
    rng = np.random.default_rng(seed)
    return Spots(
        tuple(
            Spot(
                rng.uniform(0, 1000),
                rng.uniform(0, 600),
                diameter,
                0.9,
                tuple(c - k for c, k in zip(colour, skin, strict=True)),
                colour,
            )
            for _ in range(count)
        ),
        1000,
        600,
    )


@pytest.mark.parametrize(
    ("count", "word"), [(1, "one"), (2, "few"), (10, "few"), (11, "many"), (400, "many")]
)
def test_count_in_words(count, word):
    assert summarise(spots_of(count)).count_word == word


@pytest.mark.parametrize(("diameter", "word"), [(8, "pinpoint"), (20, "small"), (80, "large")])
def test_size_is_relative_to_the_longer_side(diameter, word):
    assert summarise(spots_of(5, diameter)).size_word == word


@pytest.mark.parametrize(("per_mm", "word"), [(8.0, "pinpoint"), (2.0, "small"), (0.5, "large")])
def test_size_in_millimetres_where_a_scale_is_given(per_mm, word):
    found = summarise(spots_of(5, 8.0), per_mm)
    assert (found.size_word, found.diameter_mm) == (word, 8.0 / per_mm)


@pytest.mark.parametrize(
    ("colour", "word"),
    [(RED, "red"), (PURPLE, "purple"), (BROWN, "brown"), (DARK, "purple")],
)
def test_colour_in_words(colour, word):
    assert summarise(spots_of(5, colour=colour)).colours == (word,)


def test_a_bluish_light_makes_no_purple():
    pink, bluish = (60.0, 30.0, 6.0), (70.0, 15.0, 4.0)
    assert summarise(spots_of(5, colour=pink, skin=bluish)).colours == ("red",)
    assert summarise(spots_of(5, colour=pink)).colours == ("purple",)


def test_a_colour_of_few_spots_is_not_named():
    mixed = Spots((*spots_of(9).spots, *spots_of(1, colour=PURPLE).spots), 1000, 600)
    assert summarise(mixed).colours == ("red",)


def test_no_spots_are_no_summary():
    empty = Spots((), 10, 10)
    assert summarise(empty) is None
    assert photo_spots(empty).count == 0


def test_marks_are_shares_of_width_height_and_shorter_side():
    one = Spots((Spot(500, 300, 60, 0.9),), 1000, 600)
    assert photo_spots(one).marks == ((0.5, 0.5, 0.1),)
    assert photo_spots(one).diameter == pytest.approx(0.1)
