"""Sandbox protections: which of them hold on this computer, tried in a process and not assumed.

The process that decodes photos is confined as far as the system can: all of it on Linux (x86-64 and
64-bit ARM), less on macOS, little on Windows.
"""

import subprocess
from dataclasses import dataclass, fields
from typing import Final

from reddots.photo.sandbox.limits import Limits
from reddots.photo.sandbox.worker_handle import command, environment

_WAIT: Final = 60.0  # seconds that a busy computer may take
_NAMES: Final = {
    "fresh_process": "a new process for each photo",
    "no_files": "no files",
    "no_network": "no network",
    "no_processes": "no programs started",
    "memory_limit": "limited memory",
    "time_limit": "limited time",
    "system_call_filter": "system call filter",
}


@dataclass(frozen=True, slots=True)
class Protections:
    """What holds in the process that decodes photos.

    Attributes:
        fresh_process: each photo is decoded by a process that saw no other.
        no_files: it can open no file.
        no_network: it can connect to nothing.
        no_processes: it can start no process.
        memory_limit: its memory ends.
        time_limit: its seconds of computing end.
        system_call_filter: the kernel refuses all other calls (seccomp).

    Example:
        >>> Protections(*[True] * 7).sentence.startswith("Photos are decoded apart: a new process")
        True
    """

    fresh_process: bool = False
    no_files: bool = False
    no_network: bool = False
    no_processes: bool = False
    memory_limit: bool = False
    time_limit: bool = False
    system_call_filter: bool = False

    @property
    def missing(self) -> tuple[str, ...]:
        """What does not hold, in words."""
        return tuple(words for name, words in _NAMES.items() if not getattr(self, name))

    @property
    def sentence(self) -> str:
        """One line for people."""
        holding = ", ".join(words for words in _NAMES.values() if words not in self.missing)
        held = f"Photos are decoded apart: {holding}." if holding else "Photos are decoded apart."
        if not self.missing:
            return held
        return f"{held} Not on this system: {', '.join(self.missing)}."


def probe(limits: Limits | None = None) -> Protections:
    """Try what a process that decodes photos can do, by starting one; takes about a second.

    Raises:
        OSError: no process can be started.
    """
    done = subprocess.run(
        command(limits or Limits(), "report"),
        capture_output=True,
        check=False,
        env=environment(),
        stdin=subprocess.DEVNULL,
        timeout=_WAIT,
    )
    names = [field.name for field in fields(Protections)]
    if done.returncode != 0 or len(done.stdout) != len(names):
        raise OSError("the process that decodes photos does not start")
    return Protections(**{name: bit == 1 for name, bit in zip(names, done.stdout, strict=True)})
