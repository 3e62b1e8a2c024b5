"""The step that asks: a single question or a checklist, its help, and the ways to answer it."""

from typing import Any

import gradio as gr

from reddots.knowledge import Knowledge
from reddots.knowledge.questions import TRISTATE, Question
from reddots.triage.assessment import Assessment
from reddots_app.i18n import PageTexts
from reddots_app.session import Session
from reddots_app.ui import presenter
from reddots_app.ui.interview import Interview
from reddots_app.ui.templating import fragment

YEARS, MONTHS = "years", "months"


def most_options(knowledge: Knowledge) -> int:
    """Return how many buttons a single question may need."""
    kinds = {"tristate", "choice"}
    return max(len(q.values) for q in knowledge.questions.values() if q.kind in kinds)


def most_rows(knowledge: Knowledge) -> int:
    """Return how many rows a checklist may need."""
    return max(len(screen.questions) for screen in knowledge.screens)


def question_screen(
    session: Session, assessment: Assessment, texts: PageTexts, interview: Interview
) -> dict[str, Any]:
    """Return the updates of the question step's parts."""
    asked = interview.questions(session) if session.step == "question" else ()
    words = texts.question
    fixed = {
        "question_step": gr.update(visible=bool(asked)),
        "back": gr.update(value=words.back),
        "skip": gr.update(value=words.skip),
        "show_result": gr.update(value=words.show_result),
    }
    if not asked:  # nothing that was entered stays in a field
        rows, number = most_rows(interview.knowledge), _fields(session, None, texts)
        return {**fixed, "question": "", **_rows(session, (), texts, rows), **number}
    single = asked[0] if len(asked) == 1 else None
    return {
        **fixed,
        "question": _card(session, asked, assessment, texts, interview),
        **_buttons(session, single, texts, most_options(interview.knowledge)),
        **_rows(session, () if single else asked, texts, most_rows(interview.knowledge)),
        **_fields(session, single, texts),
        "next": next_button(session, asked, texts),
    }


def next_button(session: Session, asked: tuple[Question, ...], texts: PageTexts) -> Any:
    """Return the update of the button that goes on; on a checklist it says what it answers."""
    words = texts.question
    if len(asked) == 1:
        return gr.update(value=words.next, visible=asked[0].kind in {"number", "choices"})
    open_ones = [q for q in asked if session.answers.get(q.id) is None]
    label = words.next
    if open_ones:
        label = words.none if len(open_ones) == len(asked) else words.none_other
    return gr.update(value=label, visible=True)


def _buttons(
    session: Session, single: Question | None, texts: PageTexts, count: int
) -> dict[str, Any]:
    values = single.values if single and single.kind in {"tristate", "choice"} else ()
    parts = {}
    for i in range(count):
        if single is None or i >= len(values):
            parts[f"option_{i}"] = gr.update(visible=False, value="")
            continue
        chosen = values[i] == session.answers.get(single.id)
        parts[f"option_{i}"] = gr.update(
            visible=True,
            value=presenter.option_text(single, values[i], texts),
            variant="primary" if chosen else "secondary",
        )
    return parts


def _rows(
    session: Session, asked: tuple[Question, ...], texts: PageTexts, count: int
) -> dict[str, Any]:
    parts = {}
    for i in range(count):
        if i >= len(asked):
            parts[f"row_{i}"] = gr.update(visible=False, value=None)
            continue
        choices = [(presenter.option_text(asked[i], v, texts), v) for v in TRISTATE]
        parts[f"row_{i}"] = gr.update(
            visible=True,
            label=asked[i].text,
            choices=choices,
            value=session.answers.get(asked[i].id),
        )
    return parts


def _fields(session: Session, single: Question | None, texts: PageTexts) -> dict[str, Any]:
    words = texts.question
    kind = single.kind if single else None
    given = session.answers.get(single.id) if single else None
    unit = (single.unit or "") if single else ""
    is_age = single is not None and single.months_below is not None
    months = presenter.in_months(single, given) if single else None
    return {
        "number": gr.update(
            visible=kind == "number",
            label=words.age if is_age else words.number_label.format(unit=unit),
            value=months or given if kind == "number" else None,
        ),
        "unit": gr.update(
            visible=is_age,
            label=words.unit,
            choices=[(words.years, YEARS), (words.months, MONTHS)] if is_age else [],
            value=(MONTHS if months else YEARS) if is_age else None,
        ),
        "choices": gr.update(
            visible=kind == "choices",
            label=words.choose_all,
            choices=[(o.text, o.id) for o in single.option] if single else [],
            value=list(given) if isinstance(given, tuple) else [],
        ),
    }


def _card(
    session: Session,
    asked: tuple[Question, ...],
    assessment: Assessment,
    texts: PageTexts,
    interview: Interview,
) -> str:
    words = texts.question
    stop = session.current
    screen = next(s for s in interview.knowledge.screens if stop and s.id == stop.screen)
    first = asked[0]
    topic = words.about_person if first.group in {"person", "background"} else words.about_spots
    warning = any(q.red_flag for q in asked)
    progress = interview.progress(session, assessment)
    given = session.answers.get(first.id)
    checklist = len(asked) > 1
    help_text = first.help if first.months_below is None else words.age_help
    return fragment(
        "question",
        texts,
        text=screen.text if checklist else first.text,
        help=screen.help if checklist else help_text,
        why=screen.why if checklist else first.why,
        explained=asked if checklist else (),
        progress=progress,
        topic=words.warning_signs if warning else topic,
        left=words.left_one
        if progress.left == 1
        else words.left_many.format(count=progress.left - 1),
        previous="" if given is None or checklist else presenter.answer_words(first, given, texts),
        doubts=assessment.doubts if all(q.id in session.answers.given for q in asked) else (),
        note=session.note,
    )
