"""The web application around Gradio's: it refuses what the page never needs."""

import asyncio
import base64
import hmac
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from reddots_app.entrance import CALLS, UPLOAD, Refusal, Scope, header, host_names, refusal
from reddots_app.intake import FULL, Intake, Message, Patience, Receive, foreign_files, size_of

Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

_MOST_WAITING_BYTES: Final = 1_000_000_000  # of uploads on the disk that no step has read yet
_POLICY: Final = (
    "default-src 'self'",
    "script-src 'self' 'unsafe-inline' 'unsafe-eval'",  # Gradio's page does not work without
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
)
_HEADERS: Final = (
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
_UNKNOWN: Final = Refusal(401, "Please give the name and the password.")
_FIXED: Final = ("/assets/", "/static/", "/theme.css")
_OPEN: Final = "/health"  # asked by what watches the service, without a password


class Guard:
    """Answers what may be asked; every answer has the headers that keep the browser here."""

    def __init__(
        self,
        app: AsgiApp,
        uploads: Path,
        *,
        most_upload_bytes: int,
        auth: str = "",
        patience: Patience | None = None,
    ) -> None:
        """Guard ``app``, whose uploads lie in ``uploads``; ``auth`` is name:password, if any."""
        self._app = app
        self._uploads = uploads
        self._most = most_upload_bytes
        self._patience = patience or Patience()
        self._pass = f"basic {base64.b64encode(auth.encode()).decode()}" if auth else ""
        self._names = host_names()
        frames = os.environ.get("REDDOTS_FRAMED_BY", "").strip() or "'none'"
        policy = "; ".join((*_POLICY, f"frame-ancestors {frames}"))
        self._headers: Headers = [(b"content-security-policy", policy.encode()), *_HEADERS]
        self._arriving = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":  # the page has no use for web sockets
                await self._app(scope, receive, send)
            return
        refused = refusal(scope, self._names, self._most) or self._unknown(scope)
        intake = Intake(receive, self._patience)
        path = str(scope["path"]).rstrip("/")
        if refused is None and path in CALLS:
            body = await intake.body()
            refused = intake.refusal or foreign_files(body, self._uploads)
            intake = Intake(_again(body, receive), self._patience)
        if refused is not None:
            await self._refuse(refused, send)
        elif path == UPLOAD:
            await self._take_in(scope, intake, send)
        else:
            await self._let_in(scope, intake, send)

    def _unknown(self, scope: Scope) -> Refusal | None:
        """Return a refusal unless the request knows the password, where there is one."""
        if not self._pass or scope["path"] == _OPEN:
            return None
        scheme, _, rest = header(scope, b"authorization").partition(" ")
        given = f"{scheme.lower()} {rest.strip()}".encode()
        same = hmac.compare_digest(given, self._pass.encode())
        return None if same else _UNKNOWN

    async def _take_in(self, scope: Scope, intake: Intake, send: Send) -> None:
        """Let files come in while there is room."""
        length = int(header(scope, b"content-length"))
        waiting = await asyncio.to_thread(size_of, self._uploads)
        if waiting + self._arriving + length > _MOST_WAITING_BYTES:
            await self._refuse(FULL, send)
            return
        self._arriving += length
        try:
            await self._let_in(scope, intake, send)
        finally:
            self._arriving -= length

    async def _let_in(self, scope: Scope, intake: Intake, send: Send) -> None:
        try:
            await self._app(scope, intake, self._with_headers(scope, intake, send))
        except Exception:
            if intake.refusal is None:
                raise

    def _with_headers(self, scope: Scope, intake: Intake, send: Send) -> Send:
        fixed = str(scope["path"]).startswith(_FIXED)
        refused = False

        async def with_headers(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start":
                if intake.refusal is not None:
                    refused = True
                    await self._refuse(intake.refusal, send)
                    return
                # Gradio would let any page read the answers.
                kept = [h for h in message["headers"] if not h[0].startswith(b"access-control-")]
                message["headers"] = [*kept, *self._headers]
                if not fixed:
                    message["headers"].append((b"cache-control", b"no-store"))
            if not refused:
                await send(message)

        return with_headers

    async def _refuse(self, refused: Refusal, send: Send) -> None:
        text = refused.sentence.encode()
        headers: Headers = [
            *self._headers,
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(text)).encode()),
            (b"cache-control", b"no-store"),
            (b"connection", b"close"),
        ]
        if refused is _UNKNOWN:
            headers.append((b"www-authenticate", b'Basic realm="Red Dots", charset="UTF-8"'))
        await send({"type": "http.response.start", "status": refused.status, "headers": headers})
        await send({"type": "http.response.body", "body": text})


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
