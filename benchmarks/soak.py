"""An hour with the page and a batch: does memory, do file descriptors, does latency creep?

``python benchmarks/soak.py [MINUTES]`` serves the page on the loopback address and sends visitors
at a steady rate, at most two at a time, while one long batch gets photos through a pipe. Of ten
visitors six send a photo and read the result, one sends a damaged file, one a bomb, one leaves
without having the photo looked at, and one has none. It writes ``benchmarks/results/soak.json`` and
``docs/soak.svg``. It reads ``/proc``, so it is for Linux; the plot needs the extra ``evaluate``.
"""

import io
import json
import os
import platform
import queue
import re
import secrets
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pillow_heif
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "soak.json"
PLOT = ROOT / "docs" / "soak.svg"
VISIT_EVERY = 2.0  # seconds
BATCH_PHOTO_EVERY = 0.5  # seconds
SAMPLE_EVERY = 5.0  # seconds
REPORT_EVERY = 300.0  # seconds; the last report is the one that counts
ENDING = 300.0  # seconds that a busy computer may take to end a process
NAME_BYTES = 1_000  # a list is read in blocks of 64 kB: long names spread the photos in time
MEGABYTE = 1_000_000
WARM = 1 / 3  # of the time: the page holds sessions for 30 minutes and 500 of them at most


