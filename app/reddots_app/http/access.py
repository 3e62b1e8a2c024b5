"""Access control (allow-list, host and origin checks) by a request's first lines."""

import os
import re
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass
from typing import Any, Final

Scope = MutableMapping[str, Any]
Routes = tuple[tuple[tuple[str, ...], str], ...]

MOST_JSON_BYTES: Final = 256_000  # one touch of the page; a photo is sent on its own
_MOST_HEADER_BYTES: Final = 16_000
_MOST_QUERY_BYTES: Final = 500  # a session and an upload's name for its progress; Gradio keeps both
_API: Final = "/gradio_api/"
RESEARCH: Final = "/research"
UPLOADS: Final = (f"{_API}upload", f"{RESEARCH}{_API}upload")
AT_ONCE: Final = f"{_API}run/predict"
CALLS: Final = (  # these may name uploaded files
    AT_ONCE,
    f"{_API}queue/join",
    f"{RESEARCH}{_API}run/predict",
    f"{RESEARCH}{_API}queue/join",
)
_READ: Final = ("GET", "HEAD")
# What the page needs, and no more: uploaded files are never handed out again, nothing is to be
# learnt about other people's use, and nothing may call another machine.
_USED: Final = (
    (_READ, r"/|/health|/about|/glass-test|/kept|/favicon\.ico"),
    (_READ, r"/service-worker\.js|/manifest\.webmanifest|/assets/[\w-]+\.[0-9a-f]{12}\.\w+"),
    (_READ, rf"{_API}queue/data"),
    (("POST",), rf"{_API}(upload|run/predict|queue/join)/?"),
)
# The research page is Gradio's own front end.
_FOR_RESEARCH: Final = (
    (_READ, r"/research/?|/research/theme\.css|/research/(assets|static)(/[\w@-][\w.@-]*)+"),
    (
        _READ,
        rf"/research{_API}(app_id|startup-events|upload_progress|queue/data|heartbeat/\w{{1,64}})",
    ),
    (("POST",), rf"/research{_API}(upload|run/predict|queue/join|reset|cancel)/?"),
)
_LOCAL: Final = frozenset(("127.0.0.1", "localhost", "::1"))


@dataclass(frozen=True)
class Refusal:
    """Why a request is not answered, as a status code and a sentence."""

    status: int
    sentence: str


_NOTHING_HERE: Final = Refusal(404, "There is nothing here.")
_OTHER_METHOD: Final = Refusal(405, "This cannot be asked of it.")
_OTHER_PAGE: Final = Refusal(403, "Another web page may not use this one.")
_OTHER_NAME: Final = Refusal(421, "The page does not go by that name; see REDDOTS_HOST_NAMES.")
_LONG_HEADERS: Final = Refusal(431, "The request says too much before it begins.")
_LONG_ADDRESS: Final = Refusal(414, "The address is too long.")
_NO_LENGTH: Final = Refusal(411, "The request does not say how long it is.")
TOO_LARGE: Final = Refusal(413, "This is too large.")


def host_names() -> frozenset[str]:
    """Return the names of ``$REDDOTS_HOST_NAMES``, which a proxy may pass on."""
    names = os.environ.get("REDDOTS_HOST_NAMES", "").lower().split(",")
    return frozenset(name.strip() for name in names if name.strip())


def refusal(
    scope: Scope, names: frozenset[str], most_upload_bytes: int, *, research: bool = False
) -> Refusal | None:
    """Return why the request ``scope`` is not let in; None when it is.

    Args:
        scope: of an ASGI request.
        names: host names to answer to, besides this machine's own; none means any, but on the
            loopback address only its own, for a foreign page could otherwise reach it by a name
            that it points there.
        most_upload_bytes: of all files that are sent at once.
        research: let the research page's routes in too.
    """
    used = (*_USED, *_FOR_RESEARCH) if research else _USED
    return next(_reasons(scope, names, most_upload_bytes, used), None)


def _reasons(scope: Scope, names: frozenset[str], most: int, used: Routes) -> Iterator[Refusal]:
    path, method = str(scope["path"]), str(scope["method"])
    methods = [m for allowed, form in used if re.fullmatch(form, path) for m in allowed]
    if not methods:
        yield _NOTHING_HERE
    elif method not in methods:
        yield _OTHER_METHOD
    if sum(len(name) + len(value) for name, value in scope["headers"]) > _MOST_HEADER_BYTES:
        yield _LONG_HEADERS
    if len(scope.get("query_string", b"")) > _MOST_QUERY_BYTES:
        yield _LONG_ADDRESS
    host = header(scope, b"host").lower()
    if not _is_ours(_name(host), names, str((scope.get("server") or ("",))[0])):
        yield _OTHER_NAME
    if _comes_from_another_page(scope, host):
        yield _OTHER_PAGE
    if method == "POST":
        yield from _reasons_by_length(path.rstrip("/"), header(scope, b"content-length"), most)


def _reasons_by_length(path: str, length: str, most: int) -> Iterator[Refusal]:
    if not length.isascii() or not length.isdigit():
        yield _NO_LENGTH
    elif int(length) > (most if path in UPLOADS else MOST_JSON_BYTES):
        yield TOO_LARGE


def header(scope: Scope, name: bytes) -> str:
    """Return the request's header ``name``, empty when it is missing."""
    found = next((value for key, value in scope["headers"] if key == name), b"")
    return bytes(found).decode("latin-1").strip()


def _is_ours(name: str, names: frozenset[str], listening: str) -> bool:
    if name in _LOCAL or name in names:
        return True
    return not names and listening not in _LOCAL


def _name(host: str) -> str:
    """Return a host header without its port and brackets."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def _comes_from_another_page(scope: Scope, host: str) -> bool:
    origin = header(scope, b"origin").lower()
    if origin and origin.partition("://")[2] != host:
        return True
    foreign = header(scope, b"sec-fetch-site") in {"cross-site", "same-site"}
    return foreign and header(scope, b"sec-fetch-mode") != "navigate"
