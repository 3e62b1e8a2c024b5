"""Taking the result along: as text, on paper, in the calendar, and kept to look again."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from person import ENGLISH, Person
from running_site import Site

from reddots.knowledge import Urgency

pytestmark = pytest.mark.browser
Visit = Callable[..., Any]
TICKED = "box => { box.checked = true; box.dispatchEvent(new Event('change', {bubbles: true})); }"


def with_result(person: Person, photo: Path | None = None) -> Any:
    if photo:
        person.upload(photo)
    person.move("begin")
    person.say(age_years={"number": 30, "unit": "years"})
    person.move("finish")
    person.settle()
    return person.page


@pytest.mark.slow
def test_the_result_is_copied_as_text_and_a_calendar_reminds_in_two_hours(visit: Visit) -> None:
    person = Person(visit(permissions=["clipboard-read", "clipboard-write"]))
    page = with_result(person)
    page.evaluate("() => { navigator.share = undefined; }")
    page.locator("#rd-share").click()
    page.get_by_text(ENGLISH.share.copied).wait_for()
    text = page.evaluate("navigator.clipboard.readText()")
    assert page.locator(".rd-banner .rd-title").inner_text() in text
    assert ENGLISH.result.do_now in text
    page.locator("#rd-again summary").click()
    with page.expect_download() as download:
        page.locator("#rd-calendar").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert text.startswith("BEGIN:VCALENDAR")
    assert "BEGIN:VALARM" in text
    assert "30 years" not in text, "nothing about the person"


def test_the_print_out_is_a_page_for_the_person_and_one_for_the_doctor(
    visit: Visit, photo: Path
) -> None:
    person = Person(visit())
    page = with_result(person, photo)
    page.locator("#rd-qr svg").wait_for(state="attached")
    data = page.pdf(format="A4", print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", data)) == 2
    page.emulate_media(media="print")
    assert person.shown(".rd-sheet-doctor")
    for words in (ENGLISH.sheet.name, ENGLISH.sheet.born, ENGLISH.sheet.never_asked, "30 years"):
        assert words in page.locator(".rd-sheet-doctor").inner_text()
    assert not person.shown(".rd-sheet-photos img"), "the photo only where it is wanted"
    person.picture("print-without-photo")
    page.locator("#rd-print-photo").evaluate(TICKED)
    page.evaluate("() => { window.print = () => null; return redDots.acts.print(); }")
    assert person.shown(".rd-sheet-photos img")
    width = page.locator(".rd-sheet-photos img").bounding_box()["width"]
    assert width == pytest.approx(120 / 25.4 * 96, rel=0.01), "twelve centimetres"
    assert page.locator(".rd-sheet-doctor .rd-date").text_content()


def test_the_doctors_page_has_the_facts_first_and_keeps_apart_what_was_not_answered(
    visit: Visit,
) -> None:
    person = Person(visit())
    person.begin_with(30)
    person.answer_calmly()
    person.move("skip", values={})
    person.move("finish")
    person.page.emulate_media(media="print")
    text = person.page.locator(".rd-sheet-doctor").inner_text()
    order = ["S ·", "30 years", "B ·", "A ·", ENGLISH.sheet.warnings_denied, "R ·"]
    order += [ENGLISH.sheet.skipped_title, ENGLISH.sheet.never_asked]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    person.page.locator("#rd-qr svg").wait_for(state="attached")  # the true one came
    person.page.evaluate(
        """() => {
            redDots.call = async () => ({ svg: "" });
            return redDots.fetchCode(document.getElementById("rd-qr"));
        }"""
    )
    text = person.page.locator(".rd-sheet-doctor").inner_text()
    assert ENGLISH.sheet.code_too_large in text, "a document that no code can hold is said"
    assert ENGLISH.sheet.code not in text


@pytest.mark.slow
def test_looking_again_asks_the_glass_test_anew_and_never_lowers(
    visit: Visit, site: Site, photo: Path
) -> None:
    person = Person(visit())
    page = person.page
    person.upload(photo)
    person.move("begin")
    while person.asked() != ["blanches"]:
        person.answer_calmly()
    person.say(blanches="no")
    person.move("finish")
    person.settle()
    level = page.locator(".rd-result").get_attribute("data-level")
    page.locator("#rd-again summary").click()
    page.locator("#rd-keep-photo").check()
    page.locator("#rd-keep").click()
    page.get_by_text(ENGLISH.share.kept).wait_for()
    assert page.locator("#rd-kept-link").is_visible()
    page.locator("#rd-kept-link").click()
    page.get_by_role("button", name=ENGLISH.kept.again).wait_for()
    person.picture("phone-kept")
    page.get_by_role("button", name=ENGLISH.kept.again).click()
    page.locator("#rd-go-on").wait_for()
    person.settle()
    person.upload(photo)
    person.begin()
    asked = ""
    while page.locator(".rd-question").count():
        asked += person.step
        person.answer_calmly()
    assert "blanches" in asked
    order = [urgency.id for urgency in Urgency]
    after = page.locator(".rd-result").get_attribute("data-level")
    assert order.index(after) >= order.index(level), "better never lowers"
    assert page.locator(".rd-then figure").count() == 2, "the photos stand side by side"
    assert page.locator(".rd-swipe img").count() == 2, "and one over the other"
    words = ENGLISH.kept.count.partition("{")[0]
    assert page.locator(f".rd-then figcaption:has-text('{words}')").count() == 2, "with counts"
    person.settle()
    person.picture("phone-look-again")
    page.goto(site.address + "/kept")
    page.get_by_role("button", name=ENGLISH.kept.delete).click()
    page.get_by_text(ENGLISH.kept.none).wait_for()
