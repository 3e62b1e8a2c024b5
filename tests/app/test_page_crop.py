"""A part of a photo is cut out by finger, by mouse, by keyboard and by numbers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from person import ENGLISH, Person, findings
from skin_pictures import picture

pytestmark = pytest.mark.browser
Visit = Callable[..., Any]
LEAST = 0.1


@pytest.fixture
def half_blue(tmp_path: Path) -> Path:
    """What is no skin on the left, skin on the right."""
    image = picture(800, blue=True)
    image.paste(picture(800).crop((0, 0, 300, 800)), (500, 0))
    image.save(tmp_path / "a.jpg")
    return tmp_path / "a.jpg"


@pytest.fixture
def cutting(visit: Visit, half_blue: Path) -> Person:
    """A person who sees the photo large, with the frame on it."""
    person = Person(visit(has_touch=True))
    person.upload(half_blue)
    assert ENGLISH.photo.rejected in person.page.locator(".rd-photos").inner_text()
    person.page.locator("[data-act=open]").click()
    person.page.locator(".rd-stage img").wait_for()
    person.settle()
    return person


def cut(person: Person) -> list[float]:
    return [float(n) for n in person.page.locator(".rd-stage").get_attribute("data-cut").split()]


def spot(person: Person, x: float, y: float) -> tuple[float, float]:
    """Where a place on the photo lies on the screen."""
    box = person.page.locator(".rd-stage").bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def use(person: Person) -> None:
    person.page.locator("[data-act=cut]").click()
    person.page.locator(".rd-stage").wait_for(state="detached")


def test_a_tap_puts_the_frame_on_the_spots_and_the_part_counts(cutting: Person) -> None:
    page = cutting.page
    cutting.picture("phone-cut-1-opened")
    page.touchscreen.tap(*spot(cutting, 0.9, 0.9))
    assert cut(cutting) == pytest.approx([0.5, 0.5, 0.5, 0.5])
    page.get_by_role("button", name=ENGLISH.cut.smaller).click()
    assert cut(cutting) == pytest.approx([0.55, 0.55, 0.4, 0.4])
    page.touchscreen.tap(*spot(cutting, 0.99, 0.3))
    assert cut(cutting) == pytest.approx([0.6, 0.1, 0.4, 0.4], abs=0.02)
    cutting.picture("phone-cut-2-placed")
    use(cutting)
    page.get_by_text(ENGLISH.photo.fine).wait_for()
    cutting.picture("phone-cut-3-used")
    page.locator("[data-act=open]").click()
    page.locator(".rd-stage").wait_for()
    assert cut(cutting) == pytest.approx([0.6, 0.1, 0.4, 0.4], abs=0.02), "the frame is kept"
    page.locator("[data-act=whole]").click()
    page.get_by_text(ENGLISH.photo.rejected).wait_for()


def test_frame_and_corners_are_dragged(cutting: Person) -> None:
    mouse = cutting.page.mouse

    def drag(start: tuple[float, float], end: tuple[float, float]) -> None:
        mouse.move(*spot(cutting, *start))
        mouse.down()
        mouse.move(*spot(cutting, *end), steps=4)
        mouse.up()

    drag((0.5, 0.5), (0.6, 0.4))
    assert cut(cutting) == pytest.approx([0.35, 0.15, 0.5, 0.5], abs=0.01)
    drag((0.85, 0.65), (0.95, 0.95))
    assert cut(cutting) == pytest.approx([0.35, 0.15, 0.6, 0.8], abs=0.01)
    drag((0.35, 0.15), (0.55, 0.55))
    assert cut(cutting) == pytest.approx([0.55, 0.55, 0.4, 0.4], abs=0.01)
    drag((0.95, 0.55), (0.2, 1.2))
    left, top, width, height = cut(cutting)
    assert (width, height) == pytest.approx((LEAST, LEAST)), "no further than the opposite corner"
    assert (left, top + height) == pytest.approx((0.55, 0.95), abs=0.01)


def test_the_keyboard_alone_cuts_a_part_out(cutting: Person) -> None:
    page = cutting.page
    assert page.evaluate("document.activeElement.classList.contains('rd-title')")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.classList.contains('rd-cut-frame')")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    assert cut(cutting) == pytest.approx([0.35, 0.23, 0.5, 0.5])
    page.keyboard.press("-")
    assert cut(cutting) == pytest.approx([0.4, 0.28, 0.4, 0.4])
    page.keyboard.press("+")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert cut(cutting) == pytest.approx([0.35, 0.25, 0.5, 0.48]), "the top left corner came down"
    page.locator(".rd-cut summary").press("Enter")
    page.locator("[data-number='0']").fill("64")
    page.keyboard.press("Tab")
    assert cut(cutting) == pytest.approx([0.5, 0.25, 0.5, 0.48]), "no further than the edge"
    assert page.locator("[data-number='0']").input_value() == "50"
    assert page.evaluate("document.activeElement.dataset.number") == "1"
    page.wait_for_function("document.querySelector('.rd-said').textContent.includes('50 percent')")
    page.locator("[data-number='2']").fill("30")
    page.locator("[data-number='0']").fill("70")
    page.locator("[data-act=cut]").press("Enter")
    page.locator(".rd-stage").wait_for(state="detached")
    page.get_by_text(ENGLISH.photo.fine).wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_where_a_part_is_cut_out(
    visit: Visit, half_blue: Path, scheme: str
) -> None:
    person = Person(visit(color_scheme=scheme, viewport={"width": 320, "height": 700}))
    person.upload(half_blue)
    seen = {"photo": findings(person.page)}
    person.page.locator("[data-act=open]").click()
    person.page.locator(".rd-stage img").wait_for()
    person.page.locator(".rd-cut summary").click()
    seen["cut"] = findings(person.page)
    person.picture(f"320-cut-{scheme}")
    assert {step: found for step, found in seen.items() if found} == {}
    over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert person.page.evaluate(over) <= 0


def test_the_page_goes_on_in_another_language_with_the_frame(cutting: Person) -> None:
    cutting.page.get_by_label("Español").first.check()
    cutting.page.get_by_text("Recorte las manchas").first.wait_for()
    assert cutting.shown(".rd-stage img")
