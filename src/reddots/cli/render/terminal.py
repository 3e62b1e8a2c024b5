"""Terminal output: consoles wide enough for tables, one-line messages, JSON for any encoding."""

import json
import sys
from typing import TYPE_CHECKING, Any

from reddots.cli.streams import NARROWEST
from reddots.tabular.cells import escape_controls

if TYPE_CHECKING:
    from rich.console import Console


def console(**options: Any) -> "Console":
    """Return a console on standard output, never narrower than tables need.

    Text in it is not highlighted; what a file says must go through ``plain``.
    """
    from rich.console import Console

    found = Console(highlight=False, **options)
    return (
        found if found.width >= NARROWEST else Console(highlight=False, width=NARROWEST, **options)
    )


def plain(text: object) -> str:
    """Return text for a terminal: control characters, line ends too, are shown as escapes."""
    return escape_controls(str(text), keep_lines=False)


def tell(message: object) -> None:
    """Write a message, one line, to standard error."""
    sys.stderr.write(f"reddots: {plain(message)}\n")


def json_text(value: Any, *, indent: int | None = None) -> str:
    """Return JSON with a line end, with escapes for what standard output cannot encode."""
    import msgspec

    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
    try:
        if encoding == "utf8":
            packed = msgspec.json.encode(value)
            text = (msgspec.json.format(packed, indent=indent) if indent else packed).decode()
            return escape_controls(text, json_escapes=True) + "\n"
    except UnicodeEncodeError:  # half a character, which only JSON can write
        pass
    return json.dumps(value, indent=indent) + "\n"
