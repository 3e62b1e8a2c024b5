"""Everybody can use the page: by keyboard, by screen reader, in Spanish, in the dark, offline."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from person import ENGLISH, Person, findings
from running_site import Site

from reddots_app.i18n import page_texts

pytestmark = pytest.mark.browser
Visit = Callable[..., Any]
SPANISH = page_texts().get("es")


@pytest.mark.parametrize(
    "scheme",
    [
        "light",  # by day
        "dark",  # by night
    ],
)
def test_axe_finds_nothing_in_any_step(visit: Visit, photo: Path, scheme: str) -> None:
    person = Person(visit(color_scheme=scheme))
    seen = {"photo": findings(person.page)}
    person.upload(photo)
    person.begin()
    seen["number"] = findings(person.page)
    person.type_number(44)
    seen["checklist"] = findings(person.page)
    while not person.shown("#rd-choices"):
        person.answer_calmly()
    seen["choices"] = findings(person.page)
    person.answer_all_calmly()
    person.page.evaluate("document.querySelectorAll('details').forEach(d => (d.open = true))")
    seen["result"] = findings(person.page)
    person.picture(f"phone-result-open-{scheme}")
    person.page.get_by_role("tab").nth(1).click()
    person.page.locator(".rd-about").wait_for()
    seen["about"] = findings(person.page)
    person.picture(f"phone-about-{scheme}")
    assert {step: found for step, found in seen.items() if found} == {}


def press_until(page: Any, wanted: str, key: str = "Tab", limit: int = 60) -> None:
    """Press a key until what has the focus fits a selector."""
    for _ in range(limit):
        page.keyboard.press(key)
        if page.evaluate("wanted => !!document.activeElement?.closest(wanted)", wanted):
            return
    raise AssertionError(f"{wanted} was not reached by {key}")


def test_the_keyboard_alone_leads_to_a_result(visit: Visit) -> None:
    person = Person(visit())
    page = person.page
    press_until(page, "#rd-go-on")
    page.keyboard.press("Enter")
    page.locator(".rd-question").wait_for()
    person.settle()
    assert page.evaluate("document.activeElement.id") == "rd-question-text", "the focus moves along"
    press_until(page, "#rd-number input")
    page.keyboard.type("30")
    press_until(page, "#rd-next")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.rd-question').dataset.step === '2'")
    person.settle()
    press_until(page, ".rd-row input")  # a group is one stop; arrows move in it, round its ends
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("document.querySelector('.rd-row input:checked')?.value === 'not_sure'")
    press_until(page, "#rd-next")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.rd-question').dataset.step === '3'")
    person.settle()
    press_until(page, "#rd-show-result")
    page.keyboard.press("Enter")
    page.locator(".rd-result").wait_for()
    assert person.shown(".rd-banner")
    page.wait_for_function("document.activeElement?.closest('.rd-banner')")


def test_what_has_the_focus_is_seen(visit: Visit) -> None:
    person = Person(visit())
    press_until(person.page, "#rd-go-on")
    width = person.page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert width == "3px"


def test_no_other_host_is_asked(photo: Path, browser: Any, site: Site) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    asked: list[str] = []

    def only_here(route: Any) -> None:
        url = route.request.url
        if url.startswith((site.address, "data:", "blob:")):
            route.continue_()
        else:
            asked.append(url)
            route.abort()

    context.route("**/*", only_here)
    page = context.new_page()
    page.goto(site.address)
    page.locator("#rd-go-on").wait_for()
    person = Person(page)
    person.upload(photo)
    person.begin()
    person.type_number(30)
    person.go_on("#rd-show-result")
    assert person.shown(".rd-banner")
    context.close()
    assert asked == []


def test_nothing_is_stored_in_the_browser(visit: Visit) -> None:
    person = Person(visit())
    person.begin()
    person.type_number(83)
    kept = person.page.evaluate(
        "() => JSON.stringify([document.cookie, {...localStorage}, {...sessionStorage}])"
    )
    assert "83" not in kept
    assert person.page.context.cookies() == []


@pytest.mark.skipif(SPANISH is None, reason="no Spanish texts are shipped")
def test_spanish_by_the_browsers_wish_and_by_choice(visit: Visit) -> None:
    assert SPANISH is not None
    person = Person(visit(locale="es-ES"), SPANISH)
    assert person.page.evaluate("document.documentElement.lang") == "es"
    assert SPANISH.photo.title in person.page.locator(".rd-title").first.inner_text()
    person.picture("phone-spanish-1-photo")
    person.begin()
    person.type_number(30)
    person.picture("phone-spanish-2-checklist")
    person.page.get_by_label("English").first.check()
    person.page.get_by_role("button", name=ENGLISH.question.show_result).wait_for()
    assert person.page.evaluate("document.documentElement.lang") == "en"
    assert person.step == 2, "the place is kept"
    person.go_on("#rd-show-result")
    assert "30 years" in person.page.locator(".rd-answers").text_content()


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (320, "light"),  # the narrowest phone, or 400 % zoom
        (390, "light"),  # a phone
        (390, "dark"),  # a phone by night
        (1280, "light"),  # a desk
        (1280, "dark"),  # a desk by night
    ],
)
def test_nothing_runs_over_the_edge(visit: Visit, photo: Path, width: int, scheme: str) -> None:
    person = Person(visit(viewport={"width": width, "height": 844}, color_scheme=scheme))
    over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    name = f"{width}-{scheme}"
    person.upload(photo)
    assert person.page.evaluate(over) <= 0
    person.picture(f"{name}-1-photo")
    person.begin()
    person.type_number(44)
    assert person.page.evaluate(over) <= 0
    person.picture(f"{name}-2-checklist")
    person.go_on("#rd-show-result")
    assert person.page.evaluate(over) <= 0
    person.picture(f"{name}-3-result")


def test_both_tabs_stand_on_the_narrowest_phone_in_spanish(visit: Visit) -> None:
    page = visit(viewport={"width": 320, "height": 640}, locale="es-ES")
    page.wait_for_timeout(500)  # Gradio puts what is too wide into a menu
    boxes = [tab.bounding_box() for tab in page.get_by_role("tab").all()]
    assert len(boxes) == 2
    assert all(box["x"] + box["width"] <= 320 for box in boxes)
