"""``reddots classify``: many photos into a prediction table."""

import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from reddots.batch.table import Row

_NAMED = 3  # how many photos a message names
_EVERY = 10.0  # seconds between plain lines where there is no terminal


def classify(
    paths: Annotated[
        list[str], typer.Argument(help="Photos, folders, globs, or a manifest (.csv).")
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="The table: .csv, .jsonl or .parquet.")
    ],
    answers: Annotated[
        Path | None, typer.Option(help="Answers by photo (.csv), for an urgency in each row.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes; as many as processors by default.", min=1)
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a run that was cut.")
    ] = False,
) -> None:
    """Classify photos, one row each in their order, whatever is wrong with one of them."""
    from reddots.batch.inputs import expand, read_answers_table  # noqa: PLC0415 - keeps --help fast
    from reddots.batch.run import run_batch  # noqa: PLC0415

    given = read_answers_table(answers) if answers else None
    photos = list(expand(paths))
    strangers = sorted(set(given or ()) - {photo.name for photo in photos})
    with _progress(len(photos)) as progress:
        outcome = run_batch(
            photos,
            output,
            answers=given,
            workers=workers or os.cpu_count() or 1,
            resume=resume,
            on_row=progress.add,
        )
    sys.stderr.write(
        f"reddots: {outcome.total} photos, {outcome.rejected} without skin, "
        f"{outcome.errors} errors; wrote {output}\n"
    )
    if strangers:
        # Most likely the paths are written in another way, and nobody's answers were used.
        few = ", ".join(strangers[:_NAMED]) + (" …" if len(strangers) > _NAMED else "")
        are = "photo with answers is" if len(strangers) == 1 else "photos with answers are"
        sys.stderr.write(f"reddots: {len(strangers)} {are} not among these: {few}\n")
    if outcome.errors:
        raise typer.Exit(1)


class _progress:  # noqa: N801 - used like the function it stands for
    """A live bar on a terminal, a plain line now and then elsewhere; both on stderr."""

    def __init__(self, total: int) -> None:
        from rich.console import Console  # noqa: PLC0415 - keeps --help fast
        from rich.progress import (  # noqa: PLC0415
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        console = Console(stderr=True)
        self._live = console.is_terminal
        self._total, self._done, self._status = total, 0, Counter[str]()
        self._start = self._told = time.monotonic()
        self._bar = Progress(
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]:.1f}/s, {task.fields[errors]} errors"),
            TimeRemainingColumn(),
            console=console,
            disable=not self._live,
        )
        self._task = self._bar.add_task("photos", total=total, rate=0.0, errors=0)

    def __enter__(self) -> "_progress":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def add(self, row: "Row") -> None:
        """Count one row and show it."""
        self._done += 1
        self._status[str(row["status"])] += 1
        now = time.monotonic()
        rate = self._done / max(now - self._start, 1e-9)
        self._bar.update(self._task, advance=1, rate=rate, errors=self._status["error"])
        if not self._live and now - self._told >= _EVERY:
            self._told = now
            left = (self._total - self._done) / rate
            sys.stderr.write(
                f"reddots: {self._done}/{self._total}, {rate:.1f}/s, "
                f"{self._status['error']} errors, {left:.0f} s left\n"
            )
