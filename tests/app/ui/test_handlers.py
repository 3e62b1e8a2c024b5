"""Touches are answered from the session alone, and a session that is gone is said so."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from reddots.errors import CheckpointError
from reddots.knowledge import load
from reddots.photo.result import PhotoResult
from reddots_app.crop import WHOLE, Cut
from reddots_app.i18n import page_texts
from reddots_app.privacy.retention import FORGET_MINUTES
from reddots_app.session import Cutting, LookedAt, Session
from reddots_app.ui.handlers import Reception, choose, start_again
from reddots_app.ui.interview import Interview

TEXTS = page_texts()
TALK = Interview(load())
NAMES = ("banner", "photo_step", "photo_report", "cut", "question_step", "question")
NAMES += ("number", "choices")


class NoDarkroom:
    """A darkroom without a checkpoint."""

    def look(self, _paths: list[Path], *, most: int) -> tuple[LookedAt, ...]:
        raise CheckpointError(f"none, for {most} photos")


@pytest.fixture
def reception() -> Reception:
    opened = Reception(dict.fromkeys(TEXTS, TALK), NoDarkroom(), TEXTS)  # type: ignore[arg-type]
    opened.serve(NAMES)
    return opened


def shown(answer: list[Any], name: str) -> Any:
    part = answer[1 + NAMES.index(name)]
    return part["value"] if isinstance(part, dict) and "value" in part else part


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_a_forgotten_session_is_said_so_in_the_language_on_the_screen(
    reception: Reception, language: str
) -> None:
    answer = reception.move(Interview.back, Session("en"), language)
    words = TEXTS[language].frame.forgotten.format(minutes=FORGET_MINUTES)
    assert words in shown(answer, "photo_report")
    assert answer[0].greeted


def test_start_again_leaves_no_value_in_any_field(reception: Reception) -> None:
    session = TALK.answer(TALK.begin(Session("en", greeted=True)), {"age_years": 66})
    answer = reception.move(start_again, session, "en")
    assert answer[0] == Session("en", greeted=True)
    assert shown(answer, "number") is None
    assert shown(answer, "choices") == []
    assert "66" not in str(answer)


def test_a_browser_is_greeted_in_its_language(reception: Reception) -> None:
    request = SimpleNamespace(headers={"accept-language": "de, en;q=0.5"})
    answer = reception.greet(request)  # type: ignore[arg-type]
    assert (answer[0].language, answer[0].step) == ("en", "photo")


def test_an_unknown_language_is_english(reception: Reception) -> None:
    assert reception.speak(Session("en", greeted=True), "xx")[0].language == "en"


def test_without_a_checkpoint_photos_are_refused_in_words(reception: Reception) -> None:
    answer = reception.look(Session("en", greeted=True), "en", ["a.jpg"])
    assert TEXTS["en"].photo.no_model in shown(answer, "photo_report")


def test_without_photos_nothing_mattered(reception: Reception) -> None:
    reception.serve(("photos",))
    answer = reception.show_what_mattered(Session("en", greeted=True), "en")
    assert TEXTS["en"].result.nothing_mattered in answer[1]


@pytest.mark.parametrize(
    "told",
    [
        None,  # nothing was sent along
        {"act": "open", "photo": 0},  # there is no photo
        {"act": "open", "photo": -1},  # no place
        {"act": "remove", "photo": True},  # no number
        {"act": "cut", "cut": [0, 0, 1, 1]},  # nothing is being cut
        ["act", "open"],  # not what the page sends
    ],
)
def test_a_touch_of_a_photo_that_is_not_there_changes_nothing(
    reception: Reception, told: object
) -> None:
    session = Session("en", greeted=True)
    for answer in (reception.touch_photo, reception.cut):
        assert answer(session, "en", gr.EventData(None, told))[0] == session


PHOTOS = tuple(LookedAt(PhotoResult("ok"), copy=bytes([n])) for n in range(3))


class Cutter:
    """A darkroom that only cuts."""

    def preview(self, seen: LookedAt) -> str:
        return f"picture {seen.copy[0]}"

    def look_closer(self, seen: LookedAt, cut: Cut) -> LookedAt:
        return replace(seen, cut=cut)


@pytest.fixture
def cutting() -> Reception:
    opened = Reception(dict.fromkeys(TEXTS, TALK), Cutter(), TEXTS)  # type: ignore[arg-type]
    opened.serve(NAMES)
    return opened


def test_one_photo_is_taken_back_and_the_others_stay(cutting: Reception) -> None:
    session = Session("en", greeted=True, photos=PHOTOS)
    told = gr.EventData(None, {"act": "remove", "photo": 1})
    after = cutting.touch_photo(session, "en", told)[0]
    assert after.photos == (PHOTOS[0], PHOTOS[2])


@pytest.mark.parametrize(
    ("told", "cut"),
    [
        ({"act": "cut", "cut": [0.1, 0.2, 0.3, 0.4]}, Cut(0.1, 0.2, 0.3, 0.4)),  # a part
        ({"act": "whole", "cut": None}, WHOLE),  # the whole
        ({"act": "cut", "cut": "all"}, WHOLE),  # nonsense is the whole
    ],
)
def test_a_photo_is_opened_cut_and_put_back(
    cutting: Reception, told: dict[str, object], cut: Cut
) -> None:
    session = Session("en", greeted=True, photos=PHOTOS)
    opened = cutting.touch_photo(session, "en", gr.EventData(None, {"act": "open", "photo": 1}))
    assert opened[0].cutting == Cutting(1, "picture 1")
    assert "picture 1" in shown(opened, "cut")
    after = cutting.cut(opened[0], "en", gr.EventData(None, told))[0]
    assert [photo.cut for photo in after.photos] == [WHOLE, cut, WHOLE]
    assert after.cutting is None


@pytest.mark.parametrize(
    "option",
    [
        0,  # on a screen without options
        99,  # an option that no question has
    ],
)
def test_an_option_that_is_not_there_is_ignored(option: int) -> None:
    session = TALK.begin(Session("en", greeted=True))
    assert choose(option, TALK, session) == session
