"""Every value on the page is escaped."""

from types import SimpleNamespace

import msgspec
import pytest

from reddots.knowledge import load
from reddots.knowledge.translation import load_in
from reddots_app.i18n import page_texts
from reddots_app.session import Session
from reddots_app.ui.interview import Interview, Progress
from reddots_app.ui.render import Screens
from reddots_app.ui.templating import fragment, static

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
TEXTS = page_texts()["en"]


def item(**values: object) -> SimpleNamespace:
    return SimpleNamespace(**values)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        (
            "question",
            {
                "text": HOSTILE,
                "help": HOSTILE,
                "why": HOSTILE,
                "explained": [item(text=HOSTILE, help=HOSTILE)],
                "progress": Progress(1, 2),
                "topic": HOSTILE,
                "left": HOSTILE,
                "previous": HOSTILE,
                "doubts": [HOSTILE],
                "note": HOSTILE,
            },
        ),  # a question, its help, and what was answered
        (
            "photo_report",
            {
                "photos": [
                    {
                        "name": HOSTILE,
                        "thumbnail": HOSTILE,
                        "verdict": "fine",
                        "sentence": HOSTILE,
                        "problems": [item(text=HOSTILE, retake=HOSTILE)],
                        "bare": True,
                        "far": True,
                        "can_be_cut": True,
                        "is_cut": False,
                    }
                ],
                "notes": [HOSTILE],
                "retake": True,
            },
        ),  # photos and their problems
        (
            "banner",
            {"level": "emergency", "title": HOSTILE, "summary": HOSTILE, "interrupted": True},
        ),  # the banner
        ("privacy", {"disclaimer": HOSTILE, "privacy": HOSTILE}),  # the foot of the page
    ],
)
def test_hostile_values_are_escaped(name: str, values: dict[str, object]) -> None:
    html = fragment(name, TEXTS, **values)
    assert "<script" not in html
    assert "<img src=x" not in html
    assert "&lt;script&gt;" in html


def test_hostile_page_texts_are_escaped() -> None:
    frame = msgspec.structs.replace(TEXTS.frame, tagline=HOSTILE, emergency_line=HOSTILE)
    html = fragment("emergency_line", msgspec.structs.replace(TEXTS, frame=frame))
    assert "<script" not in html


@pytest.mark.parametrize("language", sorted(page_texts()))
def test_text_in_another_language_is_marked(language: str) -> None:
    texts = page_texts()[language]
    screens = Screens({language: Interview(load_in(language))}, {language: texts}, minutes=30)
    about = screens.frame(Session(language))["about"]
    assert ('lang="en"' in about) == (language != "en"), "sources keep their own names"


def test_every_part_is_rendered_in_every_step() -> None:
    talk = Interview(load())
    screens = Screens({"en": talk}, page_texts(), minutes=30)
    session = Session("en")
    begun = talk.begin(session)
    for step in (session, begun, talk.finish(begun)):
        shown = screens.show(step)
        assert {"banner", "photo_step", "question_step", "result_step"} <= shown.keys()
        visible = [s for s in ("photo", "question", "result") if shown[f"{s}_step"]["visible"]]
        assert visible == [step.step]


@pytest.mark.parametrize("name", ["page.css", "page.js"])
def test_style_and_script_name_no_other_host(name: str) -> None:
    assert "//" not in static(name).replace("// ", "").replace("http://www.w3.org", "")
