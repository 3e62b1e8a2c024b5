"""Vocabulary of spot measurements, from ``data/spots/words.toml``: limits, texts, and answers."""

from functools import cache

from reddots._resources import folder
from reddots._toml import Entry, read_toml, require_unique


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


class Text(Entry, frozen=True):
    """A text for lay people."""

    id: str
    text: str
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
    text: tuple[Text, ...]
    answer: tuple[PatternAnswer, ...]

    def say(self, id_: str) -> str:
        """Return the text of this id.

        Raises:
            KeyError: there is none.
        """
        return {text.id: text.text for text in self.text}[id_]


@cache
def read_words() -> Words:
    """Read and check the vocabulary.

    Raises:
        KnowledgeError: the file is missing or does not fit.
    """
    name = "words.toml"
    words = read_toml(folder("data") / "spots" / name, Words)
    require_unique(name, [text.id for text in words.text])
    return words
