"""The step that tells: how urgent it is before all else, then why, and what to do."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from reddots.knowledge import Knowledge, Urgency
from reddots.triage.assessment import Assessment
from reddots_app.i18n import PageTexts
from reddots_app.session import Session
from reddots_app.ui import presenter
from reddots_app.ui.interview import Interview
from reddots_app.ui.templating import fragment


def banner(session: Session, assessment: Assessment, texts: PageTexts) -> str:
    """Return how urgent it is, in colour, sign and words."""
    level = assessment.urgency.id
    words = texts.result
    title = getattr(words, level)
    if not assessment.settled and assessment.urgency is not Urgency.EMERGENCY:
        calm = assessment.urgency <= Urgency.ROUTINE
        title = words.unsettled if calm else words.at_least.format(level=title)
    return fragment(
        "banner",
        texts,
        level=level,
        title=title,
        summary=assessment.guidance.summary,
        interrupted=session.interrupted,
    )


def result_screen(
    session: Session, assessment: Assessment, texts: PageTexts, interview: Interview
) -> dict[str, Any]:
    """Return the updates of the result step's parts."""
    here = session.step == "result"
    words = texts.result
    count = interview.open_count(session)
    photos = [p for p in _photos(session, texts) if p["thumbnail"]]
    return {
        "result_step": gr.update(visible=here),
        "result": _result(assessment, texts, interview.knowledge) if here else "",
        "result_more": _more(assessment, texts, interview.knowledge) if here else "",
        "photos": fragment("photos", texts, photos=photos, marked=False) if here else "",
        "show_mattered": gr.update(
            value=words.show_mattered,
            visible=any(p.finding.status == "ok" and p.copy for p in session.photos),
        ),
        "correct": gr.update(value=words.wrong_answer, visible=session.interrupted),
        "result_back": gr.update(value=words.back, visible=not session.interrupted),
        "more": gr.update(value=f"{words.more} ({count})", visible=here and count > 0),
        "print_photo": gr.update(
            label=words.print_photo, visible=any(p.thumbnail for p in session.photos)
        ),
        "print": gr.update(value=words.print),
        "start_again": gr.update(value=texts.frame.start_again),
    }


def what_mattered(
    session: Session,
    found: Sequence[tuple[str, str] | None],
    texts: PageTexts,
    knowledge: Knowledge,
) -> dict[str, Any]:
    """Return the updates that show, by photo, what mattered: an output and a picture, or None."""
    names = {c.output: c.name for c in reversed(knowledge.candidates) if c.output}
    words = texts.result
    photos = [
        {
            **photo,
            "map": item[1] if item else "",
            "sentence": words.mattered.format(name=names.get(item[0], item[0]))
            if item
            else words.nothing_mattered,
        }
        for photo, item in zip(_photos(session, texts), found, strict=True)
        if photo["thumbnail"]
    ]
    html = fragment("photos", texts, photos=photos, marked=True)
    return {"photos": html, "show_mattered": gr.update(visible=False)}


def _photos(session: Session, texts: PageTexts) -> list[dict[str, str]]:
    return [
        {"thumbnail": p.thumbnail, "name": texts.photo.name.format(number=n), "map": ""}
        for n, p in enumerate(session.photos, start=1)
    ]


def _result(assessment: Assessment, texts: PageTexts, knowledge: Knowledge) -> str:
    problems = knowledge.guidance.photo_problems
    found = assessment.photo.problems if assessment.photo else ()
    return fragment(
        "result",
        texts,
        emergency=assessment.urgency is Urgency.EMERGENCY,
        reasons=[r for r in assessment.reasons if r.urgency == assessment.urgency],
        lesser=[r for r in assessment.reasons if r.urgency < assessment.urgency],
        doubts=assessment.doubts,
        guidance=assessment.guidance,
        candidates=presenter.candidate_bars(assessment, texts),
        evidence=presenter.evidence_groups(assessment, knowledge, texts),
        photo_sentence=presenter.photo_sentence(assessment, texts),
        photo_problems=[problems[p] for p in found if p in problems],
    )


def _more(assessment: Assessment, texts: PageTexts, knowledge: Knowledge) -> str:
    return fragment(
        "result_more",
        texts,
        about=presenter.about_groups(assessment, knowledge),
        answers=presenter.answer_rows(assessment, knowledge, texts),
        denied=presenter.denied(assessment, knowledge),
        sources=presenter.sources(assessment),
        disclaimer=assessment.disclaimer,
        model=assessment.model,
    )
