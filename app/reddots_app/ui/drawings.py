"""Inline SVG drawings, by the name of what they show: ``static/drawings/<name>.svg``.

The drawing of an answer is called ``<question>.<value>``, the steps of a test ``<question>.step1``
and so on, a body to tap ``<question>.map``, and that of a kind of spot ``category.<id>``. Colours
of skin and spots are CSS variables, so that each can be shown on light, brown and black skin.
"""

from functools import cache
from pathlib import Path
from typing import Final

from markupsafe import Markup

_FOLDER: Final = Path(__file__).resolve().parent / "static" / "drawings"
TONES: Final = ("light", "brown", "black")


@cache
def _files() -> dict[str, str]:
    return {
        path.stem: " ".join(path.read_text(encoding="utf-8").split())
        for path in sorted(_FOLDER.glob("*.svg"))
    }


def drawing(name: str, tone: str = "") -> Markup:
    """Return the drawing on one tone of skin, or on all three side by side; empty if none is there.

    It is hidden from screen readers: the words beside it say the same.

    Example:
        >>> "<svg" in drawing("photo.step1", "brown")
        True
    """
    svg = _files().get(name, "")
    if not svg:
        return Markup()
    tones = (tone,) if tone else TONES
    tiles = "".join(f'<span class="rd-tone-{t}">{svg}</span>' for t in tones)
    # The files are our own and hold no values.
    return Markup(f'<span class="rd-drawing" aria-hidden="true">{tiles}</span>')  # noqa: S704


def drawing_of(question: str, value: str) -> str:
    """Return the name of an answer's drawing; empty where it has none."""
    name = f"{question}.{value}"
    return name if name in _files() else ""


def drawings_for(question: str) -> tuple[str, ...]:
    """Return the names of a question's steps, in order."""
    return tuple(name for name in _files() if name.startswith(f"{question}.step"))


def map_of(question: str) -> str:
    """Return the name of a question's body to tap; empty where it has none."""
    return drawing_of(question, "map")
