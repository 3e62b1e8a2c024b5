"""Keeps what people send out of the log: Gradio would write it there when something goes wrong."""

import builtins
import contextlib
import io
import os
import re
from collections.abc import Iterator
from typing import Final, TextIO

_OUTSPOKEN: Final = "REDDOTS_DEBUG"  # when it is 1, all is written, answers and file names too
_LAST_LINE: Final = re.compile(r"(?:\w+\.)*(\w*(?:Error|Exception))(?::|$)")
_MOST_LINES: Final = 200  # of the log by this stream: a flood must not fill the disk


class Silence(io.TextIOBase):
    """A stream that tells of each error its kind alone."""

    def __init__(self, log: TextIO) -> None:
        """Tell ``log``."""
        self._log = log
        self._rest = ""
        self._told = 0

    def write(self, text: str) -> int:
        """Take what was to be written; say the kind of error at a traceback's last line."""
        *lines, self._rest = (self._rest + text).split("\n")
        self._rest = self._rest[-1000:]
        for line in lines:
            found = _LAST_LINE.match(line)
            if found and self._told < _MOST_LINES:
                self._told += 1
                # A name that Python does not know may have been sent.
                kind = found[1] if hasattr(builtins, found[1]) else "Error"
                self._log.write(f"A request could not be answered ({kind}).\n")
                self._log.flush()
        return len(text)

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True


@contextlib.contextmanager
def silence(log: TextIO) -> Iterator[None]:
    """Keep everything else out of standard error and output, and tell ``log`` of errors' kinds."""
    if os.environ.get(_OUTSPOKEN) == "1":
        yield
        return
    quiet = Silence(log)
    with contextlib.redirect_stderr(quiet), contextlib.redirect_stdout(quiet):
        yield
