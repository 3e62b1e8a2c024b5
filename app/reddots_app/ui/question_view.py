"""View of the question step: a single question or a checklist, its help, and ways to answer it."""

from typing import Any, Final

from reddots.knowledge import Knowledge
from reddots.knowledge.questions import TRISTATE, Question
from reddots.triage.assessment import Assessment
from reddots_app.i18n import Texts
from reddots_app.session import Session
from reddots_app.ui import presenter
from reddots_app.ui.drawings import drawing_of, drawings_for
from reddots_app.ui.interview import Interview
from reddots_app.ui.templating import fragment

YEARS: Final = "years"
MONTHS: Final = "months"


def question_screen(
    session: Session, assessment: Assessment, texts: Texts, interview: Interview
) -> str:
    """Return the question step."""
    asked = interview.questions(session)
    stop = session.current
    screen = next(s for s in interview.knowledge.screens if stop and s.id == stop.screen)
    checklist = len(asked) > 1
    first = asked[0]
    given = session.answers.given
    return fragment(
        "question",
        texts,
        key=f"{len(session.trail)}.{'.'.join(q.id for q in asked)}",
        kind="checklist" if checklist else first.kind,
        parts=interview.parts(session, assessment),
        text=screen.text if checklist else first.text,
        help=screen.help if checklist else _help(first, texts),
        why=screen.why if checklist else first.why,
        rows=[_row(q, session, texts) for q in asked] if checklist else (),
        question=first,
        options=() if checklist else _options(first, session, texts),
        number=_number(first, session, texts) if first.kind == "number" else None,
        drawings=drawings_for(first.id) if not checklist else (),
        doubts=assessment.doubts if all(q.id in given for q in asked) else (),
        answered=len(given),
        note=session.note,
    )


def review_screen(session: Session, knowledge: Knowledge, texts: Texts) -> str:
    """Return the list of all answers, each with a way to change it."""
    rows = presenter.answer_rows(session, knowledge, texts)
    skipped = [q for q in knowledge.questions.values() if q.id in session.skipped]
    return fragment(
        "review",
        texts,
        rows=rows,
        skipped=[q for q in skipped if q.id not in session.answers.given],
        photos=session.photos,
        origin=session.origin,
    )


def _help(question: Question, texts: Texts) -> str:
    return str(question.help if question.months_below is None else texts.question.age_help)


def _row(question: Question, session: Session, texts: Texts) -> dict[str, Any]:
    return {
        "id": question.id,
        "text": question.text,
        "help": question.help,
        "options": [(v, texts.question[v]) for v in TRISTATE],
        "given": session.answers.get(question.id),
    }


def _options(question: Question, session: Session, texts: Texts) -> list[dict[str, Any]]:
    given = session.answers.get(question.id)
    chosen = given if isinstance(given, tuple) else (given,)
    return [
        {
            "value": value,
            "text": presenter.option_text(question, value, texts),
            "chosen": value in chosen,
            "drawing": drawing_of(question.id, value),
        }
        for value in question.values
    ]


def _number(question: Question, session: Session, texts: Texts) -> dict[str, Any]:
    given = session.answers.get(question.id)
    months = presenter.in_months(question, given)
    is_age = question.months_below is not None
    value = months or given
    words = texts.question
    return {
        "value": "" if value is None else f"{value:g}" if isinstance(value, float) else value,
        "label": words.age if is_age else words.number_label.format(unit=question.unit or ""),
        "units": [(YEARS, words.years), (MONTHS, words.months)] if is_age else [],
        "unit": MONTHS if is_age and months else YEARS,
    }
