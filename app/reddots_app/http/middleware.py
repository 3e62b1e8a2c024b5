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
    Intake,
    Message,
    Patience,
    Receive,
    call_refusal,
    size_of,
)
from reddots_app.http.response import UNKNOWN, Reply, Send, safe_headers

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
        patience: Patience | None = None,
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
            patience: how slowly a request may come.
        """
        self._app = app
        self._uploads = uploads
        self._most = most_upload_bytes
        self._most_files = most_files
        self._at_once = at_once
        self._patience = patience or Patience()
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
        intake = Intake(receive, self._patience, self._most_files if path in UPLOADS else None)
        refused = refusal(scope, self._names, self._most, research=self._research) or self._unknown(
            scope
        )
        if refused is None and path in CALLS:
            body = await intake.body()
            at_once = self._at_once if path == AT_ONCE else None
            refused = intake.refusal or call_refusal(body, self._uploads, at_once)
            intake = Intake(_again(body, receive), self._patience)
        headers = self._research_headers if path.startswith(RESEARCH) else self._headers
        reply = Reply(send, headers, path, intake)
        if refused is not None:
            await reply.refuse(refused)
        elif path in UPLOADS:
            await self._take_in(scope, intake, reply)
        else:
            await self._let_in(scope, intake, reply)

    def _unknown(self, scope: Scope) -> Refusal | None:
        """Return a refusal unless the request knows the password, where there is one."""
        if not self._pass or scope["path"] == _OPEN:
            return None
        scheme, _, rest = header(scope, b"authorization").partition(" ")
        given = f"{scheme.lower()} {rest.strip()}".encode()
        return None if hmac.compare_digest(given, self._pass.encode()) else UNKNOWN

    async def _take_in(self, scope: Scope, intake: Intake, reply: Reply) -> None:
        """Let files come in while there is room."""
        length = int(header(scope, b"content-length"))
        waiting = await asyncio.to_thread(size_of, self._uploads)
        if waiting + self._arriving + length > _MOST_WAITING_BYTES:
            await reply.refuse(FULL)
            return
        self._arriving += length
        try:
            await self._let_in(scope, intake, reply)
        finally:
            self._arriving -= length

    async def _let_in(self, scope: Scope, intake: Intake, reply: Reply) -> None:
        try:
            await self._app(_plain(scope), intake, reply)
        except Exception:
            if intake.refusal is None:
                raise
        if intake.refusal is not None and not reply.begun:
            await reply.refuse(intake.refusal)


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
