"""Translation record: which English text each translation was made from, so that none goes stale.

``data/locale/record.<code>.toml`` has one line a text: the short hashes of the English text and of
its translation. When the English changes, the translation is stale until someone has checked it:
by changing it, or by confirming that it still fits.
"""

import hashlib
import tomllib
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path

from reddots._atomic import atomic_file
from reddots._resources import folder
from reddots._toml import read_toml
from reddots.knowledge.loader import load
from reddots.knowledge.translation import SOURCE_LANGUAGE, load_in, texts_of

_DIGITS = 8  # of a hash; enough to notice a change, and short enough to read
Record = Mapping[str, tuple[str, str]]  # by key: hash of the English text, hash of the translation


def fingerprint(text: str) -> str:
    """Return a short hash (BLAKE2b) of a text.

    Example:
        >>> fingerprint("Is there a fever now?")
        '340a2a22'
    """
    return hashlib.blake2b(text.encode(), digest_size=_DIGITS // 2).hexdigest()


@cache
def texts_in(language: str) -> Mapping[str, str]:
    """Return every text of a language by key: the knowledge's, and ``page.…`` and ``spots.…``.

    Raises:
        KnowledgeError: a file of the language does not fit.
    """
    texts = dict(texts_of(load() if language == SOURCE_LANGUAGE else load_in(language)))
    for name in ("page", "spots"):
        path = folder("data") / "locale" / f"{name}.{language}.toml"
        texts |= _flat(tomllib.loads(path.read_text(encoding="utf-8")), name)
    return texts


def record_now(language: str) -> dict[str, tuple[str, str]]:
    """Return the record of all texts as they are now: the knowledge's, the page's and the spots'.

    Raises:
        KnowledgeError: a file of the language does not fit.
    """
    english, translated = texts_in(SOURCE_LANGUAGE), texts_in(language)
    return {
        key: (fingerprint(english[key]), fingerprint(translated[key]))
        for key in english
        if key in translated
    }


def read_record(language: str) -> dict[str, tuple[str, str]]:
    """Return the record as it was last written; of a new language there is none yet.

    Raises:
        KnowledgeError: it does not fit.
    """
    path = _path(language)
    return read_toml(path, dict[str, tuple[str, str]]) if path.exists() else {}


def stale(now: Record, before: Record) -> list[str]:
    """Return the keys of translations that are stale, or whose record is.

    Example:
        >>> stale({"a": ("new", "x")}, {"a": ("old", "x")})
        ['a']
    """
    return sorted(key for key in now.keys() | before.keys() if now.get(key) != before.get(key))


def refreshed(now: Record, before: Record, confirmed: Collection[str] = ()) -> Record:
    """Return the new record: of all that is not stale, that was translated anew, or ``confirmed``.

    Example:
        >>> before = {"a": ("old", "x"), "b": ("old", "z")}
        >>> refreshed({"a": ("new", "x"), "b": ("new", "y")}, before)
        {'a': ('old', 'x'), 'b': ('new', 'y')}
    """
    found = {}
    for key, (english, translation) in now.items():
        was = before.get(key, ("", ""))
        is_stale = was[0] != english and was[1] == translation
        found[key] = was if is_stale and key not in confirmed else (english, translation)
    return found


def write_record(language: str, record: Record) -> None:
    """Write the record, one line a text, in the order of their keys."""
    lines = [
        "# Which English text each translation was made from: hashes of both. Written by",
        f"# `python scripts/translations.py {language}`; not to be changed by hand.",
        *(f'"{key}" = ["{english}", "{text}"]' for key, (english, text) in sorted(record.items())),
    ]
    with atomic_file(_path(language)) as partial:
        partial.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _path(language: str) -> Path:
    return folder("data") / "locale" / f"record.{language}.toml"


def _flat(value: object, key: str) -> Iterator[tuple[str, str]]:
    """Yield each text of a file with its key, such as ``page.frame.title``."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _flat(inner, f"{key}.{name}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _flat(inner, f"{key}.{place}")
