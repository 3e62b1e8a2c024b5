"""Options that several commands share."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated, Literal

import click
import typer

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


def until_end(resource: AbstractContextManager[None]) -> None:
    """Hold a resource, such as a reserved output, until the command has ended."""
    click.get_current_context().with_resource(resource)
