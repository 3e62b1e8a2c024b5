"""``reddots assess`` asks about the spots found in a photo, and fills nothing in by itself."""

import io

import pytest
from rich.console import Console

from reddots.cli.assess import _document
from reddots.cli.render.assessment_sheet import print_sheet
from reddots.knowledge import load
from reddots.knowledge.translation import load_in
from reddots.photo.result import PhotoResult, PhotoSpots
from reddots.triage.answers import Answers, parse_answers
from reddots.triage.assessment import Assessment, assess

FORTY = PhotoSpots(40, 0.02, "even", ("red", "purple"), ((0.5, 0.5, 0.02),), "small")
QUESTION = "We see about 40 small red dots, spread evenly. Is that right?"


def assessed(spots: PhotoSpots, **answers: object) -> Assessment:
    sure = {"other_rash": 1.0}
    seen = PhotoResult("ok", categories=sure, training_priors=sure).with_spots(spots)
    return assess(parse_answers(answers), seen)


def printed(assessment: Assessment) -> str:
    out = io.StringIO()
    print_sheet(assessment, load(), explain=False, console=Console(file=out, width=400))
    return out.getvalue()


@pytest.mark.parametrize(
    ("spots", "expected"),
    [
        (FORTY, {
            "question": QUESTION,
            "answers": {"count": "many", "size": "small", "colour": ["red", "purple"],
                        "pattern": "scattered"},
        }),
        (PhotoSpots(0), None),
    ],
)  # fmt: skip
def test_json_has_the_question_and_what_a_yes_stands_for(spots, expected):
    document = _document(assessed(spots), "en")
    assert document["photo"]["spots"]["confirm"] == expected
    assert document["answers"] == {}, "nothing is filled in"


def test_json_without_a_photo_has_no_spots():
    assert _document(assess(Answers()), "en")["photo"] is None


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (
            {},
            "add: --set size=small --set colour=red,purple --set count=many --set pattern=scattered",
        ),
        ({"size": "large", "count": "few", "pattern": "rings"}, "If so, add: --set colour=red,purple"),
    ],
)  # fmt: skip
def test_the_sheet_asks_and_says_what_to_add(answers, said):
    text = printed(assessed(FORTY, **answers))
    assert QUESTION in text
    assert said in text


def test_what_to_add_is_said_in_the_language() -> None:
    out = io.StringIO()
    console = Console(file=out, width=400)
    print_sheet(assessed(FORTY), load_in("es"), explain=False, language="es", console=console)
    assert "Si es así, añada: --set size=small" in out.getvalue()


def test_skin_without_spots_is_said_and_called_no_rash():
    found = assessed(PhotoSpots(0))
    text = printed(found)
    assert "no clear red dots" in text.lower()
    assert "Is that right?" not in text
    assert found.photo.abstained, "the network's first choice is not named"
    assert "no_spots" in _document(found, "en")["photo"]["problems"]
