"""Server-side rendering: the HTML of the step that a session is in."""

from collections.abc import Mapping

from reddots.knowledge import Urgency
from reddots_app.i18n import Texts
from reddots_app.session import Session
from reddots_app.ui.interview import Interview
from reddots_app.ui.photo_view import photo_screen
from reddots_app.ui.question_view import question_screen, review_screen
from reddots_app.ui.result_view import banner, result_screen


class Screens:
    """Turns a session into the HTML of its step."""

    def __init__(self, interviews: Mapping[str, Interview], texts: Mapping[str, Texts]) -> None:
        """Speak any of the languages."""
        self._interviews = interviews
        self._texts = texts

    def show(self, session: Session) -> str:
        """Return the step's HTML; above a question, the emergency that is known already."""
        texts = self._texts[session.language]
        interview = self._interviews[session.language]
        if session.step == "photo":
            return photo_screen(session, texts, interview.knowledge)
        if session.step == "review":
            return review_screen(session, interview.knowledge, texts)
        assessment = interview.assess(session)
        if session.step == "result":
            return result_screen(session, assessment, texts, interview)
        known = session.alarmed and assessment.urgency is Urgency.EMERGENCY
        above = banner(session, assessment, texts, interview.knowledge) if known else ""
        return above + question_screen(session, assessment, texts, interview)
