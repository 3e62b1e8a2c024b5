"""A bar or a mark that many photos of a set carry is reported, with its place and share."""

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from datasets.drawn_photos import framed, lettered, skin
from reddots.datasets.quality.borders import bars, trim_bars
from reddots.datasets.quality.source_marks import LEAST_PHOTOS, margins, source_marks

Draw = Callable[[Image.Image], Image.Image]


def marks_of(draw: Draw, every: int, count: int = 30) -> dict[tuple[str, str], float]:
    """Return kind and place of the marks of a set of which every so many photos are drawn on."""
    photos = [draw(skin(i)) if i % every == 0 else skin(i) for i in range(count)]
    kept = [margins(np.asarray(photo, dtype=np.uint8)) for photo in photos]
    return {(m.kind, m.place): m.share for m in source_marks(kept, ["set"] * count)}


# what is drawn, on every how many photos, the marks that are found with their share, why
MARKED: list[tuple[Draw, int, dict[tuple[str, str], float], str]] = [
    (lambda p: p, 1, {}, "no mark"),
    (framed, 1, {("border", "bottom"): 1.0}, "a bar below each photo"),
    (framed, 3, {("border", "bottom"): 1 / 3}, "a bar below a third"),
    (lettered, 1, {("repeated_mark", "bottom left"): 1.0}, "initials in each"),
    (lettered, 2, {("repeated_mark", "bottom left"): 0.5}, "initials in half"),
]


@pytest.mark.parametrize(("draw", "every", "found", "why"), MARKED, ids=[r[3] for r in MARKED])
def test_marks_are_found(
    draw: Draw, every: int, found: dict[tuple[str, str], float], why: str
) -> None:
    marks = marks_of(draw, every)
    for key, share in found.items():
        assert marks.get(key, 0.0) == pytest.approx(share, abs=0.08), (why, marks)
    if not found:
        assert marks == {}, why


def test_a_small_set_is_not_judged() -> None:
    assert marks_of(framed, 1, LEAST_PHOTOS - 1) == {}


def test_a_small_photo_has_no_corners_to_look_at() -> None:
    assert not margins(np.zeros((30, 30, 3), dtype=np.uint8)).edges.any()


def test_a_bar_is_measured_and_cut_off() -> None:
    photo = np.asarray(framed(skin(1)), dtype=np.uint8)
    assert bars(photo)["bottom"] == pytest.approx(17 / 157, abs=0.01)
    assert bars(photo)["top"] == bars(photo)["left"] == 0.0
    assert trim_bars(photo).shape == (140, 160, 3)


def test_a_plain_photo_is_no_bar() -> None:
    plain = np.full((40, 50, 3), 128, dtype=np.uint8)
    assert set(bars(plain).values()) == {0.0}
    assert trim_bars(plain).shape == plain.shape
