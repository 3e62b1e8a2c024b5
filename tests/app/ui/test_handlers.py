"""Calls are answered from what comes with them alone."""

from pathlib import Path
from typing import Any

import pytest

from reddots.errors import CheckpointError
from reddots.knowledge import load
from reddots.photo.result import PhotoResult
from reddots_app.i18n import page_texts
from reddots_app.session import SessionError
from reddots_app.ui.handlers import Handlers
from reddots_app.ui.interview import Interview

TEXTS = page_texts()
TALK = Interview(load())
NEW = {"version": 1, "language": "en"}


class Analyzer:
    """Finds a rash in everything."""

    def analyze(self, path: Path, *, with_copy: bool) -> tuple[PhotoResult, str]:
        path.unlink()
        sure = {"other_rash": 1.0}
        result = PhotoResult("ok", categories=sure, training_priors=sure)
        return result, "copy" if with_copy else ""


class NoAnalyzer:
    """Without a checkpoint."""

    def analyze(self, path: Path, *, with_copy: bool) -> tuple[PhotoResult, str]:
        raise CheckpointError(f"none for {path} {with_copy}")


def handlers(uploads: Path, analyzer: object | None = None) -> Handlers:
    return Handlers(dict.fromkeys(TEXTS, TALK), analyzer or Analyzer(), TEXTS, uploads)  # type: ignore[arg-type]


@pytest.fixture
def desk(tmp_path: Path) -> Handlers:
    return handlers(tmp_path)


def after(desk: Handlers, *events: dict[str, Any], state: dict[str, Any] = NEW) -> dict[str, Any]:
    answer: dict[str, Any] = {"state": state}
    for event in events:
        answer = desk.answer(answer["state"], event)
    return answer


BEGIN = {"act": "begin"}


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_the_language_of_the_state_is_spoken(desk: Handlers, language: str) -> None:
    html = after(desk, {"act": "show"}, state={**NEW, "language": language})["html"]
    assert TEXTS[language].photo.skip in html


STATES = [
    ({"version": 1, "language": "xx"}, False, "an unknown language is English"),
    ({"version": 99, "language": "en"}, True, "of another version"),
    ({}, True, "empty"),
]


@pytest.mark.parametrize(("state", "told", "why"), STATES)
def test_a_state_that_cannot_be_read_begins_afresh_and_says_so(
    desk: Handlers, state: dict[str, Any], told: bool, why: str
) -> None:
    answer = desk.answer(state, {"act": "show"})
    assert (TEXTS["en"].message.unreadable in answer["html"]) == told, why
    assert answer["state"]["step"] == "photo"


NUMBERS = [
    ({"number": 6, "unit": "years"}, 6, "years"),
    ({"number": 6, "unit": "months"}, 0.5, "a baby's months"),
    ({"number": None, "unit": "years"}, None, "an empty field"),
    ({"number": 400, "unit": "years"}, None, "more than anybody's age"),
    (7, 7, "a plain number"),
    ("7", None, "a text"),
]


@pytest.mark.parametrize(("entered", "years", "why"), NUMBERS)
def test_a_number_in_its_unit(desk: Handlers, entered: object, years: object, why: str) -> None:
    state = after(desk, BEGIN, {"act": "answer", "values": {"age_years": entered}})["state"]
    assert state["answers"].get("age_years") == years, why


TOUCHES = [
    {"act": "nothing of ours"},
    {"act": "change", "question": "no such question"},
    {"act": "answer", "values": ["fever"]},
    {"act": "answer", "values": {"no such question": "yes"}},
    {},
]


@pytest.mark.parametrize("event", TOUCHES)
def test_a_touch_that_is_none_changes_nothing(desk: Handlers, event: dict[str, Any]) -> None:
    before = after(desk, BEGIN)["state"]
    assert after(desk, event, state=before)["state"] == before


def test_start_again_leaves_nothing(desk: Handlers) -> None:
    told = {"act": "answer", "values": {"age_years": {"number": 66, "unit": "years"}}}
    answer = after(desk, BEGIN, told, {"act": "restart"})
    assert answer["state"]["answers"] == {}
    assert answer["state"] == after(desk, {"act": "show"})["state"]


def test_every_step_is_shown(desk: Handlers) -> None:
    for event, mark in (
        ({"act": "show"}, 'data-step="photo"'),
        (BEGIN, "rd-question"),
        ({"act": "review"}, 'data-step="review"'),
        ({"act": "finish"}, 'data-step="result"'),
    ):
        assert mark in after(desk, event)["html"]


def test_an_upload_is_analysed_and_only_an_upload(desk: Handlers, tmp_path: Path) -> None:
    (tmp_path / "hash").mkdir()
    upload = tmp_path / "hash" / "a.jpg"
    upload.write_bytes(b"x")
    answer = desk.photo({"path": str(upload), "with_copy": True})
    assert (answer["result"]["status"], answer["copy"]) == ("ok", "copy")
    for path in (str(tmp_path / "a.jpg"), "/etc/passwd", None, 7):
        with pytest.raises(SessionError):
            desk.photo({"path": path})


def test_without_a_checkpoint_it_is_said_so(tmp_path: Path) -> None:
    desk = handlers(tmp_path, NoAnalyzer())
    assert desk.photo({"path": str(tmp_path / "hash" / "a.jpg")}) == {"missing": True}


def test_the_code_for_the_doctor_is_drawn_from_the_state_that_came(desk: Handlers) -> None:
    assert desk.code({**NEW, "answers": {"fever": "yes"}})["svg"].startswith("<svg")
