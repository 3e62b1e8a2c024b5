"""What a person reads in the terminal: the next step first, and nothing taken for a style."""

import io
from typing import Any

import msgspec
import pytest
from rich.console import Console

from any_case import CALM
from reddots.cli.render.assessment_sheet import print_sheet
from reddots.knowledge import Urgency, load
from reddots.photo.result import PhotoResult
from reddots.triage.answers import parse_settings
from reddots.triage.assessment import Assessment, assess


def printed(assessment: Assessment, *, explain: bool = False) -> str:
    console = Console(file=io.StringIO(), width=100, highlight=False)
    print_sheet(assessment, load(), explain=explain, console=console)
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return " ".join(text.replace("│", " ").split())


def of(answers: str, photo: PhotoResult | None = None) -> Assessment:
    return assess(parse_settings(answers.split()), photo)


# answers, urgency, what the frame is called
LEVELS = [
    ("age_years=6 fever=yes blanches=no", "emergency", "EMERGENCY"),
    ("age_years=40 very_unwell=yes", "same_day", "AT LEAST: !! SEE A DOCTOR TODAY"),
    (f"age_years=60 changed=yes {CALM}", "within_days", "SEE A DOCTOR WITHIN TWO DAYS"),
    ("", "routine", "WE CANNOT SAY YET"),
    (f"age_years=60 {CALM}", "routine", "SHOW IT TO A DOCTOR IN THE COMING WEEKS"),
    (
        f"age_years=15 surface=rough sites=upper_arms onset=years {CALM}",
        "self_care",
        "YOU CAN CARE FOR THIS AT HOME",
    ),
]


@pytest.mark.parametrize(("answers", "urgency", "title"), LEVELS)
def test_the_level_comes_first(answers: str, urgency: str, title: str) -> None:
    assessment = of(answers)
    text = printed(assessment)
    assert assessment.urgency.id == urgency
    assert title in text[:60]
    assert text.index(assessment.guidance.summary[:40]) < text.index("Why")


@pytest.mark.parametrize(("answers", "urgency", "title"), LEVELS)
def test_all_that_is_advised_is_printed(answers: str, urgency: str, title: str) -> None:
    assessment = of(answers)
    text = printed(assessment)
    guidance = assessment.guidance
    for line in (*guidance.do_now, *guidance.watch_for, *guidance.tell_the_doctor):
        assert line in text, f"{urgency}, {title}"
    unbroken = text.replace(" ", "")  # a link may run over the end of a line
    for reason in assessment.reasons:
        line = f"{reason.text} ({reason.source})"
        assert line.replace(" ", "") in unbroken, "each reason with its source"
    for candidate in assessment.candidates:
        assert candidate.name in text
    assert assessment.disclaimer in text


EMERGENCIES = [
    ("age_years=6 fever=yes blanches=no onset=days", False, "no answer could undo it"),
    ("age_years=6 fever=yes blanches=no", True, "spots of years would"),
]


@pytest.mark.parametrize(("answers", "asked", "why"), EMERGENCIES, ids=[r[2] for r in EMERGENCIES])
def test_an_emergency_asks_only_what_could_undo_it(answers: str, asked: bool, why: str) -> None:
    text = printed(of(answers))
    assert text.startswith("╭─ !!! EMERGENCY"), "the call comes first"
    assert ("ask next" in text) is asked, why


def photo(**more: Any) -> PhotoResult:
    values = {
        "status": "ok",
        "categories": {"other_rash": 1.0},
        "training_priors": {"other_rash": 1.0},
    }
    return PhotoResult(**{**values, **more})


# photo, words that must be there, words that must not, why
PHOTOS = [
    (photo(), [], ["The photo is", "too unclear"], "a good photo needs no word"),
    (photo(problems=("blurred",)), ["The photo is not sharp.", "Rest your hand"], [], "how to take a better one"),
    (photo(abstained=True), ["too unclear to name the spots"], [], "an unclear photo"),
    (PhotoResult("rejected", ("missing",)), ["The photo is not there."], [], "a photo that is gone"),
    (photo(problems=("odd",)), [], ["odd"], "a problem that nobody described"),
]  # fmt: skip


@pytest.mark.parametrize(("finding", "there", "absent", "why"), PHOTOS, ids=[r[3] for r in PHOTOS])
def test_what_is_wrong_with_the_photo_is_said(
    finding: PhotoResult, there: list[str], absent: list[str], why: str
) -> None:
    text = printed(of("fever=no", finding))
    assert all(words in text for words in there), why
    assert not any(words in text for words in absent), why


def test_evidence_is_shown_only_when_asked_for() -> None:
    assessment = of("aspirin=yes heparin_or_anticoagulant=yes blanches=no", photo())
    assert "Weight of evidence" not in printed(assessment)
    text = printed(assessment, explain=True)
    assert "Weight of evidence" in text
    assert "blanches=no" in text
    assert "photo" in text


def test_square_brackets_are_text_and_no_style() -> None:
    assessment = of("")
    odd = msgspec.structs.replace(assessment, disclaimer="[bold]not bold[/bold] [/]")
    assert "[bold]not bold[/bold] [/]" in printed(odd)


def test_every_level_has_a_look() -> None:
    from reddots.cli.render import assessment_sheet

    assert set(assessment_sheet._LOOK) == set(Urgency)
