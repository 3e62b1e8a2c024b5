"""HTTP download of one file: resumed when broken off, checked, renamed when whole.

Only the origins that the catalogue names are contacted, redirects included.
"""

import hashlib
import http.client
import urllib.error
import urllib.request
from collections.abc import Callable, Collection
from pathlib import Path
from typing import IO, Final
from urllib.parse import urlsplit

from reddots.errors import ManifestError

_CHUNK: Final = 1 << 18
_TRIES: Final = 5  # in a row without a single new byte
_TIMEOUT: Final = 60  # seconds without an answer
_PARTIAL, _STARTED_OVER, _NO_SUCH_RANGE = 206, 200, 416

OnBytes = Callable[[int, int], None]


class DownloadError(ManifestError):
    """A file cannot be fetched, or is not the file that was asked for."""


def origin(url: str) -> str:
    """Return scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def download(
    url: str,
    path: Path,
    origins: Collection[str],
    sha256: str = "",
    on_bytes: OnBytes | None = None,
) -> bool:
    """Fetch ``url`` into ``path``; return False if it is there already.

    What has come so far is kept in ``<path>.partial``, so that another call goes on from there.

    Args:
        url: the file's address.
        path: where it goes; its folder is made.
        origins: that may be contacted.
        sha256: what the file must have, in hexadecimal; empty if that is not known.
        on_bytes: called with the bytes so far and the bytes in all (0 if unknown).

    Raises:
        DownloadError: the address is not of ``origins``, the server does not give the file, or its
            checksum is another; a file with a wrong checksum is not kept.
    """
    _require_origin(url, origins)
    if path.is_file() and sha256 in {"", _digest(path)}:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    tries = 0
    while True:
        before = _size(partial)
        try:
            whole = _fetch(url, partial, origins, on_bytes)
        except urllib.error.HTTPError as error:
            raise DownloadError(
                f"{url} cannot be fetched: the server says {error.code}."
            ) from error
        except (OSError, http.client.HTTPException) as error:
            reason, whole = str(error) or type(error).__name__, False
        else:
            reason = "the connection broke off"
        if whole:
            break
        tries = 0 if _size(partial) > before else tries + 1
        if tries >= _TRIES:
            raise DownloadError(
                f"{url} cannot be fetched: {reason}. What has come is kept: call again to go on."
            )
    if sha256 and _digest(partial) != sha256.lower():
        partial.unlink()
        raise DownloadError(f"{url} is not the file that it should be: its checksum is another.")
    partial.replace(path)
    _tag(partial).unlink(missing_ok=True)
    return True


def content_length(url: str, origins: Collection[str]) -> int:
    """Return how many bytes a file has, as its server says; 0 where it does not.

    Raises:
        DownloadError: the address is not of ``origins``, or the server does not answer.
    """
    _require_origin(url, origins)
    request = urllib.request.Request(  # noqa: S310 - the origin is checked
        url, headers={"User-Agent": "reddots", "Accept-Encoding": "identity"}, method="HEAD"
    )
    opener = urllib.request.build_opener(_NamedOriginsOnly(origins))
    try:
        with opener.open(request, timeout=_TIMEOUT) as answer:
            length = answer.headers.get("Content-Length") or ""
    except (OSError, http.client.HTTPException) as error:
        raise DownloadError(f"{url} does not answer: {error}.") from error
    return int(length) if length.isdigit() else 0


def _fetch(url: str, partial: Path, origins: Collection[str], on_bytes: OnBytes | None) -> bool:
    """Go on with a partial file; return whether it is whole."""
    have, tag = _size(partial), _read_tag(partial)
    if have and not tag:
        have = 0  # without a tag nobody knows that the rest would be of the same file
    headers = {"User-Agent": "reddots", "Accept-Encoding": "identity"}
    if have:
        headers |= {"Range": f"bytes={have}-", "If-Range": tag}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - the origin is checked
    try:
        answer = urllib.request.build_opener(_NamedOriginsOnly(origins)).open(
            request, timeout=_TIMEOUT
        )
    except urllib.error.HTTPError as error:
        if error.code == _NO_SUCH_RANGE and have:
            partial.unlink()
            return False
        raise
    with answer:
        if answer.status != _PARTIAL:
            have = 0
        _write_tag(partial, answer.headers.get("ETag") or answer.headers.get("Last-Modified") or "")
        length = answer.headers.get("Content-Length")
        total = have + int(length) if length and length.isdigit() else 0
        with partial.open("ab" if have else "wb") as file:
            have = _copy(answer, file, have, total, on_bytes)
    return have == total or not total


def _copy(
    answer: IO[bytes], file: IO[bytes], have: int, total: int, on_bytes: OnBytes | None
) -> int:
    while chunk := answer.read(_CHUNK):
        file.write(chunk)
        have += len(chunk)
        if on_bytes:
            on_bytes(have, total)
    return have


class _NamedOriginsOnly(urllib.request.HTTPRedirectHandler):
    def __init__(self, origins: Collection[str]) -> None:
        self._origins = origins

    def redirect_request(  # the library's signature
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        _require_origin(newurl, self._origins)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _require_origin(url: str, origins: Collection[str]) -> None:
    if origin(url) not in origins:
        named = ", ".join(sorted(origins)) or "nothing"
        raise DownloadError(f"{url} is not fetched: only {named} may be contacted for this set.")


def _tag(partial: Path) -> Path:
    return partial.with_name(partial.name + ".tag")


def _read_tag(partial: Path) -> str:
    tag = _tag(partial)
    return tag.read_text(encoding="utf-8") if tag.is_file() else ""


def _write_tag(partial: Path, tag: str) -> None:
    strong = "" if tag.startswith("W/") else tag  # a weak tag does not promise the same bytes
    _tag(partial).write_text(strong, encoding="utf-8")


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
