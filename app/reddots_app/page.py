"""The page's parts and what each of them does when it is touched."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from reddots.errors import CheckpointError
from reddots_app.darkroom import MOST_PHOTOS, WORKERS, Darkroom
from reddots_app.fragments import static
from reddots_app.interview import Interview
from reddots_app.question_screen import most_options, most_rows
from reddots_app.screens import Screens
from reddots_app.session import Session
from reddots_app.texts import FALLBACK, PageTexts, preferred_language

Handler = Callable[..., Session]
_ARRIVE = "() => window.redDots && window.redDots.arrive()"
_ARRIVE_AT_RESULT = "() => window.redDots && window.redDots.arrive(true)"
_WAITING = 40
_PARTS = 9
SWEEP_SECONDS = (15, 45)  # how often files left behind are looked for, and how old they may get


class Page:
    """Builds the page; what it knows about a person is in that person's session only."""

    def __init__(
        self,
        interviews: Mapping[str, Interview],
        darkroom: Darkroom,
        texts: Mapping[str, PageTexts],
        *,
        minutes: int,
    ) -> None:
        """Speak the languages of ``texts``, and forget a session after ``minutes`` without use."""
        self._interviews = interviews
        self._knowledge = interviews[FALLBACK].knowledge
        self._darkroom = darkroom
        self._texts = texts
        self._seconds = minutes * 60
        self._screens = Screens(interviews, texts, minutes=minutes)
        self._parts: dict[str, Any] = {}

    def build(self) -> gr.Blocks:
        """Return the page, with its queue limited."""
        frame = self._texts[FALLBACK].frame
        blocks = gr.Blocks(title=frame.title, analytics_enabled=False, delete_cache=SWEEP_SECONDS)
        with blocks:
            self._session = gr.State(Session(FALLBACK), time_to_live=self._seconds)
            self._lay_out(frame.check_tab, frame.about_tab)
            self._wire(blocks)
        blocks.queue(max_size=_WAITING, default_concurrency_limit=WORKERS)
        return blocks

    def _lay_out(self, check: str, about: str) -> None:
        parts = self._parts
        with gr.Row(elem_classes="rd-top"):
            parts["header"] = gr.HTML(padding=False)
            parts["language"] = gr.Radio(
                [(t.language.name, code) for code, t in self._texts.items()],
                container=False,
                visible=len(self._texts) > 1,
                elem_id="rd-language",
            )
        with gr.Tabs():
            with gr.Tab(check, id="check") as parts["check_tab"]:
                parts["banner"] = gr.HTML(visible=False, padding=False)
                self._lay_out_photo()
                self._lay_out_question()
                self._lay_out_result()
            with gr.Tab(about, id="about") as parts["about_tab"]:
                parts["about"] = gr.HTML(padding=False)
        parts["footer"] = gr.HTML(padding=False)

    def _lay_out_photo(self) -> None:
        parts = self._parts
        with gr.Column(visible=False, elem_classes="rd-step") as parts["photo_step"]:
            parts["emergency_line"] = gr.HTML(padding=False)
            parts["photo_intro"] = gr.HTML(padding=False)
            parts["photo_report"] = gr.HTML(padding=False, elem_id="rd-photo-report")
            parts["closer"] = gr.Radio(visible=False, elem_id="rd-closer")
            parts["upload"] = gr.UploadButton(
                "", file_count="multiple", type="filepath", variant="primary", elem_id="rd-upload"
            )
            parts["go_on"] = gr.Button(elem_id="rd-go-on")
            parts["remove"] = gr.Button(visible=False, elem_id="rd-remove")

    def _lay_out_question(self) -> None:
        parts = self._parts
        with gr.Column(visible=False, elem_classes="rd-step") as parts["question_step"]:
            parts["question"] = gr.HTML(padding=False)
            with gr.Column(elem_classes="rd-options"):
                for i in range(most_options(self._knowledge)):
                    parts[f"option_{i}"] = gr.Button(elem_classes="rd-option")
            for i in range(most_rows(self._knowledge)):
                parts[f"row_{i}"] = gr.Radio(elem_classes="rd-row")
            parts["number"] = gr.Number(elem_id="rd-number")
            parts["choices"] = gr.CheckboxGroup(elem_id="rd-choices")
            parts["next"] = gr.Button(variant="primary", elem_id="rd-next")
            with gr.Row(elem_classes="rd-moves"):
                parts["back"] = gr.Button(elem_id="rd-back", min_width=100)
                parts["skip"] = gr.Button(elem_id="rd-skip", min_width=100)
            parts["show_result"] = gr.Button(elem_id="rd-show-result")

    def _lay_out_result(self) -> None:
        parts = self._parts
        with gr.Column(visible=False, elem_classes="rd-step") as parts["result_step"]:
            parts["correct"] = gr.Button(visible=False, elem_id="rd-correct")
            parts["result"] = gr.HTML(padding=False)
            with gr.Column(elem_classes="rd-after"):
                parts["result_back"] = gr.Button(elem_id="rd-result-back")
                parts["more"] = gr.Button(variant="primary", elem_id="rd-more")
                parts["print_photo"] = gr.Checkbox(visible=False, elem_id="rd-print-photo")
                parts["print"] = gr.Button(elem_id="rd-print")
                parts["start_again"] = gr.Button(variant="stop", elem_id="rd-start-again")

    def _wire(self, blocks: gr.Blocks) -> None:
        parts = self._parts
        everything = [self._session, *parts.values()]
        blocks.load(self._greet, None, everything, **_quick())
        parts["language"].input(
            self._speak, [self._session, parts["language"]], everything, **_quick()
        )
        moves: dict[str, Handler] = {
            "go_on": Interview.begin,
            "back": Interview.back,
            "skip": Interview.skip,
            "show_result": Interview.finish,
            "correct": Interview.back,
            "result_back": Interview.back,
            "more": Interview.more,
            "start_again": _start_again,
            "remove": _without_photos,
        }
        for name, move in moves.items():
            self._on_click(name, move, [])
        for i in range(most_options(self._knowledge)):
            self._on_click(f"option_{i}", partial(_choose, i), [])
        rows = [parts[f"row_{i}"] for i in range(most_rows(self._knowledge))]
        self._on_click("next", self._type, [parts["number"], parts["choices"], *rows])
        for row in rows:
            ticked = row.input(
                self._tick, [self._session, *rows], everything, trigger_mode="multiple", **_quick()
            )
            ticked.then(None, js=_ARRIVE_AT_RESULT)
        parts["print"].click(
            None, parts["print_photo"], None, js="(photo) => window.redDots.print(photo)"
        )
        slow = {
            "concurrency_limit": WORKERS,
            "concurrency_id": "photos",
            "api_visibility": "private",
            "show_progress": "minimal",
            "show_progress_on": parts["photo_report"],
        }
        for part, event, look in (
            (parts["upload"], parts["upload"].upload, self._look),
            (parts["closer"], parts["closer"].input, self._look_closer),
        ):
            event(look, [self._session, part], everything, **slow)

    def _on_click(self, name: str, move: Handler, inputs: Sequence[Any]) -> None:
        clicked = self._parts[name].click(
            partial(self._move, move),
            [self._session, *inputs],
            [self._session, *self._parts.values()],
            **_quick(),
        )
        clicked.then(None, js=_ARRIVE)

    def _move(self, move: Handler, session: Session, *values: object) -> list[Any]:
        return self._shown(move(self._interviews[session.language], session, *values))

    def _shown(self, session: Session, *, with_frame: bool = False) -> list[Any]:
        updates = self._screens.show(session)
        if with_frame:
            updates |= self._screens.frame(session)
        return [session, *(updates.get(name, gr.skip()) for name in self._parts)]

    def _greet(self, request: gr.Request) -> list[Any]:
        accepted = request.headers.get("accept-language", "")
        return self._shown(Session(preferred_language(accepted, self._texts)), with_frame=True)

    def _speak(self, session: Session, code: str) -> list[Any]:
        known = code if code in self._texts else FALLBACK
        return self._shown(session.speaking(known), with_frame=True)

    def _tick(self, session: Session, *rows: object) -> list[Any]:
        interview = self._interviews[session.language]
        after = interview.tick(session, _ticked(interview, session, rows))
        if after.step != session.step or after.note:
            return self._shown(after)
        updates = self._screens.ticked(after)
        return [after, *(updates.get(name, gr.skip()) for name in self._parts)]

    def _type(
        self,
        interview: Interview,
        session: Session,
        number: object,
        choices: object,
        *rows: object,
    ) -> Session:
        asked = interview.questions(session)
        words = self._texts[session.language].question
        if len(asked) != 1:
            return interview.none_of_the_others(session, _ticked(interview, session, rows))
        if asked[0].kind == "choices":
            chosen = {asked[0].id: choices or []}
            return interview.answer(session, chosen, note=words.need_choice)
        low, high = asked[0].minimum, asked[0].maximum
        note = words.need_number.format(low=f"{low:g}", high=f"{high:g}")
        return interview.answer(session, {asked[0].id: number}, note=note)

    def _look(self, session: Session, files: list[str] | None) -> list[Any]:
        texts = self._texts[session.language]
        room = MOST_PHOTOS - len(session.photos)
        try:
            seen = self._darkroom.look([Path(file) for file in files or ()], most=room)
        except CheckpointError:
            return self._shown(session.with_photos(session.photos, (texts.photo.no_model,)))
        left_out = texts.photo.too_many.format(limit=MOST_PHOTOS)
        notes = (left_out,) if len(set(files or ())) > room else ()
        return self._shown(session.with_photos((*session.photos, *seen), notes))

    def _look_closer(self, session: Session, place: str) -> list[Any]:
        if not session.photos or not session.photos[-1].copy:
            return self._shown(session)
        part = int(place) if place.isdigit() and int(place) < _PARTS else None
        seen = self._darkroom.look_closer(session.photos[-1], part)
        return self._shown(session.with_last_photo(seen))


