"""Provenance: which code and command made a run or a checkpoint."""

import subprocess
import sys
from pathlib import Path


def git_revision() -> str:
    """Return the revision of the code, or “unknown” outside a checkout."""
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=12"],  # noqa: S607
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parent,
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()


def command_line() -> str:
    """Return the command that runs now, with only the names of paths: where they are is private."""
    return " ".join(["reddots", *(_name(a) for a in sys.argv[1:])])


def _name(argument: str) -> str:
    path = Path(argument)
    if path.parent == Path():
        return argument
    # The name of a manifest says less than that of its folder.
    return "/".join(path.parts[-2:]) if path.name.startswith("manifest") else path.name
