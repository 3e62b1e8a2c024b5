"""Vocabulary of spot measurements: limits, answers and texts.

From ``data/spots/words.toml`` and, by language, ``data/locale/spots.<code>.toml``.
"""

from collections.abc import Mapping
from functools import cache

from reddots._resources import folder
from reddots._toml import Entry, Text, read_toml
from reddots.errors import KnowledgeError
from reddots.knowledge.plural import plural_form
from reddots.knowledge.translation import SOURCE_LANGUAGE, languages, placeholders


class CountLimits(Entry, frozen=True):
    """``few``: greatest number that is few."""

    few: int
    source: str


class SizeLimits(Entry, frozen=True):
    """Below which a median diameter is pinpoint or small: share of the longer side, or mm."""

    pinpoint: float
    small: float
    pinpoint_mm: float
    small_mm: float
    source: str


class PatternLimits(Entry, frozen=True):
    """Where an arrangement is named; the file says what each is."""

    fewest: int
    z: float
    regular: float
    clustered: float
    line_fewest: int
    line_width: float
    ring_fewest: int
    ring_width: float
    ring_gap: float
    source: str


class ColourLimits(Entry, frozen=True):
    """Where a colour is named; the file says what each is."""

    purple_hue: float
    purple_turn: float
    dark_red: float
    brown_hue: float
    share: float
    source: str


class PatternAnswer(Entry, frozen=True):
    """The value of the question ``pattern`` that a pattern stands for."""

    pattern: str
    value: str


class Words(Entry, frozen=True):
    """The whole file."""

    count: CountLimits
    size: SizeLimits
    pattern: PatternLimits
    colour: ColourLimits
    answer: tuple[PatternAnswer, ...]


class Phrase(Entry, frozen=True):
    """A text for lay people: of one spot, and of ``many`` where that differs."""

    text: Text
    many: str = ""

    def of(self, count: int, language: str = SOURCE_LANGUAGE) -> str:
        """Return the text for so many."""
        return plural_form(count, self.text, self.many or self.text, language)


@cache
def read_words() -> Words:
    """Read and check the limits.

    Raises:
        KnowledgeError: the file is missing or does not fit.
    """
    return read_toml(folder("data") / "spots" / "words.toml", Words)


@cache
def read_phrases(language: str = SOURCE_LANGUAGE) -> Mapping[str, Phrase]:
    """Return the texts of a language by id; an unknown language gives English.

    Raises:
        KnowledgeError: a file is missing, lacks a text, or has other placeholders.

    Example:
        >>> read_phrases("es")["dots"].of(3, "es")
        'puntos'
    """
    if language not in languages():
        return read_phrases()
    name = f"spots.{language}.toml"
    found = read_toml(folder("data") / "locale" / name, dict[str, Phrase])
    if language != SOURCE_LANGUAGE:
        english = read_phrases()
        for id_ in sorted(found.keys() | english.keys()):
            ours, theirs = found.get(id_), english.get(id_)
            if not ours or not theirs or placeholders(ours.text) != placeholders(theirs.text):
                raise KnowledgeError(f"{name}: “{id_}” is missing, unknown or has other {{words}}.")
    return found
