"""``reddots questionnaire``: the questions for a clinic's system."""

import json
import sys
from typing import Annotated

import typer


def questionnaire(
    language: Annotated[str, typer.Option(help="Such as en or es.")] = "en",
) -> None:
    """Print the questions as a FHIR R5 Questionnaire; “assess --fhir” prints answers and advice."""
    from reddots.errors import AnswersError
    from reddots.fhir.questionnaire import questionnaire as build
    from reddots.knowledge.translation import languages, load_in

    if language not in languages():
        raise AnswersError(
            f"There is no language “{language}”; there are: {', '.join(languages())}."
        )
    resource = build(load_in(language), language)
    sys.stdout.write(json.dumps(resource, ensure_ascii=False, indent=2) + "\n")
