"""``reddots assess``: one person, from answers and photos."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer


def assess(
    photos: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PHOTO]...", help="Photos of the same spots; none is fine."),
    ] = None,
    answers: Annotated[
        Path | None, typer.Option(help="A JSON file with the answers.", metavar="FILE.json")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="One answer, such as fever=yes."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the Assessment as JSON.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Also show how far each answer and photo counts.")
    ] = False,
) -> None:
    """Tell how urgent it is, why, what to do next, and what the spots may be."""
    from reddots.knowledge import load  # noqa: PLC0415 - keeps --help fast
    from reddots.pipeline import Examiner  # noqa: PLC0415
    from reddots.triage.answers import (  # noqa: PLC0415
        Answers,
        join_answers,
        parse_settings,
        read_answers,
    )

    filed = read_answers(answers) if answers else Answers()
    given = join_answers(filed, parse_settings(settings or ()))
    result = Examiner().examine(given, list(photos or ()))
    if as_json:
        sys.stdout.write(json.dumps(result.to_json(), ensure_ascii=False, indent=2) + "\n")
    else:
        from reddots.cli.sheet import print_sheet  # noqa: PLC0415

        print_sheet(result, load(), explain=explain)
    if result.photo and result.photo.status == "rejected":
        texts = load().guidance.photo_problems
        for problem in result.photo.problems:
            if problem in texts:
                sys.stderr.write(f"reddots: photo not used: {texts[problem].text}\n")
        if not result.photo.not_skin:
            raise typer.Exit(1)
