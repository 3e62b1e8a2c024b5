"""A translation whose English text has changed since is found out."""

import pytest

from reddots.knowledge import stale_translations
from reddots.knowledge.stale_translations import Record
from reddots.knowledge.translation import SOURCE_LANGUAGE, languages

TRANSLATED = [code for code in languages() if code != SOURCE_LANGUAGE]


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_shipped_translation_is_stale(language: str) -> None:
    now = stale_translations.record_now(language)
    left = stale_translations.stale(now, stale_translations.read_record(language))
    assert not left, f"look at these, then run: python scripts/translations.py {language} {left}"
    assert any(key.startswith("rules.") for key in now), "the knowledge is in it"
    assert any(key.startswith("page.") for key in now), "and so is the page"


# what was recorded, what is there now (hashes of English, translation), keys confirmed, stale, why
CHANGES: list[tuple[Record, Record, list[str], list[str], str]] = [
    ({"a": ("1", "x")}, {"a": ("1", "x")}, [], [], "nothing has changed"),
    ({"a": ("1", "x")}, {"a": ("2", "x")}, [], ["a"], "the English has, the translation has not"),
    ({"a": ("1", "x")}, {"a": ("2", "x")}, ["a"], [], "someone says that it still fits"),
    ({"a": ("1", "x")}, {"a": ("2", "y")}, [], [], "both have"),
    ({"a": ("1", "x")}, {"a": ("1", "y")}, [], [], "a translation was mended"),
    ({}, {"a": ("1", "x")}, [], [], "a text was added and translated"),
    ({"a": ("1", "x")}, {}, [], [], "a text was taken away"),
    ({"a": ("1", "x"), "b": ("1", "x")}, {"a": ("2", "x"), "b": ("2", "x")}, ["b"], ["a"], "one of two"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "now", "confirmed", "left", "why"), CHANGES)
def test_what_is_stale_stays_so_until_someone_looks(
    before: Record, now: Record, confirmed: list[str], left: list[str], why: str
) -> None:
    if before != now:
        assert stale_translations.stale(now, before), f"noticed before anybody looks: {why}"
    record = stale_translations.refreshed(now, before, confirmed)
    assert stale_translations.stale(now, record) == left, why
    assert record.keys() == now.keys()
