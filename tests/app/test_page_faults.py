"""Offline, restarted, busy: three messages that stay, with the number to call, and nothing lost."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from person import ENGLISH, Person
from running_site import start_site, stop_site

from reddots_app.photos import MOST_MEGABYTES

pytestmark = pytest.mark.browser
Visit = Callable[..., Any]

SCRIPT = re.compile(r"/assets/page\.[^/]*\.js")


def holding(held: list[Any]) -> Callable[[Any], None]:
    """Hold requests back, in a list."""

    def hold(route: Any) -> None:
        held.append(route)

    return hold


def open_without_script(visit: Visit) -> tuple[Any, list[Any]]:
    """Open the page as on a slow net: drawn, and its script held back in the list."""
    page = visit()
    held: list[Any] = []
    page.context.route(SCRIPT, holding(held))
    page.context.route(re.compile("/service-worker"), lambda route: route.abort())
    page.evaluate(
        "navigator.serviceWorker.getRegistrations().then(a => a.map(w => w.unregister()))"
    )
    page.goto(page.url, wait_until="commit")
    page.locator("#rd-go-on").wait_for()
    return page, held


@pytest.mark.parametrize("presses", [3, pytest.param(1, marks=pytest.mark.slow)])
def test_a_press_before_the_script_has_come_counts_once(visit: Visit, presses: int) -> None:
    page, held = open_without_script(visit)
    for _ in range(presses):
        page.locator("#rd-go-on").click()
    assert page.locator("#rd-go-on[aria-busy=true]").is_visible(), "seen to have been heard"
    page.wait_for_timeout(200)
    for route in held:
        route.continue_()
    page.locator(".rd-question").wait_for()
    assert page.evaluate("document.body.dataset.step").startswith("0."), "the first question"


@pytest.mark.slow
def test_photos_chosen_before_the_script_has_come_are_all_taken(
    visit: Visit, photo: Path, tmp_path: Path
) -> None:
    page, held = open_without_script(visit)
    page.locator("#rd-go-on").click()  # who then chooses a photo does not go on without one
    field = page.locator("input[type=file]")
    field.set_input_files(str(photo))
    assert page.locator("#rd-upload[aria-busy=true]").is_visible()
    assert page.locator("#rd-go-on[aria-busy=true]").count() == 0
    second = tmp_path / "second.jpg"
    second.write_bytes(photo.read_bytes())
    field.set_input_files(str(second))
    page.wait_for_timeout(200)
    for route in held:
        route.continue_()
    page.locator(".rd-photo").nth(1).wait_for()
    assert page.locator("[aria-busy]").count() == 0


@pytest.mark.slow
def test_a_script_that_the_browser_cannot_run_is_said(visit: Visit) -> None:
    page, held = open_without_script(visit)
    page.locator("#rd-go-on").click()
    while not held:
        page.wait_for_timeout(50)
    held.pop().fulfill(body="let a = ;", content_type="text/javascript")
    page.get_by_text(ENGLISH.message.not_started).wait_for()
    assert page.locator("#rd-message a[href='tel:999']").is_visible()
    assert page.locator("[aria-busy]").count() == 0, "nothing seems to go on"


def test_a_script_that_never_comes_is_said_with_the_number_and_a_way_on(visit: Visit) -> None:
    page, held = open_without_script(visit)
    page.locator("#rd-go-on").click()
    while not held:
        page.wait_for_timeout(50)
    held.pop().abort()
    page.get_by_text(ENGLISH.message.restarting).wait_for()
    assert page.locator("#rd-message a[href='tel:999']").is_visible()
    page.context.unroute_all()
    page.get_by_role("link", name=ENGLISH.message.retry).click()
    page.locator("#rd-go-on").click()
    page.locator(".rd-question").wait_for()


WITH_A_PHOTO = """async () => {
    const result = {status: "rejected", problems: ["blurred"]};
    redDots.state.photos = [{id: "a", result, cropped: false}];
    await redDots.answer({act: "show"});
}"""
# what is pressed while an answer is on its way, what must be so at the end, why
MEANWHILE = [
    (
        "redDots.acts.restart()",
        "redDots.state.step === 'photo' && !redDots.state.photos?.length",
        "what was said to be deleted does not come back with the answer",
    ),
    ("redDots.removePhoto('a')", "redDots.state.photos.length === 0", "nor does a photo"),
]


def test_what_is_pressed_while_an_answer_is_on_its_way_is_not_undone_by_it(visit: Visit) -> None:
    page = visit()
    held: list[Any] = []
    for pressed, at_the_end, why in MEANWHILE:
        page.evaluate(WITH_A_PHOTO)
        # The first call alone is held back.
        page.route(re.compile("/run/predict"), holding(held), times=1)
        page.evaluate("() => void (window.begun = redDots.answer({act: 'begin'}))")
        page.evaluate(f"() => void (window.pressed = {pressed})")
        while not held:
            page.wait_for_timeout(20)
        held.pop().continue_()
        page.evaluate("async () => { await begun; await pressed; await redDots.idle(); }")
        assert page.evaluate(at_the_end), why


FAULTS = [
    ("offline", ENGLISH.message.offline, "the net is gone"),
    ("refused", ENGLISH.message.restarting, "nobody answers: the server starts again"),
    (502, ENGLISH.message.restarting, "a proxy says so"),
    (503, ENGLISH.message.busy, "too many people"),
    (500, ENGLISH.message.failed, "a fault of ours"),
]


def refusing(status: int) -> Callable[[Any], None]:
    return lambda route: route.fulfill(status=status, body="{}")


@pytest.mark.slow
def test_a_fault_is_said_in_plain_words_stays_and_loses_nothing(visit: Visit) -> None:
    person = Person(visit())
    page = person.page
    for fault, message, why in FAULTS:
        person.move("photos")
        person.move("begin")
        person.settle()
        page.locator("#rd-number input").fill("30")
        if fault == "offline":
            page.context.set_offline(True)
        elif fault == "refused":
            page.route(re.compile(r"/run/predict|/health"), lambda route: route.abort())
        else:
            page.route(re.compile("/run/predict"), refusing(fault))
        page.locator("#rd-next").click()
        page.get_by_text(message).wait_for()
        assert page.locator("#rd-message a[href='tel:999']").is_visible(), why
        page.wait_for_timeout(300)
        assert page.get_by_text(message).is_visible(), "it stays"
        person.picture(f"phone-fault-{fault}")
        page.context.set_offline(False)
        page.unroute_all()
        if fault in {503, 500}:  # the others are tried again by themselves
            page.get_by_role("button", name=ENGLISH.message.retry).click()
        page.locator(".rd-option").first.wait_for()
        assert not page.locator("#rd-message").is_visible(), why
        person.move("restart")


@pytest.mark.slow
def test_a_restart_of_the_server_loses_nothing(
    visit: Visit, checkpoint: Path, tmp_path: Path
) -> None:
    first = start_site(checkpoint, tmp_path)
    person = Person(visit(first.address))
    person.begin_with(30)
    port = int(first.address.rpartition(":")[2])
    stop_site(first)
    person.page.locator("#rd-none").check()
    person.page.locator("#rd-next").click()
    person.page.get_by_text(ENGLISH.message.restarting).wait_for()
    (tmp_path / "again").mkdir()
    second = start_site(checkpoint, tmp_path / "again", port=port)
    try:
        person.page.locator("#rd-message").wait_for(state="hidden", timeout=120_000)
        person.settle()
        person.go_on("#rd-review")
        assert person.page.get_by_text("30 years").is_visible()
    finally:
        stop_site(second)


REFUSALS = [
    (r"/queue/join", 503, ENGLISH.message.busy, "too many photos at once"),
    (
        r"/upload(\?|$)",
        413,
        ENGLISH.message.too_large.format(megabytes=MOST_MEGABYTES),
        "too big a file",
    ),
]


@pytest.mark.slow
def test_a_photo_that_is_refused_leads_on(visit: Visit, photo: Path) -> None:
    person = Person(visit())
    for address, status, message, why in REFUSALS:
        person.page.route(re.compile(address), refusing(status))
        person.page.locator("input[type=file]").set_input_files(str(photo))
        person.page.get_by_text(message).wait_for()
        assert person.shown("#rd-go-on"), why
        person.picture(f"phone-photo-refused-{status}")
        person.page.unroute_all()
    person.begin()


@pytest.mark.slow
def test_a_state_that_cannot_be_read_begins_afresh_and_says_so(visit: Visit) -> None:
    page = visit()
    page.evaluate(
        "sessionStorage['red-dots'] = JSON.stringify({state: {version: 99, step: 'result'}})"
    )
    page.reload()
    page.get_by_text(ENGLISH.message.unreadable).wait_for()
    assert page.locator("#rd-go-on").is_visible()


@pytest.mark.slow
def test_without_the_net_the_glass_test_and_the_pages_are_there(visit: Visit, site: Any) -> None:
    page = visit()
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("() => caches.keys().then(names => names.length > 0)")
    page.context.set_offline(True)
    for path, words in (
        ("/glass-test", ENGLISH.glass.title),
        ("/about", ENGLISH.about.lead),
        ("/kept", ENGLISH.kept.lead),
        ("/", ENGLISH.frame.emergency_line),
    ):
        page.goto(site.address + path)
        assert page.get_by_text(words).first.is_visible(), path
    person = Person(page)
    page.locator("#rd-go-on").click()
    page.get_by_text(ENGLISH.message.offline).wait_for()
    person.picture("phone-offline")
