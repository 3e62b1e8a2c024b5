"""Event handlers: the state of the page and what was touched in, the next state and its HTML out.

They are the functions that Gradio serves. They keep nothing: everything about a person comes with
the call and goes back with the answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from reddots.errors import CheckpointError
from reddots.fhir import assessment_bundle, qr_svg
from reddots_app.http.request_body import is_upload
from reddots_app.i18n import FALLBACK, Texts
from reddots_app.photos import PhotoAnalyzer
from reddots_app.session import Session, SessionError, decode_session, encode_session
from reddots_app.ui.interview import Interview
from reddots_app.ui.presenter import MONTHS_A_YEAR
from reddots_app.ui.render import Screens
from reddots_app.ui.spots_check import judge_spots

MONTHS: Final = "months"
Values = Mapping[str, object]
Move = Callable[[Interview, Session, Values], Session]


class Handlers:
    """Answers the calls of everybody's page."""

    def __init__(
        self,
        interviews: Mapping[str, Interview],
        analyzer: PhotoAnalyzer,
        texts: Mapping[str, Texts],
        uploads: Path,
    ) -> None:
        """Speak the languages of ``texts``; photos are read from the folder ``uploads`` alone."""
        self._interviews = interviews
        self._analyzer = analyzer
        self._texts = texts
        self._uploads = uploads
        self.screens = Screens(interviews, texts)

    def answer(self, state: dict[str, Any], event: dict[str, Any]) -> dict[str, Any]:
        """Make the move that ``event`` names, and return the state and the HTML that follow.

        A state that cannot be read begins afresh, and says so.
        """
        language = state.get("language")
        spoken = language if isinstance(language, str) and language in self._texts else FALLBACK
        interview, words = self._interviews[spoken], self._texts[spoken]
        try:
            session = replace(decode_session(state, interview.knowledge), language=spoken)
            after = self._move(interview, session, event)
        except SessionError:
            after = Session(spoken, note=words.message.unreadable)
        return {"state": encode_session(after), "html": self.screens.show(after)}

    def code(self, state: dict[str, Any]) -> dict[str, Any]:
        """Return answers and advice as a FHIR document in a QR code: ``svg``, empty if too large.

        It names nobody, and nothing outside is asked to draw it.
        """
        interview = self._interviews[FALLBACK]
        session = decode_session(state, interview.knowledge)
        bundle = assessment_bundle(
            interview.assess(session), interview.knowledge, datetime.now(UTC)
        )
        return {"svg": qr_svg(bundle)}

    def photo(self, event: dict[str, Any]) -> dict[str, Any]:
        """Analyse one uploaded photo; the file named by ``path`` is deleted.

        Returns:
            ``result`` and, where ``with_copy`` asked for one, ``copy`` (JPEG in base64); only
            ``missing`` is true where no checkpoint can analyse photos.
        """
        path = event.get("path")
        if not is_upload(path, self._uploads):
            raise SessionError("Only a file that was uploaded here can be analysed.")
        try:
            result, copy = self._analyzer.analyze(
                Path(str(path)), with_copy=event.get("with_copy") is True
            )
        except CheckpointError:
            return {"missing": True}
        return {"result": msgspec.to_builtins(result), "copy": copy}

    def _move(self, interview: Interview, session: Session, event: Mapping[str, Any]) -> Session:
        values = event.get("values")
        values = values if isinstance(values, dict) else {}
        act = event.get("act")
        if act == "spots":
            return judge_spots(session, interview.knowledge, str(event.get("said")), values)
        if act in {"answer", "tick", "skip"}:
            return self._enter(interview, session, str(act), values)
        move = _MOVES.get(str(act))
        return move(interview, session, event) if move else session

    def _enter(self, interview: Interview, session: Session, act: str, values: Values) -> Session:
        """Take what was entered: a number in its unit, choices, or a checklist's rows."""
        entered = {key: _plain(value) for key, value in values.items()}
        if act == "tick":
            return interview.tick(session, entered)
        if act == "skip":
            return interview.skip(session, entered)
        words = self._texts[session.language].question
        asked = interview.questions(session)
        note = words.need_choice
        if len(asked) == 1 and asked[0].kind == "number":
            low, high = asked[0].minimum, asked[0].maximum
            note = words.need_number.format(low=f"{low:g}", high=f"{high:g}")
        return interview.answer(session, entered, note=note, rest=words.need_rows)


def _plain(value: object) -> object:
    """Return a value as the answers take it: a number that is given in months, in years."""
    if not isinstance(value, dict):
        return value
    number = value.get("number")
    if isinstance(number, int | float) and value.get("unit") == MONTHS:
        return number / MONTHS_A_YEAR
    return number


_MOVES: Final[Mapping[str, Move]] = {
    "begin": lambda interview, session, _: interview.begin(session),
    "back": lambda interview, session, _: interview.back(session),
    "finish": lambda interview, session, _: interview.finish(session),
    "more": lambda interview, session, _: interview.more(session),
    "review": lambda interview, session, _: interview.review(session),
    "close": lambda interview, session, _: interview.close_review(session),
    "change": lambda interview, session, event: interview.change(
        session, str(event.get("question"))
    ),
    "again": lambda interview, session, _: interview.look_again(session),
    "gate": lambda interview, session, event: interview.ask_gate(session, str(event.get("gate"))),
    "restart": lambda _interview, session, _: session.cleared(),
    "photos": lambda _interview, session, _: replace(session, step="photo", current=None),
}
