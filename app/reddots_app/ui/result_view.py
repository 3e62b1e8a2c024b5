"""View of the result: how urgent it is before all else, then what to do; the rest is folded."""

from typing import Any, Final

from reddots.knowledge import Knowledge, Urgency
from reddots.triage.assessment import Assessment
from reddots_app.emergency import call_numbers
from reddots_app.i18n import Texts
from reddots_app.session import Session
from reddots_app.settings import page_settings
from reddots_app.ui import presenter
from reddots_app.ui.doctor_sheet import doctor_sheet
from reddots_app.ui.interview import Interview
from reddots_app.ui.photo_view import is_bare, photo_card
from reddots_app.ui.templating import fragment

_STEPS: Final = 3  # things to do that are not folded
UNSETTLED: Final = "unsettled"


def level_of(assessment: Assessment) -> str:
    """Return which look a result has: its urgency, or “unsettled”.

    While a safety question is open nothing calm is said; what is urgent already looks so.
    """
    calm = assessment.urgency <= Urgency.ROUTINE
    return UNSETTLED if calm and not assessment.settled else assessment.urgency.id


def banner(session: Session, assessment: Assessment, texts: Texts, knowledge: Knowledge) -> str:
    """Return how urgent it is, in colour, sign and words."""
    level = level_of(assessment)
    title = texts.result[level]
    if level not in {UNSETTLED, Urgency.EMERGENCY.id} and not assessment.settled:
        title = texts.result.at_least.format(level=title)
    return fragment(
        "banner",
        texts,
        level=level,
        title=title,
        summary=assessment.guidance.summary,
        interrupted=session.interrupted,
        numbers=call_numbers(session.country, knowledge),
        photo_ignored=any(p.result.status == "rejected" for p in session.photos),
    )


def result_screen(
    session: Session, assessment: Assessment, texts: Texts, interview: Interview
) -> str:
    """Return the result step."""
    knowledge = interview.knowledge
    level = level_of(assessment)
    guidance = assessment.guidance
    likely, unlikely = _split(assessment, texts)
    photos = [
        photo_card(number, photo, texts, knowledge, agreed=session.says_of(photo))
        for number, photo in enumerate(session.photos, start=1)
    ]
    return fragment(
        "result",
        texts,
        level=level,
        emergency=assessment.urgency is Urgency.EMERGENCY,
        banner=banner(session, assessment, texts, knowledge),
        interrupted=session.interrupted,
        gates=() if level == Urgency.EMERGENCY.id else _open_gates(assessment, knowledge),
        steps=guidance.do_now[:_STEPS],
        more_steps=guidance.do_now[_STEPS:],
        guidance=guidance,
        doubts=assessment.doubts,
        reasons=[r for r in assessment.reasons if r.urgency == assessment.urgency],
        lesser=[r for r in assessment.reasons if r.urgency < assessment.urgency],
        likely=likely,
        unlikely=unlikely,
        evidence=presenter.evidence_groups(assessment, knowledge, texts),
        photo_sentence=presenter.photo_sentence(assessment, texts),
        photos=photos,
        no_spots=bool(session.photos) and all(is_bare(p) for p in session.photos),
        about=presenter.about_groups(assessment, knowledge),
        sources=presenter.sources(assessment),
        more=interview.more(session).step == "question",
        sheet=doctor_sheet(session, assessment, knowledge, texts),
        model=assessment.model,
        disclaimer=assessment.disclaimer,
        numbers=call_numbers(session.country, knowledge),
        summary=plain_summary(assessment, texts, level),
    )


def plain_summary(assessment: Assessment, texts: Texts, level: str) -> str:
    """Return the result as plain text to copy or share: what to do, and when to worry."""
    guidance, colon = assessment.guidance, texts.punctuation.colon
    blocks = [
        f"{texts.frame.title}{colon} {texts.result[level]}",
        guidance.summary,
        _listed(texts.result.do_now + colon, guidance.do_now),
        _listed(texts.result.watch_for + colon, guidance.watch_for),
        assessment.disclaimer,
    ]
    return "\n\n".join(block for block in blocks if block)


def _listed(title: str, lines: tuple[str, ...]) -> str:
    return "\n".join([title, *(f"- {line}" for line in lines)]) if lines else ""


def _split(assessment: Assessment, texts: Texts) -> tuple[list[Any], list[Any]]:
    """Return the candidates worth naming, and those of the last word."""
    last = page_settings().likelihood[-1].id
    rows = presenter.candidate_rows(assessment, texts)
    return [r for r in rows if r.word_id != last], [r for r in rows if r.word_id == last]


def _open_gates(assessment: Assessment, knowledge: Knowledge) -> list[tuple[str, str]]:
    """Return each gate that is still open: its first open question, and its name."""
    open_questions = set(assessment.open_gates)
    return [
        (next(q for q in gate.questions if q in open_questions), gate.name)
        for gate in knowledge.gates
        if not open_questions.isdisjoint(gate.questions)
    ]
