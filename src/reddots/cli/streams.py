"""Standard streams: any encoding, closed or broken pipes, and any width of the terminal.

What an encoding lacks is replaced, control characters are escaped, and a stream that takes no more
raises ``OutputError``, which ends the command with one sentence and exit code 2.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, TextIO

from reddots.errors import OutputError
from reddots.tabular.cells import escape_controls

NARROWEST: Final = 60  # columns; below, tables would lose their cells
_USUAL: Final = "80"
_STREAMS: Final = {"stdout": "standard output", "stderr": "standard error"}


class SafeStream:
    """A text stream that escapes control characters and raises ``OutputError`` when it is broken.

    Everything else is the wrapped stream's.
    """

    def __init__(self, stream: TextIO | None, name: str) -> None:
        """Wrap ``stream``; None is one that was closed before the program began."""
        self._stream: Any = stream
        self._name = name
        self._fault = "it is closed" if stream is None else ""

    def __getattr__(self, attribute: str) -> Any:
        if self._stream is None:
            raise AttributeError(attribute)
        return getattr(self._stream, attribute)

    def write(self, text: str) -> int:
        """Write text; on a terminal, what a progress bar is made of stays."""
        self._do("write", escape_controls(text, keep_sequences=self.isatty()))
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Write lines."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Flush, if there is anything to flush to."""
        if self._stream is not None:
            self._do("flush")

    def isatty(self) -> bool:
        """Whether a person reads it."""
        return self._stream is not None and self._stream.isatty()

    def fileno(self) -> int:
        """Return the descriptor.

        Raises:
            OSError: there is none.
        """
        if self._stream is None:
            raise OSError(f"{_STREAMS[self._name]} is closed")
        descriptor: int = self._stream.fileno()
        return descriptor

    def _do(self, method: str, *arguments: str) -> None:
        """Call the stream; what failed once fails ever after, as a library may hide the error."""
        if not self._fault:
            try:
                getattr(self._stream, method)(*arguments)
            except BrokenPipeError:
                self._fault = "nobody reads on"
            except OSError as error:
                self._fault = error.strerror or str(error)
            except ValueError:
                self._fault = "it is closed"
            else:
                return
            self._discard()
        if self._name == "stdout":  # a lost message is no reason to end
            raise OutputError(f"Nothing can be written to {_STREAMS[self._name]}: {self._fault}.")

    def _discard(self) -> None:
        """Lead the rest nowhere, or the interpreter would try to write it at the end."""
        with suppress(OSError, ValueError, AttributeError):
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, self._stream.fileno())
            os.close(nothing)


@contextmanager
def safe_streams() -> Iterator[None]:
    """Make the standard streams safe for as long as the context lasts."""
    _set_width()
    before = {name: getattr(sys, name) for name in _STREAMS}
    for name, stream in before.items():
        if stream is None:
            _occupy({"stdout": 1, "stderr": 2}[name])
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
        setattr(sys, name, SafeStream(stream, name))
    try:
        yield
    finally:
        for name, stream in before.items():
            setattr(sys, name, stream)


def _occupy(descriptor: int) -> None:
    """Open a closed descriptor on nothing, or the next file to be opened would get its number."""
    with suppress(OSError):
        os.fstat(descriptor)
        return
    with suppress(OSError):
        nothing = os.open(os.devnull, os.O_RDWR)
        if nothing != descriptor:
            os.dup2(nothing, descriptor)
            os.close(nothing)


def _set_width() -> None:
    """Ignore ``$COLUMNS`` where it is no width that anything can be printed in."""
    width = os.environ.get("COLUMNS", _USUAL)
    if not (width.isascii() and width.isdigit() and int(width) >= NARROWEST):
        os.environ["COLUMNS"] = _USUAL if not _is_narrow(width) else str(NARROWEST)


def _is_narrow(width: str) -> bool:
    return width.isascii() and width.isdigit() and int(width) > NARROWEST // 2
