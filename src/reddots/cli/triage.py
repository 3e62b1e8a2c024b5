"""``reddots triage``: a file of cases, one JSON object a line."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO, TextIO

import typer

from reddots._atomic import atomic_file
from reddots._output import STDIN, reserved_file
from reddots.cli.options import until_end
from reddots.cli.render.terminal import json_text, tell
from reddots.errors import TableError


def triage(
    cases: Annotated[Path, typer.Argument(metavar="CASES.jsonl", help="“-” reads standard input.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Where to write; else standard output.")
    ] = None,
    score: Annotated[
        bool,
        typer.Option("--score", help="Compare with the gold level in each line's “urgency”."),
    ] = False,
    walk: Annotated[
        bool,
        typer.Option("--walk", help="With --score: answer each case screen by screen."),
    ] = False,
) -> None:
    """Assess many cases; a bad line is reported in its place, the run goes on, exit code 1."""
    if score and output:
        raise typer.BadParameter("--score prints a table and writes nothing: leave out -o.")
    if walk and not score:
        raise typer.BadParameter("--walk goes with --score.")
    if output:
        until_end(reserved_file(output, [cases]))
    with _lines(cases) as lines:
        failed = _score(lines, walked=walk) if score else _assess(lines, cases.parent, output)
    if failed:
        raise typer.Exit(1)


def _assess(lines: Iterable[bytes], folder: Path, output: Path | None) -> int:
    """Assess each line; return how many lines or photos failed."""
    from reddots.assessor import Assessor
    from reddots.photo.result import UNREADABLE
    from reddots.triage.cases import triage_lines

    assessor = Assessor()
    errors = unreadable = total = 0
    results = triage_lines(
        lines,
        lambda answers, photo, case_id: assessor.assess(
            answers, [photo] if photo else [], case_id=case_id
        ),
        folder,
    )
    with _destination(output) as file:
        for result, good in results:
            total += 1
            errors += not good
            photo = result.get("photo") or {}
            unreadable += bool(UNREADABLE & set(photo.get("problems", ())))
            file.write(json_text(result))
    photos = f", {unreadable} photos that cannot be read" if unreadable else ""
    tell(f"{total} cases, {errors} errors{photos}")
    return errors + unreadable


def _score(lines: Iterable[bytes], *, walked: bool) -> int:
    """Print the score; return how many lines failed."""
    from reddots.cli.render.score_tables import print_score
    from reddots.triage.scoring import score_lines

    score = score_lines(lines, walked=walked)
    print_score(score)
    for sentence in score.failed:
        tell(sentence)
    return len(score.failed)


@contextmanager
def _destination(output: Path | None) -> Iterator[TextIO]:
    if output is None:
        yield sys.stdout
        return
    with ExitStack() as stack:
        try:
            partial = stack.enter_context(atomic_file(output))
            file = stack.enter_context(partial.open("w", encoding="utf-8"))
        except OSError as error:
            raise TableError(f"{output} cannot be opened: {error.strerror}.") from error
        yield file


@contextmanager
def _lines(cases: Path) -> Iterator[Iterable[bytes]]:
    if str(cases) == STDIN:
        if sys.stdin is None:
            raise TableError("Standard input is closed: there are no cases to read.")
        yield _text(sys.stdin.buffer, "Standard input")
        return
    try:
        file = cases.open("rb")
    except OSError as error:
        raise TableError(f"{error.filename} cannot be opened: {error.strerror}.") from error
    with file:
        yield _text(file, str(cases))


def _text(file: BinaryIO, name: str) -> Iterator[bytes]:
    """Yield lines; a folder can be opened, but not read."""
    from reddots.tabular.json_lines import text_lines

    try:
        yield from text_lines(file)
    except OSError as error:
        raise TableError(f"{name} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise TableError(f"{name} cannot be read: {error}.") from error
