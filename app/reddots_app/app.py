"""The whole site: the page, what serves it, and the guard in front of it."""

from pathlib import Path

import gradio as gr
from fastapi import FastAPI

from reddots.assessor import Assessor
from reddots.knowledge.translation import load_in
from reddots_app.http.middleware import AsgiApp, Guard
from reddots_app.i18n import FALLBACK, page_texts
from reddots_app.photos import MOST_MEGABYTES, MOST_PHOTOS, Darkroom
from reddots_app.privacy.retention import Forgetter
from reddots_app.ui.blocks import build_page
from reddots_app.ui.handlers import Reception
from reddots_app.ui.interview import Interview
from reddots_app.ui.theme import head, theme

MOST_SESSIONS = 500
# Of the files that are sent at once; the research tab takes tables and many photos.
_MOST_UPLOAD = (MOST_PHOTOS * MOST_MEGABYTES + 1) * 1_048_576
_MOST_RESEARCH_UPLOAD = 500_000_000
_MOST_FILES = 100  # somebody chose their whole album; more could not be sent anyway
_MOST_RESEARCH_FILES = 1_000


def build_site(cache: Path, *, research: bool = False, auth: str = "") -> AsgiApp:
    """Return the whole site, with the photo model opened; uploads pass through ``cache``.

    With ``auth``, name:password, it answers to nobody who does not know them.
    """
    darkroom = Darkroom(Assessor())
    darkroom.warm_up()
    texts, model = page_texts(), darkroom.model
    interviews = {code: Interview(load_in(code), model) for code in texts}
    reception = Reception(interviews, darkroom, texts)
    blocks = build_page(reception, texts, interviews[FALLBACK].knowledge, research=research)
    blocks.state_session_capacity = MOST_SESSIONS
    forgetter = Forgetter(blocks, cache)
    site = FastAPI(
        docs_url=None, redoc_url=None, openapi_url=None, lifespan=lambda _site: forgetter.sweeping()
    )

    @site.get("/health")
    def health() -> dict[str, str]:
        """Say that the site answers."""
        return {"status": "ok"}

    gr.mount_gradio_app(
        site,
        blocks,
        path="/",
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=f"{MOST_MEGABYTES}mb",
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        theme=theme(),
        head=head(),
    )
    most = _MOST_RESEARCH_UPLOAD if research else _MOST_UPLOAD
    return Guard(
        site,
        cache,
        most_upload_bytes=most,
        most_files=_MOST_RESEARCH_FILES if research else _MOST_FILES,
        at_once=frozenset(number for number, function in blocks.fns.items() if not function.queue),
        auth=auth,
    )