def theme() -> gr.themes.Base:
    """Return the page's look: the system's own fonts, so that none is fetched."""
    return gr.themes.Base(
        primary_hue="blue",
        neutral_hue="slate",
        text_size="lg",
        radius_size="lg",
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    )


def head() -> str:
    """Return what stands in the page's head."""
    # Gradio would rewrite the selectors of a style sheet that is given to it as such.
    return f"<style>{static('page.css')}</style><script>{static('page.js')}</script>"


def _quick() -> dict[str, Any]:
    """Options of an event that is answered at once, outside the queue for photos."""
    return {"queue": False, "show_progress": "hidden", "api_visibility": "private"}


def _choose(option: int, interview: Interview, session: Session) -> Session:
    asked = interview.questions(session)
    if len(asked) != 1 or option >= len(asked[0].values):
        return session
    return interview.answer(session, {asked[0].id: asked[0].values[option]})


def _ticked(interview: Interview, session: Session, rows: Sequence[object]) -> dict[str, object]:
    asked = interview.questions(session)
    return {q.id: value for q, value in zip(asked, rows, strict=False) if value}


def _start_again(_interview: Interview, session: Session) -> Session:
    return session.cleared()


def _without_photos(_interview: Interview, session: Session) -> Session:
    return session.with_photos((), ())
