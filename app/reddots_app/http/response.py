"""HTTP response headers (content security policy, caching) on every answer, and refusals."""

import os
from collections.abc import Awaitable, Callable
from typing import Final

from reddots_app.http.access import Refusal
from reddots_app.http.request_body import Message, RequestBody
from reddots_app.ui.assets import inline_script_digest

Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

_POLICY: Final = (
    "default-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
)
# Of the research page alone: Gradio's front end does not work without.
_GRADIO_SCRIPTS: Final = "script-src 'self' 'unsafe-inline' 'unsafe-eval'"
_HEADERS: Final = (
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
_NO_STORE: Final = (b"cache-control", b"no-store")
_FIXED: Final = ("/assets/", "/favicon.ico", "/research/assets/", "/research/static/")
_SERVER_ERROR: Final = 500
UNKNOWN: Final = Refusal(401, "Please give the name and the password.")
# Gradio's own sentence would repeat what was sent.
_BROKEN: Final = Refusal(500, "This could not be answered.")


def safe_headers(*, for_gradio: bool = False) -> Headers:
    """Return the headers of every answer; ``$REDDOTS_FRAMED_BY`` may show the page in a frame.

    Of inline scripts only the page's own one runs, by its digest; ``for_gradio``
    allows those that Gradio's own front end needs.
    """
    frames = os.environ.get("REDDOTS_FRAMED_BY", "").strip() or "'none'"
    own = f"script-src 'self' '{inline_script_digest()}'"
    scripts = _GRADIO_SCRIPTS if for_gradio else own
    policy = "; ".join((*_POLICY, scripts, f"frame-ancestors {frames}"))
    return [(b"content-security-policy", policy.encode()), *_HEADERS]


class Response:
    """The answer to one request: as the page gives it, or a refusal in its place."""

    def __init__(self, send: Send, headers: Headers, path: str, request_body: RequestBody) -> None:
        """Answer what asked for ``path``; ``request_body`` may turn out to refuse it."""
        self._send = send
        self._headers = headers
        self._fixed = path.startswith(_FIXED)
        self._request_body = request_body
        self._refused = False
        self.begun = False

    async def __call__(self, message: Message) -> None:
        """Pass on one message of the page's answer."""
        if message["type"] == "http.response.start":
            refusal = self._request_body.refusal
            if refusal is None and message["status"] == _SERVER_ERROR:
                refusal = _BROKEN
            if refusal is not None:
                await self.refuse(refusal)
                return
            self.begun = True
            # Gradio would let any page read the answers.
            kept = [h for h in message["headers"] if not h[0].startswith(b"access-control-")]
            message["headers"] = [*kept, *self._headers, *([] if self._fixed else [_NO_STORE])]
        if not self._refused:
            await self._send(message)

    async def refuse(self, refusal: Refusal) -> None:
        """Answer with a refusal; whatever the page says after it is dropped."""
        self.begun = self._refused = True
        text = refusal.sentence.encode()
        headers: Headers = [
            *self._headers,
            _NO_STORE,
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(text)).encode()),
            (b"connection", b"close"),
        ]
        if refusal is UNKNOWN:
            headers.append((b"www-authenticate", b'Basic realm="Red Dots", charset="UTF-8"'))
        start = {"type": "http.response.start", "status": refusal.status, "headers": headers}
        await self._send(start)
        await self._send({"type": "http.response.body", "body": text})
