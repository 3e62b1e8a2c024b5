"""``reddots serve``: the web page."""

import sys
from importlib.metadata import entry_points
from typing import Annotated

import typer

from reddots.errors import ServeError


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65535)] = 7860,
    open_browser: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the page in your browser.")
    ] = False,
    research: Annotated[
        bool, typer.Option("--research", help="Add a tab for evaluations and batches of photos.")
    ] = False,
    auth: Annotated[
        str,
        typer.Option(
            envvar="REDDOTS_AUTH",
            metavar="NAME:PASSWORD",
            help="Ask for this name and password. Others see a command line: set the variable.",
        ),
    ] = "",
    operator: Annotated[
        str,
        typer.Option(
            envvar="REDDOTS_OPERATOR",
            metavar='"NAME, CONTACT"',
            help="Who runs this page, and how to reach them; shown on it.",
        ),
    ] = "",
) -> None:
    """Start the web page. Photos and answers stay on this machine."""
    pages = list(entry_points(group="reddots.page"))
    if not pages:
        raise ServeError("The web page is not installed. Please install Red Dots again.")
    start = pages[0].load()
    sys.stderr.write(f"reddots: {_protections()}\n")
    start(
        host=host,
        port=port,
        open_browser=open_browser,
        research=research,
        auth=auth,
        operator=operator,
    )


def _protections() -> str:
    from reddots.photo.sandbox.protections import probe

    try:
        return probe().sentence
    except (OSError, ValueError):
        return "Photos cannot be read here; “reddots doctor” says why."
