"""The worker processes of a checkpoint, found by their command lines."""

from pathlib import Path


def worker_processes(checkpoint: Path) -> list[int]:
    """Process ids of the workers that have this checkpoint."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                words = (folder / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if str(checkpoint).encode() in words and b"reddots.batch.worker" in b" ".join(words):
                found.append(int(folder.name))
    return found
