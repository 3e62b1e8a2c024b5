"""``reddots questionnaire``: the questions and their codes for a clinic's system (FHIR)."""

import sys
from typing import Annotated

import typer

from reddots.cli.options import FhirVersionOption, language_code
from reddots.cli.render.terminal import json_text


def questionnaire(
    language: Annotated[
        str,
        typer.Option(
            metavar="CODE",
            callback=language_code,
            help="Of the texts, such as en or es; the others are in it as well.",
        ),
    ] = "en",
    fhir_version: FhirVersionOption = "R4",
    terminology: Annotated[
        bool, typer.Option("--terminology", help="Print our CodeSystems and ValueSets instead.")
    ] = False,
) -> None:
    """Print the questions as a FHIR Questionnaire; “assess --fhir” prints answers and advice."""
    from reddots.fhir import FhirVersion, terminology_bundle
    from reddots.fhir import questionnaire as build
    from reddots.knowledge.translation import languages, load_in

    if terminology:
        resource = terminology_bundle(load_in(language))
    else:
        others = {other: load_in(other) for other in languages() if other != language}
        resource = build(load_in(language), language, FhirVersion(fhir_version), others)
    sys.stdout.write(json_text(resource, indent=2))
