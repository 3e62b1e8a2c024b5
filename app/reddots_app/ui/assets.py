"""Static assets with content hashes in their names (cache busting), compressed ahead.

``/assets/page.<hash>.js`` never changes, so a browser keeps it for a year.
"""

import base64
import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_STATIC: Final = Path(__file__).resolve().parent / "static"
# One file for the browser, in this order.
_SCRIPTS: Final = (
    "state.js",
    "calls.js",
    "shrink.js",
    "photos.js",
    "crop.js",
    "steps.js",
    "drawings.js",
    "share.js",
    "kept.js",
    "start.js",
)
_KINDS: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ico": "image/x-icon",
}
_LEAST_COMPRESSED: Final = 500


@dataclass(frozen=True)
class Asset:
    """A file as it is sent: its address, kind and bytes; ``gzipped`` may be empty."""

    url: str
    kind: str
    body: bytes
    gzipped: bytes


@cache
def assets() -> dict[str, Asset]:
    """Return every asset by its plain name, such as ``page.css``."""
    script = "\n".join(static(name) for name in _SCRIPTS).encode()
    found = {"page.js": _asset("page.js", script)}
    for path in sorted(_STATIC.iterdir()):
        if path.is_file() and path.suffix in _KINDS and path.suffix != ".js":
            found[path.name] = _asset(path.name, path.read_bytes())
    return found


@cache
def assets_by_url() -> dict[str, Asset]:
    """Return every asset by its address."""
    return {asset.url: asset for asset in assets().values()}


@cache
def static(name: str) -> str:
    """Return the text of a style sheet or script."""
    return (_STATIC / name).read_text(encoding="utf-8")


def inline_script() -> str:
    """Return the one script that stands in the document itself: it hears the first touches."""
    return static("early.js")


def inline_script_digest() -> str:
    """Return the digest by which a content security policy allows the inline script.

    See https://www.w3.org/TR/CSP3/#grammardef-hash-source.
    """
    digest = hashlib.sha256(inline_script().encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def compressed(body: bytes) -> bytes:
    """Return ``body`` gzipped, the same for the same bytes; empty for what is too short."""
    return gzip.compress(body, 9, mtime=0) if len(body) >= _LEAST_COMPRESSED else b""


def _asset(name: str, body: bytes) -> Asset:
    stem, _, suffix = name.rpartition(".")
    digest = hashlib.sha256(body).hexdigest()[:12]
    kind = _KINDS[f".{suffix}"]
    gzipped = compressed(body) if kind.startswith(("text", "image/svg")) else b""
    return Asset(f"/assets/{stem}.{digest}.{suffix}", kind, body, gzipped)
