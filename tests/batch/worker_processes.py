"""Processes, found by their command lines."""

import os
from pathlib import Path

import pytest


def worker_processes(checkpoint: Path) -> list[int]:
    """Process ids of the workers that have this checkpoint."""
    return [
        process
        for process, words in _command_lines().items()
        if str(checkpoint).encode() in words and b"reddots.batch.worker_process" in b" ".join(words)
    ]


def ray_actors() -> list[int]:
    """Process ids of Ray's actors that this very process has started."""
    return [
        process
        for process, words in _command_lines().items()
        if words[0].startswith(b"ray::") and b"PhotoActor" in words[0] and _is_below(process)
    ]


def _command_lines() -> dict[int, list[bytes]]:
    if not Path("/proc/self").exists():
        pytest.skip("there is no /proc here, by which processes are found")
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                found[int(folder.name)] = (folder / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
    return found


def _is_below(process: int) -> bool:
    while process > 1:
        try:
            stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return False
        process = int(stat.rpartition(")")[2].split()[1])
        if process == os.getpid():
            return True
    return False
