"""Everybody can use the page: by keyboard, by screen reader, in Spanish, in the dark, large."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from person import ENGLISH, Person, violations
from running_site import Site

from reddots_app.i18n import page_texts

pytestmark = pytest.mark.browser
Visit = Callable[..., Any]
LANGUAGES = sorted(page_texts())
OVER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL = """() => [...document.querySelectorAll('button, a.rd-call, nav a, summary, label.rd-choice, label.rd-button')]
    .filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 90))"""
OPEN_ALL = "document.querySelectorAll('details').forEach(d => (d.open = true))"
QUICK = ("light", "en")
WIDTHS = (320, 1280, 390)  # the narrowest phone or 400% zoom, a desk, a phone


def faults(person: Person, name: str) -> list[str]:
    """What is wrong with what is on the screen: axe's findings, what is small, what runs over."""
    page = person.page
    found = violations(page) + page.evaluate(SMALL)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        if page.evaluate(OVER) > 0:
            found.append(f"runs over the edge at {width} pixels")
        person.picture(f"{name}-{width}")
    return found


SCHEMES = [
    pytest.param(scheme, language, marks=() if (scheme, language) == QUICK else pytest.mark.slow)
    for language in LANGUAGES
    for scheme in ("light", "dark")
]


@pytest.mark.parametrize(("scheme", "language"), SCHEMES)
@pytest.mark.slow
def test_every_step_is_accessible_large_enough_and_inside_the_screen(
    visit: Visit, site: Site, photo: Path, scheme: str, language: str
) -> None:
    texts = page_texts()[language]
    person = Person(visit(color_scheme=scheme, locale=language), texts)
    page = person.page
    assert page.evaluate("document.documentElement.lang") == language, "the browser's wish"
    seen: dict[str, list[str]] = {}

    def look(step: str) -> None:
        seen[step] = faults(person, f"{language}-{scheme}-{len(seen)}-{step}")

    look("first")
    person.upload(photo)
    look("photo")
    page.locator("[data-act=crop]").click()
    page.locator(".rd-stage img").wait_for()
    look("zoom")
    person.settle()
    page.locator("[data-act=crop-back]").click()
    person.move("begin")
    look("number")
    person.say(age_years={"number": 44, "unit": "years"})
    for question, step in (("fever", "checklist"), ("sites", "choices"), ("blanches", "glass")):
        person.skip_to(question)
        look(step)
    person.move("finish")
    look("unsettled")
    person.move("more")
    person.answer_all_calmly()
    page.evaluate(OPEN_ALL)
    look("result")
    person.move("review")
    look("review")
    person.move("change", question="drowsy_or_confused")
    person.say(drowsy_or_confused="yes")
    assert page.locator(".rd-banner.rd-emergency").count() == 1
    look("emergency")
    for tab in ("about", "glass-test", "kept"):
        page.goto(f"{site.address}/{tab}?language={language}")
        page.evaluate(OPEN_ALL)
        look(tab)
    assert {step: found for step, found in seen.items() if found} == {}


MOVED = "step => document.querySelector('.rd-question')?.dataset.step !== step"


def press_until(page: Any, wanted: str, key: str = "Tab", limit: int = 60) -> None:
    """Press a key until what has the focus fits a selector."""
    for _ in range(limit):
        page.keyboard.press(key)
        if page.evaluate("wanted => !!document.activeElement?.closest(wanted)", wanted):
            return
    raise AssertionError(f"{wanted} was not reached by {key}")


@pytest.mark.slow
def test_the_keyboard_alone_leads_to_a_result_and_arrows_never_submit(visit: Visit) -> None:
    person = Person(visit())
    page = person.page
    press_until(page, "#rd-go-on")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px", "what has the focus is seen"
    page.keyboard.press("Enter")
    page.locator(".rd-question").wait_for()
    person.settle()
    assert page.evaluate("document.activeElement.id") == "rd-question-text", "the focus moves along"
    press_until(page, "#rd-number input")
    page.keyboard.type("30")
    page.keyboard.press("Enter")
    page.locator(".rd-option").first.wait_for()
    person.settle()
    while not page.locator(".rd-row").count():
        press_until(page, ".rd-option")
        step = person.step
        page.keyboard.press("Enter")
        page.wait_for_function(MOVED, arg=step)
        person.settle()
    step = person.step
    press_until(page, ".rd-row input")  # a group is one stop; arrows move in it, round its ends
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    assert person.step == step, "arrows that passed over “Yes” decided nothing"
    page.keyboard.press("ArrowRight")  # “No”
    press_until(page, "#rd-none")
    page.keyboard.press("Space")
    press_until(page, "#rd-next")
    page.keyboard.press("Enter")
    page.wait_for_function(MOVED, arg=step)
    person.settle()
    press_until(page, "#rd-show-result")
    page.keyboard.press("Enter")
    page.locator(".rd-result").wait_for()
    page.wait_for_function("() => document.activeElement?.closest('.rd-banner')")


