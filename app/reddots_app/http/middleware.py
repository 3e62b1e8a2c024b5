"""ASGI middleware for access control: it refuses what the page never needs."""

import asyncio
import base64
import hmac
from collections.abc import Awaitable, Callable, Container
from pathlib import Path
from typing import Final

from reddots_app.http.access import (
    AT_ONCE,
    CALLS,
    RESEARCH,
    UPLOADS,
    Refusal,
    Scope,
    header,
    host_names,
    refusal,
)
from reddots_app.http.request_body import (
    FULL,
    IdleLimits,
    Message,
    Receive,
    RequestBody,
    call_refusal,
    size_of,
)
from reddots_app.http.response import UNKNOWN, Response, Send, safe_headers

AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

_MOST_WAITING_BYTES: Final = 1_000_000_000  # of uploads on the disk that no step has read yet
_MISLEADING: Final = frozenset((b"x-forwarded-host", b"x-gradio-server", b"forwarded"))
_OPEN: Final = "/health"  # asked by what watches the service, without a password


class AccessMiddleware:
    """Passes on what may be asked, and answers everything else with a refusal."""

    def __init__(
        self,
        app: AsgiApp,
        uploads: Path,
        *,
        most_upload_bytes: int,
        most_files: int = 1_000,
        at_once: Container[int] | None = None,
        auth: str = "",
        research: bool = False,
        idle_limits: IdleLimits | None = None,
    ) -> None:
        """Stand before a site.

        Args:
            app: the site.
            uploads: the folder of what is uploaded.
            most_upload_bytes: of all files that are sent at once.
            most_files: how many those may be.
            at_once: numbers of Gradio's functions that need not wait in its queue; None for all.
            auth: name:password, if any.
            research: let the research page's routes in too.
            idle_limits: how slowly a request may come.
        """
        self._app = app
        self._uploads = uploads
        self._most = most_upload_bytes
        self._most_files = most_files
        self._at_once = at_once
        self._idle_limits = idle_limits or IdleLimits()
        self._pass = f"basic {base64.b64encode(auth.encode()).decode()}" if auth else ""
        self._names = host_names()
        self._research = research
        self._headers = safe_headers()
        self._research_headers = safe_headers(for_gradio=True)
        self._arriving = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":  # the page has no use for web sockets
                await self._app(scope, receive, send)
            return
        path = str(scope["path"]).rstrip("/")
        request_body = RequestBody(
            receive, self._idle_limits, self._most_files if path in UPLOADS else None
        )
        refused = refusal(scope, self._names, self._most, research=self._research) or self._unknown(
            scope
        )
        if refused is None and path in CALLS:
            body = await request_body.read()
            at_once = self._at_once if path == AT_ONCE else None
            refused = request_body.refusal or call_refusal(body, self._uploads, at_once)
            request_body = RequestBody(_again(body, receive), self._idle_limits)
        headers = self._research_headers if path.startswith(RESEARCH) else self._headers
        response = Response(send, headers, path, request_body)
        if refused is not None:
            await response.refuse(refused)
        elif path in UPLOADS:
            await self._accept_upload(scope, request_body, response)
        else:
            await self._forward(scope, request_body, response)

    def _unknown(self, scope: Scope) -> Refusal | None:
        """Return a refusal unless the request knows the password, where there is one."""
        if not self._pass or scope["path"] == _OPEN:
            return None
        scheme, _, rest = header(scope, b"authorization").partition(" ")
        given = f"{scheme.lower()} {rest.strip()}".encode()
        return None if hmac.compare_digest(given, self._pass.encode()) else UNKNOWN

    async def _accept_upload(
        self, scope: Scope, request_body: RequestBody, response: Response
    ) -> None:
        """Let files come in while there is room."""
        length = int(header(scope, b"content-length"))
        waiting = await asyncio.to_thread(size_of, self._uploads)
        if waiting + self._arriving + length > _MOST_WAITING_BYTES:
            await response.refuse(FULL)
            return
        self._arriving += length
        try:
            await self._forward(scope, request_body, response)
        finally:
            self._arriving -= length

    async def _forward(self, scope: Scope, request_body: RequestBody, response: Response) -> None:
        try:
            await self._app(_plain(scope), request_body, response)
        except Exception:
            if request_body.refusal is None:
                raise
        if request_body.refusal is not None and not response.begun:
            await response.refuse(request_body.refusal)


def _plain(scope: Scope) -> Scope:
    """Return the scope without the headers by which Gradio would take another's address for ours.

    A proxy hands the name on in ``Host``, and whether it spoke HTTPS in ``X-Forwarded-Proto``.
    """
    return {**scope, "headers": [h for h in scope["headers"] if h[0] not in _MISLEADING]}


def _again(body: bytes, receive: Receive) -> Receive:
    """Return what gives a body that was read already, and then goes on."""
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again
