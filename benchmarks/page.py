"""Page load under network throttling: time to the emergency number and until the page can be used.

    python benchmarks/page.py -o benchmarks/results/page.json

Starts the page with the shipped checkpoint and opens it in Chromium at 390 × 844 from the same
machine, with an empty cache and new context for each visit. Three lines are emulated by DevTools:
unthrottled, 1.6 Mbit/s with 150 ms and 400 kbit/s with 400 ms of latency, the latter two with a
processor four times slower. Measured from the start of the navigation:

- ``emergency_ms``: the link with the emergency number is visible;
- ``usable_ms``: “Go on without a photo” was pressed as soon as it could be, and the first question
  has come;
- ``kilobytes`` and ``requests``: everything that was received until then, and a second after.

Unthrottled, every question is answered too: ``result_ms`` is from the press of the last answer to
the result. The first visit on each line is not counted; the values are medians, and the worst.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

PORT: Final = 7893
ADDRESS: Final = f"http://127.0.0.1:{PORT}"
_STEP: Final = "() => document.querySelector('.rd-question')?.dataset.step ?? 'none'"
_PAINT: Final = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"


@dataclass(frozen=True)
class Line:
    """A network connection and a processor, as DevTools emulates them."""

    name: str
    kilobits: float | None = None
    latency_ms: float = 0.0
    slowdown: float = 1.0


LINES: Final = (
    Line("unthrottled"),
    Line("1.6 Mbit/s", kilobits=1600, latency_ms=150, slowdown=4),
    Line("400 kbit/s", kilobits=400, latency_ms=400, slowdown=4),
)


def visit(browser: Any, line: Line) -> dict[str, float]:
    """Measure one person's visit on ``line``."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(120_000)
    tools = context.new_cdp_session(page)
    tools.send("Network.enable")
    if line.kilobits:
        speed = line.kilobits * 1000 / 8
        limits = {"downloadThroughput": speed, "uploadThroughput": speed}
        conditions = {"offline": False, "latency": line.latency_ms, **limits}
        tools.send("Network.emulateNetworkConditions", conditions)
        tools.send("Emulation.setCPUThrottlingRate", {"rate": line.slowdown})
    received: list[float] = []
    tools.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    start = time.perf_counter()
    page.goto(ADDRESS, wait_until="commit")
    page.locator("a[href^='tel:']").first.wait_for()
    found = {"emergency_ms": 1000 * (time.perf_counter() - start)}
    page.locator("#rd-go-on").click()
    page.locator(".rd-question").wait_for()
    found["usable_ms"] = 1000 * (time.perf_counter() - start)
    found["first_paint_ms"] = float(page.evaluate(_PAINT) or 0)
    page.wait_for_timeout(1000)
    found |= {"kilobytes": sum(received) / 1000, "requests": float(len(received))}
    if not line.kilobits:
        found |= answer_all(page)
    context.close()
    return found


def answer_all(page: Any) -> dict[str, float]:
    """Answer every question; return the number of screens and the wait for the result."""
    page.locator("#rd-number input").fill("34")
    screens, waited = 0.0, 0.0
    while page.locator(".rd-question").count():
        waited, screens = answer(page), screens + 1
    page.locator(".rd-result").wait_for()
    return {"screens": screens, "result_ms": 1000 * waited}


def answer(page: Any) -> float:
    """Give an answer that worries little; return the seconds until what follows is there."""
    page.wait_for_function("() => !document.body.classList.contains('rd-settling')")
    step = page.evaluate(_STEP)
    if page.locator("#rd-choices").is_visible():
        page.locator("#rd-choices label").first.click()
    if page.locator("#rd-none").is_visible():
        page.locator("#rd-none").check()
    go_on = page.locator("#rd-next")
    press = go_on if go_on.is_visible() else page.locator(".rd-option:visible").last
    start = time.perf_counter()
    press.click()
    page.wait_for_function(f"step => ({_STEP})() !== step", arg=step)
    return time.perf_counter() - start


def summary(visits: list[dict[str, float]]) -> Mapping[str, float]:
    """Return the median and the worst of each value."""
    medians = {n: round(statistics.median(v[n] for v in visits), 1) for n in visits[0]}
    worst = {f"{n}_worst": round(max(v[n] for v in visits), 1) for n in visits[0]}
    return {**medians, **worst}


def main() -> None:
    """Measure some visits on each line and write their medians."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--visits", type=int, default=5)
    given = parser.parse_args()
    command = [sys.executable, "-m", "reddots", "serve", "--port", str(PORT)]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(ADDRESS, timeout=2).close()
                break
            except OSError:
                time.sleep(0.5)
        load = os.getloadavg()[0]
        with sync_playwright() as driver:
            browser = driver.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
            )
            lines = {
                line.name: summary([visit(browser, line) for _ in range(given.visits + 1)][1:])
                for line in LINES
            }
            browser.close()
    finally:
        server.terminate()
        server.wait()
    about = {
        "visits": given.visits,
        "processors": os.cpu_count(),
        "load_at_start": round(load, 2),
    }
    result = {**about, "lines": lines}
    given.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
