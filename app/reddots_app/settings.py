"""Page settings from ``data/page.toml``: words for probabilities, sheet, review date."""

import datetime
from functools import cache
from pathlib import Path

from reddots._resources import folder
from reddots._toml import Entry, read_toml
from reddots.errors import KnowledgeError
from reddots.knowledge import Knowledge, load


class Likelihood(Entry, frozen=True):
    """The word for probabilities from ``minimum`` up to the next word's."""

    id: str
    minimum: float
    source: str


class Review(Entry, frozen=True):
    """When the texts were last reviewed, and how that is known."""

    date: datetime.date
    source: str


class Sheet(Entry, frozen=True):
    """Which questions stand first on the doctor's sheet."""

    first: tuple[str, ...]
    source: str


class Again(Entry, frozen=True):
    """Which questions are asked anew when somebody looks again."""

    questions: tuple[str, ...]
    source: str


class PageSettings(Entry, frozen=True):
    """Everything in the file."""

    review: Review
    likelihood: tuple[Likelihood, ...]
    sheet: Sheet
    again: Again

    def likelihood_of(self, probability: float) -> str:
        """Return the id of the word for a probability, 0 to 1.

        Example:
            >>> page_settings().likelihood_of(0.9)
            'likely'
        """
        return next(w.id for w in self.likelihood if probability >= w.minimum)


@cache
def page_settings() -> PageSettings:
    """Return the shipped settings; read on first use."""
    return read_page_settings(folder("data") / "page.toml", load())


def read_page_settings(path: Path, knowledge: Knowledge) -> PageSettings:
    """Read the settings.

    Raises:
        KnowledgeError: the file does not fit, the words' ranges do not fall to 0, or a question
            is named that does not exist or, to be asked anew, has no warning answer.
    """
    settings = read_toml(path, PageSettings)
    minima = [word.minimum for word in settings.likelihood]
    if not minima or minima != sorted(set(minima), reverse=True) or minima[-1] != 0:
        raise KnowledgeError(f"{path.name}: the words' ranges must fall, the last one to 0.")
    flags = {q.id for q in knowledge.questions.values() if q.red_flag}
    odd = {*settings.sheet.first} - knowledge.questions.keys() | {*settings.again.questions} - flags
    if odd:
        raise KnowledgeError(f"{path.name}: these questions do not fit: {sorted(odd)}.")
    return settings
