"""Servers that tests start and stop."""

import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

_START = (
    "from reddots_app.server import serve; "
    "serve(host='127.0.0.1', port={port}, open_browser=False, research={research}, "
    "operator={operator!r})"
)


@dataclass
class Site:
    """A running server: where it answers, what it has written, and its process."""

    address: str
    log: Path
    process: "subprocess.Popen[bytes]"
    temp: Path

    def written(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def files(self) -> list[Path]:
        return [p for p in self.temp.rglob("*") if p.is_file()]


def start_site(
    checkpoint: Path | None,
    folder: Path,
    *,
    temp: Path | None = None,
    research: bool = False,
    port: int = 0,
    operator: str = "",
) -> Site:
    """Start a server of its own, on a free port unless one is given."""
    temp, log = temp or folder / "temp", folder / "stderr.txt"
    temp.mkdir(exist_ok=True)
    environment = {**os.environ, "TMPDIR": str(temp)}
    environment["REDDOTS_CHECKPOINT"] = str(checkpoint or folder / "none.json")
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-c", _START.format(research=research, port=port, operator=operator)],
            stdout=stream,
            stderr=stream,
            env=environment,
        )
    end = time.monotonic() + 180  # a busy computer
    while time.monotonic() < end and process.poll() is None:
        found = re.search(r"http://\S+", log.read_text(encoding="utf-8"))
        if found:
            return Site(found.group(), log, process, temp)
        time.sleep(0.1)
    process.kill()
    raise AssertionError(f"the server did not start: {log.read_text(encoding='utf-8')}")


def stop_site(site: Site, how: signal.Signals = signal.SIGINT) -> int:
    """Stop a server and return its exit code."""
    site.process.send_signal(how)
    return site.process.wait(60)
