"""Words for probabilities, and the doctor's sheet, as data."""

from pathlib import Path

import pytest

from reddots._resources import folder
from reddots.errors import KnowledgeError
from reddots.knowledge import load
from reddots_app.i18n import page_texts
from reddots_app.settings import page_settings, read_page_settings

WORDS = [
    (1.0, "likely", "certain"),
    (0.66, "likely", "the limit itself"),
    (0.659, "possible", "just below it"),
    (0.10, "possible", "the limit itself"),
    (0.0999, "unlikely", "just below it"),
    (0.0, "unlikely", "never"),
]


@pytest.mark.parametrize(("probability", "word", "why"), WORDS)
def test_a_word_for_every_probability(probability: float, word: str, why: str) -> None:
    assert page_settings().likelihood_of(probability) == word, why


@pytest.mark.parametrize("code", sorted(page_texts()))
def test_the_ranges_that_are_said_are_those_of_the_data(code: str) -> None:
    said = page_texts()[code].result.candidates_lead.replace("\xa0%", "%")
    for word in page_settings().likelihood[:-1]:
        assert f"{round(100 * word.minimum)}%" in said
        assert page_texts()[code].result[word.id] in said.lower()


WRONG = [
    ("minimum = 0.10", "minimum = 0.90", "ranges", "the ranges do not fall"),
    ("minimum = 0.0\n", "minimum = 0.01\n", "ranges", "some probabilities have no word"),
    ('first = ["age_years"', 'first = ["shoe_size"', "shoe_size", "a question that is none"),
    ('questions = ["blanches"', 'questions = ["sites"', "sites", "asked anew without a warning"),
    ("[review]", "[review]\nextra = 1", "extra", "a key too many"),
]


@pytest.mark.parametrize(("old", "new", "message", "why"), WRONG)
def test_wrong_settings_are_refused(
    tmp_path: Path, old: str, new: str, message: str, why: str
) -> None:
    text = (folder("data") / "page.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "page.toml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=message):
        read_page_settings(tmp_path / "page.toml", load())
    assert why
