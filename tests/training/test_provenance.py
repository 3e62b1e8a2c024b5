"""Which command made it is told; where things are on somebody's disk is not."""

import sys

import pytest

from reddots.training.provenance import command_line

# arguments, what is told of them
TOLD = [
    (["train", "recipe.toml"], "reddots train recipe.toml"),
    (["export", "/home/me/run", "-o", "../out"], "reddots export run -o out"),
    (["train", "/home/me/skin/manifest.csv"], "reddots train skin/manifest.csv"),
    (["export", "run", "--version", "0.2.0"], "reddots export run --version 0.2.0"),
]


@pytest.mark.parametrize(("arguments", "told"), TOLD)
def test_paths_are_told_by_name_only(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], told: str
) -> None:
    monkeypatch.setattr(sys, "argv", ["/usr/bin/reddots", *arguments])
    assert command_line() == told
