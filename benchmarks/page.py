"""What the page costs on a phone: bytes, requests, first paint, and the wait for the result.

    python benchmarks/page.py PHOTO -o benchmarks/results/page.json

Starts the page with the shipped checkpoint and opens it in Chromium at 390 × 844, with an empty
cache for each visit, unthrottled and from the same machine. Every question is answered; the wait is
from the press of the last answer, with a photo taken in, to the result; the photo was looked at
before, when it was taken. A first visit is not counted.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

PORT = 7893
ADDRESS = f"http://127.0.0.1:{PORT}"
_PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"

_FOLLOWS = """step => document.querySelector('.rd-result') ||
    document.querySelector('.rd-question')?.dataset.step !== step"""


def visit(browser: Any, photo: Path) -> dict[str, float]:
    """Measure one person's visit."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    received: list[float] = []
    network.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.goto(ADDRESS)
    page.locator("#rd-go-on").wait_for()
    page.wait_for_timeout(1000)
    found = {
        "kilobytes": sum(received) / 1000,
        "requests": float(len(received)),
        "first_paint_ms": float(page.evaluate(_PAINT)),
    }
    page.locator("input[type=file]").first.set_input_files(str(photo))
    page.locator(".rd-photo").first.wait_for()
    page.locator("#rd-go-on").click()
    page.locator(".rd-question").wait_for()
    page.locator("#rd-number input").fill("34")
    found["screens"] = 0.0
    while page.locator(".rd-question").count():
        found["result_ms"] = 1000 * answer(page)
        found["screens"] += 1
    page.locator(".rd-result").wait_for()
    context.close()
    return found


def answer(page: Any) -> float:
    """Give an answer that worries little; return the seconds until what follows is there."""
    page.wait_for_function("() => !document.body.classList.contains('rd-settling')")
    step = page.locator(".rd-question").get_attribute("data-step")
    if page.locator("#rd-choices").is_visible():
        page.locator("#rd-choices label").first.click()
    go_on = page.locator("#rd-next")
    press = go_on if go_on.is_visible() else page.locator(".rd-option:visible").last
    start = time.perf_counter()
    press.click()
    page.wait_for_function(_FOLLOWS, arg=step)
    return time.perf_counter() - start


def main() -> None:
    """Measure some visits and write their medians."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photo", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--visits", type=int, default=7)
    given = parser.parse_args()
    command = [sys.executable, "-m", "reddots", "serve", "--port", str(PORT)]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)  # our own command
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
            visits = [visit(browser, given.photo) for _ in range(given.visits + 1)][1:]
            browser.close()
    finally:
        server.terminate()
        server.wait()
    medians = {name: round(statistics.median(v[name] for v in visits), 1) for name in visits[0]}
    worst = {f"{name}_worst": round(max(v[name] for v in visits), 1) for name in visits[0]}
    result = {
        "visits": given.visits,
        "processors": os.cpu_count(),
        "load_at_start": round(load, 2),
        **medians,
        **worst,
    }
    given.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
