"""Fixtures for the commands."""

from pathlib import Path

import pytest

from cli.command_line import CommandLine


@pytest.fixture
def reddots(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """Run ``reddots`` in this process."""
    return CommandLine(monkeypatch, capsys)


@pytest.fixture(autouse=True)
def _tiny(monkeypatch: pytest.MonkeyPatch, tiny_checkpoint: Path) -> None:
    """Use the checkpoint that is made here, in this process and in those it starts."""
    monkeypatch.setenv("REDDOTS_CHECKPOINT", str(tiny_checkpoint))
