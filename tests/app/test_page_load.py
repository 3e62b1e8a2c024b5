"""Twenty people at once, over the protocol that the page itself speaks."""

import io
import json
import re
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from running_site import Site
from skin_pictures import picture

PEOPLE = 20


@dataclass
class Client:
    """One person's browser, without the browser."""

    address: str
    web: httpx.Client
    plan: dict[str, Any]
    session: str

    @classmethod
    def visiting(cls, address: str) -> "Client":
        web = httpx.Client(timeout=60)
        html = web.get(address).text
        plan = json.loads(re.search(r"window\.gradio_config = (\{.*?\});</script>", html)[1])
        client = cls(address, web, plan, secrets.token_hex(6))
        client.call(None, "load", [])
        return client

    def part(self, element: str) -> int:
        return next(
            c["id"] for c in self.plan["components"] if c["props"].get("elem_id") == element
        )

    def function(self, element: str | None, event: str) -> dict[str, Any]:
        for dependency in self.plan["dependencies"]:
            for target, name in dependency["targets"]:
                if name == event and (element is None or target == self.part(element)):
                    return dependency
        raise LookupError(f"{element} has no {event}")

    def body(self, element: str | None, event: str, values: list[Any]) -> dict[str, Any]:
        return {
            "data": values,
            "fn_index": self.function(element, event)["id"],
            "session_hash": self.session,
            "event_data": None,
            "trigger_id": None,
        }

    def call(self, element: str | None, event: str, values: list[Any]) -> str:
        """Do what needs no queue, and return what came back as text."""
        body = self.body(element, event, values)
        response = self.web.post(self.address + "/gradio_api/run/predict", json=body)
        assert response.status_code == 200, response.text
        return response.text

    def queue(self, element: str, event: str, values: list[Any]) -> str:
        """Join the queue, wait, and return what came back as text."""
        body = self.body(element, event, values)
        joined = self.web.post(self.address + "/gradio_api/queue/join", json=body)
        if joined.status_code != 200:
            return f"refused: {joined.status_code}"
        stream = f"{self.address}/gradio_api/queue/data?session_hash={self.session}"
        with self.web.stream("GET", stream) as messages:
            for line in messages.iter_lines():
                if "process_completed" in line:
                    return line
        raise AssertionError("the queue gave no answer")

    def send_photo(self, content: bytes) -> str:
        files = {"files": ("photo.jpg", content, "image/jpeg")}
        response = self.web.post(self.address + "/gradio_api/upload", files=files)
        if response.status_code != 200:
            return f"refused: {response.status_code}"
        file = {"path": response.json()[0], "meta": {"_type": "gradio.FileData"}}
        return self.queue("rd-upload", "upload", [None, "en", [file]])


@dataclass
class Stay:
    """What one person saw, and how long it took."""

    photo: str
    result: str
    photo_seconds: float
    result_seconds: float


def stay(address: str, number: int) -> Stay:
    """Send a photo, give an age that nobody else has, and ask for the result."""
    client = Client.visiting(address)
    buffer = io.BytesIO()
    picture(side=600, seed=number).save(buffer, "JPEG")
    start = time.perf_counter()
    photo = client.send_photo(buffer.getvalue())
    seen = time.perf_counter() - start
    client.call("rd-go-on", "click", [None, "en"])
    rows = len(client.function("rd-next", "click")["inputs"]) - 4
    client.call("rd-next", "click", [None, "en", 20 + number, [], *[None] * rows])
    start = time.perf_counter()
    result = client.call("rd-show-result", "click", [None, "en"])
    return Stay(photo, result, seen, time.perf_counter() - start)


def test_twenty_people_at_once_each_get_their_own_result(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    with ThreadPoolExecutor(PEOPLE) as pool:
        stays = list(pool.map(lambda n: stay(site.address, n), range(PEOPLE)))
    photos = sorted(s.photo_seconds for s in stays)
    results = sorted(s.result_seconds for s in stays)
    with capsys.disabled():
        print(  # the measurement is the point
            f"\n{PEOPLE} at once: photo {photos[len(photos) // 2]:.2f} s median, "
            f"{photos[-1]:.2f} s longest; result {results[len(results) // 2]:.2f} s median, "
            f"{results[-1]:.2f} s longest"
        )
    for number, seen in enumerate(stays):
        ages = set(re.findall(r"(\d+) years<", seen.result.replace("\\u003c", "<")))
        assert ages == {str(20 + number)}, "nobody sees another's answers"
        assert "data:image/jpeg;base64," in seen.photo
    thumbnails = {re.search(r"base64,([^\\\"]+)", s.photo)[1] for s in stays}
    assert len(thumbnails) == PEOPLE, "nobody sees another's photo"
    for own, seen in zip(stays, stays, strict=True):
        assert re.search(r"base64,([^\\\"]+)", own.photo)[1] in seen.result
    assert photos[-1] < 30
    assert results[-1] < 10


def test_one_person_has_the_result_within_half_a_second(site: Site) -> None:
    times = [stay(site.address, 60 + number).result_seconds for number in range(5)]
    assert sorted(times)[2] < 0.5, times


def test_a_full_queue_is_refused_and_does_not_break_the_page(site: Site) -> None:
    with ThreadPoolExecutor(60) as pool:
        photos = list(
            pool.map(lambda n: Client.visiting(site.address).send_photo(b"x" * n), range(1, 61))
        )
    assert all("refused: 503" in p or "process_completed" in p for p in photos)
    assert stay(site.address, 5).result
