"""A progress bar on stderr, for the commands that take a while."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from reddots.cli.render.terminal import console

if TYPE_CHECKING:
    from rich.progress import Progress


def terminal_progress() -> "Progress":
    """Return a bar with its description, count and time left; silent where there is no terminal."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    terminal = console(stderr=True)
    text = TextColumn("{task.description}")
    columns = (text, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=terminal, disable=not terminal.is_terminal)


@contextmanager
def bar(what: str, total: int) -> Iterator[Callable[[], None]]:
    """Show how far ``what`` is; yield what moves it on by one."""
    with terminal_progress() as progress:
        task = progress.add_task(what, total=total)
        yield lambda: progress.advance(task)
