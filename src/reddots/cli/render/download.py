"""Download of a public set with a progress bar on the terminal."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from reddots.cli.render.terminal import console, plain, tell

if TYPE_CHECKING:
    from reddots.datasets.catalogue import PhotoSet

_GIGABYTE = 10**9


def fetch_with_bar(
    entry: "PhotoSet", to: Path, only: list[str], sure: float | None, tables_only: bool
) -> tuple[str, ...]:
    """Fetch a set with a progress bar; return what did not come."""
    from rich.markup import escape
    from rich.progress import BarColumn, Progress, TextColumn

    from reddots.datasets.sources.fetch import get_set as get
    from reddots.errors import ManifestError

    terminal = console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:.0f}%"))
    with Progress(*columns, console=terminal, disable=not terminal.is_terminal) as progress:
        task = progress.add_task(entry.name)

        def on_file(name: str, number: int, total: int) -> Callable[[int, int], None]:
            progress.update(
                task, description=f"{number}/{total} {escape(plain(name))}", completed=0, total=None
            )
            return lambda have, whole: progress.update(task, completed=have, total=whole or None)

        def on_size(photos: int, size: int, asked: int) -> None:
            about = f", about {_bytes(size)} (judged by {asked} of them)" if size else ""
            tell(f"{photos} photos to fetch{about}")

        try:
            got = get(entry, to, only, on_file, sure=sure, on_size=on_size, tables_only=tables_only)
        except OSError as error:
            raise ManifestError(f"{to} cannot be written: {error.strerror}.") from error
    for reason in got.failed:
        tell(f"{reason}")
    tell(f"{got.fetched} files fetched, {got.present} were there, {len(got.failed)} did not come")
    return got.failed


def _bytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= _GIGABYTE else f"{max(size / 1e6, 0.1):.1f} MB"
