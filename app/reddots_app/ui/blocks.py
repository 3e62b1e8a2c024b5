"""Gradio engine: the functions that the page calls, and the queue that photos wait in.

The page has a front end of its own (``static/``), as Gradio's takes over 400 kB before anything can
be read. Gradio takes uploads in, keeps photos in a queue with an end, and tells how long it is.
"""

from typing import Final

import gradio as gr
from gradio.events import api

from reddots_app.photos import AT_ONCE
from reddots_app.ui.handlers import Handlers

ANSWER: Final = "answer"
PHOTO: Final = "photo"
CODE: Final = "code"
_WAITING: Final = 40  # photos that may wait to be analysed
_SWEEP_SECONDS: Final = (15, 45)  # how often Gradio looks for old uploads, and how old they get


def build_engine(handlers: Handlers) -> gr.Blocks:
    """Return the functions ``answer`` and ``code`` (at once) and ``photo`` (queued)."""
    blocks = gr.Blocks(analytics_enabled=False, delete_cache=_SWEEP_SECONDS)
    with blocks:
        api(handlers.answer, api_name=ANSWER, queue=False, api_visibility="private")
        api(handlers.code, api_name=CODE, queue=False, api_visibility="private")
        api(
            handlers.photo,
            api_name=PHOTO,
            concurrency_limit=AT_ONCE,
            concurrency_id=PHOTO,
            api_visibility="private",
        )
    blocks.queue(max_size=_WAITING, default_concurrency_limit=AT_ONCE)
    return blocks


def call_numbers(blocks: gr.Blocks) -> dict[str, int]:
    """Return the number of each function by its name: Gradio's protocol calls by number."""
    return {str(function.api_name): number for number, function in blocks.fns.items()}
