"""Whether a noun beside a number is in the singular, in each language."""

import re
from pathlib import Path

import pytest

from reddots.errors import KnowledgeError
from reddots.knowledge import plural
from reddots.knowledge.plural import plural_form, read_plural_rules
from reddots.knowledge.translation import languages, load_in

# language, numbers in the singular, numbers in the plural, why
RULES = [
    ("en", [1], [0, 0.5, 1.5, 2, 21], "one thing alone"),
    ("es", [1], [0, 0.5, 1.5, 2, 21], "as in English"),
    ("fr", [0, 0.5, 1, 1.5, 1.99], [2, 2.5, 21], "the plural begins at two"),
    ("pt", [1], [0, 1.5, 2, 21], "as in English"),
    ("xx", [1], [0, 2], "an unknown language counts as English"),
]


@pytest.mark.parametrize(("language", "one", "many", "why"), RULES, ids=[r[0] for r in RULES])
def test_which_form(language: str, one: list[float], many: list[float], why: str) -> None:
    assert {plural_form(n, "day", "days", language) for n in one} == {"day"}, why
    assert {plural_form(n, "day", "days", language) for n in many} == {"days"}, why


def test_every_language_has_a_rule() -> None:
    assert set(read_plural_rules()) == set(languages()) == {row[0] for row in RULES} - {"xx"}


def test_a_language_without_a_rule_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "locale").mkdir()
    rule = '[{}]\none = 1\nsource = "x"\n'
    text = "".join(rule.format(code) for code in languages() if code != "pt")
    (tmp_path / "locale" / "plurals.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(plural, "folder", lambda _: tmp_path)
    with pytest.raises(KnowledgeError, match=r"plurals\.toml: there is no rule for pt"):
        read_plural_rules.__wrapped__()


@pytest.mark.parametrize("language", languages())
def test_days_of_fever_begin_at_one(language: str) -> None:
    """The fifth day counts as five, as the rules have it; 0 would make it four."""
    asked = load_in(language).questions["fever_days"]
    assert re.findall(r"\d+", asked.help) == ["1", "2"], "began today, yesterday"
