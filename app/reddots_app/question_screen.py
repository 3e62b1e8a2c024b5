"""The step that asks: one question, its help, and the ways to answer it."""

from typing import Any

import gradio as gr

from reddots.knowledge.questions import Question
from reddots.triage.assessment import Assessment
from reddots_app import report
from reddots_app.fragments import fragment
from reddots_app.interview import Interview, Progress
from reddots_app.session import Session
from reddots_app.texts import PageTexts


def question_screen(
    session: Session, assessment: Assessment, texts: PageTexts, interview: Interview, buttons: int
) -> dict[str, Any]:
    """Return the updates of the question step's parts; there are ``buttons`` answer buttons."""
    question = interview.question(session) if session.step == "question" else None
    words = texts.question
    fixed = {
        "question_step": gr.update(visible=question is not None),
        "back": gr.update(value=words.back),
        "skip": gr.update(value=words.skip),
        "show_result": gr.update(value=words.show_result),
    }
    if question is None:
        return {**fixed, "question": ""}
    given = session.answers.get(question.id)
    pressed = question.kind in {"tristate", "choice"}
    values = question.values if pressed else ()
    parts: dict[str, Any] = {
        "question": _card(session, question, assessment, texts, interview),
        "number": gr.update(
            visible=question.kind == "number",
            label=words.number_label.format(unit=question.unit or ""),
            value=given if question.kind == "number" else None,
        ),
        "choices": gr.update(
            visible=question.kind == "choices",
            label=words.choose_all,
            choices=[(o.text, o.id) for o in question.option],
            value=list(given) if isinstance(given, tuple) else [],
        ),
        "next": gr.update(value=words.next, visible=not pressed),
    }
    for i in range(buttons):
        used = i < len(values)
        parts[f"option_{i}"] = gr.update(
            visible=used,
            value=report.option_text(question, values[i], texts) if used else "",
            variant="primary" if used and values[i] == given else "secondary",
        )
    return fixed | parts


def _card(
    session: Session,
    question: Question,
    assessment: Assessment,
    texts: PageTexts,
    interview: Interview,
) -> str:
    words = texts.question
    progress = interview.progress(session, assessment)
    given = session.answers.get(question.id)
    topic = words.about_person if question.group == "person" else words.about_spots
    return fragment(
        "question",
        texts,
        question=question,
        progress=progress,
        topic=words.warning_signs if question.red_flag else topic,
        left=_left(progress, texts),
        previous="" if given is None else report.answer_words(question, given, texts),
        note=session.note,
    )


def _left(progress: Progress, texts: PageTexts) -> str:
    words = texts.question
    if progress.left == 1:
        return words.left_one
    if progress.warning_signs:
        rest = progress.left - progress.warning_signs
        return words.left_warning_signs.format(count=progress.warning_signs, rest=rest)
    return words.left_many.format(count=progress.left)
