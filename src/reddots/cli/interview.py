"""``reddots interview``: the questions of the page, asked in the terminal."""

import sys
from typing import Annotated

import typer

from reddots.cli.options import Country


def interview(
    country: Country = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Also show how far each answer counts.")
    ] = False,
) -> None:
    """Ask what the page asks, screen by screen, and say what to do next.

    An empty line skips a question; “q” ends the questions and shows the result so far.
    """
    from reddots.cli.render.assessment_sheet import print_sheet
    from reddots.cli.render.questions import ask_screens
    from reddots.knowledge import load

    known = load()
    assessment = ask_screens(known, sys.stdin, sys.stdout, country=country)
    print_sheet(assessment, known, explain=explain)
