"""Log filtering: of an error only its kind is written, never what people sent."""

import builtins
import contextlib
import io
import os
import re
from collections.abc import Iterator
from typing import Final, TextIO

_UNFILTERED: Final = "REDDOTS_DEBUG"  # when it is 1, all is written, answers and file names too
_LAST_LINE: Final = re.compile(r"(?:\w+\.)*(\w*(?:Error|Exception))(?::|$)")
_MOST_LINES: Final = 200  # of the log by this stream: a flood must not fill the disk


class LogFilter(io.TextIOBase):
    """A stream that passes on the kind of each error alone."""

    def __init__(self, log: TextIO) -> None:
        """Write to ``log``."""
        self._log = log
        self._rest = ""
        self._written = 0

    def write(self, text: str) -> int:
        """Take what was to be written; pass on the kind of error at a traceback's last line."""
        *lines, self._rest = (self._rest + text).split("\n")
        self._rest = self._rest[-1000:]
        for line in lines:
            found = _LAST_LINE.match(line)
            if found and self._written < _MOST_LINES:
                self._written += 1
                # A name that Python does not know may have been sent.
                kind = found[1] if hasattr(builtins, found[1]) else "Error"
                self._log.write(f"A request could not be answered ({kind}).\n")
                self._log.flush()
        return len(text)

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True


@contextlib.contextmanager
def filtered_log(log: TextIO) -> Iterator[None]:
    """Keep standard error and output empty, and write the kinds of errors to ``log``."""
    if os.environ.get(_UNFILTERED) == "1":
        yield
        return
    quiet = LogFilter(log)
    with contextlib.redirect_stderr(quiet), contextlib.redirect_stdout(quiet):
        yield
