"""``reddots classify``: many photos into a prediction table."""

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from reddots.cli.render.terminal import tell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reddots.batch.inputs import PhotoInput
    from reddots.batch.run import BatchOutcome
    from reddots.batch.shard import Shard
    from reddots.batch.table_writer import Row

_NAMED = 3  # how many photos a message names
_INTERRUPTED = 130  # the exit code of a shell's command that Ctrl-C ended
_STDOUT = "-"


def classify(
    paths: Annotated[
        list[str],
        typer.Argument(
            help="Photos, folders, globs, a manifest (.csv), or “-”: a list on standard input."
        ),
    ],
    output: Annotated[
        Path,
        typer.Option(
            "-o",
            "--output",
            help="The table: .csv, .jsonl or .parquet; “-” writes lines of JSON as they come.",
        ),
    ],
    answers: Annotated[
        Path | None, typer.Option(help="Answers by photo (.csv), for an urgency in each row.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes; as many as processors by default.", min=1)
    ] = None,
    limit: Annotated[int | None, typer.Option(help="Only the first so many photos.", min=0)] = None,
    shard: Annotated[
        str | None,
        typer.Option(metavar="I/N", help="Only the I-th of N shares; “reddots merge” joins them."),
    ] = None,
    engine: Annotated[
        Literal["processes", "ray"],
        typer.Option(help="Processes here, or those of a Ray cluster (extra “ray”)."),
    ] = "processes",
    priors: Annotated[
        Literal["deployment", "training"],
        typer.Option(help="Name by the shares expected in use, or by those of training."),
    ] = "deployment",
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a run that was cut.")
    ] = False,
) -> None:
    """Classify photos, one row each in their order, whatever is wrong with one of them."""
    from reddots.batch.answers_table import read_answers_table
    from reddots.batch.inputs import LIST, expand
    from reddots.batch.progress import BatchProgress
    from reddots.batch.run import run_batch

    share, to_stdout = _share(shard), str(output) == _STDOUT
    if resume and to_stdout:
        raise typer.BadParameter("what went to standard output cannot be resumed.")
    run = (
        _stream
        if to_stdout
        else partial(run_batch, output=output, resume=resume, inputs=[*paths, answers])
    )
    given = read_answers_table(answers) if answers else None
    unmatched = set(given or ())
    left_out: list[str] = []
    photos = expand(paths, left_out.append)

    def count() -> int:
        total = sum(1 for _ in expand(paths))
        total = total if limit is None else min(total, limit)
        return len(range(share.number - 1, total, share.count)) if share else total

    def on_row(row: "Row") -> None:
        unmatched.discard(str(row["photo"]))
        progress.add(row)

    with BatchProgress(None if LIST in paths else count) as progress:
        try:
            outcome = run(
                photos,
                answers=given,
                workers=workers or os.cpu_count() or 1,
                limit=limit,
                shard=share,
                engine=engine,
                priors=priors,
                on_row=on_row,
            )
        except KeyboardInterrupt as end:
            kept = "" if to_stdout else "; go on with --resume"
            tell(f"stopped{kept}")
            raise typer.Exit(_INTERRUPTED) from end
    _report(outcome, output, sorted(unmatched) if share is None and limit is None else [])
    for name in left_out:
        tell(f"left out: {name} is a linked folder, or one of a disk's thumbnails")
    if outcome.errors:
        raise typer.Exit(1)


def _share(shard: str | None) -> "Shard | None":
    from reddots.batch.shard import Shard

    try:
        return Shard.parse(shard) if shard is not None else None
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _stream(photos: "Iterable[PhotoInput]", **options: Any) -> "BatchOutcome":
    from reddots.batch.run import stream_batch
    from reddots.errors import TableError

    try:
        return stream_batch(photos, sys.stdout, **options)
    except TableError:
        # Or the interpreter would try to empty its buffer at the end, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise


def _report(outcome: "BatchOutcome", output: Path, unmatched: list[str]) -> None:
    where = "" if str(output) == _STDOUT else f"; wrote {output}"
    tell(f"{outcome.total} photos, {outcome.rejected} without skin, {outcome.errors} errors{where}")
    if unmatched:
        # Most likely the paths are written in another way, and nobody's answers were used.
        few = ", ".join(unmatched[:_NAMED]) + (" …" if len(unmatched) > _NAMED else "")
        are = "photo with answers is" if len(unmatched) == 1 else "photos with answers are"
        tell(f"{len(unmatched)} {are} not among these: {few}")
