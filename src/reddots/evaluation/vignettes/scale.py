"""Triage scale: the order of levels, and which level a system's own word means."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reddots.errors import TableError
from reddots.knowledge import Urgency

_KEYS = {"order", "levels", "gold", "emergency"}


@dataclass(frozen=True)
class Scale:
    """Levels from the least to the most urgent.

    Attributes:
        order: their names.
        levels: level by a system's own word; a level's own name needs no entry. A word that means
            "no advice" has an empty level.
        gold: level by a vignette's level, where the scale is coarser than the vignettes'.
        emergency: the levels that are an emergency; the last of ``order`` by default.

    Example:
        >>> scale = Scale(("home", "doctor", "hospital"), {"A&E": "hospital"})
        >>> scale.place("A&E"), scale.place("")
        (2, None)
    """

    order: tuple[str, ...] = tuple(level.id for level in sorted(Urgency))
    levels: Mapping[str, str] = field(default_factory=dict)
    gold: Mapping[str, str] = field(default_factory=dict)
    emergency: tuple[str, ...] = ()

    @property
    def emergencies(self) -> frozenset[int]:
        """The places of the levels that are an emergency."""
        return frozenset(self.order.index(level) for level in self.emergency or self.order[-1:])

    def place(self, word: str) -> int | None:
        """Return the place of a system's word in the order; None for no advice.

        Raises:
            TableError: the word means no level.
        """
        level = self.levels.get(word, word)
        return self._place(level, word, "levels") if level else None

    def gold_place(self, word: str) -> int:
        """Return the place of a vignette's level in the order.

        Raises:
            TableError: the word means no level.
        """
        return self._place(self.gold.get(word, word), word, "gold")

    def _place(self, level: str, word: str, table: str) -> int:
        if level not in self.order:
            raise TableError(
                f"“{word}” is no level; they are {', '.join(self.order)}. Give others a meaning "
                f"under [{table}] in the file of --levels."
            )
        return self.order.index(level)


def read_scale(path: Path) -> Scale:
    """Read a scale from TOML: ``order``, ``emergency``, and the tables ``levels`` and ``gold``.

    Raises:
        TableError: it cannot be read, or names a level that the order lacks.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TableError(f"{path} cannot be read: {error}.") from error
    unknown = sorted(set(found) - _KEYS)
    if unknown:
        raise TableError(f"{path} has “{unknown[0]}”; known are {', '.join(sorted(_KEYS))}.")
    order = _words(found.get("order", list(Scale().order)), path)
    scale = Scale(
        order,
        _map(found.get("levels", {}), path),
        _map(found.get("gold", {}), path),
        _words(found.get("emergency", []), path),
    )
    named = [*scale.levels.values(), *scale.gold.values(), *scale.emergency]
    wrong = [level for level in named if level and level not in order]
    if wrong:
        raise TableError(f"{path}: “{wrong[0]}” is none of the levels {', '.join(order)}.")
    return scale


def _words(found: object, path: Path) -> tuple[str, ...]:
    if not isinstance(found, Sequence) or not all(isinstance(w, str) for w in found):
        raise TableError(f"{path}: “order” and “emergency” are lists of names.")
    return tuple(found)


def _map(found: object, path: Path) -> dict[str, str]:
    if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
        raise TableError(f"{path}: “levels” and “gold” are tables of names.")
    return dict(found)
