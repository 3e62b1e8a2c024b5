"""The step that takes photos: how to take them, what became of each, and which part counts."""

from typing import Any, Final

import gradio as gr

from reddots.knowledge import Knowledge
from reddots.knowledge.guidance import PhotoProblem
from reddots_app.crop import FIRST, LEAST, WHOLE
from reddots_app.i18n import PageTexts
from reddots_app.session import LookedAt, Session
from reddots_app.ui.templating import fragment

_FAR: Final = "spots_too_small"  # the problem that cutting out a part may mend
_BARE: Final = "normal_skin"  # the output of a photo on which the network sees no spots


def photo_screen(session: Session, texts: PageTexts, knowledge: Knowledge) -> dict[str, Any]:
    """Return the updates of the photo step's parts."""
    here = session.step == "photo"
    taking = here and session.cutting is None
    words = texts.photo
    return {
        "photo_step": gr.update(visible=here),
        "emergency_line": fragment("emergency_line", texts) if taking else "",
        "photo_intro": fragment("photo", texts, begun=bool(session.photos)) if taking else "",
        "photo_report": _report(session, texts, knowledge) if taking else "",
        "cut": _cut(session, texts) if here else "",
        "upload": gr.update(
            label=words.choose_more if session.photos else words.choose,
            value=None,
            variant="secondary" if session.photos else "primary",
            visible=taking,
        ),
        "go_on": gr.update(
            value=words.go_on if session.photos else words.skip,
            variant="primary" if session.photos else "secondary",
            visible=taking,
        ),
    }


def problems(photo: LookedAt, knowledge: Knowledge) -> list[PhotoProblem]:
    """Return what is wrong with a photo, worst first, in words.

    Of a photo that shows no skin nobody is told that its spots are small.
    """
    known = knowledge.guidance.photo_problems
    unused = (_FAR,) if photo.finding.status == "rejected" else ()
    return [known[p] for p in photo.finding.problems if p in known and p not in unused]


def _cut(session: Session, texts: PageTexts) -> str:
    """Return the picture with a frame that can be moved."""
    if session.cutting is None:
        return ""
    cut = session.photos[session.cutting.place].cut
    return fragment(
        "cut",
        texts,
        picture=session.cutting.picture,
        cut=FIRST if cut == WHOLE else cut,
        least=LEAST,
    )


def _report(session: Session, texts: PageTexts, knowledge: Knowledge) -> str:
    shown = []
    for number, photo in enumerate(session.photos, start=1):
        found = problems(photo, knowledge)
        rejected = photo.finding.status == "rejected"
        bare = not found and _is_bare(photo)
        verdict = "rejected" if rejected else "weak" if found or bare else "fine"
        shown.append(
            {
                "name": texts.photo.name.format(number=number),
                "thumbnail": photo.thumbnail,
                "verdict": verdict,
                "sentence": getattr(texts.photo, verdict),
                "problems": found,
                "bare": bare,
                "far": bare or _FAR in photo.finding.problems,
                "can_be_cut": bool(photo.copy),
                "is_cut": photo.cut != WHOLE,
            }
        )
    return fragment(
        "photo_report",
        texts,
        photos=shown,
        notes=session.photo_notes,
        retake=any(item["verdict"] != "fine" for item in shown),
    )


def _is_bare(photo: LookedAt) -> bool:
    """Whether the network saw bare skin, which it also does where spots are too small for it."""
    categories = photo.finding.categories
    return bool(categories) and max(categories, key=lambda o: categories[o]) == _BARE
