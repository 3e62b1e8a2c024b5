"""Adaptive interview: each move takes a session and returns the next one.

Which questions come, and in which order, is triage's; here a long checklist is shown in parts, and
an emergency interrupts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reddots.assessor import merge
from reddots.errors import AnswersError
from reddots.knowledge import Knowledge, Urgency
from reddots.knowledge.questions import UNSURE, Question
from reddots.triage.answers import Answers, parse_answers
from reddots.triage.assessment import Assessment, ModelIdentity, assess
from reddots_app.session import Session, Stop
from reddots_app.settings import page_settings
from reddots_app.ui.stops import open_stops, upcoming_stops


@dataclass(frozen=True)
class Part:
    """A named part of the questions, for the progress display."""

    id: str
    state: str  # done, current or ahead


class Interview:
    """Moves sessions along; it remembers nobody.

    Example:
        >>> from reddots.knowledge import load
        >>> Interview(load()).begin(Session("en")).step
        'question'
    """

    def __init__(self, knowledge: Knowledge, model: ModelIdentity | None = None) -> None:
        """Ask what ``knowledge`` knows; ``model`` names the checkpoint in the assessment."""
        self.knowledge = knowledge
        self._model = model

    def assess(self, session: Session) -> Assessment:
        """Return the assessment of the answers and photos so far."""
        photo = merge([photo.result for photo in session.photos])
        return assess(
            self._worse_of_both(session),
            photo,
            model=self._model if photo else None,
            knowledge=self.knowledge,
            skipped=session.skipped,
            country=session.country or None,
        )

    def upcoming(self, session: Session, assessment: Assessment) -> tuple[Stop, ...]:
        """Return what is still to be asked, in order, without what was skipped."""
        return upcoming_stops(session, assessment, self.knowledge)

    def parts(self, session: Session, assessment: Assessment) -> tuple[Part, ...]:
        """Return the named parts of the questions that were asked or are still to come."""
        ahead = [self._part(s) for s in self.upcoming(session, assessment) if s != session.current]
        here = self._part(session.current) if session.current else None
        named = [*map(self._part, session.trail), *([here] if here else []), *ahead]
        return tuple(
            Part(
                part,
                "current" if part == here else "ahead" if part in ahead else "done",
            )
            for part in dict.fromkeys(named)
        )

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

    def answer(
        self, session: Session, values: Mapping[str, object], *, note: str = "", rest: str = ""
    ) -> Session:
        """Take the answers to the questions on the screen and go on.

        Answers that are not legal leave everything as it was, with ``note`` to show. A checklist
        with a row still open stays too, with ``rest``, unless what was given is an emergency.
        """
        after = self._take(session, values, note=note)
        if after.note:
            return after
        open_rows = [q.id for q in self.questions(after) if after.answers.get(q.id) is None]
        emergency = self.assess(after).urgency is Urgency.EMERGENCY
        if open_rows and not (emergency and not after.alarmed):
            return replace(after, note=rest or note)
        return self._leave(after)

    def skip(self, session: Session, values: Mapping[str, object] | None = None) -> Session:
        """Go on; a single question stays open even if it had an answer, a checklist keeps its."""
        stop = session.current
        if stop is None:
            return session
        if len(stop.questions) > 1:
            return self._leave(replace(self._take(session, values or {}, note=""), note=""))
        given = {q: a for q, a in session.answers.given.items() if q != stop.questions[0]}
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
            return replace(session, step="photo", current=None, interrupted=False, note="")
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
            replace(session, thorough=True, skipped=frozenset(), interrupted=False, note="")
        )

    def review(self, session: Session) -> Session:
        """Show all answers."""
        origin = session.origin if session.step == "review" else session.step
        trail = (*session.trail, session.current) if session.current else session.trail
        return replace(session, step="review", current=None, trail=trail, origin=origin, note="")

    def close_review(self, session: Session) -> Session:
        """Go back to where the review was opened."""
        if session.origin != "question" or not session.trail:
            return replace(session, step="result" if session.trail else session.origin)
        return self.back(session)

    def change(self, session: Session, question: str) -> Session:
        """Ask one question again, alone, whatever its answer was."""
        screen = next((s for s in self.knowledge.screens if question in s.questions), None)
        if screen is None:
            return session
        stop = Stop(screen.id, (question,))
        return replace(
            session, step="question", current=stop, alarmed=False, interrupted=False, note=""
        )

    def ask_gate(self, session: Session, gate: str) -> Session:
        """Ask what a gate still needs to be settled: the open questions of its screens."""
        stops = [s for s in self.open_stops(session) if gate in {s.screen, *s.questions}]
        if not stops:
            return self.more(session)
        skipped = session.skipped - set(stops[0].questions)
        return replace(session, step="question", current=stops[0], skipped=skipped, note="")

    def look_again(self, session: Session) -> Session:
        """Begin anew after some hours, with the answers of then to compare with.

        The questions that may have another answer by now are asked again; so are photos.
        """
        given = session.answers.given
        anew = [q for q in page_settings().again.questions if q in given]
        return replace(
            session.cleared(),
            answers=Answers({q: a for q, a in given.items() if q not in anew}),
            earlier={q: str(given[q]) for q in anew} | dict(session.earlier),
        )

    def open_stops(self, session: Session) -> tuple[Stop, ...]:
        """Return every screen with a question that has no answer, in asking order."""
        return open_stops(session, self.knowledge)

    def _worse_of_both(self, session: Session) -> Answers:
        """Return the answers, each that was asked anew with the more worrying of both."""
        given = dict(session.answers.given)
        for question, then in session.earlier.items():
            flag = self.knowledge.questions[question].red_flag
            answers = (given.get(question), then)
            given[question] = next((a for a in (flag, UNSURE) if a and a in answers), then)
        return parse_answers(given, self.knowledge) if session.earlier else session.answers

    def _part(self, stop: Stop) -> str:
        guarded = {q for gate in self.knowledge.gates for q in gate.questions}
        first = self.knowledge.questions[stop.questions[0]]
        return first.group if guarded.isdisjoint(stop.questions) else "warning"

    def _take(self, session: Session, values: Mapping[str, object], *, note: str) -> Session:
        stop = session.current
        wanted = {q: v for q, v in values.items() if stop and q in stop.questions}
        try:
            parsed = parse_answers(wanted, self.knowledge)
        except AnswersError:
            return replace(session, note=note)
        single = stop is not None and len(stop.questions) == 1
        if not parsed.given:
            return replace(session, note=note if single else "")
        try:
            answers = parse_answers({**session.answers.given, **parsed.given}, self.knowledge)
        except AnswersError as error:  # it contradicts another answer, and says which
            return replace(session, note=str(error))
        skipped = session.skipped - parsed.given.keys()
        return replace(session, answers=answers, skipped=skipped, note="")

    def _leave(self, session: Session) -> Session:
        if session.current is None:
            return self._ask_next(session)
        trail = (*session.trail, session.current)
        left_open = {q for q in session.current.questions if q not in session.answers.given}
        return self._ask_next(replace(session, trail=trail, skipped=session.skipped | left_open))

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
