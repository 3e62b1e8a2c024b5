"""Human confirmation of detected spots: what was found, in the questions' words, and what is said.

Nothing is filled in until the person agrees, and what is filled in stands on the screen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from reddots.errors import AnswersError
from reddots.knowledge import Knowledge
from reddots.spots.confirmation import Confirmation, confirmation
from reddots.triage.answers import Answers, parse_answers
from reddots.triage.confirmed import with_confirmed
from reddots_app.i18n import Texts
from reddots_app.session import PhotoEntry, Session
from reddots_app.ui import presenter


@dataclass(frozen=True)
class SpotsCheck:
    """What is asked, or what came of it.

    Attributes:
        state: ``open``, ``agreed`` or ``denied``.
        sentence: what was found.
        rows: of each question that an agreement answers: its text, the answer in words, and
            the options to correct it by.
    """

    state: str
    sentence: str
    rows: tuple[dict[str, Any], ...]


def spots_check(session: Session, texts: Texts, knowledge: Knowledge) -> SpotsCheck | None:
    """Return what a person is asked about the detected spots; None where none were found."""
    entry, question = _to_confirm(session)
    if entry is None or question is None:
        return None
    judged = session.judged == entry.id
    state = "open" if not judged else "agreed" if session.agreed else "denied"
    found = _answers(question, knowledge)
    given = {q: session.answers.given[q] for q in found.given if q in session.answers.given}
    shown = Answers(given) if state == "agreed" else found
    return SpotsCheck(
        state,
        question.question,
        tuple(_row(question, shown, texts, knowledge) for question in shown.given),
    )


def judge_spots(
    session: Session, knowledge: Knowledge, said: str, values: Mapping[str, Any]
) -> Session:
    """Take what a person says of the detected spots.

    Args:
        session: with the photo.
        knowledge: the questions.
        said: ``yes`` takes over what was found, with ``values`` as corrections; ``no`` takes
            nothing over; anything else takes an agreement back and asks again.
        values: answers by question, where the person corrected them.
    """
    entry, question = _to_confirm(session)
    if entry is None or question is None:
        return session
    found = _answers(question, knowledge).given
    if said not in {"yes", "no"}:
        kept = {q: a for q, a in session.answers.given.items() if q not in session.taken}
        asked = replace(session, judged="", agreed=False, taken=frozenset(), note="")
        return replace(asked, answers=Answers(kept))
    if said == "no":
        return replace(session, judged=entry.id, agreed=False, note="")
    corrected = {q: value for q, value in values.items() if q in found}
    answers = with_confirmed(session.answers, {**found, **corrected}, knowledge)
    skipped = session.skipped - answers.given.keys()
    taken = frozenset(answers.given.keys() - session.answers.given.keys())
    after = replace(session, answers=answers, skipped=skipped, taken=taken, note="")
    return replace(after, judged=entry.id, agreed=True)


def _to_confirm(session: Session) -> tuple[PhotoEntry | None, Confirmation | None]:
    """Return the photo in which most is seen, as several show the same spots, and its question."""
    seen = [p for p in session.photos if p.result.spots and p.result.spots.count]
    entry = max(seen, key=lambda p: p.result.spots.count if p.result.spots else 0, default=None)
    if entry is None or entry.result.spots is None:
        return None, None
    return entry, confirmation(entry.result.spots, session.language)


def _answers(question: Confirmation, knowledge: Knowledge) -> Answers:
    """Return what was found as answers, without what the questions do not know."""
    legal = Answers()
    for key, value in question.answers.items():
        try:
            legal = parse_answers({**legal.given, key: value}, knowledge)
        except AnswersError:
            continue
    return legal


def _row(question: str, shown: Answers, texts: Texts, knowledge: Knowledge) -> dict[str, Any]:
    known, answer = knowledge.questions[question], shown.given[question]
    chosen = answer if isinstance(answer, tuple) else (answer,)
    return {
        "id": question,
        "text": known.text,
        "answer": presenter.answer_words(known, answer, texts),
        "several": known.kind == "choices",
        "options": [
            (value, presenter.option_text(known, value, texts), value in chosen)
            for value in known.values
        ],
    }
