"""``reddots assess``: one person, from answers and photos."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reddots.cli.options import Country, FhirVersionOption, Language
from reddots.cli.render.terminal import json_text, tell

if TYPE_CHECKING:
    from reddots.triage.assessment import Assessment


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
    as_fhir: Annotated[
        bool, typer.Option("--fhir", help="Print answers and advice as a FHIR Bundle.")
    ] = False,
    fhir_version: FhirVersionOption = "R4",
    country: Country = None,
    language: Language = "en",
    explain: Annotated[
        bool, typer.Option("--explain", help="Also show how far each answer and photo counts.")
    ] = False,
    map_file: Annotated[
        Path | None,
        typer.Option(
            "--map",
            metavar="PICTURE.png",
            help="Also draw the spots that were found, as circles on the photo.",
        ),
    ] = None,
    saliency_file: Annotated[
        Path | None,
        typer.Option(
            "--saliency",
            metavar="PICTURE.png",
            help="For research: also draw what in the photo speaks for the network's choice.",
        ),
    ] = None,
) -> None:
    """Tell how urgent it is, why, what to do next, and what the spots may be."""
    from reddots._extras import unusable
    from reddots.assessor import Assessor
    from reddots.cli.render.photo_maps import reserve_maps, saliency, spot_circles, write_maps
    from reddots.errors import CheckpointError, RedDotsError
    from reddots.knowledge.stale_translations import texts_in
    from reddots.knowledge.translation import load_in
    from reddots.photo.result import GATE, UNUSABLE
    from reddots.triage.answers import (
        Answers,
        join_answers,
        parse_settings,
        read_answers,
    )

    maps = [(p, d) for p, d in ((map_file, spot_circles), (saliency_file, saliency)) if p]
    filed = read_answers(answers) if answers else Answers()
    given = join_answers(filed, parse_settings(settings or ()))
    known = load_in(language)
    assessor = Assessor()
    broken: RedDotsError | None = None
    try:
        result = assessor.assess(given, list(photos or ()), country=country, knowledge=known)
    except (CheckpointError, ImportError) as error:  # what was answered counts all the same
        broken = unusable(error)
        result = assessor.assess(given, country=country, knowledge=known)
    if as_fhir:
        from reddots.fhir import FhirVersion, assessment_bundle

        when = datetime.now(UTC).replace(microsecond=0)
        bundle = assessment_bundle(result, known, when, FhirVersion(fhir_version))
        sys.stdout.write(json_text(bundle, indent=2))
    elif as_json:
        sys.stdout.write(json_text(_document(result, language), indent=2))
    else:
        from reddots.cli.render.assessment_sheet import print_sheet

        print_sheet(result, known, explain=explain, language=language)
    unused = [p for p in result.photo.problems if p in UNUSABLE] if result.photo else []
    for told in known.guidance.told_of(unused, result.photo.causes if result.photo else ()):
        tell(f"{texts_in(language)['page.terminal.not_used']} {told.text}")
    if broken:
        sys.stdout.flush()
        tell("The photos were not looked at; this is from the answers alone.")
        raise broken
    sys.stdout.flush()  # no map may keep the advice from being printed
    with reserve_maps([place for place, _ in maps], photos or (), [answers]) as reserved:
        for places, (_, draw) in zip(reserved, maps, strict=True):
            write_maps(assessor, photos or (), places, draw)
    if set(unused) - {GATE}:
        raise typer.Exit(1)


def _document(result: "Assessment", language: str) -> dict[str, Any]:
    """Return the Assessment as JSON, with what to ask about the spots found in the photo."""
    from reddots.spots.confirmation import confirmation

    document = result.to_json()
    if result.photo and result.photo.spots:
        found = confirmation(result.photo.spots, language)
        document["photo"]["spots"]["confirm"] = (
            {"question": found.question, "answers": dict(found.answers)} if found else None
        )
    return document
