"""Interview stops: which questions stand on one screen, and which stops are still to come."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from reddots.knowledge import Knowledge
from reddots.knowledge.questions import TRISTATE, Question
from reddots.triage.assessment import Assessment
from reddots.triage.evaluation import evaluate
from reddots.triage.next_questions import not_concerned
from reddots_app.session import Session, Stop

MOST_ROWS: Final = 6  # of a checklist on one screen
_MOST_VISITS: Final = 2  # a screen whose answers are in doubt is asked once again, not for ever


def upcoming_stops(
    session: Session, assessment: Assessment, knowledge: Knowledge
) -> tuple[Stop, ...]:
    """Return what is still to be asked, in order, without what was skipped."""
    given = session.answers.given
    asked = [(ask.screen.id, ask.questions) for ask in assessment.asks]
    anew = [q for q in session.earlier if q not in given and q not in session.skipped]
    for screen in reversed(knowledge.screens if anew else ()):
        if questions := tuple(q for q in screen.questions if q in anew):
            asked.insert(0, (screen.id, questions))
    if session.thorough:
        closed = {question for _, questions in asked for question in questions}
        closed |= not_concerned(evaluate(given, knowledge), knowledge)
        closed |= given.keys() | session.skipped
        for screen in knowledge.screens:
            left = tuple(q for q in screen.questions if q not in closed)
            if left:
                asked.append((screen.id, left))
    stops = [
        stop
        for screen, questions in asked
        for stop in _in_parts(screen, questions, knowledge.questions)
    ]
    return tuple(stop for stop in stops if _visits(stop, session) < _MOST_VISITS)


def open_stops(session: Session, knowledge: Knowledge) -> tuple[Stop, ...]:
    """Return every screen with a question that has no answer, in asking order."""
    given = session.answers.given
    found: list[Stop] = []
    for screen in knowledge.screens:
        left = tuple(q for q in screen.questions if q not in given)
        found += _in_parts(screen.id, left, knowledge.questions)
    return tuple(found)


def _in_parts(
    screen: str, questions: Sequence[str], known: Mapping[str, Question]
) -> Iterator[Stop]:
    """Yield the parts of a screen: yes-or-no questions together, the others one by one.

    A long checklist is several of about equal length.
    """
    for together, group in groupby(questions, lambda q: known[q].values == TRISTATE):
        rows = tuple(group)
        count = -(-len(rows) // MOST_ROWS) if together else len(rows)
        size = -(-len(rows) // max(count, 1))
        yield from (Stop(screen, rows[i : i + size]) for i in range(0, len(rows), size))


def _visits(stop: Stop, session: Session) -> int:
    return sum(
        past.screen == stop.screen and not set(past.questions).isdisjoint(stop.questions)
        for past in session.trail
    )
