"""One person's way through the questions: every step takes a session and returns the next one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reddots.assessor import merge
from reddots.errors import AnswersError
from reddots.knowledge import Knowledge, Urgency
from reddots.knowledge.questions import Question
from reddots.triage.answers import Answers, parse_answers
from reddots.triage.assessment import Assessment, ModelIdentity, assess
from reddots_app.session import Session, Stop

_MOST_VISITS = 2  # a screen whose answers are in doubt is asked once again, not for ever


@dataclass(frozen=True)
class Progress:
    """The number of the screen in front, from 1, and how many are left with it."""

    number: int
    left: int

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
        return assess(
            session.answers,
            finding,
            model=self._model if finding else None,
            knowledge=self.knowledge,
            skipped=session.passed,
        )

    def upcoming(self, session: Session, assessment: Assessment) -> tuple[Stop, ...]:
        """Return what is still to be asked, in order, without what was skipped."""
        given = session.answers.given
        visits = [stop.screen for stop in session.trail]
        stops = [
            Stop(ask.screen.id, ask.questions)
            for ask in assessment.asks
            if visits.count(ask.screen.id) < _MOST_VISITS
        ]
        if session.thorough:
            listed = {stop.screen for stop in stops}
            for screen in self.knowledge.screens:
                left = tuple(
                    q for q in screen.questions if q not in given and q not in session.passed
                )
                if left and screen.id not in listed:
                    stops.append(Stop(screen.id, left))
        return tuple(stops)

    def progress(self, session: Session, assessment: Assessment) -> Progress:
        """Return how far the questions have come."""
        here = session.current.screen if session.current else None
        ahead = [s for s in self.upcoming(session, assessment) if s.screen != here]
        return Progress(len(session.trail) + 1, len(ahead) + 1)

    def open_count(self, session: Session) -> int:
        """Return how many questions have no answer yet."""
        return len(self.knowledge.questions) - len(session.answers.given)

    def questions(self, session: Session) -> tuple[Question, ...]:
        """Return the questions on the screen."""
        stop = session.current
        return tuple(self.knowledge.questions[q] for q in stop.questions) if stop else ()

    def begin(self, session: Session) -> Session:
        """Leave the photos and ask what comes first."""
        return self._ask_next(replace(session, note=""))

    def tick(self, session: Session, values: Mapping[str, object]) -> Session:
        """Take answers without leaving the screen, unless they amount to an emergency."""
        after = self._take(session, values, note="")
        emergency = self.assess(after).urgency is Urgency.EMERGENCY
        return self._leave(after) if emergency and not after.alarmed else after

    def answer(self, session: Session, values: Mapping[str, object], *, note: str = "") -> Session:
        """Take the answers to the questions on the screen and go on.

        Answers that are not legal leave everything as it was, with ``note`` to show; of a checklist
        only those given count, and :meth:`none_of_the_others` is the way to answer the rest. When
        the answers come to amount to an emergency, the questions stop at once.
        """
        after = self._take(session, values, note=note)
        return after if after.note else self._leave(after)

    def none_of_the_others(self, session: Session, values: Mapping[str, object]) -> Session:
        """Answer “no” to everything on the checklist that has no answer, and go on."""
        stop = session.current
        if stop is None:
            return session
        given = {q: a for q, a in session.answers.given.items() if q in stop.questions}
        return self.answer(session, {**dict.fromkeys(stop.questions, "no"), **given, **values})

    def skip(self, session: Session) -> Session:
        """Go on; a single question stays open even if it had an answer, a checklist keeps its."""
        stop = session.current
        if stop is None:
            return session
        given = dict(session.answers.given)
        if len(stop.questions) == 1:
            given.pop(stop.questions[0], None)
        return self._leave(replace(session, answers=Answers(given), note=""))

    def back(self, session: Session) -> Session:
        """Go back to the screen before, or from the first one to the photos.

        From a result that was asked for early, it leads to what was left open. From an emergency it
        is the way to correct the answer, so that it may interrupt again.
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
        """Show the result now; what is on the screen stays open and can be gone back to."""
        return replace(session, step="result", current=None, interrupted=False, note="")

    def more(self, session: Session) -> Session:
        """Ask everything that is still open, the skipped questions too."""
        return self._ask_next(
            replace(session, thorough=True, passed=frozenset(), interrupted=False, note="")
        )

    def _take(self, session: Session, values: Mapping[str, object], *, note: str) -> Session:
        stop = session.current
        wanted = {q: v for q, v in values.items() if stop and q in stop.questions}
        try:
            parsed = parse_answers(wanted, self.knowledge)
        except AnswersError:
            return replace(session, note=note)
        if not parsed.given:
            return replace(session, note=note)
        try:
            answers = parse_answers({**session.answers.given, **parsed.given}, self.knowledge)
        except AnswersError as error:  # it contradicts another answer, and says which
            return replace(session, note=str(error))
        passed = session.passed - parsed.given.keys()
        return replace(session, answers=answers, passed=passed, note="")

    def _leave(self, session: Session) -> Session:
        if session.current is None:
            return self._ask_next(session)
        trail = (*session.trail, session.current)
        left_open = {q for q in session.current.questions if q not in session.answers.given}
        return self._ask_next(replace(session, trail=trail, passed=session.passed | left_open))

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
