"""TOML into frozen, typed values; an unknown key or a wrong type is an error."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec

from reddots.errors import KnowledgeError


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One ``[[…]]`` entry of a data file; its fields are the only keys allowed."""


Shape = TypeVar("Shape")
_FILLED = r"\S"
Text = Annotated[str, msgspec.Meta(pattern=_FILLED)]  # one that is not empty, nor blank
Decode = Callable[[type, Any], Any]  # turns a value into one of a type that is no plain one


def read_toml(path: Path, shape: type[Shape], decode: Decode | None = None) -> Shape:
    """Read ``path`` as a ``shape``; ``decode`` makes its values of types of our own.

    Raises:
        KnowledgeError: the file is missing, is not TOML, or does not fit; the message names the
            file and the place in it.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return msgspec.convert(raw, shape, dec_hook=decode)
    except OSError as error:
        raise KnowledgeError(f"{path.name}: cannot be read ({error.strerror}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        reason = f"{error}".replace(f"Expected `str` matching regex {_FILLED!r}", "An empty text")
        raise KnowledgeError(f"{path.name}: {reason}") from error


def require_unique(path_name: str, ids: list[str]) -> None:
    """Check that no id stands twice.

    Raises:
        KnowledgeError: one does; the message names it.
    """
    seen: set[str] = set()
    for entry_id in ids:
        if entry_id in seen:
            raise KnowledgeError(f"{path_name}: the id “{entry_id}” stands twice.")
        seen.add(entry_id)
