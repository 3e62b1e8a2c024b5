"""Column headings: trimmed, each once, and “did you mean” for those that are nearly ours."""

from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches
from typing import Final

from reddots.tabular.cells import shown

_LISTED: Final = 12  # columns that a message names


def repeated(names: Sequence[str]) -> int | None:
    """Return the place (from 0) of the first heading that stands a second time; None if none."""
    seen: set[str] = set()
    for place, name in enumerate(names):
        if name in seen:
            return place
        seen.add(name)
    return None


def misspelt(names: Collection[str], known: Iterable[str]) -> tuple[str, str] | None:
    """Return a heading that differs from a known one by capitals or spaces alone, and the known.

    A known name that is there itself is never meant by another.
    """
    by_plain = {_plain(name): name for name in known}
    for name in names:
        meant = by_plain.get(_plain(name))
        if meant is not None and meant not in names:
            return name, meant
    return None


def what_is_wrong(
    names: Sequence[str], wanted: Iterable[str], known: Iterable[str] = (), hint: str = ""
) -> str:
    """Return what is wrong with a table's headings; empty if nothing is.

    Args:
        names: the headings.
        wanted: columns that must be there.
        known: columns that may be there; one that differs by capitals or spaces alone is a fault,
            as it would be ignored in silence.
        hint: a sentence for a column that is not there.

    Returns:
        The rest of a sentence that begins with the file's name.
    """
    wanted = tuple(wanted)
    for name in wanted:
        if name not in names:
            return f"{_why_missing(name, names)} {hint}".rstrip()
    near = misspelt(names, (*wanted, *known))
    return f"has a column “{shown(near[0])}”. Did you mean “{near[1]}”?" if near else ""


def _why_missing(wanted: str, names: Sequence[str]) -> str:
    """Return the sentence that a column is not there, what is, and which may be meant."""
    near = misspelt(names, [wanted]) or (get_close_matches(wanted, names, n=1, cutoff=0.75) or [""])
    hint = f" Did you mean “{shown(near[0])}”?" if near[0] else ""
    few = ", ".join(map(shown, names[:_LISTED])) + (" …" if len(names) > _LISTED else "")
    return f"has no column “{wanted}”; it has {few or 'none'}.{hint}"


def _plain(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())
