"""``reddots triage``: a file of cases, one JSON object a line."""

import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, TextIO

import typer

from reddots._atomic import atomic_file
from reddots.cli.render.terminal import tell
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
) -> None:
    """Assess many cases; a bad line is reported in its place and the run goes on."""
    if score:
        _score(cases)
        return
    import msgspec

    from reddots.assessor import Assessor
    from reddots.triage.cases import triage_lines

    assessor = Assessor()
    errors = total = 0
    with ExitStack() as stack:
        try:
            lines = sys.stdin.buffer if str(cases) == "-" else stack.enter_context(cases.open("rb"))
            out: TextIO = sys.stdout
            if output:
                partial = stack.enter_context(atomic_file(output))
                out = stack.enter_context(partial.open("w", encoding="utf-8"))
        except OSError as error:
            raise TableError(f"{error.filename} cannot be opened: {error.strerror}.") from error
        results = triage_lines(
            lines,
            lambda answers, photo, case_id: assessor.assess(
                answers, [photo] if photo else [], case_id=case_id
            ),
            cases.parent,
        )
        for result, good in results:
            total += 1
            errors += not good
            try:
                line = msgspec.json.encode(result).decode()
            except UnicodeEncodeError:  # an id with half a character, which only JSON can write
                line = json.dumps(result)
            out.write(line + "\n")
    tell(f"{total} cases, {errors} errors")


def _score(cases: Path) -> None:
    from reddots.cli.render.score_tables import print_score
    from reddots.triage.scoring import score_lines

    try:
        lines = (
            sys.stdin.buffer.readlines() if str(cases) == "-" else cases.read_bytes().splitlines()
        )
    except OSError as error:
        raise TableError(f"{error.filename} cannot be opened: {error.strerror}.") from error
    print_score(score_lines(lines))