@dataclass
class Load:
    """What was sent and what came of it.

    Attributes:
        visits: seconds since the start, and seconds that a photo and a result took.
        outcomes: how many of each.
        rows: how many the batch answered, by status.
        samples: one list of numbers a column of the results.
    """

    began: float = field(default_factory=time.monotonic)
    over: threading.Event = field(default_factory=threading.Event)
    visits: list[tuple[float, float, float]] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    samples: dict[str, list[float]] = field(default_factory=dict)

    def now(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.began


def photos() -> dict[str, bytes]:
    """Skin-coloured waves with grain, in the formats and sizes that phones send, and worse."""
    pillow_heif.register_heif_opener()
    found = {}
    for name, size, file_format, options in (
        ("2.jpg", (1632, 1224), "JPEG", {"quality": 88}),
        ("12.jpg", (4032, 3024), "JPEG", {"quality": 88}),
        ("3.heic", (2016, 1512), "HEIF", {"quality": 60}),
        ("2.png", (1632, 1224), "PNG", {"compress_level": 1}),
        ("2.webp", (1632, 1224), "WEBP", {}),
    ):
        y, x = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
        waves = np.stack([np.sin(x / 90), np.cos(y / 70), np.sin((x + y) / 110)], axis=2) * 20
        grain = np.random.default_rng(0).normal(0, 6, (size[1], size[0], 1)).astype(np.float32)
        pixels = np.clip(np.array([205, 160, 140], np.float32) + waves + grain, 0, 255)
        file = io.BytesIO()
        Image.fromarray(pixels.astype(np.uint8)).save(file, file_format, **options)
        found[name] = file.getvalue()
    return found


def bomb() -> bytes:
    """A PNG of 49 megapixels in a few kilobytes."""
    file = io.BytesIO()
    Image.new("1", (7000, 7000)).save(file, "PNG", compress_level=9)
    return file.getvalue()


@dataclass
class Visitor:
    """One browser, without the browser; its state goes along with every call."""

    address: str
    web: httpx.Client
    calls: dict[str, int]
    session: str
    state: dict[str, Any] = field(default_factory=lambda: {"version": 1, "language": "en"})

    @classmethod
    def coming(cls, address: str, web: httpx.Client) -> "Visitor":
        """Open the page."""
        html = web.get(address).text
        calls = {name: int(n) for name, n in re.findall(r'data-(answer|photo)="(\d+)"', html)}
        if len(calls) < 2:
            raise RuntimeError("this is not the page")
        return cls(address, web, calls, secrets.token_hex(6))

    def answer(self, act: str) -> str:
        """Do what needs no queue, and return the HTML that came back."""
        call = {"data": [self.state, {"act": act}], "fn_index": self.calls["answer"]}
        reply = self.web.post(self.address + "/gradio_api/run/predict", json=call)
        reply.raise_for_status()
        answer = reply.json()["data"][0]
        self.state = answer["state"]
        return str(answer["html"])

    def upload(self, photo: bytes) -> str:
        """Send a file; return where the page keeps it."""
        sent = {"files": ("photo.jpg", photo, "image/jpeg")}
        answer = self.web.post(self.address + "/gradio_api/upload", files=sent)
        answer.raise_for_status()
        return str(answer.json()[0])

    def analyse(self, path: str) -> str:
        """Have a sent file analysed; return its status."""
        call = {
            "data": [{"path": path, "with_copy": True}],
            "fn_index": self.calls["photo"],
            "session_hash": self.session,
        }
        self.web.post(self.address + "/gradio_api/queue/join", json=call).raise_for_status()
        stream = f"{self.address}/gradio_api/queue/data?session_hash={self.session}"
        with self.web.stream("GET", stream) as lines:
            line = next(line for line in lines.iter_lines() if "process_completed" in line)
        result = json.loads(line.removeprefix("data:"))["output"]["data"][0]["result"]
        self.state["photos"] = [{"id": "a", "result": result}]
        return str(result["status"])


def visit(address: str, number: int, kept: dict[str, bytes], load: Load) -> None:
    """Do what one visitor does."""
    kind = number % 10
    names = list(kept)
    photo = kept[names[number // 10 % len(names)]]
    with httpx.Client(timeout=60) as web:
        visitor = Visitor.coming(address, web)
        took = 0.0
        if kind < 9:  # the last has no photo
            sent = {6: photo[: len(photo) // 2], 7: bomb()}.get(kind, photo)
            # Each differs in a few last bytes, as the photos of different people do.
            began = time.perf_counter()
            path = visitor.upload(sent + zlib.crc32(b"%d" % number).to_bytes(4, "big"))
            if kind == 8:  # this one leaves
                load.outcomes["left"] += 1
                return
            status = visitor.analyse(path)
            took = time.perf_counter() - began
            load.outcomes["photo" if status == "ok" else "no photo"] += 1
        visitor.answer("begin")
        began = time.perf_counter()
        result = visitor.answer("finish")
        load.outcomes["result" if "rd-banner" in result else "no result"] += 1
        if kind < 6:  # whole photos alone are compared
            load.visits.append((load.now(), took, time.perf_counter() - began))


def visitors(address: str, kept: dict[str, bytes], load: Load) -> None:
    """Send visitors at a steady rate until it is over."""
    waiting: queue.Queue[int | None] = queue.Queue()

    def serve() -> None:
        while (number := waiting.get()) is not None:
            try:
                visit(address, number, kept, load)
            except Exception as error:  # noqa: BLE001 - what goes wrong is counted
                load.outcomes[f"failed: {type(error).__name__}"] += 1

    crew = [threading.Thread(target=serve) for _ in range(2)]
    for thread in crew:
        thread.start()
    number = 0
    while not load.over.wait(VISIT_EVERY):
        if waiting.qsize() > len(crew):
            load.outcomes["not sent: the computer was too busy"] += 1
            continue
        waiting.put(number)
        number += 1
    for _ in crew:
        waiting.put(None)
    for thread in crew:
        thread.join()


def feed(batch: "subprocess.Popen[bytes]", folder: Path, names: list[str], load: Load) -> None:
    """Give the batch photo after photo."""
    if batch.stdin is None:
        raise RuntimeError("the batch has no input")
    number = 0
    while not load.over.wait(BATCH_PHOTO_EVERY):
        name = str(folder / names[number % len(names)])
        padded = "/." * ((NAME_BYTES - len(name)) // 2) + name
        batch.stdin.write(padded.encode() + b"\n")
        batch.stdin.flush()
        number += 1
    batch.stdin.close()


def read_rows(batch: "subprocess.Popen[bytes]", load: Load) -> None:
    """Count what the batch answers."""
    for line in batch.stdout or ():
        load.rows[json.loads(line)["status"]] += 1


def family(pid: int) -> Iterator[int]:
    """A process and all below it."""
    yield pid
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from family(int(child))
    except OSError:  # it has just ended
        return


def memory(pid: int) -> float:
    """Megabytes that a process holds; what several share counts once among them (PSS)."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / MEGABYTE


def descriptors(pid: int) -> int:
    """How many files, pipes and connections a process has open."""
    try:
        return len(list(Path(f"/proc/{pid}/fd").iterdir()))
    except OSError:
        return 0


def computing(pid: int) -> float:
    """Seconds that a process and its ended children have computed."""
    try:
        spent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, spent[11:15])) / os.sysconf("SC_CLK_TCK")


def watch(page: int, batch: int, temp: Path, load: Load) -> None:
    """Take a sample every few seconds."""
    while not load.over.wait(SAMPLE_EVERY):
        page_family, batch_family = list(family(page)), list(family(batch))
        sample = {
            "seconds": load.now(),
            "page_megabytes": memory(page),
            "page_and_cells_megabytes": sum(map(memory, page_family)),
            "batch_megabytes": sum(map(memory, batch_family)),
            "page_descriptors": descriptors(page),
            "batch_descriptors": sum(map(descriptors, batch_family)),
            "page_processes": len(page_family),
            "files_in_temp": sum(1 for path in temp.rglob("*") if path.is_file()),
            "computing": sum(map(computing, page_family + batch_family)),
            "load_average": os.getloadavg()[0],  # of the whole computer, other work too
        }
        for name, value in sample.items():
            load.samples.setdefault(name, []).append(round(value, 2))


def started(temp: Path, log: Path) -> tuple["subprocess.Popen[bytes]", str]:
    """Start the page; return it and its address."""
    environment = {**os.environ, "TMPDIR": str(temp), "OMP_NUM_THREADS": "1"}
    with log.open("wb") as stream:
        page = subprocess.Popen(
            [sys.executable, "-m", "reddots", "serve", "--port", "0"],
            env=environment,
            stdout=stream,
            stderr=stream,
        )
    while page.poll() is None:
        found = re.search(r"http://\S+", log.read_text())
        if found:
            return page, found.group()
        time.sleep(0.2)
    raise RuntimeError(log.read_text())


def main(minutes: float) -> None:
    """Soak, write, draw."""
    kept = photos()
    with tempfile.TemporaryDirectory() as place:
        folder, temp = Path(place) / "photos", Path(place) / "temp"
        folder.mkdir()
        temp.mkdir()
        for name, data in {**kept, "cut.jpg": kept["2.jpg"][:99_000], "bomb.png": bomb()}.items():
            (folder / name).write_bytes(data)
        page, address = started(temp, Path(place) / "log")
        batch = subprocess.Popen(
            [sys.executable, "-m", "reddots", "classify", "-", "-o", "-", "--workers", "1"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        load = Load()
        names = [path.name for path in sorted(folder.iterdir())]
        jobs: list[tuple[Callable[..., None], tuple[Any, ...]]] = [
            (visitors, (address, kept, load)),
            (feed, (batch, folder, names, load)),
            (read_rows, (batch, load)),
            (watch, (page.pid, batch.pid, temp, load)),
        ]
        threads = [threading.Thread(target=job, args=given) for job, given in jobs]
        for thread in threads:
            thread.start()
        while load.now() < minutes * 60:
            load.over.wait(min(REPORT_EVERY, minutes * 60 - load.now()))
            write(report(load))
        load.over.set()
        for thread in threads:
            thread.join()
        page.send_signal(signal.SIGTERM)
        ending = {
            "page_exit_code": page.wait(ENDING),
            "batch_exit_code": batch.wait(ENDING),
            "left_in_temp": len(list(temp.rglob("*"))),
            "log_lines": len((Path(place) / "log").read_text().splitlines()),
        }
    write(report(load) | ending)


def report(load: Load) -> dict[str, Any]:
    """Return what happened so far."""
    return {
        "what": "see benchmarks/soak.py; memory is PSS",
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}",
        "minutes": round(load.samples["seconds"][-1] / 60),
        "outcomes": dict(load.outcomes),
        "batch_rows": dict(load.rows),
        "cores_used": cores_used(load),
        "drift": drift(load),
        "visits": [[round(number, 3) for number in row] for row in list(load.visits)],
        "samples": {name: list(values) for name, values in load.samples.items()},
    }


def write(found: dict[str, Any]) -> None:
    """Write and draw a report, and tell it in short."""
    RESULTS.write_text(json.dumps(found) + "\n", encoding="utf-8")
    draw(found)
    shown = {name: value for name, value in found.items() if name not in {"visits", "samples"}}
    sys.stderr.write(json.dumps(shown, indent=1) + "\n")


def cores_used(load: Load) -> float:
    """Cores that the page and the batch kept busy, without the visitors."""
    spent, seconds = load.samples["computing"], load.samples["seconds"]
    return round((spent[-1] - spent[0]) / (seconds[-1] - seconds[0]), 2)


def drift(load: Load) -> dict[str, dict[str, float]]:
    """Median of the first and the second half of the time after the warm-up, and the largest."""
    end = load.samples["seconds"][-1]
    turn = (WARM + 1) / 2 * end
    columns = {
        name: list(zip(load.samples["seconds"], values, strict=False))
        for name, values in load.samples.items()
        if name not in {"seconds", "computing"}
    }
    visits = list(load.visits)
    columns["photo_seconds"] = [(when, photo) for when, photo, _ in visits]
    columns["result_seconds"] = [(when, result) for when, _, result in visits]
    return {
        name: {
            "before": round(median(v for t, v in rows if WARM * end <= t < turn), 3),
            "after": round(median(v for t, v in rows if t >= turn), 3),
            "most": round(max((v for _, v in rows), default=0.0), 3),
        }
        for name, rows in columns.items()
    }


def median(values: Iterable[float]) -> float:
    """Return the median; 0 when there was nothing."""
    found = list(values)
    return statistics.median(found) if found else 0.0


def draw(found: dict[str, Any]) -> None:
    """Draw memory, open and temporary files, latency and the computer's load over time."""
    from matplotlib.figure import Figure

    samples, visits = found["samples"], found["visits"]
    count = min(map(len, samples.values()))
    minutes = [seconds / 60 for seconds in samples["seconds"][:count]]
    lines = {
        "memory, MB (PSS)": {
            "page_and_cells_megabytes": "page, with its decoders",
            "page_megabytes": "page",
            "batch_megabytes": "batch, with its worker and decoder",
        },
        "files": {
            "page_descriptors": "open in the page",
            "batch_descriptors": "open in the batch",
            "files_in_temp": "in the page's folder for uploads",
        },
        "load average of the computer, other work too": {"load_average": "1 minute"},
    }
    figure = Figure(figsize=(8, 9.5), layout="constrained")
    *panels, last = figure.subplots(4, 1, sharex=True)
    for axes, (title, columns) in zip(panels, lines.items(), strict=True):
        axes.set_title(title, loc="left", fontsize=10)
        for name, label in columns.items():
            axes.plot(minutes, samples[name][:count], label=label, linewidth=0.8)
        axes.set_ylim(bottom=0)
    last.set_title("latency, ms", loc="left", fontsize=10)
    for place, label in ((1, "photo: sent, looked at, shown"), (2, "result")):
        times = [row[0] / 60 for row in visits]
        took = [row[place] * 1000 for row in visits]
        last.plot(times, took, ".", markersize=2, label=label, rasterized=True)
    last.set_yscale("log")
    last.set_ylim(bottom=10)
    last.set_xlabel("minutes")
    for axes in (*panels, last):
        axes.grid(alpha=0.3)
        axes.legend(fontsize=8, loc="lower right")
    figure.savefig(PLOT, dpi=150, metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60)
