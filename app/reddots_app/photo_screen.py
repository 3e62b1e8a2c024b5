"""The step that takes photos: how to take them, and what became of each."""

from typing import Any

import gradio as gr

from reddots.knowledge import Knowledge
from reddots.knowledge.guidance import PhotoProblem
from reddots_app.fragments import fragment
from reddots_app.session import LookedAt, Session
from reddots_app.texts import PageTexts

WHOLE = "whole"


def photo_screen(session: Session, texts: PageTexts, knowledge: Knowledge) -> dict[str, Any]:
    """Return the updates of the photo step's parts."""
    here = session.step == "photo"
    words = texts.photo
    return {
        "photo_step": gr.update(visible=here),
        "emergency_line": fragment("emergency_line", texts) if here else "",
        "photo_intro": fragment("photo", texts) if here else "",
        "upload": gr.update(
            label=words.choose_more if session.photos else words.choose,
            value=None,
            variant="secondary" if session.photos else "primary",
        ),
        "photo_report": _report(session, texts, knowledge) if here else "",
        "closer": _closer(session, texts),
        "remove": gr.update(value=words.remove, visible=bool(session.photos)),
        "go_on": gr.update(
            value=words.go_on if session.photos else words.skip,
            variant="primary" if session.photos else "secondary",
        ),
    }


def _closer(session: Session, texts: PageTexts) -> Any:
    newest = session.photos[-1] if session.photos else None
    if newest is None or not newest.copy:
        return gr.update(visible=False, value=None)
    words = texts.photo
    places = [(name, str(part)) for part, name in enumerate(words.parts)]
    return gr.update(
        visible=True,
        label=words.closer,
        choices=[(words.whole, WHOLE), *places],
        value=WHOLE if newest.part is None else str(newest.part),
    )


def problems(photo: LookedAt, knowledge: Knowledge) -> list[PhotoProblem]:
    """Return what is wrong with a photo, worst first, in words."""
    known = knowledge.guidance.photo_problems
    return [known[p] for p in photo.finding.problems if p in known]


def _report(session: Session, texts: PageTexts, knowledge: Knowledge) -> str:
    shown = []
    for number, photo in enumerate(session.photos, start=1):
        found = problems(photo, knowledge)
        rejected = photo.finding.status == "rejected"
        verdict = "rejected" if rejected else "weak" if found else "fine"
        shown.append(
            {
                "name": texts.photo.name.format(number=number),
                "thumbnail": photo.thumbnail,
                "verdict": verdict,
                "sentence": getattr(texts.photo, verdict),
                "problems": found,
            }
        )
    return fragment(
        "photo_report",
        texts,
        photos=shown,
        notes=session.photo_notes,
        retake=any(item["verdict"] != "fine" for item in shown),
    )
