"""The page: its parts, and what each of them does when it is touched."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import gradio as gr

from reddots.knowledge import Knowledge
from reddots_app.i18n import FALLBACK, PageTexts
from reddots_app.photos import AT_ONCE
from reddots_app.privacy.retention import FORGET_MINUTES
from reddots_app.session import Session
from reddots_app.ui.handlers import Move, Reception, choose, start_again
from reddots_app.ui.interview import Interview
from reddots_app.ui.layout import lay_out
from reddots_app.ui.question_view import most_options, most_rows

_ARRIVE = "() => window.redDots && window.redDots.arrive()"
_ARRIVE_AT_RESULT = "() => window.redDots && window.redDots.arrive(true)"
_SEE_PHOTOS = "() => window.redDots.seePhotos()"
_SEE_WHAT_MATTERED = "() => window.redDots.see('.rd-mattered')"
_PRINT = "() => window.redDots.print()"  # it looks at the tick itself
_WAITING = 40  # photos that may wait to be looked at
_SWEEP_SECONDS = (15, 45)  # how often Gradio looks for uploads left behind, and how old they get


def build_page(
    reception: Reception,
    texts: Mapping[str, PageTexts],
    knowledge: Knowledge,
    *,
    research: bool = False,
) -> gr.Blocks:
    """Return the page, with its queue limited."""
    title = texts[FALLBACK].frame.title
    blocks = gr.Blocks(title=title, analytics_enabled=False, delete_cache=_SWEEP_SECONDS)
    with blocks:
        session = gr.State(Session(FALLBACK), time_to_live=FORGET_MINUTES * 60)
        parts = lay_out(texts, knowledge, research=research)
        reception.serve(list(parts))
        _Wiring(session, parts, reception).connect(blocks, knowledge)
    blocks.queue(max_size=_WAITING, default_concurrency_limit=AT_ONCE)
    return blocks


class _Wiring:
    """Connects the parts to the reception; every event may change everything."""

    def __init__(self, session: gr.State, parts: Mapping[str, Any], reception: Reception) -> None:
        self._parts = parts
        self._reception = reception
        self._who = [session, parts["language"]]
        self._everything = [session, *parts.values()]

    def connect(self, blocks: gr.Blocks, knowledge: Knowledge) -> None:
        """Connect every part."""
        parts, reception = self._parts, self._reception
        blocks.load(reception.greet, None, self._everything, **_quick())
        parts["language"].input(reception.speak, self._who, self._everything, **_quick())
        moves: dict[str, Move] = {
            "go_on": Interview.begin,
            "back": Interview.back,
            "skip": Interview.skip,
            "show_result": Interview.finish,
            "correct": Interview.back,
            "result_back": Interview.back,
            "more": Interview.more,
            "start_again": start_again,
            **{f"option_{i}": partial(choose, i) for i in range(most_options(knowledge))},
        }
        for name, move in moves.items():
            self._on_click(name, move, [])
        rows = [parts[f"row_{i}"] for i in range(most_rows(knowledge))]
        self._on_click(
            "next", reception.enter, [parts["number"], parts["choices"], parts["unit"], *rows]
        )
        for row in rows:
            ticked = row.input(
                reception.tick,
                [*self._who, *rows],
                self._everything,
                trigger_mode="multiple",
                **_quick(),
            )
            ticked.then(None, js=_ARRIVE_AT_RESULT)
        parts["print"].click(None, parts["print_photo"], None, js=_PRINT)
        self._on_photo(parts["upload"].upload, reception.look, parts["upload"])
        self._on_photo(parts["photo_report"].click, reception.touch_photo)
        self._on_photo(parts["cut"].click, reception.cut)
        show = parts["show_mattered"].click
        self._on_photo(show, reception.show_what_mattered, then=_SEE_WHAT_MATTERED)

    def _on_click(self, name: str, move: Move, inputs: Sequence[Any]) -> None:
        clicked = self._parts[name].click(
            partial(self._reception.move, move),
            [*self._who, *inputs],
            self._everything,
            **_quick(),
        )
        clicked.then(None, js=_ARRIVE)

    def _on_photo(self, event: Any, look: Any, *inputs: Any, then: str = _SEE_PHOTOS) -> None:
        looked = event(
            look,
            [*self._who, *inputs],
            self._everything,
            concurrency_limit=AT_ONCE,
            concurrency_id="photos",
            api_visibility="private",
            show_progress="minimal",
            show_progress_on=[self._parts["photo_report"], self._parts["photos"]],
        )
        looked.then(None, js=then)


def _quick() -> dict[str, Any]:
    """Options of an event that is answered at once, outside the queue for photos."""
    return {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
