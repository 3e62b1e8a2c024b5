"""``reddots interview``: the questions of the page, asked in the terminal."""

import sys
from typing import Annotated

import typer

from reddots.cli.options import Country, Language
from reddots.cli.render.terminal import json_text


def interview(
    country: Country = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Also show how far each answer counts.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the Assessment as JSON; ask on standard error.")
    ] = False,
    language: Language = "en",
) -> None:
    """Ask what the page asks, screen by screen, and say what to do next.

    An empty line skips a question, “b” goes back to the one before, “q” ends the questions.
    """
    from reddots.cli.render.assessment_sheet import print_sheet
    from reddots.cli.render.questions import ask_screens
    from reddots.knowledge.translation import load_in

    known = load_in(language)
    asking = sys.stderr if as_json else sys.stdout
    assessment = ask_screens(known, sys.stdin, asking, country=country, language=language)
    if as_json:
        sys.stdout.write(json_text(assessment.to_json(), indent=2))
    else:
        print_sheet(assessment, known, explain=explain, language=language)
