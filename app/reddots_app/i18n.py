"""Internationalisation (i18n) of the page's own texts, from ``data/locale/page.<code>.toml``.

English declares every key, once; another language is a file with the same keys and placeholders.
"""

import string
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from reddots._resources import folder
from reddots.errors import KnowledgeError

FALLBACK: Final = "en"


class Texts:
    """A table of texts whose keys are attributes; a key that is not there is an error.

    Example:
        >>> page_texts()["en"].language.name
        'English'
    """

    def __init__(self, entries: Mapping[str, Any]) -> None:
        """Wrap a decoded TOML table; tables in it become texts too."""
        self._entries = {
            key: Texts(value) if isinstance(value, dict) else value
            for key, value in entries.items()
        }

    def __getattr__(self, key: str) -> Any:
        """Return a text, a list of texts or a table of them."""
        if key.startswith("_"):
            raise AttributeError(key)
        return self[key]

    def __getitem__(self, key: str) -> Any:
        try:
            return self._entries[key]
        except KeyError:
            raise AttributeError(f"The page has no text “{key}”.") from None

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def items(self) -> Iterator[tuple[str, Any]]:
        """Yield each key with its text, in the file's order."""
        yield from self._entries.items()


@cache
def page_texts() -> Mapping[str, Texts]:
    """Return the shipped texts by language code, English first; read on first use."""
    return read_page_texts(folder("data") / "locale")


def read_page_texts(data: Path) -> dict[str, Texts]:
    """Read every ``page.<code>.toml`` in the folder ``data``.

    Raises:
        KnowledgeError: one is not TOML, or differs from English in keys, kinds or placeholders.
    """
    codes = sorted(path.name.split(".")[1] for path in data.glob("page.*.toml"))
    if FALLBACK not in codes:
        raise KnowledgeError(f"page.{FALLBACK}.toml: cannot be read.")
    codes.sort(key=lambda code: code != FALLBACK)
    raw = {code: _read(data / f"page.{code}.toml") for code in codes}
    model = dict(_placeholders(raw[FALLBACK]))
    for code, entries in raw.items():
        if entries.get("language", {}).get("code") != code:
            raise KnowledgeError(f"page.{code}.toml: its code is not “{code}”.")
        found = dict(_placeholders(entries))
        for key in model.keys() | found.keys():
            if model.get(key) != found.get(key):
                raise KnowledgeError(
                    f"page.{code}.toml: “{key}” must be there with the same {{placeholders}} as "
                    f"in page.{FALLBACK}.toml."
                )
    return {code: Texts(entries) for code, entries in raw.items()}


def preferred_language(accept: str, known: Mapping[str, object]) -> str:
    """Return the language to start in, by the browser's ``Accept-Language`` header."""
    tags = (tag.partition("-")[0] for tag in _tags(accept))
    return next((code for code in tags if code in known), FALLBACK)


def preferred_region(accept: str) -> str:
    """Return the region of ``Accept-Language``, such as ``GB``; empty where it names none."""
    regions = (part.upper() for tag in _tags(accept) for part in tag.split("-")[1:])
    return next((region for region in regions if len(region) == 2 and region.isalpha()), "")


def _tags(accept: str) -> list[str]:
    wishes = []
    for position, part in enumerate(accept.split(",")):
        tag, _, weight = part.partition(";")
        quality = weight.strip().removeprefix("q=")
        try:
            rank = float(quality) if quality else 1.0
        except ValueError:
            continue
        wishes.append((-rank, position, tag.strip().lower()))
    return [tag for _, _, tag in sorted(wishes)]


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise KnowledgeError(f"{path.name}: {error}") from error


def _placeholders(value: object, key: str = "") -> Iterator[tuple[str, frozenset[str]]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _placeholders(inner, f"{key}.{name}".lstrip("."))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _placeholders(inner, f"{key}.{place}")
    elif isinstance(value, str):
        try:
            yield key, frozenset(name for _, name, _, _ in string.Formatter().parse(value) if name)
        except ValueError as error:
            raise KnowledgeError(
                f"The page's text “{key}” has a brace that stands alone."
            ) from error
