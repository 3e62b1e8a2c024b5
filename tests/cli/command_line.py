"""``reddots`` run inside the test's own process, so that it starts fast and is measured."""

import sys
from dataclasses import dataclass

import pytest

from reddots.cli import main


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str


class CommandLine:
    """Runs commands one after the other."""

    def __init__(self, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]) -> None:
        self._patch, self._capture = patch, capture
        patch.setenv("NO_COLOR", "1")
        patch.setenv("COLUMNS", "120")
        patch.setenv("TERM", "dumb")

    def __call__(self, *arguments: object) -> Done:
        """Run ``reddots`` with these arguments."""
        self._patch.setattr(sys, "argv", ["reddots", *map(str, arguments)])
        self._capture.readouterr()
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        out, err = self._capture.readouterr()
        return Done(code, out, err)
