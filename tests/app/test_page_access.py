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


@pytest.mark.parametrize(
    "scheme",
    [
        "light",  # by day
        "dark",  # by night
    ],
)
def test_axe_finds_nothing_in_any_step(visit: Visit, site: Site, photo: Path, scheme: str) -> None:
    person = Person(visit(color_scheme=scheme))
    page = person.page
    seen = {"first": violations(page)}
    person.upload(photo)
    seen["photo"] = violations(page)
    page.locator("[data-act=crop]").click()
    page.locator(".rd-stage img").wait_for()
    seen["zoom"] = violations(page)
    person.settle()
    page.locator("[data-act=crop-back]").click()
    person.settle()
    person.begin()
    seen["number"] = violations(page)
    person.type_number(44)
    seen["checklist"] = violations(page)
    while not person.shown("#rd-choices"):
        person.answer_calmly()
    seen["choices"] = violations(page)
    person.answer_all_calmly()
    page.evaluate("document.querySelectorAll('details').forEach(d => (d.open = true))")
    seen["result"] = violations(page)
    person.picture(f"phone-result-open-{scheme}")
    page.locator("#rd-review").click()
    page.locator(".rd-review").wait_for()
    seen["review"] = violations(page)
    for tab in ("about", "glass-test", "kept"):
        page.goto(f"{site.address}/{tab}")
        page.evaluate("document.querySelectorAll('details').forEach(d => (d.open = true))")
        seen[tab] = violations(page)
        person.picture(f"phone-{tab}-{scheme}")
    assert {step: found for step, found in seen.items() if found} == {}


def test_axe_finds_nothing_in_an_emergency_and_in_a_message(visit: Visit) -> None:
    person = Person(visit())
    person.begin_with(6)
    person.page.context.set_offline(True)
    person.tick("hard to wake", ENGLISH.question.yes)
    person.page.get_by_text(ENGLISH.message.offline).wait_for()
    assert violations(person.page) == []
    person.page.context.set_offline(False)
    person.page.locator(".rd-banner.rd-emergency").wait_for()
    assert violations(person.page) == []


def press_until(page: Any, wanted: str, key: str = "Tab", limit: int = 60) -> None:
    """Press a key until what has the focus fits a selector."""
    for _ in range(limit):
        page.keyboard.press(key)
        if page.evaluate("wanted => !!document.activeElement?.closest(wanted)", wanted):
            return
    raise AssertionError(f"{wanted} was not reached by {key}")


def test_the_keyboard_alone_leads_to_a_result_and_arrows_never_submit(visit: Visit) -> None:
    person = Person(visit())
    page = person.page
    press_until(page, "#rd-go-on")
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
        page.keyboard.press("Enter")
        page.wait_for_timeout(1500)
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
    page.wait_for_function(
        "step => document.querySelector('.rd-question')?.dataset.step !== step", arg=step
    )
    person.settle()
    press_until(page, "#rd-show-result")
    page.keyboard.press("Enter")
    page.locator(".rd-result").wait_for()
    page.wait_for_function("() => document.activeElement?.closest('.rd-banner')")


def test_what_a_keyboard_chose_counts_when_the_row_is_left(visit: Visit) -> None:
    person = Person(visit())
    person.begin_with(6)
    page = person.page
    page.locator(".rd-row input[value=no]").first.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Tab")
    page.locator(".rd-banner.rd-emergency").wait_for()


def test_what_has_the_focus_is_seen(visit: Visit) -> None:
    person = Person(visit())
    press_until(person.page, "#rd-go-on")
    width = person.page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert width == "3px"


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
    person.begin()
    person.type_number(30)
    person.go_on("#rd-show-result")
    assert person.shown(".rd-banner")
    context.close()
    assert asked == []


def test_answers_wait_in_this_tab_alone(visit: Visit, site: Site) -> None:
    person = Person(visit())
    person.begin()
    person.type_number(83)
    page = person.page
    page.wait_for_function("() => sessionStorage['red-dots'].includes('83')")
    assert "83" not in page.evaluate("JSON.stringify([document.cookie, {...localStorage}])")
    assert page.context.cookies() == []
    other = page.context.new_page()
    other.goto(site.address)
    assert other.evaluate("sessionStorage.length") == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_by_the_browsers_wish_and_by_choice(visit: Visit, language: str) -> None:
    texts = page_texts()[language]
    person = Person(visit(locale=f"{language}-{language.upper()}"), texts)
    page = person.page
    assert page.evaluate("document.documentElement.lang") == language
    assert texts.frame.tagline in page.locator(".rd-title").first.inner_text()
    person.picture(f"phone-{language}-1-first")
    person.begin()
    person.type_number(30)
    person.picture(f"phone-{language}-2-question")
    other = next(code for code in LANGUAGES if code != language)
    page.locator(f".rd-languages a[data-language={other}]").click()
    page.locator(".rd-question").wait_for()
    assert page.evaluate("document.documentElement.lang") == other
    person.texts = page_texts()[other]
    person.settle()
    person.go_on("#rd-show-result")
    assert person.texts.result.do_now in page.locator(".rd-result").inner_text()


SIZES = [
    (320, "light", "the narrowest phone, or 400% zoom"),
    (390, "light", "a phone"),
    (390, "dark", "a phone by night"),
    (1280, "light", "a desk"),
    (1280, "dark", "a desk by night"),
]


@pytest.mark.parametrize(("width", "scheme", "why"), SIZES, ids=[row[2] for row in SIZES])
def test_nothing_runs_over_the_edge(
    visit: Visit, photo: Path, width: int, scheme: str, why: str
) -> None:
    person = Person(visit(viewport={"width": width, "height": 844}, color_scheme=scheme))
    name = f"{width}-{scheme}"
    person.upload(photo)
    assert person.page.evaluate(OVER) <= 0, why
    person.picture(f"{name}-1-photo")
    person.begin()
    person.type_number(44)
    assert person.page.evaluate(OVER) <= 0, why
    person.picture(f"{name}-2-checklist")
    person.go_on("#rd-show-result")
    assert person.page.evaluate(OVER) <= 0, why
    person.picture(f"{name}-3-result")


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_at_twice_the_size_overlaps_nothing(visit: Visit, language: str) -> None:
    page = visit(viewport={"width": 390, "height": 844}, locale=language)
    page.add_style_tag(content="html { font-size: 200% !important; }")
    assert page.evaluate(OVER) <= 0
    boxes = [
        page.locator(place).bounding_box()
        for place in (".rd-brand", ".rd-languages", ".rd-tabs", ".rd-emergency-line")
    ]
    for above, below in itertools.pairwise(boxes):
        assert (
            below["y"] >= above["y"] + above["height"] - 1
            or below["x"] >= above["x"] + above["width"] - 1
        )


def test_everything_to_touch_is_44_pixels_high(visit: Visit, photo: Path) -> None:
    person = Person(visit())
    small = """() => [...document.querySelectorAll('button, a.rd-call, nav a, summary, label.rd-choice, label.rd-button')]
        .filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 90))"""
    assert person.page.evaluate(small) == []
    person.upload(photo)
    assert person.page.evaluate(small) == []
    person.begin()
    person.type_number(44)
    assert person.page.evaluate(small) == []
    person.go_on("#rd-show-result")
    assert person.page.evaluate(small) == []


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
    assert page.get_by_text(ENGLISH.frame.no_script).is_visible()
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
