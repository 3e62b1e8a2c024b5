"""What happens when a part of the page is touched: a session and values in, updates out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from reddots.errors import CheckpointError
from reddots_app.crop import WHOLE, read_cut
from reddots_app.i18n import FALLBACK, PageTexts, preferred_language
from reddots_app.photos import MOST_PHOTOS, Darkroom
from reddots_app.privacy.retention import FORGET_MINUTES
from reddots_app.session import Cutting, Session
from reddots_app.ui.interview import Interview
from reddots_app.ui.presenter import MONTHS_A_YEAR
from reddots_app.ui.question_view import MONTHS
from reddots_app.ui.render import Screens

Move = Callable[..., Session]  # an interview, a session and what was entered; the next session


class Reception:
    """Answers everybody; what it knows about a person is in that person's session only."""

    def __init__(
        self,
        interviews: Mapping[str, Interview],
        darkroom: Darkroom,
        texts: Mapping[str, PageTexts],
    ) -> None:
        """Speak the languages of ``texts``."""
        self._interviews = interviews
        self._darkroom = darkroom
        self._texts = texts
        self._screens = Screens(interviews, texts, minutes=FORGET_MINUTES)
        self._names: tuple[str, ...] = ()

    def serve(self, names: Sequence[str]) -> None:
        """Learn the page's parts, in the order in which updates are to be returned."""
        self._names = tuple(names)

    def greet(self, request: gr.Request) -> list[Any]:
        """Begin with somebody who has just come, in the language that the browser asks for."""
        accepted = request.headers.get("accept-language", "")
        language = preferred_language(accepted, self._texts)
        return self._shown(Session(language, greeted=True), with_frame=True)

    def speak(self, session: Session, language: str) -> list[Any]:
        """Go on in another language."""
        session = self._found(session, language)
        return self._shown(session.speaking(self._spoken(language)), with_frame=True)

    def move(self, move: Move, session: Session, language: str, *values: object) -> list[Any]:
        """Make a move, unless there is nothing left to move."""
        if not session.greeted:
            return self._shown(self._found(session, language))
        return self._shown(move(self._interviews[session.language], session, *values))

    def tick(self, session: Session, language: str, *rows: object) -> list[Any]:
        """Take a tick on a checklist; the screen stays, unless the tick means danger."""
        if not session.greeted:
            return self._shown(self._found(session, language))
        interview = self._interviews[session.language]
        after = interview.tick(session, ticked(interview, session, rows))
        if after.step != session.step or after.note:
            return self._shown(after)
        return self._updated(after, self._screens.ticked(after))

    def enter(
        self,
        interview: Interview,
        session: Session,
        number: object,
        choices: object,
        unit: object,
        *rows: object,
    ) -> Session:
        """Go on with what was entered: a number in its unit, choices, or a checklist's ticks."""
        asked = interview.questions(session)
        words = self._texts[session.language].question
        if len(asked) != 1:
            return interview.none_of_the_others(session, ticked(interview, session, rows))
        if asked[0].kind == "choices":
            chosen = {asked[0].id: choices or []}
            return interview.answer(session, chosen, note=words.need_choice)
        low, high = asked[0].minimum, asked[0].maximum
        note = words.need_number.format(low=f"{low:g}", high=f"{high:g}")
        in_months = unit == MONTHS and asked[0].months_below is not None
        if in_months and isinstance(number, int | float):
            number /= MONTHS_A_YEAR
        return interview.answer(session, {asked[0].id: number}, note=note)

    def look(self, session: Session, language: str, files: list[str] | None) -> list[Any]:
        """Look at uploaded photos."""
        session = self._found(session, language)
        words = self._texts[session.language].photo
        room = MOST_PHOTOS - len(session.photos)
        try:
            seen = self._darkroom.look([Path(file) for file in files or ()], most=room)
        except CheckpointError:
            return self._shown(session.with_photos(session.photos, (words.no_model,)))
        notes = (words.too_many.format(limit=MOST_PHOTOS),) if len(set(files or ())) > room else ()
        return self._shown(session.with_photos((*session.photos, *seen), notes))

    def touch_photo(self, session: Session, language: str, touch: gr.EventData) -> list[Any]:
        """Take one photo back, or show it large so that a part can be cut out."""
        session = self._found(session, language)
        place = _told(touch, "photo")
        if type(place) is not int or not 0 <= place < len(session.photos):
            return self._shown(session)
        photo = session.photos[place]
        if _told(touch, "act") == "remove":
            kept = (*session.photos[:place], *session.photos[place + 1 :])
            return self._shown(session.with_photos(kept))
        picture = self._darkroom.preview(photo) if photo.copy else ""
        cutting = Cutting(place, picture) if picture else None
        return self._shown(replace(session, cutting=cutting, photo_notes=()))

    def cut(self, session: Session, language: str, touch: gr.EventData) -> list[Any]:
        """Look at the part that was cut out; at the whole photo if none was."""
        session = self._found(session, language)
        photos = session.photos
        place = session.cutting.place if session.cutting else len(photos)
        if place < len(photos):
            wanted = read_cut(_told(touch, "cut")) or WHOLE
            if wanted != photos[place].cut:
                seen = self._darkroom.look_closer(photos[place], wanted)
                photos = (*photos[:place], seen, *photos[place + 1 :])
        return self._shown(session.with_photos(photos))

    def show_what_mattered(self, session: Session, language: str) -> list[Any]:
        """Mark in each photo what mattered."""
        if not session.greeted:
            return self._shown(self._found(session, language))
        found = [
            self._darkroom.what_mattered(photo) if photo.finding.status == "ok" else None
            for photo in session.photos
        ]
        return self._updated(session, self._screens.mattered(session, found))

    def _spoken(self, language: str) -> str:
        return language if language in self._texts else FALLBACK

    def _found(self, session: Session, language: str) -> Session:
        """Return the session, or where it was forgotten a new one that says so."""
        if session.greeted:
            return session
        spoken = self._spoken(language)
        forgotten = self._texts[spoken].frame.forgotten.format(minutes=FORGET_MINUTES)
        return Session(spoken, greeted=True, photo_notes=(forgotten,))

    def _shown(self, session: Session, *, with_frame: bool = False) -> list[Any]:
        updates = self._screens.show(session)
        if with_frame:
            updates |= self._screens.frame(session)
        return self._updated(session, updates)

    def _updated(self, session: Session, updates: Mapping[str, Any]) -> list[Any]:
        return [session, *(updates.get(name, gr.skip()) for name in self._names)]


def _told(touch: gr.EventData, name: str) -> object:
    """Return what the browser sent along with a touch under ``name``; None if nothing."""
    data = touch._data
    return data.get(name) if isinstance(data, dict) else None


def choose(option: int, interview: Interview, session: Session) -> Session:
    """Answer a single question with its option of that number."""
    asked = interview.questions(session)
    if len(asked) != 1 or option >= len(asked[0].values):
        return session
    return interview.answer(session, {asked[0].id: asked[0].values[option]})


def start_again(_interview: Interview, session: Session) -> Session:
    """Forget everything but the language."""
    return session.cleared()


def ticked(interview: Interview, session: Session, rows: Sequence[object]) -> dict[str, object]:
    """Return the ticks on the screen by question; a row without one is left out."""
    asked = interview.questions(session)
    return {q.id: value for q, value in zip(asked, rows, strict=False) if value}
