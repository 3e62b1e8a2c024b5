"""What the page says, by language."""

import shutil
from pathlib import Path

import pytest

from reddots._resources import folder
from reddots.errors import KnowledgeError
from reddots.knowledge import Urgency, load
from reddots_app.i18n import (
    page_texts,
    preferred_language,
    preferred_region,
    read_page_texts,
)


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("", "en"),  # a browser that says nothing gets English
        ("en-GB,en;q=0.9", "en"),  # a region is no matter
        ("de;q=0.9,en;q=0.8", "en"),  # a language that is not there is passed over
        ("es-MX,es;q=0.9,en;q=0.8", "es"),  # Spanish of any country
        ("fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("pt-BR,pt;q=0.9", "pt"),
        ("en;q=0.5,es;q=0.9", "es"),  # the weight decides, not the place
        ("*", "en"),  # any is English
        ("xx;q=wrong, en", "en"),  # nonsense is passed over
    ],
)
def test_language_follows_the_browser(accept: str, language: str) -> None:
    assert preferred_language(accept, page_texts()) == language


@pytest.mark.parametrize(
    ("accept", "region"),
    [
        ("en-GB,en;q=0.9", "GB"),  # as browsers say it
        ("es,es-MX;q=0.9", "MX"),  # a language without one comes first
        ("zh-Hant-TW", "TW"),  # a script is no region
        ("en;q=0.9,de-CH;q=0.1", "CH"),  # the least wish that has one
        ("es-419", ""),  # a continent has no number
        ("", ""),  # nothing is said
    ],
)
def test_region_follows_the_browser(accept: str, region: str) -> None:
    assert preferred_region(accept) == region


@pytest.mark.parametrize("code", sorted(page_texts()))
def test_every_topic_of_a_fact_has_a_heading(code: str) -> None:
    topics = {fact.topic for category in load().categories.values() for fact in category.fact}
    assert topics <= {key for key, _ in page_texts()[code].topics.items()}


@pytest.mark.parametrize("code", sorted(page_texts()))
def test_every_level_has_a_title(code: str) -> None:
    titles = [page_texts()[code].result[level.id] for level in Urgency]
    assert len(set(titles)) == len(Urgency)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('next = "Next"\n', "", "next"),  # a key is missing
        ('next = "Next"', 'next = "Next"\nextra = "?"', "extra"),  # a key too many
        ('call = "Call {number}"', 'call = "Call"', "result.call"),  # a placeholder is missing
        ('code = "en"', 'code = "de"', "its code"),  # the file's name and its code differ
        ("[frame]", "[frame", "page.xx.toml"),  # not TOML
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    shutil.copy(folder("data") / "locale" / "page.en.toml", tmp_path)
    text = (tmp_path / "page.en.toml").read_text(encoding="utf-8")
    assert old in text
    wrong = text.replace('code = "en"', 'code = "xx"').replace(old, new)
    (tmp_path / "page.xx.toml").write_text(
        wrong if old != 'code = "en"' else text.replace(old, new), encoding="utf-8"
    )
    with pytest.raises(KnowledgeError, match=message):
        read_page_texts(tmp_path)


def test_english_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match=r"page\.en\.toml"):
        read_page_texts(tmp_path)
