"""Zooming in on the spots: by tap, by drag, by buttons and by keyboard."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from person import ENGLISH, USED, Person
from skin_pictures import picture

pytestmark = pytest.mark.browser
Visit = Callable[..., Any]


@pytest.fixture
def half_blue(tmp_path: Path) -> Path:
    """What is no skin on the left, skin on the right."""
    image = picture(800, blue=True)
    image.paste(picture(800).crop((0, 0, 300, 800)), (500, 0))
    image.save(tmp_path / "a.jpg")
    return tmp_path / "a.jpg"


@pytest.fixture
def zooming(visit: Visit, half_blue: Path) -> Person:
    """A person who sees the photo large, with the frame on it."""
    person = Person(visit(has_touch=True))
    person.upload(half_blue)
    assert ENGLISH.photo.rejected in person.page.locator(".rd-photo").inner_text()
    person.page.locator("[data-act=crop]").click()
    person.page.locator(".rd-stage img").wait_for()
    person.settle()
    return person


def frame(person: Person) -> list[float]:
    """Centre and size."""
    return [float(n) for n in person.page.locator(".rd-stage").get_attribute("data-frame").split()]


def at(person: Person, x: float, y: float) -> tuple[float, float]:
    """Where a place on the photo lies on the screen."""
    box = person.page.locator(".rd-stage").bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


@pytest.mark.slow
def test_a_tap_anywhere_moves_the_frame_and_the_part_counts(zooming: Person) -> None:
    page = zooming.page
    assert frame(zooming) == pytest.approx([0.5, 0.5, 0.5])
    page.touchscreen.tap(*at(zooming, 0.6, 0.6))
    assert frame(zooming) == pytest.approx([0.6, 0.6, 0.5], abs=0.01), "inside the frame too"
    page.get_by_role("button", name=ENGLISH.crop.closer).click()
    page.touchscreen.tap(*at(zooming, 0.95, 0.3))
    assert frame(zooming) == pytest.approx([0.8, 0.3, 0.4], abs=0.01), "no further than the edge"
    assert page.locator(".rd-frame").bounding_box()["width"] > 0
    zooming.picture("phone-zoom")
    page.locator("[data-act=crop-use]").click()
    page.get_by_text(USED).wait_for()
    zooming.settle()
    page.locator("[data-act=crop]").click()
    page.locator(".rd-stage").wait_for()
    assert frame(zooming) == pytest.approx([0.8, 0.3, 0.4], abs=0.01), "the frame is kept"
    zooming.settle()
    page.locator("[data-act=crop-whole]").click()
    page.get_by_text(ENGLISH.photo.rejected).wait_for()


@pytest.mark.slow
def test_the_preview_is_live(zooming: Person) -> None:
    pixel = "() => [...document.querySelector('.rd-preview').getContext('2d').getImageData(120, 120, 1, 1).data]"
    zooming.page.touchscreen.tap(*at(zooming, 0.25, 0.5))
    blue = zooming.page.evaluate(pixel)
    zooming.page.touchscreen.tap(*at(zooming, 0.75, 0.5))
    skin = zooming.page.evaluate(pixel)
    assert blue[2] > blue[0]
    assert skin[0] > skin[2]


@pytest.mark.slow
def test_the_frame_is_dragged(zooming: Person) -> None:
    mouse = zooming.page.mouse
    mouse.move(*at(zooming, 0.5, 0.5))
    mouse.down()
    mouse.move(*at(zooming, 0.6, 0.4), steps=4)
    mouse.up()
    assert frame(zooming) == pytest.approx([0.6, 0.4, 0.5], abs=0.01)


@pytest.mark.slow
def test_the_keyboard_alone_zooms(zooming: Person) -> None:
    page = zooming.page
    page.locator(".rd-frame").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    assert frame(zooming) == pytest.approx([0.7, 0.48, 0.5], abs=0.001)
    page.keyboard.press("-")
    assert frame(zooming) == pytest.approx([0.7, 0.48, 0.4], abs=0.001)
    page.keyboard.press("+")
    assert frame(zooming)[2] == pytest.approx(0.5, abs=0.001)
    page.wait_for_function(
        "() => document.querySelector('.rd-said').textContent.includes('45 percent')"
    )
    page.locator("[data-act=crop-use]").press("Enter")
    page.get_by_text(USED).wait_for()


@pytest.mark.slow
def test_going_back_changes_nothing(zooming: Person) -> None:
    zooming.page.locator("[data-act=crop-back]").click()
    zooming.page.get_by_text(ENGLISH.photo.rejected).wait_for()
