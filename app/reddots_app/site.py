"""The web application around the page: where it answers, and what it refuses."""

from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI

from reddots.knowledge.language import load_in
from reddots.pipeline import Examiner
from reddots_app.appearance import head, theme
from reddots_app.darkroom import MOST_MEGABYTES, Darkroom
from reddots_app.forgetter import Forgetter
from reddots_app.interview import Interview
from reddots_app.page import build_page
from reddots_app.reception import Reception
from reddots_app.texts import FALLBACK, page_texts

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_SESSIONS = 500
# What the page needs of Gradio's interface: uploaded files are never handed out again, nothing is
# to be learnt about other people's use, and nothing may call another machine.
_API = "/gradio_api/"
_USED = (
    "upload",
    "queue/",
    "run/",
    "heartbeat/",
    "reset",
    "cancel",
    "startup-events",
    "app_id",
)
_REFUSED = ("/monitoring", "/login", "/logout", "/config", "/robots.txt", "/pwa_icon")
_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)
_HEADERS = (
    (b"content-security-policy", _POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)


class Guard:
    """Refuses what the page never needs, and adds the headers that keep the browser here."""

    def __init__(self, app: AsgiApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = str(scope["path"])
        if _refused(path):
            await send({"type": "http.response.start", "status": 404, "headers": list(_HEADERS)})
            await send({"type": "http.response.body", "body": b""})
            return
        fixed = path.startswith(("/assets/", "/static/", "/theme.css"))

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_HEADERS]
                if not fixed:
                    message["headers"].append((b"cache-control", b"no-store"))
            await send(message)

        await self._app(scope, receive, with_headers)


def _refused(path: str) -> bool:
    if path.startswith(_API):
        return not path.removeprefix(_API).startswith(_USED)
    return path.startswith(_REFUSED)


def build_site(cache: Path) -> AsgiApp:
    """Return the whole site, with the photo model opened; uploads pass through ``cache``."""
    darkroom = Darkroom(Examiner())
    darkroom.warm_up()
    texts, model = page_texts(), darkroom.model
    interviews = {code: Interview(load_in(code), model) for code in texts}
    reception = Reception(interviews, darkroom, texts)
    blocks = build_page(reception, texts, interviews[FALLBACK].knowledge)
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
    return Guard(site)
