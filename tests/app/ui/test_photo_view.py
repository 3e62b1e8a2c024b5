"""What a person is told about each photo."""

import pytest

from reddots.knowledge import load
from reddots.photo.result import PhotoResult, PhotoSpots
from reddots_app.i18n import page_texts
from reddots_app.session import PhotoEntry
from reddots_app.ui.photo_view import is_bare, photo_card, problems

KNOWN = load()
TEXTS = page_texts()["en"]
FAR = "spots_too_small"
RASH, BARE = {"other_rash": 1.0}, {"normal_skin": 1.0}

# status, problems, told, why
PHOTOS = [
    ("ok", (), [], "a good photo"),
    ("ok", (FAR,), [FAR], "taken from too far"),
    ("ok", ("blurred", FAR), ["blurred", FAR], "two problems, worst first"),
    ("rejected", ("not_skin", FAR), ["not_skin"], "where no skin is, no spots are small"),
    ("ok", ("unheard_of",), [], "without words nothing is said"),
]


@pytest.mark.parametrize(("status", "found", "told", "why"), PHOTOS)
def test_problems_in_words(status: str, found: tuple[str, ...], told: list[str], why: str) -> None:
    photo = PhotoEntry("a", PhotoResult(status, found))  # type: ignore[arg-type]
    assert [problem.id for problem in problems(photo, KNOWN)] == told, why


def test_a_finer_cause_is_told_in_the_place_of_its_problem() -> None:
    result = PhotoResult("rejected", ("unsupported_format", FAR), causes=("camera_raw",))
    assert [problem.id for problem in problems(PhotoEntry("a", result), KNOWN)] == ["camera_raw"]


# categories, problems, spots that were counted (None: they were not), what the person said of
# them, quality, why
CARDS = [
    (RASH, (), None, None, "usable", "no spots were counted: no green tick"),
    (RASH, ("blurred",), None, None, "weak", "a problem"),
    (BARE, (), None, None, "weak", "bare skin, by the network"),
    (RASH, (), 0, None, "weak", "no spots, whatever the network calls it"),
    (RASH, (), 0, True, "weak", "nobody can agree to no circles"),
    (BARE, (), 3, None, "found", "a navel may be circled: no green tick before the person's yes"),
    (RASH, (), 3, True, "good", "the person agreed"),
    (RASH, (), 3, False, "usable", "the person said that the circles are wrong"),
    (RASH, ("blurred",), 3, True, "weak", "a problem stays one"),
]


@pytest.mark.parametrize(("categories", "found", "count", "agreed", "quality", "why"), CARDS)
def test_a_green_tick_only_where_the_person_agreed_to_the_circles(
    categories: dict[str, float],
    found: tuple[str, ...],
    count: int | None,
    agreed: bool | None,
    quality: str,
    why: str,
) -> None:
    marks = ((0.5, 0.5, 0.01),) * (count or 0)
    spots = None if count is None else PhotoSpots(count, marks=marks)
    photo = PhotoEntry("a", PhotoResult("ok", found, categories, spots=spots))
    card = photo_card(1, photo, TEXTS, KNOWN, agreed=agreed)
    assert card["quality"] == quality, why
    assert (card["sentence"] == TEXTS.photo.no_spots) == is_bare(photo)
    assert bool(card["marks"]) == bool(count and agreed is not False), why


@pytest.mark.parametrize(
    ("status", "no_skin", "offered", "why"),
    [
        ("ok", False, True, "a photo that was used"),
        ("rejected", True, True, "skin that fills too little of the picture"),
        ("rejected", False, False, "one that could not be read has no part to zoom in on"),
    ],
)
def test_the_zoom_is_offered_where_it_can_help(
    status: str, no_skin: bool, offered: bool, why: str
) -> None:
    problems = ("not_skin" if no_skin else "unreadable", FAR)
    photo = PhotoEntry("a", PhotoResult(status, problems, not_skin=no_skin))  # type: ignore[arg-type]
    card = photo_card(1, photo, TEXTS, KNOWN)
    assert card["zoom"] is offered, why
    assert card["zoom_first"] is (status == "ok"), "of a refused one another photo comes first"


@pytest.mark.parametrize(
    ("cropped", "first"),
    [
        (False, True),  # a far photo offers the zoom first
        (True, False),  # not once it was used
    ],
)
def test_a_far_photo_offers_the_zoom_first(cropped: bool, first: bool) -> None:
    photo = PhotoEntry("a", PhotoResult("ok", (FAR,), RASH), cropped=cropped)
    assert photo_card(1, photo, TEXTS, KNOWN)["zoom_first"] is first
