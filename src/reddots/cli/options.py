"""Options that several commands share."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from reddots.errors import AnswersError

_HELD: Final[list[ExitStack]] = []  # of the command that runs
Truth = Annotated[Path, typer.Option(help="The manifest: what the photos really show.")]
OutputFolder = Annotated[Path, typer.Option("-o", "--output", help="The folder to write.")]
OutputMaps = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="COLUMN=OUTPUT", help="A column's output; may be repeated."),
]
LabelMaps = Annotated[
    list[str] | None,
    typer.Option("--map-label", metavar="LABEL=OUTPUT", help="What a label of yours means."),
]
Split = Annotated[str, typer.Option(help="Only this split of the manifest.")]
Replicates = Annotated[
    int | None, typer.Option(help="Draws of the bootstrap; 0 for no intervals.", min=0)
]
Seed = Annotated[int, typer.Option(help="Of everything drawn.", min=0)]

FhirVersionOption = Annotated[
    Literal["R4", "R5"], typer.Option("--fhir-version", help="The FHIR release.")
]


def _country_code(value: str | None) -> str | None:
    if value is not None and not (len(value) == len("GB") and value.isascii() and value.isalpha()):
        raise AnswersError(f"“{value}” is no country code; it has two letters, such as GB.")
    return value


Country = Annotated[
    str | None,
    typer.Option(
        metavar="CODE",
        callback=_country_code,
        help="The country, such as GB, for the numbers to call.",
    ),
]


def language_code(value: str) -> str:
    """Return a language's code as it is.

    Raises:
        AnswersError: there are no texts in it.
    """
    from reddots.knowledge.translation import languages

    if value not in languages():
        known = ", ".join(languages())
        raise AnswersError(f"There is no language “{value}”; there are: {known}.")
    return value


Language = Annotated[
    str,
    typer.Option(
        metavar="CODE",
        callback=language_code,
        help="Of questions and advice, such as en or es.",
    ),
]


@contextmanager
def command_resources() -> Iterator[None]:
    """Release what ``until_end`` holds when the context ends."""
    with ExitStack() as stack:
        _HELD.append(stack)
        try:
            yield
        finally:
            _HELD.pop()


def until_end(resource: AbstractContextManager[None]) -> None:
    """Hold a resource, such as a reserved output, until the command has ended."""
    _HELD[-1].enter_context(resource)