@pytest.mark.slow
def test_what_a_keyboard_chose_counts_when_the_row_is_left(visit: Visit) -> None:
    person = Person(visit())
    person.begin_with(6)
    page = person.page
    page.locator(".rd-row input[value=no]").first.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Tab")
    page.locator(".rd-banner.rd-emergency").wait_for()


def test_no_other_host_is_asked(photo: Path, browser: Any, site: Site) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, service_workers="block", locale="en-GB"
    )
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
    person = Person(page)
    person.upload(photo)
    person.move("begin")
    person.move("finish")
    assert person.shown(".rd-banner")
    context.close()
    assert asked == []


@pytest.mark.slow
def test_the_language_is_chosen_in_the_middle(visit: Visit) -> None:
    person = Person(visit())
    person.move("begin")
    person.say(age_years={"number": 30, "unit": "years"})
    page = person.page
    page.locator(".rd-languages a[data-language=es]").click()
    page.locator(".rd-question").wait_for()
    assert page.evaluate("document.documentElement.lang") == "es"
    person.move("finish")
    assert page_texts()["es"].result.do_now in page.locator(".rd-result").inner_text()


@pytest.mark.slow
def test_the_pages_stand_in_one_row_on_a_phone_in_each_language(visit: Visit, site: Site) -> None:
    page = visit()
    for language in page_texts():
        for chosen in ("", "glass-test", "about"):
            page.goto(f"{site.address}/{chosen}?language={language}")
            tabs = page.locator(".rd-tabs a:visible").all()
            assert len(tabs) == 3
            rows = {tab.bounding_box()["y"] for tab in tabs}
            assert len(rows) == 1, f"{language}, on {chosen or 'the first page'}"


@pytest.mark.slow
def test_text_at_twice_the_size_overlaps_nothing(visit: Visit, site: Site) -> None:
    page = visit(viewport={"width": 390, "height": 844})
    for language in LANGUAGES:
        page.goto(f"{site.address}/?language={language}")
        page.add_style_tag(content="html { font-size: 200% !important; }")
        assert page.evaluate(OVER) <= 0, language
        boxes = [
            page.locator(place).bounding_box()
            for place in (".rd-brand", ".rd-languages", ".rd-tabs", ".rd-emergency-line")
        ]
        for above, below in itertools.pairwise(boxes):
            assert (
                below["y"] >= above["y"] + above["height"] - 1
                or below["x"] >= above["x"] + above["width"] - 1
            ), language
        for tab in ("about", "glass-test"):
            page.goto(f"{site.address}/{tab}?language={language}")
            page.add_style_tag(content="html { font-size: 200% !important; }")
            assert page.evaluate(OVER) <= 0, (language, tab)


@pytest.mark.slow
def test_forced_colours_show_what_is_chosen(visit: Visit) -> None:
    page = visit(forced_colors="active")
    Person(page).begin()
    first = page.locator(".rd-choice").last
    before = first.evaluate("e => getComputedStyle(e).borderTopWidth")
    first.locator("input").check()
    assert first.evaluate("e => getComputedStyle(e).borderTopWidth") != before
    assert (
        page.locator(".rd-tabs [aria-current=page]").evaluate(
            "e => getComputedStyle(e).textDecorationLine"
        )
        == "underline"
    )


def test_without_scripts_the_emergency_number_and_the_facts_are_there(
    browser: Any, site: Site
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(site.address)
    assert page.locator("a[href='tel:999']").is_visible()
    told = page.locator("noscript p")  # which a search for text passes over
    assert told.is_visible()
    assert told.inner_text() == ENGLISH.frame.no_script
    page.get_by_role("link", name=ENGLISH.frame.tabs.glass).click()
    assert page.get_by_text(ENGLISH.glass.stays_title).is_visible()
    context.close()


def test_the_first_answer_of_the_server_says_it_all(site: Site) -> None:
    html = httpx.get(site.address, headers={"accept-language": "en-US"}).text
    for part in (
        ENGLISH.frame.emergency_line,
        'href="tel:911"',
        ENGLISH.frame.tagline,
        ENGLISH.photo.skip,
        '<meta name="description"',
        '<meta property="og:image"',
        '<meta name="theme-color"',
        "<noscript>",
    ):
        assert part in html
    assert "gradio" not in html.replace("/gradio_api", "").lower(), "its own name only"
