"""One person's way through the questions: every step takes a session and returns the next one."""

from dataclasses import dataclass, replace

from reddots.errors import AnswersError
from reddots.knowledge import Knowledge, Urgency
from reddots.knowledge.questions import Question
from reddots.pipeline import merge
from reddots.triage.answers import Answers, parse_answers
from reddots.triage.assessment import Assessment, ModelIdentity, assess
from reddots_app.session import Session


@dataclass(frozen=True)
class Progress:
    """How far the questions have come.

    Attributes:
        number: of the question on the screen, from 1.
        left: how many are still to come, with the one on the screen.
        warning_signs: how many of those are about warning signs.
    """

    number: int
    left: int
    warning_signs: int

    @property
    def share(self) -> float:
        """The part that is done, 0 to 1."""
        return (self.number - 1) / max(self.number - 1 + self.left, 1)


class Interview:
    """Moves sessions along; it remembers nobody."""

    def __init__(self, knowledge: Knowledge, model: ModelIdentity | None = None) -> None:
        """Ask what ``knowledge`` knows; ``model`` names the checkpoint in the assessment."""
        self.knowledge = knowledge
        self._model = model

    def assess(self, session: Session) -> Assessment:
        """Return what is to be said, from the answers and photos so far."""
        finding = merge([photo.finding for photo in session.photos])
        model = self._model if finding else None
        return assess(session.answers, finding, model=model, knowledge=self.knowledge)

    def upcoming(self, session: Session, assessment: Assessment) -> tuple[str, ...]:
        """Return the open questions in asking order, without those that were skipped."""
        asked = list(assessment.next_questions)
        if session.thorough:
            asked += [q for q in self.knowledge.questions if q not in asked]
        given = session.answers.given
        return tuple(q for q in asked if q not in given and q not in session.passed)

    def progress(self, session: Session, assessment: Assessment) -> Progress:
        """Return how far the questions have come."""
        behind = [q for q in session.trail if q != session.current]
        ahead = [q for q in self.upcoming(session, assessment) if q != session.current]
        left = [*ahead, session.current] if session.current else ahead
        warning = sum(1 for q in left if self.knowledge.questions[q].red_flag)
        return Progress(len(behind) + 1, len(left), warning)

    def open_count(self, session: Session) -> int:
        """Return how many questions have no answer yet."""
        return len(self.knowledge.questions) - len(session.answers.given)

    def question(self, session: Session) -> Question | None:
        """Return the question on the screen."""
        return None if session.current is None else self.knowledge.questions[session.current]

    def begin(self, session: Session) -> Session:
        """Leave the photos and ask the first open question."""
        return self._ask_next(replace(session, note=""))

    def answer(self, session: Session, value: object, *, note: str = "") -> Session:
        """Take the answer to the question on the screen and go on.

        An answer that is not legal leaves everything as it was, with ``note`` to show. When the
        answers come to amount to an emergency, the questions stop at once.
        """
        if session.current is None:
            return session
        try:
            parsed = parse_answers({session.current: value}, self.knowledge)
        except AnswersError:
            return replace(session, note=note)
        if not parsed.given:
            return replace(session, note=note)
        given = {**session.answers.given, **parsed.given}
        after = replace(
            session,
            answers=Answers({q: given[q] for q in self.knowledge.questions if q in given}),
            passed=session.passed - {session.current},
            note="",
        )
        return self._leave(after)

    def skip(self, session: Session) -> Session:
        """Leave the question on the screen open, also when it had an answer."""
        if session.current is None:
            return session
        given = {q: a for q, a in session.answers.given.items() if q != session.current}
        passed = session.passed | {session.current}
        return self._leave(replace(session, answers=Answers(given), passed=passed, note=""))

    def back(self, session: Session) -> Session:
        """Go back to the question before, or from the first one to the photos.

        From a result that was asked for early, it leads to the question that was left open. From an
        emergency it is the way to correct the answer, so that it may interrupt again.
        """
        if session.step == "result" and not session.interrupted:
            upcoming = self.upcoming(session, self.assess(session))
            if upcoming:
                return replace(session, step="question", current=upcoming[0], note="")
        if not session.trail:
            return replace(session, step="photo", current=None, note="")
        return replace(
            session,
            step="question",
            current=session.trail[-1],
            trail=session.trail[:-1],
            alarmed=session.alarmed and not session.interrupted,
            interrupted=False,
            note="",
        )

    def finish(self, session: Session) -> Session:
        """Show the result now; a question on the screen stays open and can be gone back to."""
        return replace(session, step="result", current=None, interrupted=False, note="")

    def more(self, session: Session) -> Session:
        """Ask everything that is still open, the skipped questions too."""
        return self._ask_next(
            replace(session, thorough=True, passed=frozenset(), interrupted=False, note="")
        )

    def _leave(self, session: Session) -> Session:
        trail = session.trail if session.current is None else (*session.trail, session.current)
        return self._ask_next(replace(session, trail=trail))

    def _ask_next(self, session: Session) -> Session:
        assessment = self.assess(session)
        emergency = assessment.urgency is Urgency.EMERGENCY
        if emergency and not session.alarmed:
            return replace(session, step="result", current=None, alarmed=True, interrupted=True)
        session = replace(session, alarmed=emergency)
        upcoming = self.upcoming(session, assessment)
        if not upcoming:
            return replace(session, step="result", current=None)
        return replace(session, step="question", current=upcoming[0])
