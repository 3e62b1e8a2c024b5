"""HTTP server of the page (uvicorn): starts on this machine, and stops leaving nothing behind."""

import os
import signal
import socket
import sys
import webbrowser
from pathlib import Path
from types import FrameType
from typing import NoReturn

from reddots.errors import ServeError
from reddots_app.http.upload_dir import delete_abandoned, own_folder
from reddots_app.privacy.log_filter import filtered_log
from reddots_app.privacy.malloc import limit_malloc
from reddots_app.privacy.offline import go_offline

_GRACE_SECONDS = 2
# Both libraries send usage statistics to their makers unless told not to before they are imported.
_NO_STATISTICS = {"GRADIO_ANALYTICS_ENABLED": "False", "ORT_DISABLE_TELEMETRY": "1"}


def page_languages() -> tuple[str, ...]:
    """Return the codes of the languages the page is in, English first; all its texts are read.

    Raises:
        KnowledgeError: a text is missing, or has other placeholders than in English.

    Example:
        >>> page_languages()[0]
        'en'
    """
    from reddots_app.i18n import page_texts

    return tuple(page_texts())


def serve(
    *,
    host: str,
    port: int,
    open_browser: bool,
    research: bool = False,
    auth: str = "",
    operator: str = "",
) -> None:
    """Serve the page until Ctrl-C or a request to end.

    Args:
        host: the address to listen on.
        port: the port; 0 takes a free one.
        open_browser: open the page in the browser of this machine.
        research: add the research page.
        auth: name:password, without which nobody gets an answer.
        operator: name and contact of who runs the page, shown on it.

    Raises:
        ServeError: the address or ``auth`` cannot be used.
    """
    if auth and not all(auth.partition(":")):
        raise ServeError("The name and the password are to be given as NAME:PASSWORD.")
    limit_malloc()  # before there are threads, which would have heaps already
    with _listen(host, port) as listener, own_folder() as cache:
        delete_abandoned()
        signal.signal(signal.SIGTERM, _end)
        go_offline(os.environ)
        os.environ |= {"GRADIO_TEMP_DIR": cache, **_NO_STATISTICS}
        import uvicorn

        from reddots_app.app import build_app
        from reddots_app.http.idle_timeout import MOST_CONNECTIONS, Connection

        config = uvicorn.Config(
            build_app(Path(cache), research=research, auth=auth, operator=operator),
            http=Connection,
            ws="none",
            limit_concurrency=MOST_CONNECTIONS,
            server_header=False,
            log_level="critical",
            access_log=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
        address = _address(host, listener.getsockname()[1])
        listener.listen()
        sys.stderr.write(f"Red Dots is at {address} (Ctrl-C stops it).\n")
        sys.stderr.flush()
        if open_browser:
            webbrowser.open(address)
        try:
            with filtered_log(sys.stderr):
                uvicorn.Server(config).run(sockets=[listener])
        except KeyboardInterrupt:
            sys.stderr.write("Red Dots has stopped.\n")


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or "it is not an address of this machine"
        raise ServeError(
            f"The page cannot be started at {host}, port {port}: {reason}. "
            "Is it running already? Another port can be chosen with --port."
        ) from error
    return listener


def _address(host: str, port: int) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - only shown
    return f"http://{f'[{shown}]' if ':' in shown and '[' not in shown else shown}:{port}"


def _end(_signal: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(0)
