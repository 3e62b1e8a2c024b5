"""The web application: pages, Gradio's engine, and the access control in front of both."""

from pathlib import Path
from typing import Any, Final

import gradio as gr
from fastapi import FastAPI
from fastapi.responses import RedirectResponse

from reddots.assessor import Assessor
from reddots.knowledge.translation import load_in
from reddots_app.http.access import RESEARCH
from reddots_app.http.middleware import AccessMiddleware, AsgiApp
from reddots_app.http.routes import add_routes
from reddots_app.i18n import page_texts
from reddots_app.photos import MOST_MEGABYTES, PhotoAnalyzer
from reddots_app.privacy.retention import Retention
from reddots_app.session import MOST_PHOTOS
from reddots_app.ui.blocks import build_engine, call_numbers
from reddots_app.ui.handlers import Handlers
from reddots_app.ui.interview import Interview
from reddots_app.ui.pages import Pages

# Of the files that are sent at once; the research page takes tables and many photos.
_MOST_UPLOAD: Final = (MOST_PHOTOS * MOST_MEGABYTES + 1) * 1_048_576
_MOST_RESEARCH_UPLOAD: Final = 500_000_000
_MOST_FILES: Final = 100  # somebody chose their whole album; more could not be sent anyway
_MOST_RESEARCH_FILES: Final = 1_000
_NO_DOCS: Final[dict[str, Any]] = {"docs_url": None, "redoc_url": None, "openapi_url": None}


def build_app(
    cache: Path, *, research: bool = False, auth: str = "", operator: str = ""
) -> AsgiApp:
    """Return the whole application, with the photo model opened; uploads pass through ``cache``.

    Args:
        cache: the folder of uploads.
        research: add the research page.
        auth: name:password, without which nothing but ``/health`` answers.
        operator: name and contact of who runs the page, shown on it.
    """
    analyzer = PhotoAnalyzer(Assessor())
    analyzer.warm_up()
    texts = page_texts()
    interviews = {code: Interview(load_in(code), analyzer.model) for code in texts}
    handlers = Handlers(interviews, analyzer, texts, cache)
    engine = build_engine(handlers)
    pages = Pages(
        interviews,
        texts,
        handlers.screens,
        calls=call_numbers(engine),
        operator=operator,
        research=research,
    )
    retained = [engine]
    site = FastAPI(lifespan=lambda _: Retention(retained, cache).sweeping(), **_NO_DOCS)
    add_routes(site, pages)
    if research:
        from reddots_app.ui.research_view import (
            RESEARCH_STYLE,
            RESEARCH_THEME,
            build_research,
            translations,
        )

        retained.append(build_research())
        # What is mounted at the root would answer for the address without its slash.
        site.add_api_route(RESEARCH, lambda: RedirectResponse(f"{RESEARCH}/"))
        look = {"theme": RESEARCH_THEME, "css": RESEARCH_STYLE}
        _mount(site, retained[-1], RESEARCH, i18n=translations(texts), **look)
    _mount(site, engine, "/")
    return AccessMiddleware(
        site,
        cache,
        most_upload_bytes=_MOST_RESEARCH_UPLOAD if research else _MOST_UPLOAD,
        most_files=_MOST_RESEARCH_FILES if research else _MOST_FILES,
        at_once=frozenset(n for n, function in engine.fns.items() if not function.queue),
        auth=auth,
        research=research,
    )


def _mount(site: FastAPI, blocks: gr.Blocks, path: str, **more: Any) -> None:
    gr.mount_gradio_app(
        site,
        blocks,
        path=path,
        app_kwargs=dict(_NO_DOCS),
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=f"{MOST_MEGABYTES}mb",
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        **more,
    )
