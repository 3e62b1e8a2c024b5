"""Commands in a home, a folder for temporary files and a working folder that are all fresh."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_WATCHER = Path(__file__).parent / "watcher"
_FOLDERS = ("home", "temp", "work")


@dataclass(frozen=True)
class Outcome:
    """What a watched command said, wrote and tried.

    Attributes:
        left: contents of the files that are new or changed, by their path.
        writing: every path that was opened for writing, if only for a moment.
        connections: every address of another machine that was tried.
    """

    code: int
    out: str
    err: str
    left: Mapping[Path, bytes]
    writing: tuple[Path, ...]
    connections: tuple[str, ...]


class Watched:
    """Three fresh folders, and notes of what goes on."""

    def __init__(self, folder: Path) -> None:
        for name in _FOLDERS:
            (folder / name).mkdir()
        self.home, self.temp, self.work = (folder / name for name in _FOLDERS)
        self._notes = folder / "notes.txt"
        self._notes.touch()

    def environment(self, checkpoint: Path) -> dict[str, str]:
        """Return the environment in which everything is watched."""
        kept = {n: v for n, v in os.environ.items() if not n.startswith(("XDG_", "COV_", "MPL"))}
        paths = [str(_WATCHER), os.environ.get("PYTHONPATH", "")]
        return kept | {
            "HOME": str(self.home),
            "TMPDIR": str(self.temp),
            "PYTHONPATH": os.pathsep.join(p for p in paths if p),
            "PYTHONDONTWRITEBYTECODE": "1",
            "MPLCONFIGDIR": str(Path.home() / ".cache" / "matplotlib"),  # its list of fonts is slow
            "REDDOTS_CHECKPOINT": str(checkpoint),
            "REDDOTS_WATCHER_NOTES": str(self._notes),
        }

    def files(self) -> dict[Path, bytes]:
        """Return the contents of all files, by their path."""
        roots = (self.home, self.temp, self.work)
        return {p: p.read_bytes() for root in roots for p in root.rglob("*") if p.is_file()}

    def run(self, checkpoint: Path, *arguments: object) -> Outcome:
        """Run ``reddots`` with these arguments in the working folder."""
        before = self.files()
        done = subprocess.run(
            [sys.executable, "-m", "reddots", *map(str, arguments)],
            cwd=self.work,
            env=self.environment(checkpoint),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return self.outcome(before, done.returncode, done.stdout, done.stderr)

    def outcome(self, before: Mapping[Path, bytes], code: int, out: str, err: str) -> Outcome:
        """Return what happened since ``before``."""
        left = {p: data for p, data in self.files().items() if before.get(p) != data}
        notes = [line.partition(" ") for line in self._notes.read_text().splitlines()]
        writing = [Path(what) for kind, _, what in notes if kind == "writing"]
        connections = [what for kind, _, what in notes if kind == "connection"]
        return Outcome(code, out, err, left, tuple(writing), tuple(connections))
