"""Every value on the page is escaped, and every drawing is there."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

import reddots_app.ui
from reddots.knowledge import load
from reddots.knowledge.translation import load_in
from reddots_app.emergency import CallNumbers
from reddots_app.i18n import Texts, page_texts
from reddots_app.session import Session
from reddots_app.ui.assets import assets, static
from reddots_app.ui.drawings import TONES, drawing, drawing_of, drawings_for, map_of
from reddots_app.ui.interview import Part
from reddots_app.ui.pages import about
from reddots_app.ui.templating import fragment

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
TEXTS = page_texts()["en"]
UI = Path(reddots_app.ui.__file__).parent
NUMBERS = CallNumbers(HOSTILE, HOSTILE, ("112",), {"GB": HOSTILE})


def item(**values: object) -> SimpleNamespace:
    return SimpleNamespace(**values)


QUESTION = {
    "key": HOSTILE,
    "kind": "checklist",
    "text": HOSTILE,
    "help": HOSTILE,
    "why": HOSTILE,
    "rows": [{"id": HOSTILE, "text": HOSTILE, "help": HOSTILE, "options": [], "given": None}],
    "question": item(id=HOSTILE),
    "options": (),
    "number": None,
    "drawings": (),
    "parts": (Part("spots", "current"),),
    "doubts": [HOSTILE],
    "answered": 1,
    "note": HOSTILE,
}
PHOTO = {
    "id": HOSTILE,
    "name": HOSTILE,
    "quality": "usable",
    "sentence": HOSTILE,
    "problems": [item(text=HOSTILE, retake=HOSTILE)],
    "bare": True,
    "zoom": True,
    "zoom_first": True,
    "cropped": False,
    "marks": ((HOSTILE, 0, 0),),
}
PHOTO_STEP = {
    "session": Session("en"),
    "photos": [PHOTO],
    "more_allowed": True,
    "most": 5,
    "short_side": 1,
    "retake": True,
    "check": item(
        state="open",
        sentence=HOSTILE,
        rows=[
            {
                "id": HOSTILE,
                "text": HOSTILE,
                "answer": HOSTILE,
                "several": True,
                "options": [(HOSTILE, HOSTILE, True)],
            }
        ],
    ),
    "note": HOSTILE,
}
BANNER = {
    "level": "emergency",
    "title": HOSTILE,
    "floor": HOSTILE,
    "summary": HOSTILE,
    "interrupted": True,
    "numbers": NUMBERS,
    "photo_ignored": False,
}
REVIEW = {
    "rows": [item(id=HOSTILE, question=HOSTILE, answer=HOSTILE, warning=True)],
    "skipped": [item(id=HOSTILE, text=HOSTILE)],
    "photos": (),
    "origin": HOSTILE,
}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("question", QUESTION),  # a question, its help, and what was answered
        ("photo", PHOTO_STEP),  # photos and their problems
        ("banner", BANNER),  # how urgent it is
        ("review", REVIEW),  # all answers
        ("research", {"note": HOSTILE}),  # a refusal of the research page
    ],
)
def test_hostile_values_are_escaped(name: str, values: dict[str, object]) -> None:
    html = fragment(name, TEXTS, **values)
    assert "<script" not in html
    assert "<img src=x" not in html
    assert "&lt;script&gt;" in html


def test_hostile_page_texts_are_escaped() -> None:
    glass = {**dict(TEXTS.glass.items()), "lead": HOSTILE, "steps": [HOSTILE]}
    texts = Texts({**{k: v for k, v in TEXTS.items() if k != "glass"}, "glass": glass})
    assert "<script" not in fragment("glass", texts, numbers=NUMBERS)


@pytest.mark.parametrize("language", sorted(page_texts()))
def test_text_in_another_language_is_marked(language: str) -> None:
    html = about(page_texts()[language], load_in(language))
    assert ('lang="en"' in html) == (language != "en"), "sources keep their own names"


def test_no_template_or_script_puts_its_own_colon_after_a_text() -> None:
    """Its space differs by language: it is one of the page's texts."""
    templates = list((UI / "templates").glob("*.j2"))
    assert len(templates) > 8, "the walk finds them"
    own = re.compile(r"(\}|>)[:;?!](?=[ <])")
    put = {
        path.name: found.group()
        for path in [*templates, *(UI / "static").glob("*.js")]
        if (found := own.search(path.read_text(encoding="utf-8")))
    }
    assert not put


@pytest.mark.parametrize(("language", "colon"), [("en", "Source: "), ("fr", "Source\u00a0: ")])
def test_a_colon_is_the_language_s_own(language: str, colon: str) -> None:
    assert colon in about(page_texts()[language], load_in(language))


@pytest.mark.parametrize("name", ["page.css", "service-worker.js", "start.js", "photos.js"])
def test_style_and_script_name_no_other_host(name: str) -> None:
    assert "//" not in static(name).replace("// ", "").replace("-//Red Dots//EN", "")


def test_a_name_of_an_asset_changes_with_its_bytes_and_what_is_text_is_compressed() -> None:
    found = assets()
    assert {"page.js", "page.css", "icon-32.png", "icon-192.png", "preview.png"} <= found.keys()
    assert len({asset.url for asset in found.values()}) == len(found)
    script = found["page.js"]
    assert 0 < len(script.gzipped) < len(script.body) / 2


DRAWN = ("surface", "size", "pattern", "colour", "count")


@pytest.mark.parametrize("question", DRAWN)
def test_every_answer_that_is_seen_rather_than_read_is_drawn(question: str) -> None:
    for value in load().questions[question].values:
        assert drawing_of(question, value), value


def test_the_glass_test_has_three_steps_and_every_site_can_be_tapped() -> None:
    assert len(drawings_for("blanches")) == len(TEXTS.glass.steps) == 3
    body = drawing(map_of("sites"))
    for site in load().questions["sites"].values:
        assert f'data-value="{site}"' in body, site


def test_each_of_the_five_kinds_is_drawn_on_three_tones_of_skin() -> None:
    for category in load().candidates:
        if category.kind == "target":
            html = drawing(f"category.{category.id}")
            assert all(f"rd-tone-{tone}" in html for tone in TONES), category.id
    assert drawing("no such drawing") == ""
