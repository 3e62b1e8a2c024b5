"""Twenty people at once, over the protocol that the page itself speaks."""

import io
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from running_site import Site
from skin_pictures import picture

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from security.visitor import Visitor

PEOPLE = 20


@dataclass
class Stay:
    """What one person got, and how long it took."""

    photo: str
    result: str
    photo_seconds: float
    result_seconds: float


def send_photo(visitor: Visitor, content: bytes) -> str:
    """Send a photo, wait in the queue, and return what came back as text."""
    upload = visitor.upload(content)
    if upload.status != 200:
        return f"refused: {upload.status}"
    asked = visitor.analyse(json.loads(upload.body)[0])
    return visitor.outcome() if asked.status == 200 else f"refused: {asked.status}"


def stay(address: str, number: int) -> Stay:
    """Send a photo, give an age that nobody else has, and ask for the result."""
    visitor = Visitor(address)
    visitor.open()
    buffer = io.BytesIO()
    picture(side=600, seed=number).save(buffer, "JPEG")
    start = time.perf_counter()
    photo = send_photo(visitor, buffer.getvalue())
    analysed = time.perf_counter() - start
    result = json.loads(photo.removeprefix("data: "))["output"]["data"][0]["result"]
    visitor.state["photos"] = [{"id": f"p{number}", "result": result}]
    visitor.answer("begin")
    visitor.answer("answer", values={"age_years": {"number": 20 + number, "unit": "years"}})
    start = time.perf_counter()
    shown = visitor.answer("finish").body.decode()
    return Stay(photo, shown, analysed, time.perf_counter() - start)


@pytest.mark.slow
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
        assert f"{20 + number} years" in seen.result, "nobody gets another's answers"
        assert f"p{number}" in seen.result
    copies = {
        json.loads(s.photo.removeprefix("data: "))["output"]["data"][0]["copy"] for s in stays
    }
    assert len(copies) == PEOPLE, "nobody gets another's photo"
    assert photos[-1] < 30
    assert results[-1] < 10


@pytest.mark.slow
def test_one_person_has_the_result_within_half_a_second(site: Site) -> None:
    times = [stay(site.address, 60 + number).result_seconds for number in range(5)]
    assert min(times) < 0.5, times


@pytest.mark.slow
def test_a_full_queue_is_refused_and_does_not_break_the_page(site: Site) -> None:
    def send(number: int) -> str:
        visitor = Visitor(site.address)
        visitor.open()
        return send_photo(visitor, b"x" * number)

    with ThreadPoolExecutor(60) as pool:
        photos = list(pool.map(send, range(1, 61)))
    assert all("refused: 503" in p or "process_completed" in p for p in photos)
    assert stay(site.address, 5).result
