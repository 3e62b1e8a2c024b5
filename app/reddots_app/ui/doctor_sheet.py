"""Clinical handover sheet in SBAR order: the facts for the doctor, on one page."""

from collections.abc import Iterable
from dataclasses import dataclass

from reddots.knowledge import Knowledge
from reddots.triage.assessment import Assessment
from reddots_app.i18n import Texts
from reddots_app.session import Session
from reddots_app.settings import page_settings
from reddots_app.ui import presenter
from reddots_app.ui.presenter import AnswerRow


@dataclass(frozen=True)
class DoctorSheet:
    """What stands on the sheet.

    Attributes:
        facts: the first facts (age, since when, glass test …), with “not asked” said.
        present: signs and circumstances that were answered with anything but “no”.
        warnings_denied: warning signs that were asked and denied.
        denied: other questions answered with “no”.
        skipped: asked, and left without an answer.
        never_asked: questions that never came.
    """

    facts: tuple[AnswerRow, ...]
    background: tuple[AnswerRow, ...]
    present: tuple[AnswerRow, ...]
    warnings_denied: tuple[str, ...]
    denied: tuple[str, ...]
    skipped: tuple[str, ...]
    never_asked: tuple[str, ...]


def doctor_sheet(
    session: Session, assessment: Assessment, knowledge: Knowledge, texts: Texts
) -> DoctorSheet:
    """Sort everything known, denied, skipped and never asked."""
    questions, given = knowledge.questions, assessment.answers.given
    first = page_settings().sheet.first
    guarded = {q for gate in knowledge.gates for q in gate.questions}
    rows = {row.id: row for row in presenter.answer_rows(session, knowledge, texts)}
    denied = [q for q, answer in given.items() if presenter.is_denied(questions[q], answer)]
    present = [row for q, row in rows.items() if q not in first and q not in denied]
    open_ones = [q for q in questions if q not in given]
    skipped = [q for q in open_ones if q in session.skipped]
    return DoctorSheet(
        facts=tuple(
            rows.get(q)
            or AnswerRow(
                q,
                questions[q].text,
                texts.sheet.skipped if q in session.skipped else texts.sheet.not_asked,
            )
            for q in first
        ),
        background=tuple(r for r in present if questions[r.id].group in {"person", "background"}),
        present=tuple(r for r in present if questions[r.id].group not in {"person", "background"}),
        warnings_denied=_texts((q for q in denied if q in guarded), knowledge),
        denied=_texts((q for q in denied if q not in guarded), knowledge),
        skipped=_texts(skipped, knowledge),
        never_asked=_texts((q for q in open_ones if q not in skipped), knowledge),
    )


def _texts(questions: Iterable[str], knowledge: Knowledge) -> tuple[str, ...]:
    return tuple(knowledge.questions[q].text for q in questions)
