"""Loads the hostile corpus, or a sample, in a process of its own, and says on one line how it went."""

import json
import multiprocessing
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from hostile import write

from reddots.errors import PhotoError
from reddots.photo import loader
from reddots.photo.loader import Photo, load_photo

SHORT_SIDE = 288  # as the page and the shipped checkpoint ask for
ALONE = {"bomb", "place"}  # these are measured one by one
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Peak:
    """The most memory that this process and all below it held at once, looked at every 5 ms."""

    size: int = 0
    done: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        while not self.done.wait(0.005):
            self.size = max(self.size, sum(map(resident, family(os.getpid()))))


@dataclass(frozen=True)
class Told:
    """What came of one file."""

    group: str
    name: str
    outcome: str
    seconds: float
    computing: float
    wrong: str


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        listing = Path(folder) / "listing"
        # In a process of its own, so that making the files does not count as loading them.
        maker = multiprocessing.get_context("spawn").Process(
            target=write, args=(Path(folder), listing)
        )
        maker.start()
        maker.join()
        rows = sample([json.loads(line) for line in listing.read_text().splitlines()])
        began = time.monotonic()
        peak = Peak()
        watcher = threading.Thread(target=peak.watch)
        watcher.start()
        with ThreadPoolExecutor(2) as threads:
            told = list(threads.map(tell, [r for r in rows if r[0] not in ALONE]))
        peaks = []
        for row in rows:
            if row[0] in ALONE:
                peak.size = 0
                told.append(tell(row))
                peaks.append((peak.size, row[1]))
        peak.done.set()
        watcher.join()
    report = {
        "files": len(told),
        "groups": Counter(t.group for t in told),
        "outcomes": Counter(t.outcome for t in told),
        "escaped": [t.name for t in told if t.outcome.startswith("escaped")],
        "wrong": [f"{t.group} {t.name}: {t.wrong}" for t in told if t.wrong],
        "slowest": sorted((t.seconds, t.name, t.outcome) for t in told)[-5:],
        "hungriest": sorted((t.computing, t.name, t.outcome) for t in told if t.group in ALONE)[
            -5:
        ],
        "seconds": time.monotonic() - began,
        "peak": max(peaks),
    }
    sys.stdout.write(json.dumps(report, indent=1))


def sample(rows: list[list[str]]) -> list[list[str]]:
    """Take every row, or as many as the command line says: some of each group, evenly spread."""
    if sys.argv[1] == "all":
        return rows
    groups = Counter(group for group, *_ in rows)
    total = int(sys.argv[1])
    shares = {group: max(1, total * n // len(rows)) for group, n in groups.items()}
    shares[groups.most_common(1)[0][0]] += total - sum(shares.values())
    chosen = []
    for group, share in shares.items():
        own = [row for row in rows if row[0] == group]
        chosen += [own[place * len(own) // share] for place in range(share)]
    return chosen


def tell(row: list[str]) -> Told:
    group, name, source, problem = row
    before, began, wrong = computing(), time.monotonic(), ""
    try:
        photo = load_photo(Path(source), short_side=SHORT_SIDE)
        outcome = "photo" if isinstance(photo, Photo) else "escaped: no photo"
        wrong = f"must be {problem}" if problem else ""
    except PhotoError as error:
        outcome = getattr(error.__cause__, "cause", "escaped: without a cause")
        wrong = f"{error.problem} must be {problem}" if problem not in {"", error.problem} else ""
    except BaseException as error:  # noqa: BLE001 - this is what is looked for
        outcome = f"escaped: {error!r}"
    seconds = time.monotonic() - began
    return Told(group, name, outcome, seconds, max(computing() - before, 0.0), wrong)


def family(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += family(int(child))
    except OSError:  # it has just ended
        pass
    return found


def resident(pid: int) -> int:
    """Bytes of memory that a process holds; what several share counts once among them (PSS)."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:  # it has just ended
        pass
    return 0


def computing() -> float:
    """Seconds that the workers' children computed, of those workers that still run."""
    total = 0.0
    for supervisor in loader._pool()._supervisors:
        if supervisor._worker is not None:
            try:
                stat = Path(f"/proc/{supervisor._worker.process.pid}/stat").read_text()
            except OSError:
                continue
            spent = stat.rpartition(")")[2].split()
            total += (int(spent[13]) + int(spent[14])) / _TICKS
    return total


if __name__ == "__main__":
    main()
