"""The commands of the evaluation kit, run in this process."""

import pytest

from cli.command_line import CommandLine


@pytest.fixture
def reddots(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """Run ``reddots`` in this process."""
    return CommandLine(monkeypatch, capsys)
