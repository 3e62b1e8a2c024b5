"""Bibliography: what each entry of the knowledge rests on, from ``data/sources.toml``.

An entry cites ids, each with a place in the source where that helps:
``sources = ["nice-ng240, 1.1", "own-judgement"]``. Readers see publisher, title, year, place and
link of all but the founding text, which only says why an entry exists.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import msgspec

from reddots._toml import Entry, read_toml
from reddots.errors import KnowledgeError

SEPARATOR = "; "  # between the sources of one entry, as readers see them


class Source(Entry, frozen=True):
    """One source.

    Attributes:
        kind: ``public``, our ``own`` work, or the ``founding`` text, which readers never see.
        link: where it can be read; without one, ``no_link`` says why.
        read: the day on which it was read.
        quoted: it was read only as other pages quote or copy it.
    """

    title: str
    read: date
    publisher: str = ""
    year: int | None = None
    link: str = ""
    no_link: str = ""
    quoted: bool = False
    kind: Literal["public", "own", "founding"] = "public"

    def text(self, place: str = "") -> str:
        """Return the source as a reader sees it.

        Example:
            >>> from datetime import date
            >>> Source(title="Sepsis", publisher="NHS", year=2024, read=date(2026, 11, 24)).text()
            'NHS: Sepsis (2024)'
        """
        if self.kind == "own":
            return f"{self.title}: {place}" if place else self.title
        when = f"{self.year}" if self.year else f"read {self.read.year}"
        named = f"{self.publisher}: {self.title} ({when})"
        return ", ".join(part for part in (named, place, self.link) if part)


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a source; ``place`` may be empty."""

    id: str
    place: str
    source: Source


class Citations:
    """What one entry rests on, in the order of the file.

    Attributes:
        ids: the ids of the sources.
        text: what readers see: every source but the founding text, joined by ``; ``.
    """

    def __init__(self, citations: Iterable[Citation]) -> None:
        self.all = tuple(citations)
        self.ids = tuple(c.id for c in self.all)
        self.text = SEPARATOR.join(
            c.source.text(c.place) for c in self.all if c.source.kind != "founding"
        )

    def with_own_titles(self, titles: Mapping[str, str]) -> "Citations":
        """Return them with our own sources named by ``titles``, without what they say of a place.

        The rest are titles of other people's pages, which stay as they are in every language.
        """
        return Citations(
            Citation(c.id, "", msgspec.structs.replace(c.source, title=titles[c.id]))
            if c.source.kind == "own"
            else c
            for c in self.all
        )


class CitedEntry(Entry, frozen=True, kw_only=True):
    """An entry of a data file that says what it rests on."""

    sources: Citations

    @property
    def source(self) -> str:
        """Its sources as a reader sees them."""
        return self.sources.text


class Bibliography:
    """All sources by id."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self.sources = sources

    def cite(self, texts: object) -> Citations:
        """Return the citations that ``texts``, a list such as ``["nice-ng240, 1.1"]``, names.

        Raises:
            KnowledgeError: it is no list of texts, names an unknown source or one twice, or has
                none that readers can see.
        """
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise KnowledgeError("sources must be a list of ids.")
        found = []
        for text in texts:
            source_id, comma, place = (part.strip() for part in text.partition(","))
            source = self.sources.get(source_id)
            if source is None:
                raise KnowledgeError(f"there is no source “{source_id}” in sources.toml.")
            if bool(comma) != bool(place) or SEPARATOR in place:
                raise KnowledgeError(f"“{text}” must be an id, or an id, a comma and a place.")
            found.append(Citation(source_id, place, source))
        if len(set(found)) < len(found):
            raise KnowledgeError(f"a source stands twice in {texts}.")
        if all(c.source.kind == "founding" for c in found):
            raise KnowledgeError("needs a source that readers can see.")
        return Citations(found)

    def decode(self, kind: type, value: object) -> object:
        """Decode citations while a file is read, for msgspec's ``dec_hook``.

        Raises:
            ValueError: ``value`` does not fit.
        """
        if kind is not Citations:
            raise NotImplementedError(kind)
        try:
            return self.cite(value)
        except KnowledgeError as error:
            raise ValueError(str(error)) from error

    def require_used(self, cited: Iterable[Citations]) -> None:
        """Check that every source is cited.

        Raises:
            KnowledgeError: one is not; the message names it.
        """
        unused = sorted(self.sources.keys() - {i for citations in cited for i in citations.ids})
        if unused:
            raise KnowledgeError(f"sources.toml: nothing cites {', '.join(unused)}.")


def read_sources(path: Path) -> Bibliography:
    """Read the sources by id.

    Raises:
        KnowledgeError: the file does not fit, or a source lacks its publisher or its link.
    """
    sources = read_toml(path, dict[str, Source])
    for source_id, source in sources.items():
        problem = None
        if not source.title.strip() or SEPARATOR in source.title + source.publisher:
            problem = "needs a title, and none with a semicolon and a space in it"
        elif source.kind == "public" and not source.publisher.strip():
            problem = "needs a publisher"
        elif bool(source.link) == bool(source.no_link):
            problem = "needs either a link, or in no_link the reason why there is none"
        elif source.link and not source.link.startswith("https://"):
            problem = "has a link that does not start with https://"
        if problem:
            raise KnowledgeError(f"{path.name}: “{source_id}” {problem}.")
    return Bibliography(sources)
